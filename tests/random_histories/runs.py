# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs: what plays do, step by step, through the modules' own functions and the real wait."""

from __future__ import annotations

import copy
import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import (
    atlas_access_list,
    atlas_container,
    atlas_peering,
    atlas_peering_info,
    atlas_peering_set,
    azure_vnet_peering_access,
    gcp_compute_network_peering,
)
from ansible_collections.atlasops.network.plugins.plugin_utils import wait_task

from .estate import ABSENT, PRESENT, Connection, Entry, Estate
from .other_sides import azure_options, google_options
from .scheduler import Scheduler

EVERY_REASON = ["failed", "expired", "rejected", "changed"]


@dataclass
class Step:
    """One task of a play.

    Attributes:
        module: What it runs: a module, or the wait if it is None.
        args: Its options.
        concerns: The connections that it may write to.
        entries: The access list entries that it may write to.
        check_mode: Whether it predicts only.
        began: When it began, on the virtual clock.
        ended: When it ended.
        result: What it returned; None as long as it runs.
        lines: Its lines of progress.
        crash: What it raised that is no error of the collection.
        has_ended: Whether it was not killed.
    """

    module: Any
    args: dict[str, Any]
    concerns: Sequence[Connection] = ()
    entries: Sequence[Entry] = ()
    check_mode: bool = False
    began: float = 0.0
    ended: float = 0.0
    result: dict[str, Any] | None = None
    lines: list[str] = field(default_factory=list)
    crash: BaseException | None = None
    has_ended: bool = False

    @property
    def purges(self) -> bool:
        return bool(self.args.get("purge"))

    @property
    def name(self) -> str:
        return self.module.__name__.rpartition(".")[2] if self.module else "atlas_peering_wait"

    @property
    def failed(self) -> bool:
        return bool((self.result or {"failed": True}).get("failed"))

    def run(self, scheduler: Scheduler) -> None:
        """Run the task as Ansible would, up to its result."""
        self.began = scheduler.now
        try:
            self.result = self._run_module() if self.module else self._wait()
        except AtlasError as error:
            self.result = {"failed": True, **error.as_result()}
        except Exception as error:
            self.crash = error
        self.ended, self.has_ended = scheduler.now, True

    def _run_module(self) -> dict[str, Any]:
        outcome = _validator(self.module).validate(copy.deepcopy(self.args))
        assert not outcome.error_messages, outcome.error_messages
        params = outcome.validated_parameters
        with _connect(self.module, params) as client:
            result: dict[str, Any] = self.module.run(params, self.check_mode, client)
        return result

    def _wait(self) -> dict[str, Any]:
        params = wait_task.validate(self.args)
        return wait_task.wait(params, self.check_mode, self.lines.append, show_names=True)


def _connect(module: Any, params: dict[str, Any]) -> Any:
    """Return the client of a module: its own, if it does not lead to Atlas."""
    if hasattr(module, "connect"):
        return module.connect(params)
    return Client(parse_settings(params), workers=options.workers(params))


@functools.cache
def _validator(module: Any) -> ArgumentSpecValidator:
    return ArgumentSpecValidator(module.SPEC)


