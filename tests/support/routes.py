# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways of a task, in the process of the playbook and as a module, and what must be the same in both."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from simulator import Simulator
from simulator.control.exchange_log import Exchange
from support.module_server import HASH_SEED, PIPELINED, module_python
from support.run_playbook import Play, Run, Task

IN_PROCESS = "in this process"
#: Lines of -vvv that are about how a task is run, not about what it does.
_HOW = re.compile(r"^(<[^>]*> |Using module file |Pipelining is enabled|redirecting )")
#: What differs from run to run: folders, tracebacks' line numbers and times, whichever the way.
_VARYING = re.compile(r'File "[^"]*/(?=[^"/]+")|line \d+|127\.0\.0\.1:\d+|\S*/run\d+/|\d{4}-\d\d-\d\dT[\d:]+\+00:00')
_ID = re.compile(r"(?:pcx-)?\b[0-9a-f]{17,24}\b")
_WAY = re.compile(r"^<(\S+)> (\S+) runs (?:as a module: )?(.*)$", re.MULTILINE)

#: Messages list choices in the order of a set; ansible-core 2.20 and newer return the options only on demand.
_FIXED = {"PYTHONHASHSEED": HASH_SEED, "ANSIBLE_INJECT_INVOCATION": "true"}


@dataclass(frozen=True)
class Route:
    """How to make tasks take a way.

    Attributes:
        why: What -vvv says about it.
        variables: Of the play.
        environment: Of ansible-playbook.
        forks: Whether its modules are forked, since many run this way; others are executed.
    """

    why: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    forks: bool = False


DEFAULT = Route(IN_PROCESS)
BY_VARIABLE = Route("atlas_in_process is false", {"atlas_in_process": False}, forks=True)
BY_ENVIRONMENT = Route(
    "MONGODB_ATLAS_IN_PROCESS is false", environment={"MONGODB_ATLAS_IN_PROCESS": "false"}, forks=True
)


def by_interpreter(folder: Path) -> Route:
    """Return the way that another Python than that of ansible-playbook takes."""
    other = write_interpreter(folder)
    return Route(f"its interpreter is {other}", {"ansible_python_interpreter": other})


def write_interpreter(folder: Path) -> str:
    """Make another file that is a Python with the same libraries, and return its path."""
    other = folder / "python"
    other.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    other.chmod(0o755)
    return str(other)


@dataclass
class BothWays:
    """Runs the same tasks in both ways, each against an Atlas of its own, and compares all that can be seen."""

    folder: Path
    make_atlas: Callable[..., Simulator]

    def __call__(self, tasks: Callable[[Simulator], list[Task]], other: Route, **how: Any) -> tuple[Run, Simulator]:
        """Return the run in the process, and its Atlas.

        Args:
            tasks: Makes the tasks, and prepares Atlas for them.
            other: The way to compare with.
            how: As for `Play.start`.
        """
        (one, atlas), (two, other_atlas) = (self._run(tasks, route, **how) for route in (DEFAULT, other))
        assert_same(seen(one, atlas), seen(two, other_atlas))
        return one, atlas

    def _run(self, tasks: Callable[[Simulator], list[Task]], route: Route, **how: Any) -> tuple[Run, Simulator]:
        atlas = self.make_atlas(pace=0.0)
        folder = self.folder / re.sub(r"\W", "", route.why)[:12]
        folder.mkdir()
        python, pipelined = (str(module_python()), PIPELINED) if route.forks else (sys.executable, {})
        environment = {**_FIXED, **pipelined, **atlas.environment(), **how.pop("environment", {})}
        play = Play(folder, {**environment, **route.environment})
        variables = {"ansible_python_interpreter": python, **how.pop("vars", {}), **route.variables}
        run = play(*tasks(atlas), args=["-vvv", "--diff", *how.pop("args", ())], vars=variables, **how)
        taken = {why for _host, _action, why in ways(run)}
        assert taken == {route.why}
        return run, atlas


def ways(run: Run) -> list[tuple[str, str, str]]:
    """Return host, action and way of each task of a run with -vvv."""
    return _WAY.findall(run.stdout)


def assert_same(one: str, two: str) -> None:
    difference = list(difflib.unified_diff(one.splitlines(), two.splitlines(), "in process", "other way", lineterm=""))
    assert not difference, "\n".join(difference)


def comparable(text: str) -> str:
    """Return a text without what differs from run to run; ids are numbered as they appear."""
    ids: dict[str, str] = {}
    return _ID.sub(lambda found: ids.setdefault(found[0], f"id-{len(ids)}"), _VARYING.sub("", text))


def seen(run: Run, atlas: Simulator) -> str:
    """Return all that can be seen of a run: results, what the output says about them, and requests."""
    results = [json.dumps(one, indent=1, sort_keys=True) for one in run.results]
    lines = [line for line in run.output.splitlines() if not _HOW.search(line)]
    # Without the handshakes, of which a kept session needs fewer.
    requests = [f"{one.method} {one.path} {one.status}" for one in atlas.exchanges if one.status != 401]
    return comparable("\n".join([*results, *lines, *requests, str(run.returncode)]))


def handshakes(atlas: Simulator) -> list[Exchange]:
    """Return the digest challenges and the requests for tokens."""
    return [one for one in atlas.exchanges if one.status == 401 or one.kind == "token"]
