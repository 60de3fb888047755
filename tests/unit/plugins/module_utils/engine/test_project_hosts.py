# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects as hosts: what is known of each, which are chosen, what they are called."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible.inventory.manager import split_host_pattern

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.engine import project_hosts
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from simulator import Simulator
from simulator.settings import ORG_ID, ORG_NAME, PROJECT_NAME
from support.samples import seed

OTHER_ORG = "0" * 24


def project(name: str, number: int = 1, org_id: str = ORG_ID, **tags: str) -> project_hosts.Project:
    return {
        "atlas_project_id": f"{number:024x}",
        "atlas_project_name": name,
        "atlas_org_id": org_id,
        "atlas_tags": tags,
    }


# Listing


def test_list_projects_returns_host_variables(atlas: Simulator, client: Client) -> None:
    project_id = atlas.add_project("a", tags={"environment": "production", "prod": "false"})
    assert project_hosts.list_projects(client)[0] == {
        "atlas_project_id": project_id,
        "atlas_project_name": "a",
        "atlas_org_id": ORG_ID,
        "atlas_org_name": ORG_NAME,
        "atlas_tags": {"environment": "production", "prod": "false"},
        "atlas_cluster_count": 3,
        "atlas_created": "2027-01-15T08:00:00Z",
    }


def test_connections_of_projects_are_listed_or_why_they_cannot_be(atlas: Simulator, client: Client) -> None:
    peer_id = seed(atlas, "AWS", "PENDING_ACCEPTANCE")
    empty, unknown = atlas.add_project("empty"), "0" * 24
    found = project_hosts.list_connections(client, [atlas.project_id, empty, unknown])
    assert list(found) == [atlas.project_id, empty, unknown]
    (connection,) = found[atlas.project_id]
    assert (connection["id"], connection["phase"]) == (peer_id, "action_required")
    assert "next_action" not in connection, "a text for people"
    assert found[empty] == []
    assert isinstance(found[unknown], ApiError)


@pytest.mark.parametrize(
    ("patterns", "passing"),
    [([], "ab"), (["a*"], "a"), (["!a*"], "b"), (["*", "!b"], "a"), (["a", "b"], "ab"), (["!a", "!b"], "")],
)
def test_patterns_include_and_exclude_names(patterns: list[str], passing: str) -> None:
    found = project_hosts.filter_projects([project("a"), project("b")], "", patterns, {})
    assert "".join(one["atlas_project_name"] for one in found) == passing


@pytest.mark.parametrize("value", [{}, [], ["a", {}], [None], None])
def test_tag_that_is_no_text_fails(value: Any) -> None:
    with pytest.raises(InputError, match=r"tags: stage is .*, but it must be a string or a list of strings"):
        project_hosts.filter_projects([project("a")], "", [], {"stage": value})


def test_list_projects_sorts_by_name(atlas: Simulator, client: Client) -> None:
    atlas.add_projects([{"name": name} for name in ("z", "b", "y")])
    assert [one["atlas_project_name"] for one in project_hosts.list_projects(client)] == ["b", PROJECT_NAME, "y", "z"]


def test_list_projects_missing_details_are_null(atlas: Simulator, client: Client) -> None:
    """The answer to a creation was recorded without tags."""
    atlas.fault(path="/groups", status=200, body={"results": [{"id": "1" * 24, "name": "a", "orgId": ORG_ID}]})
    (found,) = project_hosts.list_projects(client)
    assert (found["atlas_tags"], found["atlas_cluster_count"], found["atlas_created"]) == ({}, None, None)


GROUP = {"id": "1" * 24, "name": "a", "orgId": ORG_ID}


@pytest.mark.parametrize(
    "change",
    [{"name": None}, {"orgId": None}, {"name": 5}]
    + [{"tags": tags} for tags in ("x", 5, [None], [{"key": "a"}])]
    + [{"tags": [{"key": key, "value": "x"}]} for key in ([], {}, None, 5)],
    ids=str,
)
def test_list_projects_with_malformed_project_fails(atlas: Simulator, client: Client, change: dict[str, Any]) -> None:
    atlas.fault(path="/groups", status=200, body={"results": [{**GROUP, **change}]})
    with pytest.raises(TransportError, match=r"something else than a project in it\) is not the JSON that Atlas sends"):
        project_hosts.list_projects(client)


def test_list_projects_with_malformed_organization_fails(atlas: Simulator, client: Client) -> None:
    body = {"results": [{"id": ORG_ID, "name": ORG_NAME}, {"id": OTHER_ORG, "name": None}]}
    atlas.fault(path="/orgs", status=200, body=body)
    with pytest.raises(TransportError, match="something else than an organization in it"):
        project_hosts.list_projects(client)


def test_list_projects_without_projects_reads_no_organizations(
    atlas: Simulator, connect: Callable[..., Client]
) -> None:
    atlas.add_api_key("nowhere", "secret", {})
    assert (
        project_hosts.list_projects(connect(atlas, ("api_key", {"public_key": "nowhere", "private_key": "secret"})))
        == []
    )
    assert [exchange.path for exchange in atlas.exchanges if exchange.status == 200] == ["/api/atlas/v2/groups"]


