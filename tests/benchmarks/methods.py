# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of doing it that are compared: what each starts from, runs, and may ask of Atlas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Callable

from benchmarks.atlas import Atlas, Connection
from benchmarks.bare import WORKERS
from benchmarks.commands import Command, Shape, declaring, delegated, fleet, inventory, playbook, reading, static_hosts
from benchmarks.counting import Expected

NEW, UNCHANGED, TOKEN_AT_HAND, ONCE = "from nothing", "unchanged", "unchanged, token at hand", "once"
ONE_PAGE = 500


@dataclass(frozen=True)
class Method:
    """One way of doing it.

    Args:
        title: How tables call it.
        command: What is run, given a file with the connections and the size.
        seed: Fills the simulator and returns the connections to declare.
        phases: The runs of one repetition, one after the other on the same simulator.
        expected: The requests that a phase must make.
        credentials: How the run authenticates.
        waits: Someone accepts the connections while it runs.
        environment: Further variables of the run.
    """

    title: str
    command: Command
    seed: Callable[[Atlas, Shape], list[Connection]]
    expected: Callable[[Shape, str], Expected]
    phases: Sequence[str] = (NEW, UNCHANGED)
    credentials: str = "service_account"
    waits: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


def nothing(_atlas: Atlas, _shape: Shape) -> list[Connection]:
    return []


def missing(atlas: Atlas, shape: Shape) -> list[Connection]:
    return atlas.desired(shape.projects, shape.each)


def present(atlas: Atlas, shape: Shape) -> list[Connection]:
    """Seed connections that wait for the other side."""
    return [{**one, "peer_id": atlas.add_peer(one)} for one in missing(atlas, shape)]


def available(atlas: Atlas, shape: Shape) -> list[Connection]:
    """Seed connections that the other side has accepted."""
    connections = present(atlas, shape)
    for one in connections:
        atlas.control("POST", f"peers/{one['peer_id']}/accept")
    return connections


def projects(atlas: Atlas, shape: Shape) -> list[Connection]:
    atlas.add_projects(shape.projects)
    return []


def _by_hand(shape: Shape, phase: str) -> Expected:
    """One token, one list of each project, one POST for each missing connection; nothing else, ever."""
    return Expected(lists=shape.projects, posts=shape.connections if phase == NEW else 0)


def _bulk(shape: Shape, phase: str) -> Expected:
    """The same, and one list of the containers of each project that lacks a connection."""
    return replace(_by_hand(shape, phase), others=shape.projects if phase == NEW else 0)


def _bulk_digest(shape: Shape, phase: str) -> Expected:
    return replace(_bulk(shape, phase), tokens=0, challenges_at_most=WORKERS)


def _each(shape: Shape, phase: str) -> Expected:
    """One list for each connection, one of containers for each that is missing, and one token for all of them."""
    missing = shape.connections if phase == NEW else 0
    return Expected(
        0 if phase == TOKEN_AT_HAND else 1,
        lists=shape.connections,
        lists_of_one=shape.each,
        posts=missing,
        others=missing,
    )


def _fleet(shape: Shape, _phase: str) -> Expected:
    """Return one list of each project, as there is nothing to wait for; workers may fetch tokens at once."""
    return Expected(tokens=None, lists=shape.projects)


#: Starts a process for each module, as collections do that cannot run in the process of the playbook.
_AS_MODULE = {"MONGODB_ATLAS_IN_PROCESS": "false"}

METHODS: Mapping[str, Method] = {
    "empty": Method(
        "one empty module that imports requests",
        playbook("empty"),
        nothing,
        lambda _shape, _phase: Expected(tokens=0),
        (ONCE,),
    ),
    "single": Method("atlas_peering", playbook("single"), missing, _each, (NEW, UNCHANGED, TOKEN_AT_HAND)),
    "single_module": Method(
        "atlas_peering as a module", playbook("single"), missing, _each, (NEW, UNCHANGED), environment=_AS_MODULE
    ),
    "single_delegated": Method(
        "atlas_peering delegated to another interpreter", delegated, missing, _each, (NEW, UNCHANGED)
    ),
    "set": Method("atlas_peering_set", playbook("set"), missing, _bulk),
    "set_module": Method("atlas_peering_set as a module", playbook("set"), missing, _bulk, environment=_AS_MODULE),
    "set_digest": Method("atlas_peering_set, API key", playbook("set"), missing, _bulk_digest, credentials="api_key"),
    "loop": Method("loop of atlas_peering", playbook("loop"), missing, _each),
    "loop_module": Method(
        "loop of atlas_peering as a module", playbook("loop"), missing, _each, environment=_AS_MODULE
    ),
    "uri": Method("ansible.builtin.uri by hand", playbook("uri"), missing, _by_hand),
    "bare": Method("bare program", declaring, missing, _by_hand),
    "bare_sequential": Method(
        "bare program, one project after the other",
        declaring,
        missing,
        _by_hand,
        environment={"BARE_WORKERS": "1"},
    ),
    "fleet": Method("playbook fleet", fleet, available, _fleet, (UNCHANGED,)),
    "fleet_module": Method(
        "playbook fleet, as modules", fleet, available, _fleet, (UNCHANGED,), environment=_AS_MODULE
    ),
    "wait": Method(
        "atlas_peering_wait",
        playbook("wait"),
        present,
        lambda _shape, _phase: Expected(lists=None, lists_of_one=None),
        (ONCE,),
        waits=True,
    ),
    "inventory": Method(
        "atlas_projects",
        inventory("atlas_projects.yml", lambda _count: {"plugin": "atlasops.network.atlas_projects"}),
        projects,
        # the pages, and the organizations
        lambda shape, _phase: Expected(others=shape.projects // ONE_PAGE + 2),
        (ONCE,),
    ),
    "pages": Method(
        "bare program that reads the pages",
        reading,
        projects,
        # the simulator has a project of its own
        lambda shape, _phase: Expected(others=shape.projects // ONE_PAGE + 1),
        (ONCE,),
    ),
    "static": Method(
        "ansible-inventory of a static file",
        inventory("static.yml", static_hosts),
        nothing,
        lambda _shape, _phase: Expected(tokens=0),
        (ONCE,),
    ),
}
