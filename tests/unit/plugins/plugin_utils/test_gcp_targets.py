# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which connections the role for GCP acts on, and with which options."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.plugin_utils.gcp_targets import parse_targets
from support import samples

CONNECTION = samples.record("GCP", phase="action_required")
PEERING = {
    "project": "my-project-191923",
    "network": "default",
    "peer_project": "p-ab12cd34ef56ab12cd34ef56",
    "peer_network": CONNECTION["atlas_network_name"],
}


ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def spec():
    variables = ROOT / "roles" / "atlas_peering_gcp" / "vars" / "main.yml"
    return yaml.safe_load(variables.read_text())["__atlas_peering_gcp_spec"]


@pytest.fixture
def found(spec):
    """Return a function that finds what is to be done for some connections."""
    return lambda *connections, removing=False, **variables: parse_targets(connections, variables, spec, removing)


def test_other_clouds_and_deleting_connections_are_ignored(found):
    others = [samples.record("AWS"), samples.record("AZURE")]
    ending = [{**CONNECTION, "phase": "deleting"}, {"provider_name": "GCP", "phase": "absent", "network_name": "x"}]
    assert found(*others, CONNECTION, *ending).targets == [PEERING]
    assert found(*others, CONNECTION, *ending).problems == []


@pytest.mark.parametrize("phase", ["action_required", "available", "pending"])
def test_existing_connection_is_a_target_in_any_phase(found, phase):
    assert found({**CONNECTION, "phase": phase}).targets == [PEERING]


def test_settings_of_connection_take_precedence_over_role(found):
    own = {**CONNECTION, "gcp": {"name": "atlas", "export_custom_routes": "no"}}
    variables = {
        "atlas_peering_gcp_export_custom_routes": True,
        "atlas_peering_gcp_import_custom_routes": False,
        "atlas_peering_gcp_timeout": 5,
    }
    assert found(CONNECTION, own, **variables).targets == [
        {**PEERING, "export_custom_routes": True, "import_custom_routes": False},
        {**PEERING, "name": "atlas", "export_custom_routes": False, "import_custom_routes": False},
    ]


@pytest.mark.parametrize(
    ("gcp", "words"),
    [
        ("no", "gcp is 'no', but must be a dictionary."),
        ({"nam": "x"}, "gcp.nam is no setting. Those are export_custom_routes,"),
        ({"timeout": 5}, "gcp.timeout is no setting. Those are"),
    ],
)
def test_unknown_settings_are_a_problem(found, gcp, words):
    result = found({**CONNECTION, "gcp": gcp})
    assert (result.targets, len(result.problems)) == ([], 1)
    assert f"GCP my-project-191923/default: {words}" in result.problems[0]


def test_settings_of_wrong_type_are_a_problem(found):
    assert found({**CONNECTION, "gcp": {"export_custom_routes": "maybe"}}).problems == [
        "GCP my-project-191923/default: gcp.export_custom_routes is 'maybe', but must be true or false."
    ]


def test_missing_network_name_is_waiting(found):
    result = found({**CONNECTION, "atlas_gcp_project_id": None, "atlas_network_name": None})
    assert (result.targets, result.problems) == ([], [])
    assert "the network of Atlas has no name yet. Wait until somebody can act" in result.waiting[0]
    assert result.unread == [CONNECTION["project_id"]]


def test_network_name_is_completed_from_container(found, spec):
    unnamed = {**CONNECTION, "atlas_gcp_project_id": None, "atlas_network_name": None}
    container = {"id": CONNECTION["container_id"], "gcp_project_id": "p-1a2b3c", "network_name": "nt-4d5e6f"}
    result = parse_targets([unnamed, unnamed], {}, spec, containers=[container])
    named = {"peer_project": container["gcp_project_id"], "peer_network": container["network_name"]}
    assert result.targets == [{**PEERING, **named}] * 2
    assert result.unread == []


def test_failed_connection_is_a_problem_unless_removing(found):
    failed = {**CONNECTION, "phase": "failed", "error": "gone", "next_action": "Do this."}
    assert found(failed).problems == [
        "GCP my-project-191923/default: the connection has failed in Atlas (gone). Do this."
    ]
    assert found(failed, removing=True).targets == [PEERING]


def test_incomplete_record_is_a_problem(found):
    declared = {"provider_name": "GCP", "gcp_project_id": "my-project-191923", "network_name": "default"}
    assert found(CONNECTION, declared).problems == [
        "atlas_peering_gcp_connections[1] lacks phase, atlas_gcp_project_id, atlas_network_name: it is not a "
        "connection as the role atlas_peering or the module atlas_peering_info returns it."
    ]
