# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides of connections on GCP: the simulator as Atlas, a stub of the Compute API as Google, real playbooks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.modules.gcp_compute_network_peering import EXAMPLES
from compute_stub import ComputeStub
from compute_stub.errors import CONFLICT
from support.run_playbook import ROOT, Play, eventually

pytest.importorskip("google.auth", reason="google-auth is installed by the nox session clouds")

OURS = ("my-project-191923", "default")
TOKEN = "t0ken-that-nobody-sees"
ROLE = Path(ROOT) / "roles" / "atlas_peering_gcp"
EXAMPLE = yaml.safe_load((Path(ROOT) / "examples" / "both-sides" / "gcp.yml").read_text())
_EXAMPLE, REMOVAL = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", (ROLE / "README.md").read_text(), re.DOTALL))


@pytest.fixture
def google():
    with ComputeStub() as stub:
        stub.add_network(*OURS, "10.128.0.0/20")
        stub.add_token(TOKEN, projects=(OURS[0],))
        yield stub


@pytest.fixture
def gcp_atlas(make_atlas, google):
    return make_atlas(pace=0.0, gcp_endpoint=google.url)


@pytest.fixture
def gcp_play(tmp_path, gcp_atlas, google):
    """Run playbooks with credentials for both sides."""
    endpoint = f"{google.url}/compute/v1/"
    credentials = {"GCP_ACCESS_TOKEN": TOKEN, "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE": endpoint}
    runner = Play(tmp_path, {**gcp_atlas.environment(), **credentials})
    yield runner
    runner.stop()


def run(play, plays, **how):
    """Run the only play of an example."""
    (one,) = plays
    keywords = {name: value for name, value in one.items() if name not in ("hosts", "gather_facts", "tasks", "name")}
    done = play(*one["tasks"], **keywords, **how)
    return done


def succeed(play, plays, **how):
    done = run(play, plays, **how)
    assert done.returncode == 0, done.output
    return done


def changed(done):
    return [entry["task"].rpartition(" : ")[2] for entry in done.results if entry["result"].get("changed")]


def acting(play, *tasks, **variables):
    """Run the role on the connections of the project, and return the run."""
    tasks_from = {"tasks_from": variables.pop("tasks_from")} if "tasks_from" in variables else {}
    connections = {"atlas_peering_gcp_connections": "{{ peering.peerings }}"}
    args = variables.pop("args", ())
    return play(
        {"name": "Read", "atlasops.network.atlas_peering_info": {"provider_name": "GCP"}, "register": "peering"},
        *tasks,
        {
            "name": "Act",
            "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering_gcp", **tasks_from},
            "vars": {**connections, **variables},
        },
        args=args,
    )


def writes_of_ours(google):
    """Return what was sent to change our network; Atlas changes its own."""
    return [one for one in google.writes if OURS[0] in one.path]


CHECK = "Create, change or delete the peerings"
REPORT = "Report what is wrong on GCP"


def test_role_makes_connection_available_and_removes_it(google, gcp_atlas, gcp_play):
    first = succeed(gcp_play, EXAMPLE, args=["-vvv"])
    (peer,) = gcp_atlas.peers()
    assert peer["status"] == "AVAILABLE"
    container = gcp_atlas.container_of(peer["id"])
    network = (container["gcpProjectId"], container["networkName"])
    (ours,), (theirs,) = google.peerings(*OURS), google.peerings(*network)
    assert ours["name"] == f"atlas-{network[1]}"
    assert {ours["state"], theirs["state"]} == {"ACTIVE"}
    assert TOKEN not in first.output

    assert changed(succeed(gcp_play, EXAMPLE)) == []
    assert len(writes_of_ours(google)) == 1

    assert len(changed(succeed(gcp_play, REMOVAL))) == 2
    assert gcp_atlas.peers() == google.peerings(*OURS) == google.peerings(*network) == []
    assert changed(succeed(gcp_play, REMOVAL)) == []


def test_module_examples_run(google, gcp_play):
    tasks = yaml.safe_load(EXAMPLES)
    peer = tasks[0]["atlasops.network.gcp_compute_network_peering"]
    google.add_network(peer["peer_project"], peer["peer_network"], "192.168.0.0/18")
    done = gcp_play(*tasks)
    assert done.returncode == 0, done.output
    assert changed(done) == [task["name"] for task in tasks]
    assert google.peerings(*OURS) == []


