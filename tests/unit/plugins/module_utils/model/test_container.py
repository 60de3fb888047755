# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container consists of in each cloud, and in which spellings it is taken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    InputError,
    PlanError,
    option_name_scope,
)
from ansible_collections.atlasops.network.plugins.module_utils.model import cloud as cloud_model
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import (
    CONTAINER,
    in_use_hint,
    location_of,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import parse_desired, parse_filter
from ansible_collections.atlasops.network.plugins.module_utils.model.regions import AZURE_REGIONS, GCP_REGIONS
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired
from support import samples
from support.samples import CONTAINERS, NAMES, PROJECT

EVERY_CLOUD = pytest.mark.parametrize("name", NAMES)
CONTAINER_ID = samples.OPTIONS["AWS"]["container_id"]

# Cloud -> options, those that identify it, those that Atlas can change, chooses, or that may be left out.
FIELDS: dict[str, dict[str, list[str]]] = {
    "AWS": {
        "options": ["region", "atlas_cidr_block"],
        "identity": ["region"],
        "mutable": ["atlas_cidr_block"],
        "computed": ["atlas_cidr_block"],
        "optional": ["atlas_cidr_block"],
    },
    "AZURE": {
        "options": ["region", "atlas_cidr_block"],
        "identity": ["region"],
        "mutable": ["atlas_cidr_block"],
        "computed": [],
        "optional": ["atlas_cidr_block"],
    },
    "GCP": {
        "options": ["atlas_cidr_block", "regions"],
        "identity": [],
        "mutable": ["atlas_cidr_block"],
        "computed": ["regions"],
        "optional": ["atlas_cidr_block", "regions"],
    },
}


def field(name: str, option: str) -> Field:
    return next(one for one in CLOUDS[name].container.fields if one.option == option)


@EVERY_CLOUD
def test_container_fields_per_cloud(name: str) -> None:
    fields = CLOUDS[name].container.fields
    found = {trait: [f.option for f in fields if getattr(f, trait)] for trait in FIELDS[name] if trait != "options"}
    assert {"options": [f.option for f in fields], **found} == FIELDS[name]


def test_container_prefixes_per_cloud() -> None:
    limits = {name: (CLOUDS[name].prefixes, CLOUDS[name].regional_prefixes) for name in NAMES}
    assert limits == {"AWS": ((21, 24), None), "AZURE": ((21, 24), None), "GCP": ((8, 18), (21, 24))}


# (cloud, option, as a task may spell it, canonical)
ACCEPTED: list[tuple[str, str, Any, Any]] = [
    ("AWS", "region", "us-east-1", "US_EAST_1"),
    ("AWS", "region", "US_EAST_1", "US_EAST_1"),
    ("AWS", "region", " us_east-1\n", "US_EAST_1"),
    ("AWS", "region", "us-gov-west-1", "US_GOV_WEST_1"),
    ("AWS", "region", "ap-southeast-12", "AP_SOUTHEAST_12"),
    ("AZURE", "region", "EUROPE_NORTH", "EUROPE_NORTH"),
    ("AZURE", "region", "us-east-2-euap", "US_EAST_2_EUAP"),
    ("AZURE", "region", "europe-north", "EUROPE_NORTH"),
    ("AZURE", "region", "northeurope", "EUROPE_NORTH"),
    ("AZURE", "region", "North Europe", "EUROPE_NORTH"),
    ("AZURE", "region", "eastus2", "US_EAST_2"),
    ("AZURE", "region", "EASTUS2", "US_EAST_2"),
    ("AZURE", "region", "southeastasia", "ASIA_SOUTH_EAST"),
    ("AZURE", "region", "NEW_REGION_7", "NEW_REGION_7"),
    ("AWS", "region", "us-gov-east-1", "US_GOV_EAST_1"),
    ("GCP", "regions", ["europe-west1", "us-central1"], ["CENTRAL_US", "WESTERN_EUROPE"]),
    ("GCP", "regions", ["me-central1"], ["MIDDLE_EAST_CENTRAL_1"]),
    ("GCP", "regions", ["NEW_REGION_7"], ["NEW_REGION_7"]),
    ("AWS", "atlas_cidr_block", " 10.8.0.0/21 ", "10.8.0.0/21"),
    ("AZURE", "atlas_cidr_block", "10.8.0.0/255.255.248.0", "10.8.0.0/21"),
    ("GCP", "regions", ["EASTERN_US"], ["EASTERN_US"]),
    ("GCP", "regions", ["western-us", "EASTERN_US", "eastern_us"], ["EASTERN_US", "WESTERN_US"]),
    ("GCP", "regions", [" us-central "], ["US_CENTRAL"]),
]
REFUSED: list[tuple[str, str, Any, str]] = [
    ("AWS", "region", "EUROPE_NORTH", "like us-east-1, which Atlas spells US_EAST_1"),
    ("AWS", "region", "us-east-1a", "like us-east-1, which Atlas spells US_EAST_1"),
    ("AWS", "region", "useast1", "like us-east-1, which Atlas spells US_EAST_1"),
    ("AZURE", "region", "_", "like northeurope, which Atlas spells EUROPE_NORTH"),
    ("AZURE", "region", "eastus9", "like northeurope, which Atlas spells EUROPE_NORTH"),
    ("AZURE", "region", "us-east-1a", "like northeurope, which Atlas spells EUROPE_NORTH"),
    ("GCP", "regions", ["europe-west99"], "like us-east1, which Atlas spells EASTERN_US"),
    ("AWS", "region", "europe-west1", "like us-east-1, which Atlas spells US_EAST_1"),
    ("AWS", "atlas_cidr_block", "10.8.0.1/21", "host bits set"),
    ("AWS", "atlas_cidr_block", "10.8.0.0", "its prefix length is missing"),
    ("AWS", "atlas_cidr_block", "fd00::/64", "a CIDR block of IPv4"),
    ("GCP", "regions", ["EASTERN_US", "western us"], "like us-east1, which Atlas spells EASTERN_US"),
]


@pytest.mark.parametrize(("name", "option", "spelling", "canonical"), ACCEPTED)
def test_parse_returns_canonical_spelling(name: str, option: str, spelling: Any, canonical: Any) -> None:
    assert field(name, option).parse(option, spelling) == canonical
    assert field(name, option).parse(option, canonical) == canonical


@pytest.mark.parametrize(("name", "option", "value", "cure"), REFUSED)
def test_parse_fails_for_invalid_value(name: str, option: str, value: Any, cure: str) -> None:
    with pytest.raises(InputError) as refusal:
        field(name, option).parse(option, value)
    wrong = value[-1] if isinstance(value, list) else value
    assert refusal.value.message.startswith(f"{option} is {wrong!r}, but must be ")
    assert cure in refusal.value.message


@pytest.mark.parametrize(
    ("answer", "normal"),
    [(None, []), ([], []), (["WESTERN_US", "EASTERN_US"], ["EASTERN_US", "WESTERN_US"]), (["us-east"], ["US_EAST"])],
)
def test_from_api_normalises_regions(answer: Any, normal: list[str]) -> None:
    assert field("GCP", "regions").from_api(answer) == normal


@given(st.lists(st.sampled_from(["eastern-us", "EASTERN_US", "WESTERN_US", "western_us"]), min_size=1))
def test_regions_in_other_order_are_equal(values: list[str]) -> None:
    regions = field("GCP", "regions")
    assert regions.equal(regions.parse("regions", values), regions.parse("regions", values[::-1]))
    assert regions.parse("regions", values) == regions.from_api(sorted({v.upper().replace("-", "_") for v in values}))


@pytest.mark.parametrize(
    ("name", "option", "table"), [("AZURE", "region", AZURE_REGIONS), ("GCP", "regions", GCP_REGIONS)]
)
def test_region_tables_are_unique_and_parse_to_themselves(name: str, option: str, table: dict[str, str]) -> None:
    """Every name of Atlas is taken as it is, stands there once, and is no other region's name in its cloud."""
    assert len(set(table.values())) == len(table)
    spelled = {own: field(name, option).parse(option, [own] if name == "GCP" else own) for own in table}
    assert spelled == {own: [atlas] if name == "GCP" else atlas for own, atlas in table.items()}


def test_field_argument_specs() -> None:
    assert field("GCP", "regions").spec == {"type": "list", "elements": "str"}
    assert field("AWS", "region").spec == {"type": "str"}


@given(st.text())
def test_parse_region_is_idempotent_or_fails(value: str) -> None:
    for name in ("AWS", "AZURE"):
        region = field(name, "region")
        try:
            cleaned = region.parse("region", value)
        except InputError:
            continue
        assert region.parse("region", cleaned) == region.from_api(cleaned) == cleaned


# Records


@EVERY_CLOUD
def test_container_record_per_cloud(name: str) -> None:
    record = samples.container_record(name)
    declared = {option: value for option, value in CONTAINERS[name].items() if option != "provider_name"}
    beyond = {cloud_model.snake_case(one): None for one in CLOUDS[name].container.read_only}
    regions = {"regions": []} if name == "GCP" else {}
    common = {"id": samples.OPTIONS[name]["container_id"], "project_id": PROJECT, "provider_name": name}
    assert record == {**common, **declared, **regions, **beyond, "provisioned": True}


@EVERY_CLOUD
def test_container_record_keys_beyond_options_are_result_only(name: str) -> None:
    seen = set(samples.container_record(name))
    assert seen - CONTAINER.result_only == {*CLOUDS[name].container.options, "id", "project_id", "provider_name"}


@EVERY_CLOUD
def test_container_record_as_options_matches_itself(name: str) -> None:
    record = samples.container_record(name)
    options = {option: value for option, value in record.items() if option not in CONTAINER.result_only}
    assert parse_desired(CONTAINER, options, PROJECT, complete=True).matches(record)


@EVERY_CLOUD
def test_absent_container_record(name: str) -> None:
    place = {} if name == "GCP" else {"region": CONTAINERS[name]["region"]}
    expected = {"id": None, "project_id": PROJECT, "provider_name": name, **place}
    assert samples.declare_container(name).absent == expected


@EVERY_CLOUD
def test_container_has_no_deleting_status_blocking_error_or_replace_reason(name: str) -> None:
    record = samples.container_record(name)
    assert CONTAINER.is_deleting(record) is False
    assert CONTAINER.deletion_failed(record) is False
    assert CONTAINER.after_deletion(record) is None
    assert CONTAINER.blocking_error("name", record) is None
    assert CONTAINER.replace_reasons(record) == frozenset()


@pytest.mark.parametrize("name", NAMES)
def test_cloud_of_container_is_read_whatever_its_case(name: str) -> None:
    assert CONTAINER.cloud_of({"providerName": name.lower()}) is CLOUDS[name]


def test_container_of_unknown_cloud_is_named_in_full() -> None:
    with pytest.raises(PlanError, match=f"The container {CONTAINER_ID} belongs to FREE, which has no network peering"):
        CONTAINER.cloud_of({"id": CONTAINER_ID, "providerName": "FREE"})


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": 7}, {"id": "x"}, {"id": CONTAINER_ID + "0"}])
def test_malformed_id_is_none(answer: dict[str, Any]) -> None:
    assert CONTAINER.id_of(answer) is None
    assert CONTAINER.id_of({"id": CONTAINER_ID}) == CONTAINER_ID


@pytest.mark.parametrize(
    ("container", "location"),
    [
        ({"region": "US_EAST_1"}, "US_EAST_1"),
        ({"regions": ["EASTERN_US", "WESTERN_US"]}, "EASTERN_US, WESTERN_US"),
        ({"regions": []}, "all regions"),
        ({"region": None}, "all regions"),
    ],
)
def test_location_of_container(container: dict[str, Any], location: str) -> None:
    assert location_of(container) == location


@pytest.mark.parametrize(
    ("phases", "start", "end"),
    [
        (["available", "deleting"], "Peering connections use it: id0 to vpc-0 (available). Delete", "with S: absent"),
        (["deleting"], "Peering connections in it are still being deleted: id0 to vpc-0 (deleting). Wait", "later"),
        ([], "No peering connection uses it.", "later"),
    ],
)
def test_hint_names_what_uses_a_container(phases: list[str], start: str, end: str) -> None:
    connections = [
        {"id": f"id{number}", "peer_network": f"vpc-{number}", "status": phase, "phase": phase}
        for number, phase in enumerate(phases)
    ]
    with option_name_scope({"state": "S"}):
        hint = in_use_hint(connections)
        longer = in_use_hint(connections, "delete_timeout")
    assert hint.startswith(start)
    assert hint.endswith(f"{end}.")
    assert ("or raise delete_timeout" in longer) is (end == "later")


# Declarations


@EVERY_CLOUD
def test_parse_desired_container(name: str) -> None:
    desired = samples.declare_container(name)
    values = {option: value for option, value in CONTAINERS[name].items() if option != "provider_name"}
    assert desired == Desired(CONTAINER, PROJECT, CLOUDS[name], None, values)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("AWS", "AWS container in EU_WEST_1"),
        ("AZURE", "AZURE container in EUROPE_WEST"),
        ("GCP", "GCP container"),
    ],
)
def test_container_name(name: str, called: str) -> None:
    assert samples.declare_container(name).name == called
    assert samples.declare_container(name, container_id=CONTAINER_ID).name == f"container {CONTAINER_ID}"


