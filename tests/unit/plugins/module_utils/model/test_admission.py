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
    return entries_of(admission.additions(connections, existing, for_all))


def deleted(
    *connections: dict[str, Any], existing: Any = (), remaining: Any = (), for_all: bool = True
) -> list[dict[str, str]]:
    return entries_of(admission.removals(connections, existing, remaining, for_all))


def entries_of(projects: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the entries of the only project; a project without any is left out."""
    assert all(one == {"project_id": samples.PROJECT, "entries": one["entries"]} for one in projects)
    assert all(one["entries"] and isinstance(one["entries"], list) for one in projects)
    return [entry for one in projects for entry in one["entries"]]


def test_blocks_addresses_and_groups_are_added() -> None:
    assert added(connection(access_list=["10.15.0.0/17", "10.16.0.7", GROUP])) == [
        {"cidr_block": "10.15.0.0/17", "comment": COMMENT},
        {"cidr_block": "10.16.0.7/32", "comment": COMMENT},
        {"aws_security_group": GROUP, "comment": COMMENT},
    ]


def test_known_block_is_added_only_if_asked_for_all() -> None:
    assert added(connection()) == added(connection(access_list=[]), for_all=True) == []
    assert added(connection(), for_all=True) == [{"cidr_block": "10.15.0.0/16", "comment": COMMENT}]
    assert added(connection("GCP"), for_all=True) == [], "Atlas does not know its blocks"


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
    assert deleted(connection(), existing=existing, for_all=False) == []
    assert len(deleted(connection(access_list=[]), existing=existing, for_all=False)) == 2


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
    assert admission.comment_for({"peer_network": "n" * 67}) == f"Peering with {'n' * 67}"


def test_case_of_a_long_name_does_not_change_its_digest() -> None:
    one, other = (admission.comment_for({"peer_network": end + "n" * 90}) for end in "aA")
    assert one != other
    assert one[-9:] == other[-9:]
    assert one[-9] == "~"


def problems(declared: dict[str, Any], for_all: bool = False) -> list[str]:
    return admission.find_problems([samples.identity("AWS"), declared], for_all)


def test_valid_declarations_have_no_problems() -> None:
    regions = {"container_region": "US_EAST_1", "accepter_region_name": "us-east-1"}
    assert problems({"provider_name": "AWS", "access_list": ["10.15.0.0/16", GROUP], **regions}) == []
    assert problems({"provider_name": "GCP", "access_list": []}, for_all=True) == []
    assert problems({"provider_name": "GCP"}) == problems({"provider_name": "AWS"}, for_all=True) == []
    assert problems({"provider_name": "GCP", "access_list": ["10.15.0.0/16", " 10.16.0.7 "]}) == []


@pytest.mark.parametrize("known", [{}, {"container_region": "US_EAST_1"}, {"accepter_region_name": "eu-west-1"}])
def test_group_is_accepted_if_a_region_is_unknown(known: dict[str, str]) -> None:
    assert problems({"provider_name": "AWS", "access_list": [GROUP], **known}) == []


@pytest.mark.parametrize("cloud", [None, "IBM", ["AWS"]])
def test_wrong_clouds_are_reported_elsewhere(cloud: Any) -> None:
    assert (
        problems({"provider_name": cloud}, for_all=True) == problems({"provider_name": cloud, "access_list": []}) == []
    )


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"provider_name": "GCP"}, "access_list is missing, and Atlas does not know the blocks of a network of GCP."),
        (
            {"provider_name": "GCP", "access_list": [GROUP]},
            f"has the AWS security group {GROUP}, but provider_name is GCP.",
        ),
        ({"provider_name": "AWS", "access_list": [7]}, "access_list: ip_address is '7', but must be an IP"),
        ({"provider_name": "AWS", "access_list": 7}, "access_list: ip_address is '7', but must be an IP"),
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