@dataclass
class Steps:
    """Makes the steps of runs.

    Attributes:
        estate: What there is to declare.
        purges: Whether what is not declared is deleted.
        connection: The options of every step: credentials and limits in time.
        has_other_sides: Whether there are clouds on the other side in which steps can act.
    """

    estate: Estate
    connection: Mapping[str, Any]
    purges: bool = False
    has_other_sides: bool = False

    def present(self, concerns: Sequence[Connection], **more: Any) -> Step:
        return self._set(concerns, {"recreate_on": EVERY_REASON, "recreate_timeout": 1800, **more})

    def everything(self, present: Sequence[Connection], **more: Any) -> Step:
        """Return the step that declares everything, and purges the rest if this is wanted."""
        return self.present(present, purge=self.purges, purge_limit=100, **more)

    def absent(self, concerns: Sequence[Connection], **more: Any) -> Step:
        return self._set(concerns, {"state": "absent", **more})

    def one(self, one: Connection, **more: Any) -> Step:
        return Step(atlas_peering, {**self.connection, **self.estate.options_of(one), **more}, [one])

    def wait(self, concerns: Sequence[Connection], until: str, timeout: int, interval: float = 10.0) -> Step:
        args = {"connections": self.estate.declared(concerns), "until": until, "wait_timeout": timeout}
        args["interval"] = interval
        return Step(None, {**self.connection, **args})

    def info(self, project: int) -> Step:
        return Step(atlas_peering_info, {**self.connection, "project_id": self.estate.projects[project]})

    def permitted(self, entries: Sequence[Entry], **more: Any) -> Step:
        """Return the step that declares entries of one project; all of them, if others are purged."""
        return self._access_list(entries, {"wait_timeout": 60, "purge_limit": 100, **more})

    def forbidden(self, entries: Sequence[Entry]) -> Step:
        return self._access_list(entries, {"state": "absent"})

    def other_sides(self, concerns: Sequence[Connection]) -> list[Step]:
        """Return the steps that act on the other side, as far as it is known what is there."""
        limits = {name: self.connection[name] for name in ("timeout", "retry_timeout")}
        steps = []
        for one in concerns:
            declared = self.estate.options_of(one)
            if one.place.cloud == "AZURE":
                steps.append(Step(azure_vnet_peering_access, {**limits, **azure_options(declared), "create": True}))
            elif one.place.cloud == "GCP" and one.place in self.estate.containers:
                peer = self.estate.containers[one.place]
                steps.append(Step(gcp_compute_network_peering, {**limits, **google_options(declared, peer)}))
        return steps

    def container_gone(self, project: int, container_id: str) -> Step:
        named = {"project_id": self.estate.projects[project], "container_id": container_id, "state": "absent"}
        return Step(atlas_container, {**self.connection, **named, "delete_timeout": 3600})

    def _access_list(self, entries: Sequence[Entry], more: Mapping[str, Any]) -> Step:
        declared = {"project_id": self.estate.projects[entries[0].project], "entries": [one.options for one in entries]}
        return Step(atlas_access_list, {**self.connection, **declared, **more}, entries=entries)

    def _set(self, concerns: Sequence[Connection], more: Mapping[str, Any]) -> Step:
        args = {**self.connection, "connections": self.estate.declared(concerns), **more}
        return Step(atlas_peering_set, args, concerns)


def draw_steps(dice: random.Random, steps: Steps, present: list[Connection], absent: list[Connection]) -> list[Step]:
    """Draw what one run does: mostly what plays do, sometimes parts of it."""
    return [_draw_step(dice, steps, present, absent) for _number in range(dice.choice((1, 2, 2, 3, 4)))]


def _draw_step(dice: random.Random, steps: Steps, present: list[Connection], absent: list[Connection]) -> Step:
    some = dice.sample(present, dice.randint(1, len(present)))
    makers: list[tuple[int, Callable[[], Step]]] = [
        (6, lambda: steps.everything(present, max_workers=dice.choice((1, 4)))),
        (2, lambda: steps.present(some, recreate_on=dice.choice(([], ["rejected", "expired"], EVERY_REASON)))),
        (2, lambda: steps.one(some[0])),
        (4, lambda: steps.wait(some, dice.choice(("available", "action_required")), dice.choice((20, 60, 300)))),
        (1, lambda: steps.info(0)),
    ]
    if steps.has_other_sides:
        makers += [(2, lambda step=step: step) for step in steps.other_sides(some)]  # type: ignore[misc]
    for entries in steps.estate.entries_of(PRESENT):
        makers += [
            (2, lambda entries=entries: steps.permitted(entries, purge=steps.purges, wait=dice.random() < 0.5)),  # type: ignore[misc]
            (1, lambda entries=entries: steps.permitted(dice.sample(entries, 1), wait_timeout=5)),  # type: ignore[misc]
        ]
    makers += [(1, functools.partial(steps.forbidden, entries)) for entries in steps.estate.entries_of(ABSENT)]
    if absent:
        makers += [(3, lambda: steps.absent(absent)), (1, lambda: steps.wait(absent, "absent", 600))]
    weights, makes = [weight for weight, _make in makers], [make for _weight, make in makers]
    step = dice.choices(makes, weights)[0]()
    step.check_mode = dice.random() < 0.1
    return step