@EVERY_CLOUD
@pytest.mark.parametrize("complete", [True, False])
def test_atlas_cidr_block_is_optional(name: str, complete: bool) -> None:
    desired = samples.declare_container(name, complete, atlas_cidr_block=None)
    assert "atlas_cidr_block" not in desired.values


@pytest.mark.parametrize("name", ["AWS", "AZURE"])
@pytest.mark.parametrize(("complete", "ending"), [(True, "needs it."), (False, "needs it, or container_id.")])
def test_missing_region_fails(name: str, complete: bool, ending: str) -> None:
    with pytest.raises(InputError) as refusal:
        samples.declare_container(name, complete, region=None)
    assert str(refusal.value) == f"region is missing: a container with provider_name {name} {ending}"


@pytest.mark.parametrize("unset", [None, "", []])
def test_empty_regions_are_treated_as_unset(unset: Any) -> None:
    assert samples.declare_container("GCP", regions=unset) == samples.declare_container("GCP")


def test_container_id_alone_is_sufficient_and_validated() -> None:
    bare = parse_desired(CONTAINER, {"container_id": f" {CONTAINER_ID} "}, PROJECT, complete=False)
    assert bare == Desired(CONTAINER, PROJECT, None, CONTAINER_ID, {})
    with pytest.raises(InputError, match=r"^container_id is 'x', but must be the 24 hexadecimal characters"):
        parse_desired(CONTAINER, {"container_id": "x"}, PROJECT, complete=False)


