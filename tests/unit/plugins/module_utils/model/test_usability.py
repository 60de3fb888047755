# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Atlas alone tells about the way from an application to the cluster; what nobody has read is never missing."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.model import usability
from support import samples

EMPTY = "The IP access list of the project is empty."
GROUP = "sg-0f1e2d3c4b5a69788"


def entry(name: str = "AWS", status: str = "AVAILABLE", error: str | None = None) -> dict[str, Any]:
    """Return a connection of a report."""
    record = samples.record(name, status, error)
    found = {"state": record["phase"], "provider_name": name, "next_action": record["next_action"]}
    return {**found, "peering": record}


def listed(*values: str, status: str | None = "ACTIVE") -> list[dict[str, Any]]:
    """Return an IP access list."""
    return [
        {
            "id": one,
            "cidr_block": None if one.startswith("sg-") else one,
            "aws_security_group": one if one.startswith("sg-") else None,
            "status": status,
        }
        for one in values
    ]


def assess(one: dict[str, Any], names: list[str] | None, content: Any) -> dict[str, Any]:
    return usability.assess(one, {**(one["peering"] or {}), "access_list": names}, content)


def states(found: dict[str, Any]) -> list[str]:
    return [found[need]["state"] for need in usability.NEEDS]


def let_in(content: Any, names: list[str] | None = None, name: str = "AWS") -> dict[str, Any]:
    return dict(assess(entry(name), names, content)["let_in"])


def test_other_side_of_aws_is_unknown_until_it_is_read() -> None:
    found = assess(entry(), None, listed("10.15.0.0/16"))
    assert (found["state"], states(found)) == ("unknown", ["yes", "unknown", "unknown", "yes"])
    assert found["routed"]["reason"] == "The routes in AWS were not read."
    assert found["resolvable"]["cure"].endswith("set atlas_peering_other_side to [aws].")


@pytest.mark.parametrize("name", ["AZURE", "GCP"])
def test_other_clouds_exchange_routes_themselves(name: str) -> None:
    found = assess(entry(name), ["10.128.0.0/20"], listed("10.128.0.0/16"))
    assert (found["state"], states(found)) == ("yes", ["yes"] * 4)


@pytest.mark.parametrize(
    ("status", "reason", "cure"),
    [
        ("PENDING_ACCEPTANCE", "Atlas reports PENDING_ACCEPTANCE.", "Accept pcx-0f1e2d3c4b5a69788 in AWS account"),
        ("INITIATING", "Atlas reports INITIATING.", "Wait until it is available."),
    ],
)
def test_connection_that_is_not_available_is_not_usable(status: str, reason: str, cure: str) -> None:
    found = assess(entry(status=status), None, listed("10.15.0.0/16"))
    assert (found["state"], states(found)) == ("no", ["no", "no", "no", "yes"])
    assert found["accepted"]["reason"] == reason
    assert found["accepted"]["cure"].startswith(cure)
    assert found["routed"]["reason"] == "The connection is not available."


@pytest.mark.parametrize(
    ("name", "status", "error", "reason", "cure"),
    [
        ("AWS", "TERMINATING", None, "Atlas reports TERMINATING.", None),
        ("AWS", "FAILED", "EXPIRED", "Atlas reports FAILED: EXPIRED.", "Nobody accepted it"),
    ],
)
def test_connection_that_will_not_become_available_is_not_waited_for(
    name: str, status: str, error: str | None, reason: str, cure: str | None
) -> None:
    accepted = assess(entry(name, status, error), None, [])["accepted"]
    assert accepted["reason"] == reason
    assert str(accepted["cure"]).startswith(str(cure))


def test_missing_connection_is_not_accepted() -> None:
    missing = {"state": "missing", "provider_name": "AWS", "next_action": "Create it.", "peering": None}
    found = assess(missing, ["10.15.0.0/16"], listed("10.15.0.0/16"))
    assert found["accepted"] == usability.finding("no", "The connection does not exist.", "Create it.")


def test_connection_that_could_not_be_compared_is_unknown() -> None:
    unknown = {"state": "unknown", "provider_name": "AWS", "next_action": "Check the credentials.", "peering": None}
    found = assess(unknown, None, AtlasError("The project was not read."))
    assert (found["state"], states(found)) == ("unknown", ["unknown"] * 4)
    assert {found[need]["reason"] for need in usability.NEEDS} == {
        "Check the credentials.",
        "The project was not read.",
    }


def test_larger_entries_let_a_network_in() -> None:
    assert let_in(listed("10.0.0.0/8", "::/0"))["state"] == "yes"
    assert let_in(listed("10.15.0.0/24", GROUP), ["10.15.0.7", GROUP])["state"] == "yes"


def test_what_is_not_listed_is_named_with_its_cure() -> None:
    found = let_in(listed("10.99.0.0/16"))
    assert (found["state"], found["reason"]) == ("no", "10.15.0.0/16 is not in the IP access list of the project.")
    assert found["cure"].startswith("Run the role atlas_peering with atlas_peering_access_list")
    found = let_in(listed("10.15.0.0/17"), ["10.15.0.0/16", "10.16.0.0/16", GROUP])
    assert found["reason"].startswith(f"10.15.0.0/16, 10.16.0.0/16, {GROUP} are not in the IP access list")
    assert let_in([])["reason"] == EMPTY
    assert let_in([])["cure"] == let_in(listed("10.99.0.0/16"))["cure"]


def test_part_of_a_network_may_be_what_the_application_uses() -> None:
    """As long as it is not declared."""
    for part in ("10.15.1.0/24", GROUP):
        found = let_in(listed("10.99.0.0/16", part))
        assert (found["state"], part in found["reason"]) == ("unknown", True)
        assert let_in(listed(part), ["10.15.0.0/16"])["state"] == "no"


def test_blocks_that_atlas_does_not_know_are_unknown() -> None:
    assert let_in(listed("10.99.0.0/16"), name="GCP")["reason"] == "Atlas does not know the blocks of the network."
    assert let_in([], name="GCP")["reason"] == EMPTY
    assert let_in([], name="GCP")["cure"].startswith("List those of the application in access_list")
    assert "cidr_block is '10.15.0.1/16'" in let_in(listed("10.99.0.0/16"), ["10.15.0.1/16"])["reason"]


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("PENDING", "no", "10.0.0.0/8 of the IP access list is not in effect yet."),
        ("FAILED", "no", "The entry 10.0.0.0/8 of the IP access list has failed."),
        (None, "yes", None),
    ],
)
def test_entry_that_is_not_in_effect_lets_nobody_in(status: str | None, state: str, reason: str | None) -> None:
    found = let_in(listed("10.0.0.0/8", status=status))
    assert (found["state"], found["reason"]) == (state, reason)


def test_smallest_of_several_entries_counts() -> None:
    entries = [*listed("10.0.0.0/8", status="PENDING"), *listed("10.15.0.0/16"), *listed("0.0.0.0/0", status="FAILED")]
    assert let_in(entries)["state"] == let_in(entries[::-1])["state"] == "yes"


def test_access_list_that_could_not_be_read_is_unknown() -> None:
    assert let_in(AtlasError("Atlas answered 403.")) == usability.unknown("Atlas answered 403.")


def test_connections_are_counted_by_state() -> None:
    ones = [{"usable": {"state": state}} for state in ("no", "yes", "no")]
    assert usability.count(ones) == {"yes": 1, "no": 2, "unknown": 0}
