# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are ended by a signal before or after any of their requests, and run again: the right end, nothing twice.

One ansible-playbook has a host for each case. All hosts are held at their requests when the signal comes: before a
request takes effect, and it never does, or when it has taken effect and its answer is not sent yet.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

import pytest

from faults.hosts import start_on_hosts
from simulator import Exchange, Simulator
from simulator.control.faults import Fault
from support.fixtures import checked_atlas, short_tmp_path
from support.run_playbook import Play, Run, Running, Task, eventually
from support.samples import OPTIONS, in_api, vpc

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find all processes")

BEFORE: dict[str, Any] = {"delay": 600, "drop": True, "before_auth": True}
AFTER: dict[str, Any] = {"stall": 600}
MOMENTS = {"before": BEFORE, "after": AFTER}
POLLS = 3  # of a wait, which goes on until somebody accepts
OTHER_BLOCK = "10.16.0.0/16"
STRAY = vpc(99, vpc_id="vpc-00000000000000063")

tmp_path = pytest.fixture(short_tmp_path)
make_atlas = pytest.fixture(checked_atlas)


@pytest.fixture
def atlas(make_atlas: Callable[..., Simulator]) -> Simulator:
    return make_atlas(pace=0.0)


@pytest.fixture
def play(tmp_path: Path, atlas: Simulator) -> Iterator[Play]:
    runner = Play(tmp_path, atlas.environment("access_token"))
    yield runner
    runner.stop()


@dataclass(frozen=True)
class Operation:
    """A task, what there is before it, and what there has to be when it has been done.

    Attributes:
        module: Its module.
        options: Its options, beside project and container.
        status: Of the connection that exists before; None if there is none.
        blocks: The blocks of the connections that have to exist in the end.
        writes: The requests that have to have taken effect in the end, each once.
    """

    module: str
    options: dict[str, Any]
    status: tuple[str, str | None] | None
    blocks: tuple[str, ...]
    writes: tuple[str, ...]

    def prepare(self, atlas: Simulator, project_id: str, container_id: str) -> None:
        if self.status:
            status, error = self.status
            atlas.add_peer(project_id, "AWS", status, error, **in_api("AWS", container_id=container_id))
        if "purge" in self.options:
            block = {"vpcId": STRAY["vpc_id"], "routeTableCidrBlock": STRAY["route_table_cidr_block"]}
            atlas.add_peer(project_id, "AWS", "AVAILABLE", containerId=container_id, **block)
        if self.module == "atlas_peering_wait":
            atlas.add_peer(project_id, "AWS", **in_api("AWS", container_id=container_id))

    def task(self) -> Task:
        return {f"atlasops.network.{self.module}": self.options, "name": self.module}


DECLARED = {**OPTIONS["AWS"], "container_id": "{{ container_id }}", "project_id": "{{ project_id }}"}
BLOCK = OPTIONS["AWS"]["route_table_cidr_block"]
OPERATIONS = {
    "create": Operation("atlas_peering", DECLARED, None, (BLOCK,), ("POST",)),
    "update": Operation(
        "atlas_peering",
        {**DECLARED, "route_table_cidr_block": OTHER_BLOCK},
        ("AVAILABLE", None),
        (OTHER_BLOCK,),
        ("PATCH",),
    ),
    "replace": Operation(
        "atlas_peering", {**DECLARED, "recreate_on": ["expired"]}, ("FAILED", "EXPIRED"), (BLOCK,), ("DELETE", "POST")
    ),
    "delete": Operation("atlas_peering", {**DECLARED, "state": "absent"}, ("AVAILABLE", None), (), ("DELETE",)),
    "purge": Operation(
        "atlas_peering_set", {"connections": [DECLARED], "purge": True}, ("AVAILABLE", None), (BLOCK,), ("DELETE",)
    ),
    "wait": Operation("atlas_peering_wait", {"connections": [DECLARED], "interval": 0.1}, None, (BLOCK,), ()),
}


