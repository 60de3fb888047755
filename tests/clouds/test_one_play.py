# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sides of AWS and GCP in one run of the role atlas_peering and of the playbooks that use it."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("moto", reason="moto is installed by the nox session clouds")
pytest.importorskip("google.auth", reason="google-auth is installed by the nox session clouds")

from clouds.aws import ACCOUNT, ROLE
from clouds.aws_tasks import (
    ATLAS_BLOCK,
    BLOCK,
    OTHER_ATLAS_BLOCK,
    OTHER_REGION,
    REGION,
    changed,
    cloud_tasks,
    connection,
    failures,
    kill_at,
    run,
)
from compute_stub import ComputeStub
from support.run_playbook import ROOT, Play

OURS = ("my-project-191923", "default")
TOKEN = "t0ken-that-nobody-sees"
ON_GCP = {
    "provider_name": "GCP",
    "gcp_project_id": OURS[0],
    "network_name": OURS[1],
    "atlas_cidr_block": "192.168.64.0/18",
}


@pytest.fixture
def google():
    with ComputeStub() as stub:
        stub.add_network(*OURS, "10.128.0.0/20")
        stub.add_token(TOKEN, projects=(OURS[0],))
        yield stub


@pytest.fixture
def atlas(make_atlas, aws, azure, google):
    """An Atlas whose project is empty, and that sees all other sides."""
    return make_atlas(pace=0.0, aws_endpoint=aws.endpoint, azure_endpoint=azure.url, gcp_endpoint=google.url)


@pytest.fixture
def project(atlas):
    return atlas.add_project("empty", containers=False)


@pytest.fixture
def credentials(environment, project, azure, google):
    """Variables of the environment for all sides."""
    of_gcp = {"GCP_ACCESS_TOKEN": TOKEN, "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE": f"{google.url}/compute/v1/"}
    return {**environment, **azure.environment, **of_gcp, "MONGODB_ATLAS_PROJECT_ID": project}


@pytest.fixture
def both(tmp_path, credentials):
    """Run playbooks with credentials for all sides."""
    runner = Play(tmp_path, credentials)
    yield runner
    runner.stop()


def declared(vpc, **more):
    own = {"role_arn": ROLE, "route_tables": [vpc.main], "vpc_dns": True}
    return [connection(vpc, aws={**own, **more}), {**ON_GCP, "gcp": {"export_custom_routes": True}}]


def role(connections, **variables):
    given = {"connections": connections, "other_side": ["aws", "gcp"], "heartbeat": 600, **variables}
    return {
        "name": "Both sides",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering"},
        "vars": {f"atlas_peering_{name}": value for name, value in given.items()},
    }


def succeed(play, *tasks, **how):
    done = run(play, *tasks, **how)
    assert done.returncode == 0, done.output
    assert TOKEN not in done.output
    return done


def playbook(play, name, **variables):
    return succeed(play, playbook=f"atlasops.network.{name}", args=["--extra-vars", json.dumps(variables)])


def statuses(atlas, project):
    return [peer.get("statusName") or peer["status"] for peer in atlas.peers(project)]


def check_complete(aws, atlas, google, project, vpc, custom_routes=True):
    """Assert that both connections are usable on both sides, and that nothing is there twice."""
    assert statuses(atlas, project) == ["AVAILABLE", "AVAILABLE"]
    (pcx,) = [peer["connectionId"] for peer in atlas.peers(project) if "vpcId" in peer]
    assert aws.routes(REGION, vpc.vpc_id)[vpc.main] == {ATLAS_BLOCK: pcx}
    (ours,) = google.peerings(*OURS)
    assert (ours["state"], ours.get("exportCustomRoutes", False)) == ("ACTIVE", custom_routes)
    added = [
        one.status for one in google.writes if one.path.endswith(f"{OURS[0]}/global/networks/{OURS[1]}/addPeering")
    ]
    assert added.count(200) == 1
    return pcx


def test_role_makes_both_clouds_available_and_removes_them(aws, atlas, google, both, project):
    vpc = aws.make_vpc(REGION, BLOCK)
    succeed(both, role(declared(vpc)), args=["-vvv"])
    pcx = check_complete(aws, atlas, google, project, vpc)

    second = succeed(both, role(declared(vpc)))
    assert changed(second) == []
    assert len(cloud_tasks(second)) <= 3, cloud_tasks(second)

    succeed(both, role(declared(vpc), state="absent"))
    assert (atlas.peers(project), google.peerings(*OURS)) == ([], [])
    assert (aws.status(REGION, pcx), aws.routes(REGION, vpc.vpc_id)[vpc.main]) == ("deleted", {})
    assert changed(succeed(both, role(declared(vpc), state="absent", wait=False))) == []


