# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries let the network of a connection in, and which of those that exist were added for it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.model import admission
from support import samples

COMMENT = "Peering with 123456789012/vpc-0f1e2d3c4b5a69788"
GROUP = "sg-0f1e2d3c4b5a69788"


def connection(name: str = "AWS", **changes: Any) -> dict[str, Any]:
    return {**samples.record(name), **changes}


def entry(block: str, comment: str | None = None, project_id: str = samples.PROJECT) -> dict[str, Any]:
    is_group = block.startswith("sg-")
    kinds = {"cidr_block": None if is_group else block, "aws_security_group": block if is_group else None}
    return {"id": block, "project_id": project_id, "comment": comment, **kinds}


def added(*connections: dict[str, Any], existing: Any = (), for_all: bool = False) -> list[dict[str, str]]:
    """Return the entries to add in the only project."""
    (project,) = admission.additions(connections, existing, for_all) or [{"entries": []}]
    return list(project["entries"])


def deleted(*connections: dict[str, Any], existing: Any = (), remaining: Any = ()) -> list[dict[str, str]]:
    (project,) = admission.removals(connections, existing, remaining, True) or [{"entries": []}]
    return list(project["entries"])


def test_blocks_addresses_and_groups_are_added() -> None:
    assert added(connection(access_list=["10.15.0.0/17", "10.16.0.7", GROUP])) == [
        {"cidr_block": "10.15.0.0/17", "comment": COMMENT},
        {"cidr_block": "10.16.0.7/32", "comment": COMMENT},
        {"aws_security_group": GROUP, "comment": COMMENT},
    ]


def test_known_block_is_added_only_if_asked_for_all() -> None:
    assert added(connection()) == added(connection(access_list=[]), for_all=True) == []
    assert added(connection(), for_all=True) == [{"cidr_block": "10.15.0.0/16", "comment": COMMENT}]


@pytest.mark.parametrize("phase", ["pending", "action_required", "failed", "deleting", "absent"])
def test_only_available_connections_are_let_in(phase: str) -> None:
    assert added(connection(phase=phase), for_all=True) == []


def test_entries_of_others_are_left_alone() -> None:
    """Those that were added before are declared again, so that their status is awaited."""
    assert added(connection(), existing=[entry("10.15.0.0/16", "Shop")], for_all=True) == []
    assert added(connection(), existing=[entry("10.15.0.0/16", COMMENT.upper())], for_all=True)
    elsewhere = [entry("10.15.0.0/16", "Shop", samples.OTHER_PROJECT)]
    assert added(connection(), existing=elsewhere, for_all=True)


def test_block_of_two_connections_is_added_once() -> None:
    assert len(added(connection(), connection(id=samples.OTHER_PEER), for_all=True)) == 1


def test_removal_deletes_what_was_added_and_nothing_else() -> None:
    existing = [entry("10.15.0.0/16", COMMENT), entry(GROUP, COMMENT), entry("10.16.0.0/16", "Shop"), entry("::/0")]
    gone = connection(phase="absent", id=None, route_table_cidr_block=None)
    for one in (connection(), gone):
        assert deleted(one, existing=existing) == [{"cidr_block": "10.15.0.0/16"}, {"aws_security_group": GROUP}]
    foreign = [entry("10.15.0.0/16", COMMENT, samples.OTHER_PROJECT)]
    assert deleted(connection(), existing=foreign) == []


def test_entries_stay_if_another_connection_to_network_does() -> None:
    """As with one VPC that is peered with two regions."""
    existing, other = [entry("10.15.0.0/16", COMMENT)], connection(id=samples.OTHER_PEER)
    assert deleted(connection(), existing=existing, remaining=[other]) == []
    assert deleted(connection(), existing=existing, remaining=[connection("GCP")])


def test_long_names_have_distinct_comments() -> None:
    one, other = (admission.comment_for({"peer_network": "subscription/" + "g" * 90 + end}) for end in "ab")
    assert len(one) == len(other) == 80
    assert one != other
    assert one.startswith("Peering with subscription/ggg")


def problems(declared: dict[str, Any], for_all: bool = False) -> list[str]:
    return admission.find_problems([samples.identity("AWS"), declared], for_all)


def test_valid_declarations_have_no_problems() -> None:
    regions = {"container_region": "US_EAST_1", "accepter_region_name": "us-east-1"}
    assert problems({"provider_name": "AWS", "access_list": ["10.15.0.0/16", GROUP], **regions}) == []
    assert problems({"provider_name": "GCP", "access_list": []}, for_all=True) == []
    assert problems({"provider_name": "GCP"}) == problems({"provider_name": "AWS"}, for_all=True) == []


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"provider_name": "GCP"}, "access_list is missing, and Atlas does not know the blocks of a network of GCP."),
        ({"provider_name": "GCP", "access_list": [GROUP]}, f"has the AWS security group {GROUP}, but provider_name is"),
        ({"provider_name": "AWS", "access_list": ["10.15.0.1/16"]}, "access_list: cidr_block is '10.15.0.1/16', but"),
        ({"provider_name": "AWS", "access_list": "shop"}, "access_list: ip_address is 'shop', but must be an IP"),
        (
            {
                "provider_name": "AWS",
                "access_list": [GROUP],
                "container_region": "US_EAST_1",
                "accepter_region_name": "eu-west-1",
            },
            f"access_list has the security group {GROUP} in eu-west-1, but the container is in US_EAST_1",
        ),
    ],
)
def test_problem_is_one_sentence(declared: dict[str, Any], words: str) -> None:
    (problem,) = problems(declared, for_all=True)
    assert problem.startswith("atlas_peering_connections[1]: ")
    assert words in problem
