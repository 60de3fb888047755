# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of projects, as the real ansible-inventory reads it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from simulator.settings import ORG_ID, ORG_NAME, PROJECT_NAME
from support.patience import PATIENCE
from support.planted_secrets import CLIENT_SECRET, PRIVATE_KEY, kinds, secrets_of, wrong_kinds
from support.run_inventory import PLUGIN, Inventory, names
from support.run_playbook import BIN, Play


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"private_key": PRIVATE_KEY, "client_secret": CLIENT_SECRET}


@pytest.fixture
def inventory(tmp_path: Path, atlas: Simulator) -> Inventory:
    folder = tmp_path / "inventory"
    folder.mkdir()
    return Inventory(folder, atlas.environment())


def lists(atlas: Simulator) -> list[tuple[str, str]]:
    """Return the resource and the page of each list that was answered."""
    return [
        (one.path.rpartition("/")[2], one.query["pageNum"])
        for one in atlas.exchanges
        if one.kind == "api" and one.status == 200
    ]


# What is in it


@pytest.mark.smoke
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("api_key", marks=pytest.mark.slow),
        "service_account",
        pytest.param("access_token", marks=pytest.mark.slow),
    ],
)
def test_source_with_only_environment_lists_projects(kind: str, atlas: Simulator, inventory: Inventory) -> None:
    """As AWX runs it: what is not set is there and empty."""
    shop = atlas.add_project("shop", tags={"environment": "production"})
    unset = ("ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "PUBLIC_API_KEY", "PRIVATE_API_KEY", "ORG_ID", "PROJECT_ID")
    empty = {f"MONGODB_ATLAS_{name}": "" for name in unset}
    found = inventory.read(inventory.source(), environment={**empty, **atlas.environment(kind)})
    assert names(found) == [PROJECT_NAME, "shop"]
    listed = [one.response_json for one in atlas.exchanges if one.path.endswith("/groups") and one.status == 200]
    created = {one["id"]: one["created"] for page in listed for one in page["results"]}
    assert found["_meta"]["hostvars"]["shop"] == {
        "atlas_project_id": shop,
        "atlas_project_name": "shop",
        "atlas_org_id": ORG_ID,
        "atlas_org_name": ORG_NAME,
        "atlas_tags": {"environment": "production"},
        "atlas_cluster_count": 3,
        "atlas_created": created[shop],
    }


def test_source_reads_all_pages(atlas: Simulator, inventory: Inventory) -> None:
    projects = [{"name": f"p{number:04d}", "containers": False} for number in range(1199)]
    ids = atlas.add_projects(projects)
    found = inventory.read(inventory.source())["_meta"]["hostvars"]
    assert len(found) == 1200
    assert [found[one["name"]]["atlas_project_id"] for one in projects] == ids
    assert lists(atlas) == [("groups", "1"), ("groups", "2"), ("groups", "3"), ("orgs", "1")]
    assert [one.status for one in atlas.exchanges] == [401, 200, 200, 200, 200], "one challenge"


def test_source_lists_only_visible_projects(atlas: Simulator, inventory: Inventory) -> None:
    atlas.add_project("hidden", org_id=atlas.add_organization("hidden"))
    shop = atlas.add_project("shop")
    atlas.add_api_key("shopkey", "secret", {shop: "read_only"})
    assert inventory.hosts(public_key="shopkey", private_key="secret") == ["shop"]


def test_source_with_constructed_groups(atlas: Simulator, inventory: Inventory) -> None:
    """Those of which a project lacks the tag pass it by, unless strict."""
    atlas.add_project("shop", tags={"team": "a-b", "region": "US_EAST_1"}, containers=False)
    source = inventory.source(
        keyed_groups=[{"key": "atlas_tags.team", "prefix": "team"}],
        groups={"empty": "atlas_cluster_count == 0", "of_org": f"atlas_org_name == '{ORG_NAME}'"},
        compose={
            "atlas_peering_connections": "[{'provider_name': 'AWS', 'container_region': atlas_tags.region}]",
            "upper": "atlas_project_name | upper",
        },
    )
    found = inventory.read(source)
    assert found["team_a_b"]["hosts"] == found["empty"]["hosts"] == ["shop"]
    assert found["of_org"]["hosts"] == [PROJECT_NAME, "shop"]
    shop, other = (found["_meta"]["hostvars"][name] for name in ("shop", PROJECT_NAME))
    assert shop["atlas_peering_connections"] == [{"provider_name": "AWS", "container_region": "US_EAST_1"}]
    assert shop["upper"] == "SHOP"
    assert "atlas_peering_connections" not in other
    assert "  |--@team_a_b:\n  |  |--shop\n" in inventory.run("--graph", "-i", source).stdout

    strict = inventory.source(compose={"region": "atlas_tags.region"}, strict=True)
    assert f"Could not set region for host {PROJECT_NAME}" in inventory.trouble(strict)


# Filters


def test_source_filters_are_combined(atlas: Simulator, inventory: Inventory) -> None:
    second = atlas.add_organization("second")
    for name, environment in [("shop-1", "test"), ("shop-2", "production"), ("shop-old", "test"), ("x", "test")]:
        atlas.add_project(name, tags={"environment": environment, "on": "true"}, org_id=second)
    atlas.add_project("shop-3", tags={"environment": "test"})
    filters = {"name_patterns": ["shop-*", "!*-old"], "tags": {"environment": ["test", "stage"]}}
    assert inventory.hosts(**filters) == ["shop-1", "shop-3"]
    assert inventory.hosts(**filters, org_id=second) == ["shop-1"]
    by_environment = inventory.read(inventory.source(**filters), environment={"MONGODB_ATLAS_ORG_ID": ORG_ID})
    assert names(by_environment) == ["shop-3"]
    assert inventory.hosts(tags={"on": True}, name_patterns=["*-old"]) == ["shop-old"]


def test_source_without_matching_project_warns(inventory: Inventory) -> None:
    done = inventory.run("--list", "-i", inventory.source(name_patterns=["nothing"]), expected=True)
    assert "no project passes the filters. Projects that the credentials can see: 1." in " ".join(done.stderr.split())
    assert json.loads(done.stdout)["_meta"]["hostvars"] == {}


# Names


def test_host_names_are_unique_and_usable_in_limit(atlas: Simulator, inventory: Inventory) -> None:
    """No two projects are taken for one, not even over sources, and --limit can name each."""
    second = atlas.add_organization("second")
    twins = [atlas.add_project("twin"), atlas.add_project("twin", org_id=second)]
    everybody = atlas.add_project("all")
    odd = atlas.add_project("Atlas CLI (E2E), a:b&c")
    done = inventory.run("--list", "-i", inventory.source(), expected=True)
    found = {name: one["atlas_project_id"] for name, one in json.loads(done.stdout)["_meta"]["hostvars"].items()}
    assert found == {
        **{f"twin_{one}": one for one in twins},
        f"all_{everybody}": everybody,
        "Atlas_CLI_E2E_a_b_c": odd,
        PROJECT_NAME: atlas.project_id,
    }
    assert "which several projects share or Ansible reserves" in done.stderr
    assert all(f"twin_{one}" in done.stderr for one in twins)
    limited = inventory.run("--list", "-i", inventory.source(), "--limit", "Atlas_CLI_E2E_a_b_c", expected=True)
    assert json.loads(limited.stdout)["ungrouped"]["hosts"] == ["Atlas_CLI_E2E_a_b_c"]

    assert sorted(inventory.hosts(hostname="id")) == sorted(found.values())
    sources = [inventory.source(f"{org_id}.atlas_projects.yml", org_id=org_id) for org_id in (ORG_ID, second)]
    both = inventory.run("--list", "-i", sources[0], "-i", sources[1], expected=True)
    merged = {name: one["atlas_project_id"] for name, one in json.loads(both.stdout)["_meta"]["hostvars"].items()}
    assert (merged["twin"], merged[f"twin_{twins[1]}"]) == (twins[0], twins[1])


@pytest.mark.smoke
def test_tag_is_not_treated_as_template(atlas: Simulator, inventory: Inventory, play: Play) -> None:
    """Whoever may tag a project must not thereby run code where the playbook runs."""
    atlas.add_project("evil", tags={"x": "{{ 6 * 7 }}"})
    source = inventory.source(compose={"composed": "atlas_tags.x ~ '!'"})
    run = play(
        {"name": "show", "debug": {"msg": "{{ [atlas_tags.x, composed] }}"}},
        hosts="evil",
        connection="local",
        args=["-i", str(source)],
    )
    assert run["show"]["msg"] == ["{{ 6 * 7 }}", "{{ 6 * 7 }}!"]


# Connection options


@pytest.mark.smoke
def test_source_options_accept_templates(atlas: Simulator, inventory: Inventory) -> None:
    second = atlas.add_organization("second")
    atlas.add_project("shop", org_id=second)
    source = inventory.source(
        base_url="{{ lookup('ansible.builtin.env', 'OUR_URL') }}",
        client_id="{{ our_client_id }}",
        client_secret="{{ lookup('ansible.builtin.file', 'secret') | trim }}",
        org_id="{{ lookup('ansible.builtin.env', 'OUR_ORG') }}",
    )
    (inventory.folder / "secret").write_text(f"{CLIENT_SECRET}\n")
    variables = {"MONGODB_ATLAS_BASE_URL": "http://127.0.0.1:9", "OUR_URL": atlas.url, "OUR_ORG": second}
    found = inventory.read(source, "-e", f"our_client_id={atlas.client_id}", environment=variables)
    assert names(found) == ["shop"]
    assert {one.principal for one in atlas.exchanges} == {atlas.client_id}

    said = inventory.trouble(source, environment=variables)
    assert "The template of client_id failed (AnsibleUndefinedVariable). Only lookups and extra" in said


def test_source_options_accept_vault_values(atlas: Simulator, inventory: Inventory) -> None:
    password = inventory.folder / "password"
    password.write_text("vault password")
    command = [BIN / "ansible-vault", "encrypt_string", "--vault-password-file", password, "--stdin-name"]
    vaulted = subprocess.run(
        [*command, "client_secret"],
        input=CLIENT_SECRET,  # another test looks for secrets in command lines
        env=inventory.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout
    source = inventory.source()
    source.write_text(f"plugin: {PLUGIN['plugin']}\nclient_id: {atlas.client_id}\n{vaulted}")
    assert names(inventory.read(source, "--vault-password-file", password)) == [PROJECT_NAME]
    assert {one.principal for one in atlas.exchanges} == {atlas.client_id}


# The cache


def test_source_cache_is_used_per_caller(atlas: Simulator, inventory: Inventory) -> None:
    """A second run asks nobody, changed filters act, and another caller does not see what the first one saw."""
    shop = atlas.add_project("shop")
    atlas.add_api_key("shopkey", "secret", {shop: "read_only"})
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
    first = inventory.read(inventory.source(**cache))
    assert lists(atlas) == [("groups", "1"), ("orgs", "1")]
    atlas.clear_log()
    assert inventory.read(inventory.source(**cache)) == first
    assert inventory.hosts(**cache, name_patterns=["s*"]) == ["shop"]
    assert atlas.exchanges == []
    assert inventory.hosts(**cache, public_key="shopkey", private_key="secret") == ["shop"]
    assert lists(atlas) == [("groups", "1"), ("orgs", "1")]
    atlas.add_project("new")
    assert names(inventory.read(inventory.source(**cache), "--flush-cache")) == ["new", PROJECT_NAME, "shop"]
    assert len(lists(atlas)) == 4
    for token in (atlas.issue_token(), atlas.issue_token()):
        assert len(inventory.hosts(**cache, access_token=token)) == 3
    assert len(lists(atlas)) == 8, "nobody knows whose a token is"


# Connections


def hostvars(listing: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(listing["_meta"]["hostvars"][name])


def test_connections_make_groups(atlas: Simulator, inventory: Inventory) -> None:
    shop, web = atlas.add_project("shop"), atlas.add_project("web")
    atlas.add_peer(shop, "AWS", "FAILED", "EXPIRED", vpcId="vpc-0f1e2d3c4b5a69788")
    atlas.add_peer(web, "GCP", "AVAILABLE")
    groups = {"has_expired_request": "'EXPIRED' in atlas_connections | map(attribute='error')"}
    listing = inventory.read(inventory.source(connections=True, groups=groups, strict=True))
    assert listing["has_expired_request"]["hosts"] == ["shop"]
    (expired,) = hostvars(listing, "shop")["atlas_connections"]
    assert (expired["vpc_id"], expired["phase"], "next_action" in expired) == ("vpc-0f1e2d3c4b5a69788", "failed", False)
    assert hostvars(listing, PROJECT_NAME)["atlas_connections"] == []
    assert "atlas_connections" not in hostvars(inventory.read(inventory.source()), "shop"), "unless they are asked for"


def test_connections_are_read_once_for_each_cloud_and_cached(atlas: Simulator, inventory: Inventory) -> None:
    """Only for projects that pass the filters; a changed filter reads what is missing."""
    for name in ("shop", "web"):
        atlas.add_peer(atlas.add_project(name), "AWS", "AVAILABLE")
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
    given = {**cache, "connections": True}

    def reads() -> int:
        count = len([one for one in atlas.exchanges if one.path.endswith("/peers") and one.status == 200])
        atlas.clear_log()
        return count

    first = inventory.read(inventory.source(**given, name_patterns=["shop"]))
    assert reads() == 3
    assert inventory.read(inventory.source(**given, name_patterns=["shop"])) == first
    assert (reads(), atlas.exchanges) == (0, [])
    assert len(hostvars(inventory.read(inventory.source(**given, name_patterns=["shop", "web"])), "web")) == 8
    assert reads() == 3, "without the project that is cached"
    inventory.read(inventory.source(**given, name_patterns=["shop"]), "--flush-cache")
    assert reads() == 3


def test_a_project_whose_connections_cannot_be_read_is_named(atlas: Simulator, inventory: Inventory) -> None:
    """It stays a host, and is not in a group as if it had no connections."""
    shop = atlas.add_project("shop")
    body = {"error": 403, "errorCode": "USER_UNAUTHORIZED", "detail": "No."}
    atlas.fault(path=f"/groups/{shop}/peers", status=403, body=body, times=None)
    source = inventory.source(connections=True, groups={"idle": "atlas_connections | length == 0"})
    done = inventory.run("--list", "-i", source, expected=True)
    assert done.returncode == 0, done.stderr
    listing = json.loads(done.stdout)
    assert "atlas_connections" not in hostvars(listing, "shop")
    assert listing["idle"]["hosts"] == [PROJECT_NAME]
    said = " ".join(done.stderr.split())
    assert "atlas_connections is undefined for 1 of 2 projects, whose connections could not be read. Could not" in said


# What is wrong


def test_invalid_source_fails(atlas: Simulator, inventory: Inventory) -> None:
    """Each is told apart from the others, in one sentence."""
    atlas.add_api_key("outside", "secret", {}, on_access_list=False)
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "typo": (
            {"name_pattern": ["a"]},
            f"Unknown option: name_pattern. See ansible-doc -t inventory {PLUGIN['plugin']}",
        ),
        "tag": ({"tags": {"team": None}}, "tags: team is None, but it must be a string or a list of strings."),
        "org": ({"org_id": "ours"}, "org_id is 'ours', but must be the 24 hexadecimal characters of an Atlas organiz"),
        "choice": ({"hostname": "tag"}, "hostname"),
        "number": ({"timeout": 0}, "timeout is 0, but it must be at least 1 (seconds)."),
        "http": ({"base_url": "http://atlas.example.com"}, "but credentials are sent over https only."),
        "half": ({"client_id": "a"}, "client_id is set, but client_secret is missing."),
        "401": ({"public_key": "nobody", "private_key": "x"}, "can see: Atlas answered HTTP 401 UNEXPECTED_ERROR"),
        "403": (
            {"public_key": "outside", "private_key": "secret"},
            "API key outside can see: Atlas answered HTTP 403 I",
        ),
        "template": ({"org_id": "{{ undefined }}"}, "The template of org_id failed (AnsibleUndefinedVari"),
    }
    sources = [inventory.source(f"{name}.atlas_projects.yml", **options) for name, (options, _said) in wrong.items()]
    sources.append(inventory.source("misnamed.yml"))
    one_after_another = {
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
    }
    others = [word for source in sources[1:] for word in ("-i", source)]
    said = inventory.trouble(sources[0], *others, environment=one_after_another)
    assert [words for _options, words in wrong.values() if words not in said] == [], said
    assert "misnamed.yml' could not be verified by inventory plugin 'atlasops.network.atlas_projects'" in said
    assert "Add the address this task runs from to the API access list" in said
    assert {one.path for one in atlas.exchanges if one.status == 200} <= {
        "/api/atlas/v2/groups",
        "/api/atlas/v2/orgs",
    }


def test_source_without_credentials_fails(atlas: Simulator, inventory: Inventory) -> None:
    nothing = {"MONGODB_ATLAS_PUBLIC_API_KEY": "", "MONGODB_ATLAS_PRIVATE_API_KEY": ""}
    said = inventory.trouble(inventory.source(), environment=nothing)
    assert "No credentials are given. Set access_token, or client_id and client_secret (service account)" in said
    assert atlas.exchanges == []


def test_source_without_requests_fails(inventory: Inventory) -> None:
    (inventory.folder / "requests.py").write_text("raise ImportError('not here')")
    said = inventory.trouble(inventory.source(), environment={"PYTHONPATH": str(inventory.folder)})
    assert "Failed to import the required Python library (requests)" in said


# Secrets


def test_source_shows_no_secrets(atlas: Simulator, inventory: Inventory) -> None:
    """Neither on the screen nor in the cache, whether it works or not, however much is asked to be said."""
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
    given = {**kinds(atlas), **wrong_kinds(atlas)}
    broken = {"client_id": "x", "client_secret": f"{{{{ lookup('ansible.builtin.file', '{CLIENT_SECRET}') }}}}"}
    sources = [
        inventory.source("broken.atlas_projects.yml", **broken),
        *(inventory.source(f"{name}.atlas_projects.yml", **one, **cache) for name, one in given.items()),
        *(inventory.source(f"{name} org.atlas_projects.yml", **one, org_id="wrong") for name, one in given.items()),
    ]
    environment = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false"}
    for name, options in given.items():
        templates = {option: f"{{{{ lookup('env', '{option}_{name}') }}}}" for option in options}
        sources.append(inventory.source(f"{name} template.atlas_projects.yml", **templates))
        environment.update({f"{option}_{name}": value for option, value in options.items()})
    args = [word for source in sources for word in ("-i", source)]
    done = inventory.run("--list", "-vvvv", *args, environment=environment, expected=True)
    text = done.stdout + done.stderr
    assert text.count("HTTP 401") >= 6
    assert "org_id is 'wrong'" in text
    assert "The template of client_secret failed" in " ".join(text.split())
    cached = [path.read_text() for path in (inventory.folder / "cache").iterdir()]
    assert len(cached) == 3
    assert all(PROJECT_NAME in one for one in [*cached, done.stdout])
    secrets = secrets_of(atlas, *given.values())
    assert [secret for secret in secrets if any(secret in one for one in [text, *cached])] == []