def test_other_clouds_do_not_delay_other_side(aws, atlas, google, both, project):
    """Only what can be acted on is waited for before that; in the end, everything is."""
    vpc = aws.make_vpc(REGION, BLOCK)
    done = succeed(both, role(declared(vpc), other_side=["aws"], until="action_required"))
    waits = [
        one["result"]["peerings"] for one in done.results if one["action"] == "atlasops.network.atlas_peering_wait"
    ]
    assert [[one["provider_name"] for one in peerings] for peerings in waits] == [["AWS"], ["AWS", "GCP"]]
    peerings = done["Update atlas_peering_result"]["ansible_facts"]["atlas_peering_result"]
    assert [one["phase"] for one in peerings] == ["available", "action_required"]
    assert statuses(atlas, project)[0] == "AVAILABLE"


def test_check_mode_shows_steps_without_writing(aws, atlas, google, both, project):
    vpc = aws.make_vpc(REGION, BLOCK)
    done = succeed(both, role(declared(vpc)), args=["--check", "--diff"])
    on_aws, on_gcp = done["Show the steps"]["msg"]
    assert f"2. The role {ROLE} accepts the request in AWS account {ACCOUNT}, {REGION}." in on_aws
    assert f"3. The role {ROLE} adds missing routes to Atlas in the route tables {vpc.main}." in on_aws
    assert on_gcp.startswith(f"GCP {'/'.join(OURS)}: 1. Atlas creates the connection in project {project}. 2. The")
    assert (atlas.peers(project), google.peerings(*OURS)) == ([], [])


def test_invalid_input_fails_before_any_write(aws, atlas, both, project):
    vpc = aws.make_vpc(REGION, BLOCK)
    found = failures(
        both,
        {
            "setting": role(declared(vpc, rout_tables=["rtb-1"])),
            "type": role([connection(vpc), {**ON_GCP, "gcp": {"export_custom_routes": "maybe"}}]),
            "variable": role([connection(vpc)], aws_timeout="soon"),
            "cloud": role([connection(vpc, gcp={})]),
            "wait": role([connection(vpc)], wait=False),
            "word": role([connection(vpc)], other_side="aws, azur"),
            "atlas": role([connection(vpc, awss={})]),
        },
    )
    expected = {
        "setting": "aws.rout_tables is no setting. Those are accept, all_route_tables,",
        "type": "GCP my-project-191923/default: gcp.export_custom_routes is 'maybe', but must be true or false.",
        "variable": "atlas_peering_aws_timeout is 'soon', but must be a whole number.",
        "cloud": "atlas_peering_connections[0] has gcp, but its provider_name is AWS. Remove gcp.",
        "wait": "atlas_peering_wait is false, but atlas_peering_other_side requires it",
        "word": "atlas_peering_other_side is 'aws, azur', but must be a list of aws, azure, gcp.",
        "atlas": "awss",
    }
    assert {name: text for name, text in found.items() if expected[name] not in text} == {}
    assert atlas.peers(project) == []


def test_killed_role_is_completed_by_next_run(aws, atlas, google, both, project):
    """Before the acceptance, after it, and between the two clouds; then a removal, too."""
    vpc = aws.make_vpc(REGION, BLOCK)
    for task in ("Accept the requests", "Route to Atlas", "Create, change or delete the peerings"):
        kill_at(both, task, role(declared(vpc)))
    succeed(both, role(declared(vpc)))
    pcx = check_complete(aws, atlas, google, project, vpc)
    for task in ("Delete the connections", "Declare the connections in Atlas"):
        kill_at(both, task, role(declared(vpc), state="absent"))
    succeed(both, role(declared(vpc), state="absent"))
    assert (atlas.peers(project), google.peerings(*OURS)) == ([], [])
    assert (aws.status(REGION, pcx), aws.routes(REGION, vpc.vpc_id)[vpc.main]) == ("deleted", {})