@pytest.mark.parametrize(
    ("name", "strange", "words"),
    [
        ("AWS", {"regions": ["EASTERN_US"]}, "regions cannot be used with provider_name AWS: it belongs to GCP."),
        ("GCP", {"region": "US_EAST_1"}, "region cannot be used with provider_name GCP: it belongs to AWS."),
    ],
)
def test_container_option_of_other_cloud_fails(name: str, strange: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as refusal:
        samples.declare_container(name, **strange)
    assert words in str(refusal.value)


# Selections


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, NAMES),
        ({"provider_name": "GCP"}, ("GCP",)),
        ({"region": "US_EAST_1", "provider_name": "AWS"}, ("AWS",)),
        ({"region": "EUROPE_NORTH", "provider_name": "AZURE"}, ("AZURE",)),
        ({"region": "EUROPE_NORTH"}, ("AZURE",)),
        ({"region": "US_EAST_2"}, ("AWS", "AZURE")),
    ],
)
def test_container_filter_selects_clouds(params: dict[str, Any], names: tuple[str, ...]) -> None:
    assert tuple(cloud.name for cloud in parse_filter(CONTAINER, params).clouds) == names


def test_container_filter_matches_equal_values() -> None:
    selection = parse_filter(CONTAINER, {"provider_name": "AWS", "region": "eu-west-1"})
    assert selection.matches(samples.container_record("AWS"))
    assert not selection.matches(samples.container_record("AWS", region="US_EAST_1"))
    assert not selection.matches(samples.container_record("AZURE"))