class Host:
    """A host of the playbook: an operation in a project of its own, held at one of its requests."""

    def __init__(self, atlas: Simulator, operation: str, name: str) -> None:
        self._atlas, self.name, self.operation = atlas, name, operation
        self.project_id = atlas.add_project(name, containers=False)
        self.container_id = atlas.add_container(self.project_id, "AWS")
        self.fault: Fault | None = None
        OPERATIONS[operation].prepare(atlas, self.project_id, self.container_id)

    def hold(self, method: str, number: int, moment: str) -> None:
        self.fault = self._atlas.fault(method, self.project_id, skip=number, **MOMENTS[moment])

    @property
    def variables(self) -> dict[str, str]:
        return {"operation": self.operation, "project_id": self.project_id, "container_id": self.container_id}

    @property
    def exchanges(self) -> list[Exchange]:
        return [one for one in self._atlas.exchanges if self.project_id in one.path]

    def accept(self) -> None:
        """Let the other side of a connection accept that is waited for."""
        if self.operation == "wait":
            self._atlas.accept(self._atlas.peers(self.project_id)[0]["id"])

    def broken_promises(self) -> Iterator[str]:
        operation = OPERATIONS[self.operation]
        peers = self._atlas.peers(self.project_id)
        blocks = tuple(peer["routeTableCidrBlock"] for peer in peers)
        states = ("AVAILABLE",) if self.operation == "wait" else ("AVAILABLE", "PENDING_ACCEPTANCE")
        if blocks != operation.blocks or any(peer["statusName"] not in states for peer in peers):
            yield f"{self.name}: {peers}"
        done = [one.method for one in self.exchanges if one.is_write and one.status in (200, 202)]
        if sorted(done) != sorted(operation.writes):
            yield f"{self.name}: {done}"


class Killed:
    """A playbook over some hosts, which is ended when all of them are held, and then run again."""

    def __init__(self, folder: Path, play: Play, atlas: Simulator, in_process: bool) -> None:
        self._folder, self._play, self._atlas, self._in_process = folder, play, atlas, in_process

    def hosts_of_requests(self) -> list[Host]:
        """Return a host for each operation, each of its requests, and before and after it where that differs."""
        unhindered = [Host(self._atlas, name, f"{name} unhindered") for name in OPERATIONS if name != "wait"]
        run = self._start(unhindered).finish()
        assert run.returncode == 0, run.output
        return [
            *(self._held("wait", "ANY", number, "before", f"{number} GET") for number in range(POLLS)),
            *(
                self._held(one.operation, "ANY", number, moment, f"{number} {exchange.method}")
                for one in unhindered
                for number, exchange in enumerate(one.exchanges)
                for moment in (MOMENTS if exchange.is_write else ("before",))
            ),
        ]

    def hosts_of_last_writes(self) -> list[Host]:
        """Return a host for each operation, held when its last write has taken effect, or at its first look."""
        return [
            self._held(name, *((operation.writes[-1], 0, "after") if operation.writes else ("GET", 1, "before")))
            for name, operation in OPERATIONS.items()
        ]

    def _held(self, operation: str, method: str, number: int, moment: str, what: str = "") -> Host:
        host = Host(self._atlas, operation, f"{operation} {moment} {what or method}")
        host.hold(method, number, moment)
        return host

    def _start(self, hosts: Sequence[Host]) -> Running:
        tasks = [{**one.task(), "when": f"operation == '{name}'"} for name, one in OPERATIONS.items()]
        variables = {host.name: host.variables for host in hosts}
        return start_on_hosts(self._folder, self._play, variables, tasks, atlas_in_process=self._in_process)

    def end_and_run_again(self, hosts: Sequence[Host], number: signal.Signals) -> Run:
        faults = [host.fault for host in hosts if host.fault]
        running = self._start(hosts)
        eventually("all requests", lambda: all(one.holding.is_set() for one in faults) or not running.alive)
        assert [host.name for host in hosts if host.fault and not host.fault.holding.is_set()] == [], running.output
        if number == signal.SIGKILL:
            running.kill()
        else:
            running.interrupt(number, group=True)
            running.end()
        self._atlas.clear_faults()
        running.await_end_of_all()
        for host in hosts:
            host.accept()
        return self._start(hosts).finish()


def hold(killed: Killed, hosts: Sequence[Host], number: signal.Signals, count_cases: Any) -> None:
    run = killed.end_and_run_again(hosts, number)
    broken = [promise for host in hosts for promise in host.broken_promises()]
    count_cases("kill cases", len(hosts), len(broken))
    assert run.returncode == 0, run.output
    assert not broken, "\n".join(broken)


def test_killed_after_each_last_write(tmp_path: Path, play: Play, atlas: Simulator, count_cases: Any) -> None:
    killed = Killed(tmp_path, play, atlas, in_process=True)
    hold(killed, killed.hosts_of_last_writes(), signal.SIGKILL, count_cases)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "as module"])
def test_killed_at_every_request(
    number: signal.Signals, in_process: bool, tmp_path: Path, play: Play, atlas: Simulator, count_cases: Any
) -> None:
    killed = Killed(tmp_path, play, atlas, in_process)
    hold(killed, killed.hosts_of_requests(), number, count_cases)