#: The steps of the role that write, or wait for what was written, in their order; and those of a removal.
STEPS = (
    "Declare the connections in Atlas",
    "Wait for the connections",
    "Accept the requests",
    "Assert that they are active",
    "Switch on DNS in the VPCs",
    "Route to Atlas",
    "Hand over the result",
    "Create, change or delete the peerings",
    "Read the IP access lists",
    "Add the networks to the IP access lists",
    "Update atlas_peering_result",
)
REMOVAL = (
    "Remove the networks from the IP access lists",
    "Remove what leads to the connections",
    "Read the connections",
    "Delete the connections",
    "Wait until they are gone",
    "Create, change or delete the peerings",
    "Declare the connections in Atlas",
    "Wait for the connections",
    "List the remaining containers",
)


def entries(atlas, project):
    return [one["cidrBlock"] for one in atlas.access_list(project)]


@pytest.mark.slow
def test_role_killed_after_each_step_ends_the_same(aws, atlas, google, both, project):
    """Each run is killed as soon as the next step begins; nothing is created twice, and nothing is left in the end."""
    vpc = aws.make_vpc(REGION, BLOCK)
    connections = [declared(vpc)[0], {**ON_GCP, "access_list": ["10.128.0.0/20"]}]
    creation, removal = (role(connections, access_list=True, state=state) for state in ("present", "absent"))
    for step in STEPS:
        kill_at(both, step, creation)
    assert changed(succeed(both, creation)) == [], "the last killed run had done everything"
    pcx = check_complete(aws, atlas, google, project, vpc, custom_routes=False)
    assert [one.method for one in atlas.writes() if one.path.endswith("/peers")] == ["POST", "POST"]
    assert entries(atlas, project) == [BLOCK, "10.128.0.0/20"]
    for step in REMOVAL:
        kill_at(both, step, removal)
    assert changed(succeed(both, removal)) == []
    assert (atlas.peers(project), google.peerings(*OURS), entries(atlas, project)) == ([], [], [])
    assert (aws.status(REGION, pcx), aws.routes(REGION, vpc.vpc_id)[vpc.main]) == ("deleted", {})


def test_two_regions_share_the_entry_of_one_vpc(aws, atlas, both, project):
    """Also if the run is killed between them. The entry goes with the last of the two connections."""
    vpc = aws.make_vpc(REGION, BLOCK)
    own = {"aws": {"role_arn": ROLE, "route_tables": [vpc.main], "vpc_dns": True}}
    first = connection(vpc, **own)
    second = connection(vpc, OTHER_REGION, OTHER_ATLAS_BLOCK, **own)
    asked = {"other_side": "aws", "access_list": True}
    kill_at(both, "Route to Atlas", role([first, second], **asked))
    succeed(both, role([first, second], **asked))
    ids = [peer["connectionId"] for peer in atlas.peers(project)]
    assert aws.routes(REGION, vpc.vpc_id)[vpc.main] == {ATLAS_BLOCK: ids[0], OTHER_ATLAS_BLOCK: ids[1]}
    assert entries(atlas, project) == [BLOCK]
    succeed(both, role([second], state="absent", **asked))
    assert aws.routes(REGION, vpc.vpc_id)[vpc.main] == {ATLAS_BLOCK: ids[0]}
    assert entries(atlas, project) == [BLOCK]
    succeed(both, role([first], state="absent", **asked))
    assert (atlas.peers(project), entries(atlas, project)) == ([], [])
    assert aws.routes(REGION, vpc.vpc_id)[vpc.main] == {}


def test_playbooks_with_and_without_other_side(aws, atlas, google, both, project):
    """Without the other side they end with a command to paste, and no cloud is asked; with it, they finish the work."""
    vpc = aws.make_vpc(REGION, BLOCK)
    variables = {"atlas_peering_connections": declared(vpc), "atlas_peering_heartbeat": 600}
    by_hand = playbook(both, "peer", **variables, atlas_peering_until="action_required")
    assert cloud_tasks(by_hand) == google.peerings(*OURS) == []
    command = f"aws ec2 accept-vpc-peering-connection --region {REGION} --vpc-peering-connection-id pcx-"
    assert [line for line in by_hand["Connections"]["msg"] if line.startswith(command)]
    acting = {**variables, "atlas_peering_other_side": "aws, gcp"}
    playbook(both, "peer", **acting)
    check_complete(aws, atlas, google, project, vpc)
    playbook(both, "remove", **acting, atlas_peering_remove=2)
    assert (atlas.peers(project), google.peerings(*OURS)) == ([], [])


