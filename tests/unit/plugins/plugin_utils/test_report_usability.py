# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the other side is added to the report, to the connections that it is about."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.filter.accepted_connections import accepted_connections
from ansible_collections.atlasops.network.plugins.filter.gcp_usability import gcp_usability
from ansible_collections.atlasops.network.plugins.filter.with_usability import with_usability
from ansible_collections.atlasops.network.plugins.module_utils.model import usability
from support import samples

YES = usability.finding("yes")
MISSING = usability.finding("no", "No route.", "Add it.")
PCX = "pcx-0f1e2d3c4b5a69788"
THEIRS = {"peer_project": "p-1", "peer_network": "nt-1"}
OURS = {"project": "my-project-191923", "network": "default"}
KEY = "my-project-191923/default to p-1/nt-1"


def entry(name: str, status: str = "AVAILABLE") -> dict[str, Any]:
    record = samples.record(name, status)
    if name == "GCP":
        record.update(atlas_gcp_project_id="p-1", atlas_network_name="nt-1")
    found = {"state": record["phase"], "provider_name": name, "next_action": record["next_action"], "peering": record}
    lists = [{"id": "0.0.0.0/0", "cidr_block": "0.0.0.0/0", "aws_security_group": None, "status": "ACTIVE"}]
    return {**found, "usable": usability.assess(found, {"access_list": ["10.0.0.0/8"]}, lists)}


def report(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"connections": list(entries), "usable": usability.count(entries)}


def states(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["usable"]["routed"]["state"], one["usable"]["resolvable"]["state"]) for one in found["connections"]]


def test_available_connections_are_inspected_with_their_settings() -> None:
    content = report(entry("AWS", "PENDING_ACCEPTANCE"), entry("AWS"), entry("GCP"))
    inspected = accepted_connections(content, [{"aws": {"profile": "one"}}, {"aws": {"profile": "two"}}])
    assert [one["provider_name"] for one in inspected] == ["AWS", "GCP"]
    assert inspected[0]["aws"] == {"profile": "two"}
    assert "aws" not in inspected[1]


def test_findings_are_added_to_their_connection() -> None:
    content = report(entry("AWS"), entry("AWS", "PENDING_ACCEPTANCE"), entry("GCP"))
    assert content["usable"] == {"yes": 1, "no": 1, "unknown": 1}
    done = with_usability(content, "aws", {PCX: {"routed": YES, "resolvable": YES}})
    assert done["usable"] == {"yes": 2, "no": 1, "unknown": 0}
    done = with_usability(done, "gcp", {KEY: {"routed": MISSING}})
    assert states(done) == [("yes", "yes"), ("no", "no"), ("no", "yes")]
    assert done["usable"] == {"yes": 1, "no": 2, "unknown": 0}


def test_failure_to_read_makes_connections_of_that_cloud_unknown() -> None:
    content = report(entry("AWS"), entry("GCP"), entry("AWS", "PENDING_ACCEPTANCE"))
    done = with_usability(content, "aws", failure="No credentials.")
    assert states(done) == [("unknown", "unknown"), ("yes", "yes"), ("no", "no")]
    assert done["connections"][0]["usable"]["routed"]["reason"] == "No credentials."
    assert states(with_usability(content, "gcp", failure="No credentials."))[1] == ("unknown", "yes")


def peering(**changes: Any) -> dict[str, Any]:
    return {**OURS, **THEIRS, "name": "atlas-nt-1", "state": "ACTIVE", "state_details": "Connected.", **changes}


@pytest.mark.parametrize(
    ("result", "state", "words"),
    [
        ({"changed": False, "peering": peering()}, "yes", None),
        ({"changed": True, "peering": peering(state=None)}, "no", "my-project-191923/default has no peering to Atlas."),
        ({"changed": False, "peering": peering(state="INACTIVE")}, "no", "atlas-nt-1 is INACTIVE: Connected."),
        ({"changed": True, "peering": peering()}, "no", "does not exchange the custom routes that are declared."),
        ({"failed": True, "msg": "Permission denied."}, "unknown", "Permission denied."),
    ],
)
def test_peering_of_gcp_is_routed_if_it_is_active_as_declared(
    result: dict[str, Any], state: str, words: str | None
) -> None:
    found = gcp_usability([{"item": {**OURS, **THEIRS}, **result}])[KEY]["routed"]
    assert found["state"] == state
    assert words is None or found["reason"].endswith(words)
