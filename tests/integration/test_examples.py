# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example in the documentation, run as it is written, with the other side played."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml

from simulator import Settings, Simulator
from simulator.settings import ORG_ID
from support.documented_examples import ROOT, Example, console_blocks, examples, yaml_blocks
from support.example_seeding import PROJECT_ID, seed
from support.other_side import OtherSide
from support.run_inventory import Inventory, names
from support.run_playbook import Play

EXAMPLES = examples()
GUIDES = ROOT / "docs" / "docsite" / "rst"
TERRAFORM = ROOT / "tests" / "support" / "terraform" / "modules.json"  # beside the plays that read terraform.json
# Why an example cannot run here; an example that is not named runs.
NOT_RUN = {
    "docs/docsite/rst/guide_start.rst: collections:": "ansible-galaxy reads it, from a repository elsewhere",
    "roles/atlas_awx/README.md: - name: Set up network peering of MongoDB Atlas on AWX": "needs AWX, see below",
    "docs/docsite/rst/guide_awx.rst: atlas_awx_organization: Default": "needs AWX; test_awx.py runs it against a stub",
    "docs/docsite/rst/guide_awx.rst: - name: Apply the definitions with the infra roles": (
        "needs the collection infra.aap_configuration"
    ),
    "docs/docsite/rst/guide_from_terraform.rst: - name: Manage both sides of the connections that Terraform managed": (
        "needs AWS and GCP; tests/integration/test_from_terraform.py has its expressions"
    ),
    **dict.fromkeys(
        [
            "docs/docsite/rst/guide_other_side.rst: - name: Peer networks with Atlas on both sides",
            "docs/docsite/rst/guide_other_side.rst: - name: Peer an AWS VPC with Atlas on both sides",
            "plugins/filter/aws_failure.py: - name: Report what is wrong",
            "plugins/filter/aws_inactive.py: - name: Assert that the requests are active",
            "plugins/filter/aws_plan.py: - name: Show what is left to do",
            "plugins/filter/aws_targets.py: - name: Show which connections are to be accepted, and by whom",
            "plugins/filter/aws_usability.py: - name: Hand over what was found",
            "plugins/filter/connections_to_inspect.py: - name: Read what AWS has",
            "plugins/filter/other_side.py: - name: Act on the other side of all connections to AWS",
            "plugins/filter/with_usability.py: - name: Add what AWS has to the report",
            "plugins/modules/aws_vpc_peering_accepter.py: "
            "- name: Let Atlas resolve public host names of the VPC to private addresses",
            "roles/atlas_peering/README.md: - name: Peer networks with Atlas on both sides",
            "roles/atlas_peering_aws/README.md: - name: Peer an AWS VPC with Atlas on both sides",
            "roles/atlas_peering_aws/README.md: - name: Remove the peering on both sides",
        ],
        "needs AWS; tests/clouds runs the role against a simulated one",
    ),
    **dict.fromkeys(
        [
            "docs/docsite/rst/guide_other_side.rst: - name: Peer a GCP network with Atlas on both sides",
            "plugins/filter/gcp_usability.py: - name: Hand over what was found",
            "plugins/modules/gcp_compute_network_peering.py: - name: Peer a network with that of an Atlas connection",
            "roles/atlas_peering_gcp/README.md: - name: Peer a GCP network with Atlas on both sides",
            "roles/atlas_peering_gcp/README.md: - name: Remove the peering of a GCP network on both sides",
        ],
        "needs google-auth and GCP; tests/clouds runs it against a stub",
    ),
    "plugins/modules/atlas_peering_role.py: - name: Declare the connections, in a file of tasks of the role": (
        "is for the role only, whose tests run it"
    ),
}
NOT_RUN |= dict.fromkeys(
    [
        "docs/docsite/rst/guide_other_side.rst: - name: Peer an Azure virtual network with Atlas on both sides",
        "plugins/filter/azure_usability.py: - name: Hand over what was found",
        "plugins/modules/azure_vnet_peering_access.py: - name: Check that Atlas may peer with a virtual network",
        "roles/atlas_peering_azure/README.md: - name: Peer an Azure virtual network with Atlas",
        "roles/atlas_peering_azure/README.md: - name: Delete the peering of an Azure virtual network and revoke the "
        "access of Atlas",
    ],
    "needs Azure; tests/clouds runs it against a stub",
)
# What an example takes from its reader, as it says in a comment or in its name.
VARIABLES: dict[str, Any] = {
    "vault_atlas_client_id": Settings().client_id,
    "vault_atlas_client_secret": Settings().client_secret,
    "fleet_connections": [
        {
            "project_name": name,
            "provider_name": "AZURE",
            "container_region": "EUROPE_NORTH",
            "azure_directory_id": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
            "azure_subscription_id": "8dec2d92-478d-bc50-cf99-d31b9e90a1c7",
            "resource_group_name": "app-production",
            "vnet_name": f"{name}-vnet",
        }
        for name in ("search-production", "shop-production")
    ],
    "atlas_peering_of_localhost": {"state": "present", "peerings": []},
    "migration_end": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 24 * 3600)),
    "peering_declared": [
        {"provider_name": "GCP", "gcp_project_id": "my-project-191923", "network_name": "default"},
    ],
}
CHANGES_EACH_TIME = {
    "Request a token for all following tasks of the play",
    "Revoke the token",
    # shows what is pending at that moment, and how long until a request expires
    "Write the page",
}
MakeAtlas = Callable[..., Simulator]


