# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which virtual networks the role for Azure acts on, and with which options."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.filter.azure_targets import azure_targets
from support import samples

SPEC = yaml.safe_load((Path(__file__).parents[4] / "roles" / "atlas_peering_azure" / "vars" / "main.yml").read_text())[
    "__atlas_peering_azure_spec"
]
CONNECTION = samples.record("AZURE")
NETWORK = {
    "tenant": CONNECTION["azure_directory_id"],
    "subscription_id": CONNECTION["azure_subscription_id"],
    "resource_group": CONNECTION["resource_group_name"],
    "virtual_network": CONNECTION["vnet_name"],
}
NAME = f"AZURE {CONNECTION['resource_group_name']}/{CONNECTION['vnet_name']}"


def found(*connections, removing=False, remaining=(), **variables):
    given = {name: one.get("default") for name, one in SPEC.items()}
    given |= {f"atlas_peering_azure_{name}": value for name, value in variables.items()}
    return azure_targets(connections, given, SPEC, removing, remaining)


def blocks(*networks):
    return [{name: value for name, value in one.items() if name != "peer_cidr_blocks"} for one in networks]


def test_declared_and_existing_connections_are_targets():
    declared = {"provider_name": "AZURE", "atlas_cidr_block": "192.168.248.0/21", **samples.identity("AZURE")}
    (target,) = found({**CONNECTION, **declared, "phase": "pending"}, create=True)["targets"]
    assert target == {**NETWORK, "create": True, "peer_cidr_blocks": ["192.168.248.0/21"]}


def test_other_clouds_and_deleted_connections_are_passed_over():
    others = [samples.record("AWS"), samples.record("GCP"), {**CONNECTION, "phase": "deleting"}]
    assert found(*others, {**CONNECTION, "phase": "absent"}) == {"targets": [], "problems": [], "kept": []}


def test_virtual_network_of_several_connections_is_one_target():
    one, other = ({**CONNECTION, "atlas_cidr_block": block} for block in ("10.0.0.0/21", "10.0.8.0/21"))
    (target,) = found(one, other, one, {**one, "atlas_cidr_block": None})["targets"]
    assert target["peer_cidr_blocks"] == ["10.0.0.0/21", "10.0.8.0/21"]
    assert len(found(one, {**other, "vnet_name": "other"})["targets"]) == 2


def test_settings_of_connection_take_precedence_over_role():
    own = {**CONNECTION, "azure": {"create": "yes", "principal_id": "of the connection"}}
    variables = {"create": False, "principal_id": "of the role", "role_name": "Atlas"}
    assert blocks(*found(own, **variables)["targets"], *found(CONNECTION, **variables)["targets"]) == [
        {**NETWORK, "create": True, "principal_id": "of the connection", "role_name": "Atlas"},
        {**NETWORK, "create": False, "principal_id": "of the role", "role_name": "Atlas"},
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"azure": "create"}, f"{NAME}: azure is 'create', but must be a dictionary."),
        ({"azure": {"timeout": 5}}, f"{NAME}: azure.timeout is no setting. Those are create, principal_id, revoke,"),
        ({"azure": {"create": "maybe"}}, f"{NAME}: azure.create is 'maybe', but must be true or false."),
        (
            {"vnet_name": None, "azure_directory_id": ""},
            "atlas_peering_azure_connections[1] lacks azure_directory_id, ",
        ),
    ],
)
def test_wrong_settings_are_a_problem(change, words):
    result = found(samples.record("AWS"), {**CONNECTION, **change})
    assert (result["targets"], len(result["problems"])) == ([], 1)
    assert result["problems"][0].startswith(words)


def test_access_is_revoked_only_if_asked():
    gone = {**CONNECTION, "phase": "absent"}
    assert found(gone, removing=True)["targets"] == []
    assert blocks(*found(gone, removing=True, revoke=True)["targets"]) == [{**NETWORK, "create": False}]
    assert found(gone, {**gone, "azure": {"revoke": False}}, removing=True, revoke=True)["targets"] != []


def test_access_that_another_connection_needs_is_kept():
    gone = {**CONNECTION, "phase": "absent"}
    other = {**CONNECTION, "id": "6915a1c2cd1f4a5b6c7d8ea0", "vnet_name": CONNECTION["vnet_name"].upper()}
    result = found(gone, removing=True, revoke=True, remaining=[samples.record("GCP"), other])
    assert result["targets"] == []
    assert result["kept"] == [
        f"{NAME} keeps the access of Atlas, because connection {other['id']} of project {other['project_id']} exists "
        f"({other['status']})."
    ]
