# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Regions as the clouds spell them, and as Atlas spells them where that does not follow by a rule.

The names of Atlas are those of its documentation's pages on the regions of each cloud, and of the containers in its
API's specification. A region that is missing here is not refused: Atlas' own spelling of it is always accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable

AZURE_REGIONS: Mapping[str, str] = {
    "australiacentral": "AUSTRALIA_CENTRAL",
    "australiacentral2": "AUSTRALIA_CENTRAL_2",
    "australiaeast": "AUSTRALIA_EAST",
    "australiasoutheast": "AUSTRALIA_SOUTH_EAST",
    "brazilsouth": "BRAZIL_SOUTH",
    "brazilsoutheast": "BRAZIL_SOUTHEAST",
    "canadacentral": "CANADA_CENTRAL",
    "canadaeast": "CANADA_EAST",
    "centralindia": "INDIA_CENTRAL",
    "centralus": "US_CENTRAL",
    "chilecentral": "CHILE_CENTRAL",
    "chinaeast": "CHINA_EAST",
    "chinanorth": "CHINA_NORTH",
    "eastasia": "ASIA_EAST",
    "eastus": "US_EAST",
    "eastus2": "US_EAST_2",
    "eastus2euap": "US_EAST_2_EUAP",
    "francecentral": "FRANCE_CENTRAL",
    "francesouth": "FRANCE_SOUTH",
    "germanynorth": "GERMANY_NORTH",
    "germanywestcentral": "GERMANY_WEST_CENTRAL",
    "indonesiacentral": "INDONESIA_CENTRAL",
    "israelcentral": "ISRAEL_CENTRAL",
    "italynorth": "ITALY_NORTH",
    "japaneast": "JAPAN_EAST",
    "japanwest": "JAPAN_WEST",
    "koreacentral": "KOREA_CENTRAL",
    "koreasouth": "KOREA_SOUTH",
    "malaysiawest": "MALAYSIA_WEST",
    "mexicocentral": "MEXICO_CENTRAL",
    "newzealandnorth": "NEW_ZEALAND_NORTH",
    "northcentralus": "US_NORTH_CENTRAL",
    "northeurope": "EUROPE_NORTH",
    "norwayeast": "NORWAY_EAST",
    "norwaywest": "NORWAY_WEST",
    "polandcentral": "POLAND_CENTRAL",
    "qatarcentral": "QATAR_CENTRAL",
    "southafricanorth": "SOUTH_AFRICA_NORTH",
    "southafricawest": "SOUTH_AFRICA_WEST",
    "southcentralus": "US_SOUTH_CENTRAL",
    "southeastasia": "ASIA_SOUTH_EAST",
    "southindia": "INDIA_SOUTH",
    "spaincentral": "SPAIN_CENTRAL",
    "swedencentral": "SWEDEN_CENTRAL",
    "swedensouth": "SWEDEN_SOUTH",
    "switzerlandnorth": "SWITZERLAND_NORTH",
    "switzerlandwest": "SWITZERLAND_WEST",
    "uaecentral": "UAE_CENTRAL",
    "uaenorth": "UAE_NORTH",
    "uksouth": "UK_SOUTH",
    "ukwest": "UK_WEST",
    "usgovarizona": "US_GOV_ARIZONA",
    "usgovtexas": "US_GOV_TEXAS",
    "usgovvirginia": "US_GOV_VIRGINIA",
    "westcentralus": "US_WEST_CENTRAL",
    "westeurope": "EUROPE_WEST",
    "westindia": "INDIA_WEST",
    "westus": "US_WEST",
    "westus2": "US_WEST_2",
    "westus3": "US_WEST_3",
}

GCP_REGIONS: Mapping[str, str] = {
    "africa-south1": "AFRICA_SOUTH_1",
    "asia-east1": "EASTERN_ASIA_PACIFIC",
    "asia-east2": "ASIA_EAST_2",
    "asia-northeast1": "NORTHEASTERN_ASIA_PACIFIC",
    "asia-northeast2": "ASIA_NORTHEAST_2",
    "asia-northeast3": "ASIA_NORTHEAST_3",
    "asia-south1": "ASIA_SOUTH_1",
    "asia-south2": "ASIA_SOUTH_2",
    "asia-southeast1": "SOUTHEASTERN_ASIA_PACIFIC",
    "asia-southeast2": "ASIA_SOUTHEAST_2",
    "australia-southeast1": "AUSTRALIA_SOUTHEAST_1",
    "australia-southeast2": "AUSTRALIA_SOUTHEAST_2",
    "europe-central2": "EUROPE_CENTRAL_2",
    "europe-north1": "EUROPE_NORTH_1",
    "europe-southwest1": "EUROPE_SOUTHWEST_1",
    "europe-west1": "WESTERN_EUROPE",
    "europe-west10": "EUROPE_WEST_10",
    "europe-west12": "EUROPE_WEST_12",
    "europe-west2": "EUROPE_WEST_2",
    "europe-west3": "EUROPE_WEST_3",
    "europe-west4": "EUROPE_WEST_4",
    "europe-west6": "EUROPE_WEST_6",
    "europe-west8": "EUROPE_WEST_8",
    "europe-west9": "EUROPE_WEST_9",
    "me-central1": "MIDDLE_EAST_CENTRAL_1",
    "me-central2": "MIDDLE_EAST_CENTRAL_2",
    "me-west1": "MIDDLE_EAST_WEST_1",
    "northamerica-northeast1": "NORTH_AMERICA_NORTHEAST_1",
    "northamerica-northeast2": "NORTH_AMERICA_NORTHEAST_2",
    "northamerica-south1": "NORTH_AMERICA_SOUTH_1",
    "southamerica-east1": "SOUTH_AMERICA_EAST_1",
    "southamerica-west1": "SOUTH_AMERICA_WEST_1",
    "us-central1": "CENTRAL_US",
    "us-east1": "EASTERN_US",
    "us-east4": "US_EAST_4",
    "us-east5": "US_EAST_5",
    "us-south1": "US_SOUTH_1",
    "us-west1": "WESTERN_US",
    "us-west2": "US_WEST_2",
    "us-west3": "US_WEST_3",
    "us-west4": "US_WEST_4",
}


def atlas_spelling(regions: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that spells a region as Atlas does: by a table, or else in capitals with ``_``.

    A name as people read it, ``North Europe``, is treated as ``northeurope``.
    """

    def spell(value: str) -> str:
        return regions.get(value.lower().replace(" ", ""), value.upper().replace("-", "_"))

    return spell


def aws_spelling(value: str) -> str:
    """Spell a region as AWS does: ``US_GOV_WEST_1`` -> ``us-gov-west-1``."""
    return value.lower().replace("_", "-")