def of_kind(*kinds: str) -> list[Example]:
    return [example for example in EXAMPLES if example.label not in NOT_RUN and example.kind in kinds]


def world(make_atlas: MakeAtlas, example: Example) -> Simulator:
    """Return an Atlas that has what the example presumes; the other side acts by itself unless the example acts."""
    acts = any(word in example.text for word in ("amazon.aws", "gcloud"))
    atlas = make_atlas(pace=0.0, act_after=None if acts else 0.0)
    seed(atlas, example.data, VARIABLES)
    return atlas


def environment(atlas: Simulator) -> dict[str, str]:
    return {**atlas.environment("service_account"), "MONGODB_ATLAS_PROJECT_ID": PROJECT_ID}


def plays(example: Example, atlas: Simulator) -> list[dict[str, Any]]:
    """Return the plays of an example, which lead to an Atlas of its own."""
    play = {"name": example.label, "hosts": "localhost", "gather_facts": False}
    reads = [{"name": "Read", "atlasops.network.atlas_peering_info": None}]
    given: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "plays": lambda: example.data,
        "tasks": lambda: [{**play, "tasks": example.data}],
        "keywords": lambda: [{**play, **example.data, "tasks": reads}],
    }
    return [{**one, "environment": environment(atlas)} for one in given[example.kind]()]


def test_example_plays_and_tasks_run_and_are_idempotent(make_atlas: MakeAtlas, tmp_path: Path, play: Play) -> None:
    """One run has them all, each against an Atlas of its own; a second run changes nothing."""
    worlds = [(example, world(make_atlas, example)) for example in of_kind("plays", "tasks", "keywords")]
    playbook, variables = tmp_path / "examples.yml", tmp_path / "variables.json"
    playbook.write_text(json.dumps([one for example, atlas in worlds for one in plays(example, atlas)], indent=2))
    variables.write_text(json.dumps(VARIABLES))
    shutil.copy(TERRAFORM, tmp_path / "terraform.json")
    with OtherSide([(atlas, PROJECT_ID) for _example, atlas in worlds], tmp_path / "other") as side:
        how = {"playbook": str(playbook), "args": ["-e", f"@{variables}"], "environment": side.environment}
        first = play(**how)
        assert first.returncode == 0, first.output
        done = dict(side.acts)
        second = play(**how)
    assert second.returncode == 0, second.output
    changed = {entry["task"].rpartition(" : ")[2] for entry in second.results if entry["result"].get("changed")}
    assert changed - CHANGES_EACH_TIME == set()
    assert done == side.acts == {"ec2_vpc_peering": 2, "ec2_vpc_route_table": 2, "gcloud": 1}


def test_example_variables_run_with_playbook_peer(make_atlas: MakeAtlas, tmp_path: Path, play: Play) -> None:
    """Variables that declare connections are for the playbook peer."""
    for number, text in enumerate(sorted({example.text for example in of_kind("variables")})):
        path = tmp_path / f"connections{number}.yml"
        path.write_text(text)
        atlas = world(make_atlas, Example(path, text, yaml.safe_load(text)))
        run = play(playbook="atlasops.network.peer", args=["-e", f"@{path}"], environment=environment(atlas))
        assert run.returncode == 0, run.output
        assert {peer.get("statusName") or peer["status"] for peer in atlas.peers(PROJECT_ID)} == {"AVAILABLE"}


