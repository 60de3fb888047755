# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks for both sides of connections to AWS, and connections as results have them."""

from __future__ import annotations

import time
from typing import Any

from clouds.aws import ACCOUNT, ROLE, Aws, Vpc, secrets
from support.run_playbook import Play, Run

REGION, OTHER_REGION = "eu-west-1", "us-west-2"
BLOCK, ATLAS_BLOCK, OTHER_ATLAS_BLOCK = "10.1.0.0/16", "192.168.0.0/21", "192.168.8.0/21"
ATLAS_ROLE = "arn:aws:iam::999999999999:role/atlas"
MINUTES = 300.0  # seconds after which a run has hung: modules of amazon.aws wait for AWS to settle
Task = dict[str, Any]


def connection(vpc: Vpc, container_region: str = REGION, atlas_block: str = ATLAS_BLOCK, **more: Any) -> Task:
    """Return a connection as it is declared."""
    return {
        "provider_name": "AWS",
        "container_region": container_region,
        "atlas_cidr_block": atlas_block,
        "accepter_region_name": REGION,
        "aws_account_id": ACCOUNT,
        "vpc_id": vpc.vpc_id,
        "route_table_cidr_block": BLOCK,
        **more,
    }


def requested(simulated: Aws, vpc: Vpc, **more: Any) -> Task:
    """Request a connection as Atlas does, and return it as a result has it."""
    atlas = simulated.ec2(REGION, ATLAS_ROLE)
    own = atlas.create_vpc(CidrBlock=ATLAS_BLOCK)["Vpc"]["VpcId"]
    account = more.get("aws_account_id", ACCOUNT)
    made = atlas.create_vpc_peering_connection(VpcId=own, PeerVpcId=vpc.vpc_id, PeerOwnerId=account, PeerRegion=REGION)
    connection_id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    known = {"connection_id": connection_id, "phase": "action_required", "status": "PENDING_ACCEPTANCE"}
    return {**connection(vpc), **known, **more}


def declare(connections: list[Task], **variables: Any) -> Task:
    return {
        "name": "Declare",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering"},
        "vars": {"atlas_peering_connections": connections, "atlas_peering_heartbeat": 600, **variables},
    }


def other_side(connections: Any = "{{ atlas_peering_result }}", entry: str = "main", **settings: Any) -> Task:
    """Return the task that acts in AWS; settings are variables of the role without their prefix."""
    given = {"connections": connections, "role_arn": ROLE, **settings}
    return {
        "name": "The other side",
        "ansible.builtin.include_role": {"name": "atlasops.network.atlas_peering_aws", "tasks_from": entry},
        "vars": {f"atlas_peering_aws_{name}": value for name, value in given.items()},
    }


def both_sides(connections: list[Task], **settings: Any) -> list[Task]:
    return [
        declare(connections, atlas_peering_until="action_required"),
        other_side(**settings),
        declare(connections),
    ]


def removal(connections: list[Task], **settings: Any) -> list[Task]:
    return [
        {"name": "Read", "atlasops.network.atlas_peering_info": {}, "register": "read"},
        other_side("{{ read.peerings }}", "remove", **settings),
        declare(connections, atlas_peering_state="absent"),
    ]


def run(play: Play, *tasks: Task, **how: Any) -> Run:
    """Run tasks; whatever they do, nothing secret is printed."""
    done = play.start(*tasks, **how).finish(MINUTES)
    assert [secret for secret in secrets() if secret in done.output] == []
    return done


def succeed(play: Play, *tasks: Task, **how: Any) -> Run:
    done = run(play, *tasks, **how)
    assert done.returncode == 0, done.output
    return done


def failures(play: Play, tasks: dict[str, Task], variables: dict[str, str] | None = None, **how: Any) -> dict[str, str]:
    """Run tasks each of which fails, with some environment variables, and return the message of each by its name."""
    blocks = [
        {
            "name": name,
            "environment": variables or {},
            "block": [{**task, "name": name}],
            "rescue": [{"name": f"Note {name}", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}],
        }
        for name, task in tasks.items()
    ]
    done = succeed(play, *blocks, **how)
    return {name: str(done[f"Note {name}"]["msg"]) for name in tasks}


def kill_at(play: Play, name: str, *tasks: Task) -> None:
    """Run tasks and kill the run as soon as the task of this name begins."""
    killed = play.start(*tasks)
    end = time.monotonic() + MINUTES
    while f" : {name}]" not in killed.output:
        assert killed.alive, killed.output
        assert time.monotonic() < end, killed.output
        time.sleep(0.02)
    killed.kill()


def changed(done: Run) -> list[str]:
    """Return the names of the tasks that changed something."""
    return [entry["task"].rpartition(" : ")[2] for entry in done.results if entry["result"].get("changed")]


def cloud_tasks(done: Run) -> list[str]:
    """Return the names of the tasks that asked AWS."""
    entries = [one for one in done.results if one["action"].startswith(("amazon.aws.", "atlasops.network.aws_"))]
    return [entry["task"].rpartition(" : ")[2] for entry in entries if entry["outcome"] != "skipped"]
