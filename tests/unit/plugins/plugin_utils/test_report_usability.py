# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the other side is added to the report, to the connections that it is about."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.filter.azure_usability import azure_usability
from ansible_collections.atlasops.network.plugins.filter.connections_to_inspect import connections_to_inspect
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
    found = {
        "state": record["phase"],
        **{key: record[key] for key in ("project_id", "provider_name", "peer_network", "next_action")},
        "peering": record,
    }
    lists = [{"id": "0.0.0.0/0", "cidr_block": "0.0.0.0/0", "aws_security_group": None, "status": "ACTIVE"}]
    return {**found, "usable": usability.assess(found, {"access_list": ["10.0.0.0/8"]}, lists)}


def report(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"connections": list(entries), "usable": usability.count(entries)}


def states(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["usable"]["routed"]["state"], one["usable"]["resolvable"]["state"]) for one in found["connections"]]


def test_available_connections_are_inspected_with_their_settings() -> None:
    content = report(entry("AWS", "PENDING_ACCEPTANCE"), entry("AWS"), entry("GCP"))
    inspected = connections_to_inspect(content, [{"aws": {"profile": "one"}}, {"aws": {"profile": "two"}}])
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


NETWORK = {
    key: samples.OPTIONS["AZURE"][key] for key in samples.OPTIONS["AZURE"] if key.startswith(("azure", "res", "vn"))
}
ITEM = {"subscription_id": NETWORK["azure_subscription_id"].upper(), "virtual_network": "APP-VNET"}
CREATE = "Create it with atlas_peering_set or the playbook atlasops.network.peer."


def missing_on_azure() -> dict[str, Any]:
    """Return the entry of a declared connection that does not exist."""
    one = {**entry("AZURE"), "state": "missing", "peering": None, "next_action": CREATE}
    return {**one, "usable": usability.assess(one, {}, [])}


def on_azure(**result: Any) -> dict[str, Any]:
    return azure_usability([{"item": ITEM, **result}])


def lacking(message: str, hint: str | None, kind: str, **details: Any) -> dict[str, Any]:
    return {"failed": True, "msg": f"{message} {hint}", "failure": {"kind": kind, "hint": hint, **details}}


LACKS = lacking("No role allows it to.", "Set x, or run:\naz 1\naz 2", "MissingAccessError", commands=["az 1", "az 2"])
CURE = (
    "Run the role atlas_peering with atlas_peering_other_side: [azure] and atlas_peering_azure_create: true, or: "
    "az 1 && az 2"
)


def test_azure_is_inspected_whatever_the_connection_waits_for() -> None:
    """Atlas needs its access before the connection exists. Nothing is known of a project that could not be read."""
    unread = {**missing_on_azure(), "state": "unknown"}
    unread["usable"] = usability.assess(unread, {}, [])
    content = report(missing_on_azure(), unread, entry("AZURE", "FAILED"), entry("GCP", "WAITING_FOR_USER"))
    inspected = connections_to_inspect(content, [NETWORK, {}])
    assert [one["phase"] for one in inspected] == ["pending", "failed"]
    assert inspected[0]["vnet_name"] == "app-vnet"


@pytest.mark.parametrize(
    ("result", "state", "reason", "cure"),
    [
        ({"access": {}}, "yes", None, None),
        (LACKS, "no", "No role allows it to.", CURE),
        (lacking("No such network.", "Check it.", "PlanError"), "no", "No such network.", "Check it."),
        (lacking("No credentials.", "Set them.", "InputError"), "unknown", "No credentials. Set them.", None),
    ],
)
def test_access_of_atlas_is_what_the_module_says(
    result: dict[str, Any], state: str, reason: str | None, cure: str | None
) -> None:
    (found,) = on_azure(**result).values()
    assert found["accepted"] == usability.finding(state, reason, cure)


def test_missing_access_comes_before_creation() -> None:
    done = with_usability(report(missing_on_azure()), "azure", on_azure(**LACKS))["connections"][0]
    assert done["next_action"] == f"No role allows it to. {CURE} {CREATE}"
    assert done["usable"]["accepted"] == usability.finding(
        "no", "The connection does not exist. No role allows it to.", f"{CURE} {CREATE}"
    )


def test_available_connection_without_access_may_be_out_of_date() -> None:
    done = with_usability(report(entry("AZURE")), "azure", on_azure(**LACKS))
    assert done["usable"] == {"yes": 0, "no": 0, "unknown": 1}
    accepted = done["connections"][0]["usable"]["accepted"]
    assert accepted["reason"] == "Atlas reports it as available, but this may be out of date. No role allows it to."
    assert (accepted["cure"], done["connections"][0]["next_action"]) == (CURE, None)
    assert with_usability(report(entry("AZURE")), "azure", on_azure(access={}))["usable"]["yes"] == 1


def test_azure_that_cannot_be_read_makes_only_available_connections_unknown() -> None:
    content = report(entry("AZURE"), missing_on_azure())
    available, absent = with_usability(content, "azure", failure="No credentials.")["connections"]
    assert available["usable"]["accepted"] == usability.finding("unknown", "No credentials.")
    assert absent["usable"]["accepted"]["reason"] == "The connection does not exist. No credentials."
    assert (absent["usable"]["state"], absent["next_action"]) == ("no", CREATE)
