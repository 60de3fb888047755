# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs mutants in pytest's own process, in place of its tests."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

import pytest

from mutants.mutations import Mutant, mutants
from mutants.reach import Reach, measure
from mutants.report import known_survivors, report
from mutants.running import SURVIVED, Outcome, Runner

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ROOT / "plugins" / "module_utils"
FOLDERS = [CODE / package for package in ("model", "api", "engine")]
CACHE = ROOT / ".cache" / "mutants"
WORK = CACHE / "work"
#: Fast tests which run the code in their own process: a mutant is unknown to processes that they start.
TESTS = ["tests/unit/plugins", "tests/random_histories"]

#: Most mutants are killed by tests of this time; only survivors are run again with more.
_FIRST_SECONDS = 1.5


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="parts of names of mutants, such as model/plan.py; all if none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many run at once")
    parser.add_argument(
        "--seconds",
        type=float,
        default=20.0,
        help="time of the tests that a mutant must survive, as they take without any",
    )
    options = parser.parse_args(arguments)
    plugin = Plugin(options)
    _enter_fresh_folder()
    settings = ["--capture=no", "--quiet", "--tb=native", "-p", "no:xdist", "-m", "not slow"]
    status = pytest.main([*settings, *(str(ROOT / folder) for folder in TESTS)], plugins=[plugin])
    return int(status) or (0 if plugin.is_complete else 1)


def _enter_fresh_folder() -> None:
    """Go where mutants may write: some take a relative path for that of a file of the test."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    os.chdir(WORK)


class Plugin:
    """The plugin of pytest: all tests are collected, then mutants run instead of them."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self.is_complete = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        _without_shrinking(session.items)
        reach = CACHE / "reach.json"
        in_child(measure, session.items, FOLDERS, reach)
        items = {item.nodeid: item for item in session.items}
        runner = Runner(items, Reach.read(reach), FOLDERS, self._options.workers)
        runner.check()
        outcomes: dict[str, Outcome] = {}
        left = _chosen(self._options.parts)
        for seconds in sorted({min(_FIRST_SECONDS, self._options.seconds), self._options.seconds}):
            _run(runner, left, seconds, outcomes)
            left = [one for one in left if outcomes[one.name].state == SURVIVED]
        lines, self.is_complete = report(outcomes.values(), known_survivors())
        print("\n".join(lines))
        return True


def _run(runner: Runner, chosen: Sequence[Mutant], seconds: float, outcomes: dict[str, Outcome]) -> None:
    """Run mutants, note each outcome, in a file as well, and print how far it is."""
    printed = time.monotonic()
    with (CACHE / "outcomes.jsonl").open("a" if outcomes else "w") as file:
        for number, outcome in enumerate(runner.run(chosen, seconds), start=1):
            outcomes[outcome.mutant] = outcome
            print(json.dumps(vars(outcome)), file=file, flush=True)
            if time.monotonic() - printed > 60:
                printed = time.monotonic()
                print(f"{number} of {len(chosen)}, with tests of {seconds:g} seconds", flush=True)


def _chosen(parts: Sequence[str]) -> list[Mutant]:
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*.py"))]
    every = [one for path in paths for one in mutants(path, path.relative_to(CODE).as_posix())]
    return [one for one in every if not parts or any(part in one.name for part in parts)]


def in_child(function: Callable[..., None], *arguments: Any) -> None:
    """Call a function in a process of its own, so that this one stays as it is. Raises RuntimeError if that fails."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            function(*arguments)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError(f"{function.__name__} failed, see above.")


def _without_shrinking(items: Sequence[pytest.Item]) -> None:
    """Let the first example that fails end a test of hypothesis."""
    from hypothesis import Phase, settings  # noqa: PLC0415 pytest warns if this is imported before it starts

    for item in items:
        test = getattr(item, "obj", None)
        chosen = getattr(test, "_hypothesis_internal_use_settings", None)
        if test is not None and chosen is not None:
            phases = (Phase.explicit, Phase.generate)
            test._hypothesis_internal_use_settings = settings(chosen, phases=phases, database=None)