@pytest.mark.parametrize("status", [401, 403])
def test_list_projects_with_forbidden_organizations_has_no_org_name(
    atlas: Simulator, client: Client, status: int
) -> None:
    atlas.fault(path="/orgs", status=status, body={"error": status, "errorCode": "USER_UNAUTHORIZED"})
    assert [one["atlas_org_name"] for one in project_hosts.list_projects(client)] == [None]


def test_list_projects_with_failed_organizations_fails(atlas: Simulator, client: Client, clock: Any) -> None:
    """Groups made of that name would be empty, and the run would go on without them."""
    atlas.fault(path="/orgs", status=500, times=None)
    with pytest.raises(ApiError, match=r"^Could not list the organizations: Atlas answered HTTP 500"):
        project_hosts.list_projects(client)


# Choosing

FLEET = [
    project("shop", environment="production", team="a"),
    project("shop-test", environment="test", team="a"),
    project("Shop 2", environment="production"),
    project("elsewhere", org_id=OTHER_ORG, prod="false", tier="1", team="B"),
]


@pytest.mark.parametrize(
    ("org_id", "patterns", "tags", "expected"),
    [
        ("", [], {}, "shop,shop-test,Shop 2,elsewhere"),
        (OTHER_ORG, [], {}, "elsewhere"),
        ("", ["shop"], {}, "shop"),
        ("", ["shop*"], {}, "shop,shop-test"),
        ("", ["shop*", "else*"], {}, "shop,shop-test,elsewhere"),
        ("", ["!*-test"], {}, "shop,Shop 2,elsewhere"),
        ("", ["!*-test", "shop*"], {}, "shop"),
        ("", ["[sS]hop?*"], {}, "shop-test,Shop 2"),
        ("", [2], {}, ""),
        ("", [], {"environment": "production"}, "shop,Shop 2"),
        ("", [], {"environment": ["production", "test"], "team": "a"}, "shop,shop-test"),
        ("", [], {"prod": False}, "elsewhere"),
        ("", [], {"tier": [1, 2]}, "elsewhere"),
        ("", [], {"absent": "None"}, ""),
        ("", [], {"team": "B"}, "elsewhere"),
        ("", [], {"team": "b"}, ""),
        (ORG_ID, ["*hop*"], {"environment": "production", "team": ["a", "b"]}, "shop"),
    ],
)
def test_filter_projects(org_id: str, patterns: list[Any], tags: dict[str, Any], expected: str) -> None:
    computed = project_hosts.filter_projects(FLEET, org_id, patterns, tags)
    assert ",".join(one["atlas_project_name"] for one in computed) == expected


@pytest.mark.parametrize("value", [None, [], [None], {"a": "b"}, [["a"]]])
def test_filter_projects_by_tag_without_value_fails(value: Any) -> None:
    """A value that somebody forgot must not choose more projects than were meant."""
    with pytest.raises(InputError, match=r"^tags: team is .*, but it must be a string or a list of strings\.$"):
        project_hosts.filter_projects(FLEET, "", [], {"team": value})


# Naming


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("payments-production", "payments-production"),
        ("v1.2_x", "v1.2_x"),
        ("Atlas CLI E2E", "Atlas_CLI_E2E"),
        ("a, b: c", "a_b_c"),
        ("a/b[0:2]*?", "a_b_0_2_"),
        ("(R&D) o'hara+x@y", "_R_D_o_hara_x_y"),
        ("früh & spät", "früh_spät"),
        ("!a", "_a"),
        ("-a", "_a"),
        ("~a", "_a"),
        ("@a", "_a"),
        ("..", "_"),
        ("all", f"all_{1:024x}"),
        ("localhost", f"localhost_{1:024x}"),
        ("127.0.0.1", f"127.0.0.1_{1:024x}"),
        ("", f"_{1:024x}"),
        ("a_" + "5" * 24, f"a_{'5' * 24}_{1:024x}"),
    ],
)
def test_name_hosts(name: str, host: str) -> None:
    assert project_hosts.name_hosts([project(name)], {}) == [host]
    assert split_host_pattern(host) == [host], "--limit can name it"


def test_name_hosts_adds_id_to_equal_names() -> None:
    one, two, three = project("a b", 1), project("a_b", 2), project(f"a_b_{1:024x}", 3)
    names = project_hosts.name_hosts([one, two, three, project("a", 4)], {})
    assert names == [f"a_b_{1:024x}", f"a_b_{2:024x}", f"a_b_{1:024x}_{3:024x}", "a"]


def test_name_hosts_adds_id_to_name_of_other_source() -> None:
    projects = [project("a", 1), project("b", 2)]
    assert project_hosts.name_hosts(projects, {"a": f"{9:024x}", "b": f"{2:024x}"}) == [f"a_{1:024x}", "b"]


# The organization


def test_org_id_from_option_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options.organization({"org_id": None}) == ""
    monkeypatch.setenv("MONGODB_ATLAS_ORG_ID", "")
    assert options.organization({"org_id": " "}) == ""
    monkeypatch.setenv("MONGODB_ATLAS_ORG_ID", OTHER_ORG)
    assert options.organization({"org_id": ""}) == OTHER_ORG
    assert options.organization({"org_id": ORG_ID}) == ORG_ID
    with pytest.raises(InputError, match=r"^org_id is 'production', but must be the 24 hexadecimal characters of an "):
        options.organization({"org_id": "production"})