def test_example_inventory_sources_find_hosts(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    """Sources of inventories find hosts, and write nothing."""
    atlas = make_atlas()
    organization = "5f1a2b3c4d5e6f7a8b9c0d1e"
    tags = {"environment": "production", "peering": "aws", "team": "shop", "region": "us-east-1"}
    details = {"aws_account_id": "123456789012", "vpc_id": "vpc-0f1e2d3c4b5a69788"}
    atlas.add_project("shop-production", tags={**tags, **details})
    inventory = Inventory(tmp_path, {**atlas.environment("service_account"), "FLEET_CLIENT_ID": atlas.client_id})
    (tmp_path / "client_secret.vault").write_text(atlas.client_secret)
    for number, example in enumerate(of_kind("source")):
        text = example.text.replace(f"org_id: {organization}", f"org_id: {ORG_ID}")
        (tmp_path / f"{number}.atlas_projects.yml").write_text(text)
        assert "shop-production" in names(inventory.read(f"{tmp_path}/{number}.atlas_projects.yml")), example.label
    assert [write.path for write in atlas.writes()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yml")), ids=lambda path: path.stem)
def test_guides_show_example_playbooks(path: Path) -> None:
    """The guide of each cloud has the file word for word, and its command too."""
    guide = (GUIDES / f"guide_{path.stem}.rst").read_text()
    assert path.read_text().removeprefix("---\n") in yaml_blocks(guide)
    assert any(f"ansible-playbook examples/{path.name}" in block for block in console_blocks(guide))


@pytest.mark.parametrize(
    ("page", "example"),
    [
        (GUIDES / "guide_regions.rst", "regions/aws.yml"),
        (GUIDES / "guide_other_side.rst", "both-sides/one-play.yml"),
        (ROOT / "roles" / "atlas_peering" / "README.md", "both-sides/one-play.yml"),
        (GUIDES / "guide_other_side.rst", "both-sides/aws.yml"),
        (ROOT / "roles" / "atlas_peering_aws" / "README.md", "both-sides/aws.yml"),
        (GUIDES / "guide_other_side.rst", "both-sides/azure.yml"),
        (GUIDES / "guide_other_side.rst", "both-sides/gcp.yml"),
        (ROOT / "roles" / "atlas_peering_gcp" / "README.md", "both-sides/gcp.yml"),
        (GUIDES / "guide_from_terraform.rst", "terraform/convert.yml"),
        (GUIDES / "guide_from_terraform.rst", "terraform/both-sides.yml"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_pages_show_example_files(page: Path, example: str) -> None:
    text = (ROOT / "examples" / example).read_text()
    assert text.removeprefix("---\n") in yaml_blocks(page.read_text())


def test_guide_azure_commands_create_role(tmp_path: Path) -> None:
    """The commands of the guide create the role of the file and assign it where it may be assigned."""
    guide = (GUIDES / "guide_azure.rst").read_text()
    (commands,) = [block for block in console_blocks(guide) if block.startswith("az ")]
    with OtherSide([], tmp_path / "other") as side:
        how = {**os.environ, **side.environment}
        subprocess.run(["/bin/sh", "-eu", "-c", commands], cwd=ROOT, env=how, check=True, stdout=subprocess.DEVNULL)
    principal, definition, assignment = side.commands
    assert principal[:3] == ["ad", "sp", "create"]
    role = json.loads((ROOT / definition[-1].removeprefix("@")).read_text())
    options = dict(zip(assignment[3::2], assignment[4::2]))
    assert options == {"--assignee": principal[-1], "--role": role["Name"], "--scope": role["AssignableScopes"][0]}
    azure = yaml.safe_load((ROOT / "examples" / "azure.yml").read_text())[0]["roles"][0]["vars"]
    (connection,) = azure["atlas_peering_connections"]
    network = [connection[name] for name in ("azure_subscription_id", "resource_group_name", "vnet_name")]
    assert role["Name"] == "/".join(["AtlasPeering", *network]), "a name that no other role of the tenant has"


def test_examples_not_run_exist() -> None:
    labels = [example.label for example in EXAMPLES]
    assert [label for label in NOT_RUN if label not in labels] == []


@pytest.mark.parametrize("label", NOT_RUN)
def test_examples_not_run_have_a_reason(label: str) -> None:
    assert NOT_RUN[label]