def usable(play, connections, **how):
    """Return what the report tells about each connection: the state of all, and of each need."""
    variables = {"connections": connections, "report_usable": True, "other_side": ["aws", "gcp"]}
    extra = json.dumps({f"atlas_peering_{name}": value for name, value in variables.items()})
    done = succeed(play, playbook="atlasops.network.report", args=["--extra-vars", extra], **how)
    facts = [one["result"]["ansible_facts"] for one in done.results if "ansible_facts" in one["result"]]
    report = next(one["atlas_peering_report"] for one in reversed(facts) if "atlas_peering_report" in one)
    return [one["usable"] for one in report["connections"]], "\n".join(done["Show the report"]["msg"])


def needs(found):
    return [found[need]["state"] for need in ("accepted", "routed", "resolvable", "let_in")]


def test_report_tells_what_an_application_needs(aws, atlas, both, credentials):
    """From both sides: what is missing with its cure, that nothing is, and what cannot be read as unknown."""
    vpc = aws.make_vpc(REGION, BLOCK)
    bare = [connection(vpc, aws={"role_arn": ROLE}), {**ON_GCP, "access_list": ["10.128.0.0/20"]}]
    succeed(both, role(bare))
    (on_aws, on_gcp), text = usable(both, bare)
    assert (needs(on_aws), needs(on_gcp)) == (["yes", "no", "no", "no"], ["yes", "yes", "yes", "yes"])
    assert f"Not routed: No route table of {vpc.vpc_id} has a route to {ATLAS_BLOCK}." in text
    assert f"Not resolvable: {vpc.vpc_id} has enableDnsHostnames off." in text

    complete = [declared(vpc)[0], bare[1]]
    (on_aws, _on_gcp), text = usable(both, complete)
    assert f"or: aws ec2 create-route --region {REGION} --route-table-id {vpc.main}" in text
    succeed(both, role(complete, access_list=True))
    (on_aws, on_gcp), text = usable(both, complete)
    assert text.startswith("2 of 2 as declared; usable: 2 yes, 0 no, 0 unknown")

    blind = {**credentials, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "GCP_ACCESS_TOKEN": "expired"}
    (on_aws, on_gcp), text = usable(both, complete, environment=blind)
    assert (needs(on_aws), needs(on_gcp)) == (["yes", "unknown", "unknown", "yes"], ["yes", "unknown", "yes", "yes"])
    assert "Unknown whether routed: " in text
    assert [one for one in atlas.writes() if one.method == "DELETE"] == []


def test_failure_on_other_side_is_in_stats(aws, both):
    vpc = aws.make_vpc(REGION, BLOCK)
    wrong = [connection(vpc, aws={"role_arn": ROLE, "route_tables": ["rtb-9"]})]
    done = run(both, role(wrong, other_side=["aws"], stats=True))
    reason = done.msg("Report what is wrong on the other side")
    assert f"{vpc.vpc_id} has no route table rtb-9" in reason
    (artifact,) = done["Publish the result as an artifact"]["ansible_stats"]["data"].values()
    assert (artifact["failed"], artifact["msg"]) == (True, reason)
    assert [one["phase"] for one in artifact["peerings"]] == ["action_required"]


def test_example_of_one_play_runs(aws, atlas, azure, google, both, project, tmp_path):
    """The file as it is, but for the IDs that are the reader's to replace."""
    vpc = aws.make_vpc("us-east-1", "10.15.0.0/16", role=None)
    text = (ROOT / "examples" / "both-sides" / "one-play.yml").read_text()
    path = tmp_path / "one-play.yml"
    path.write_text(text.replace("vpc-0f1e2d3c4b5a69788", vpc.vpc_id).replace("rtb-0a1b2c3d4e5f60718", vpc.tables[0]))
    succeed(both, playbook=str(path))
    assert statuses(atlas, project) == ["AVAILABLE"] * 3
    assert len(azure.writes) == 3
    assert list(aws.routes("us-east-1", vpc.vpc_id, None)[vpc.tables[0]]) == ["192.168.248.0/21"]
    assert [one["cidrBlock"] for one in atlas.access_list(project)] == [
        *("10.15.0.0/16", "10.20.0.0/16", "10.128.0.0/20")
    ]
    assert [one["state"] for one in google.peerings(*OURS)] == ["ACTIVE"]