def test_check_mode_writes_nothing(google, gcp_atlas, gcp_play):
    """Nothing is written, before the connection exists and after."""
    succeed(gcp_play, EXAMPLE, args=["--check"])
    assert (writes_of_ours(google), gcp_atlas.peers()) == ([], [])
    gcp_atlas.add_peer(gcp_atlas.project_id, "GCP", gcpProjectId=OURS[0], networkName=OURS[1])
    done = acting(gcp_play, args=["--check", "--diff"])
    assert done.returncode == 0, done.output
    assert changed(done) == [CHECK]
    assert '+    "export_custom_routes": false' in done.stdout
    assert writes_of_ours(google) == []


def test_route_options_are_updated(google, gcp_atlas, gcp_play):
    gcp_atlas.add_peer(gcp_atlas.project_id, "GCP", gcpProjectId=OURS[0], networkName=OURS[1])
    assert acting(gcp_play, atlas_peering_gcp_export_custom_routes="yes").returncode == 0
    assert google.peerings(*OURS)[0]["exportCustomRoutes"] is True
    assert changed(acting(gcp_play)) == [], "what is not declared stays as it is"


def test_unreadable_network_fails_with_one_sentence(google, gcp_atlas, gcp_play):
    gcp_atlas.add_peer(gcp_atlas.project_id, "GCP", gcpProjectId="other-project-1", networkName="vpc")
    done = acting(gcp_play)
    assert done.msg(REPORT).startswith("Could not read network other-project-1/vpc: Google answered HTTP 403 forbidden")
    assert "roles/compute.networkViewer" in done.msg(REPORT)
    assert TOKEN not in done.output


def test_invalid_role_variables_fail_before_any_request(google, gcp_atlas, gcp_play):
    gcp_atlas.add_peer(gcp_atlas.project_id, "GCP", gcpProjectId=OURS[0], networkName=OURS[1])
    done = acting(gcp_play, atlas_peering_gcp_timeout="soon")
    assert done.msg("Check the variables") == "atlas_peering_gcp_timeout is 'soon', but must be a whole number."
    declared = [{"provider_name": "GCP", "gcp_project_id": OURS[0], "network_name": OURS[1]}]
    done = acting(gcp_play, atlas_peering_gcp_connections=declared)
    assert "it is not a connection as the role atlas_peering" in done.msg("Check the connections")
    assert writes_of_ours(google) == []


def test_missing_atlas_network_name_changes_nothing(google, gcp_atlas, gcp_play):
    """Nobody can act yet, and nobody has."""
    unnamed = {
        "provider_name": "GCP",
        "project_id": gcp_atlas.project_id,
        "container_id": None,
        "phase": "pending",
        "gcp_project_id": OURS[0],
        "network_name": OURS[1],
        "atlas_gcp_project_id": None,
        "atlas_network_name": None,
    }
    done = acting(gcp_play, atlas_peering_gcp_connections=[unnamed])
    assert "the network of Atlas has no name yet" in done.msg("Check the connections")
    done = acting(gcp_play, tasks_from="remove", atlas_peering_gcp_connections=[unnamed])
    assert (done.returncode, writes_of_ours(google)) == (0, [])


def test_other_operation_is_waited_for(google, gcp_atlas, gcp_play):
    gcp_atlas.add_peer(gcp_atlas.project_id, "GCP", gcpProjectId=OURS[0], networkName=OURS[1])
    gcp_atlas.peers()
    google.occupy(*OURS, 60)
    assert CONFLICT in acting(gcp_play, atlas_peering_gcp_timeout=1).msg(REPORT)
    google.api.operations.duration = 0.5
    google.occupy(*OURS, -60)


def test_killed_role_is_completed_by_next_run(google, gcp_atlas, gcp_play):
    """Killed while Google works on the peering, it is found by the next run."""
    google.api.operations.duration = 2.0
    (one,) = EXAMPLE
    running = gcp_play.start(*one["tasks"], vars=one["vars"])
    running.await_line("Create, change or delete the peerings")
    eventually("peering", lambda: writes_of_ours(google))
    running.kill()
    google.api.operations.duration = 0.0
    succeed(gcp_play, EXAMPLE)
    assert [peer["status"] for peer in gcp_atlas.peers()] == ["AVAILABLE"]
    assert len(google.peerings(*OURS)) == 1
