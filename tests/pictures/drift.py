# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the drift report: a project that somebody has changed by hand."""

from __future__ import annotations

import json
import time
from typing import Any

from simulator import Simulator

PLAYBOOK = "atlasops.network.report"
PROJECT = "payments-production"
_ACCOUNT = "123456789012"
_AZURE = {
    "azure_directory_id": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
    "azure_subscription_id": "8dec2d92-478d-bc50-cf99-d31b9e90a1c7",
    "resource_group_name": "app-production",
}
_DECLARED = [
    *(
        {"provider_name": "AWS", "aws_account_id": _ACCOUNT, "vpc_id": f"vpc-0f1e2d3c4b5a6978{number}"}
        | {"container_region": "us-east-1", "accepter_region_name": "us-east-1"}
        | {"route_table_cidr_block": f"10.{number}.0.0/16"}
        for number in range(4)
    ),
    {"provider_name": "AZURE", "container_region": "northeurope", "vnet_name": "app-vnet", **_AZURE}
    | {"access_list": ["10.20.0.0/16"]},
]


def seed(atlas: Simulator) -> None:
    """Fill a project: of what is declared, one connection is missing, one differs and one has waited for days."""
    project = atlas.add_project(PROJECT)
    for number, (status, days, block) in enumerate(
        [
            ("AVAILABLE", 90, "10.0.0.0/16"),
            ("AVAILABLE", 80, "10.99.0.0/16"),
            ("PENDING_ACCEPTANCE", 2.5, "10.2.0.0/16"),
        ]
    ):
        fields = {"vpcId": f"vpc-0f1e2d3c4b5a6978{number}", "routeTableCidrBlock": block, "awsAccountId": _ACCOUNT}
        made = f"{int(time.time() - days * 86400):08x}{number:016x}"
        atlas.add_peer(project, "AWS", status=status, id=made, **fields)
    fields = {"azureDirectoryId": _AZURE["azure_directory_id"], "vnetName": "app-vnet"}
    fields |= {"azureSubscriptionId": _AZURE["azure_subscription_id"], "resourceGroupName": "app-production"}
    atlas.add_peer(project, "AZURE", status="AVAILABLE", **fields)
    atlas.add_peer(project, "GCP", status="AVAILABLE", gcpProjectId="my-project-191923", networkName="default")
    for block in ("10.0.0.0/16", "10.2.0.0/16", "10.99.0.0/16", "10.20.0.0/16"):
        atlas.add_access_list_entry(block, project_id=project)


def arguments(page: str) -> list[str]:
    """Return the arguments of ansible-playbook that write the page."""
    given: dict[str, Any] = {"connections": _DECLARED, "project_name": PROJECT, "report_html": page}
    given |= {"report_usable": True}
    return ["--extra-vars", json.dumps({f"atlas_peering_{name}": value for name, value in given.items()})]
