# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One history: what a seed leads to, from an estate in some state to the quiet run that changes nothing."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Sequence
from typing import Any

import pytest

from simulator.settings import Settings

from .atlas import Atlas
from .estate import ABSENT, PRESENT, Connection, draw_estate
from .network import ADDRESS, Network
from .other_sides import OtherSides
from .others import Others
from .promises import check_access_lists, check_end, check_step, keep
from .runs import Step, Steps, draw_steps
from .scheduler import Killed, Scheduler
from .virtual_process import EPOCH, virtual_process
from .weather import draw_weather

START = 1000.0
#: Seconds after the last fault until whatever was under way has arrived.
CALM_DOWN = 120.0
#: How often the quiet runs may fail, because something is still being deleted, and the pause between them in seconds.
ATTEMPTS, PAUSE = 6, 900.0


class History:
    """One history.

    Args:
        seed: Decides everything.
    """

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 (dice, not cryptography)
        self.scheduler = Scheduler(self.dice, START)
        self.storm_ends = START + self.dice.choice((60.0, 600.0, 7200.0))
        self.weather = draw_weather(self.dice, START, self.storm_ends)
        self.purges, self.tears_down = self.dice.random() < 0.2, self.dice.random() < 0.3
        self.runs: list[list[Step]] = []

    def live(self) -> None:
        """Live through the history. Raises BrokenPromise."""
        with tempfile.TemporaryDirectory() as cache, pytest.MonkeyPatch.context() as patch:
            # Neither credentials nor proxies of whoever runs the histories.
            for name in list(os.environ):
                patch.delenv(name)
            patch.setenv("XDG_CACHE_HOME", cache)
            with virtual_process(self.scheduler, self.dice):
                self._live()

    @property
    def trace(self) -> list[tuple[str, str, int]]:
        """Every request that Atlas answered, in order: method, path and status."""
        return [request[1:] for request in self.atlas.requests]

    def _live(self) -> None:
        self.other_sides = OtherSides(self.dice) if self.dice.random() < 0.25 else None
        self.atlas = Atlas(draw_settings(self.dice, self.scheduler, self.other_sides is None), self.other_sides)
        self.others = Others(self.scheduler, self.dice, self.atlas)
        self.estate = draw_estate(self.dice, self.atlas)
        if self.other_sides:
            self.other_sides.add_networks(self.estate.declared(self.estate.connections))
        before = {
            peer_id: {name: peer.attributes[name] for name in peer.cloud.attributes}
            for peer_id, peer in self.atlas.every_peer().items()
        }
        self.present, self.absent = self.estate.of_role(PRESENT), self.estate.of_role(ABSENT)
        with Network(self.scheduler, self.dice, self.weather, self.atlas.answer).installed():
            self._live_through_the_storm()
            self._come_to_rest()
            check_end(self.atlas, self.estate, before, self.purges)
            check_access_lists(self.atlas, self.estate, self.purges)
            if self.tears_down:
                self._tear_down()
            self.others.are_done = True
            self.scheduler.join_all()

    def _live_through_the_storm(self) -> None:
        """Let several runs work at once while requests fail and others act."""
        if self.dice.random() < 0.8:
            self.others.act_until(self.storm_ends, self.dice.choice((5.0, 60.0, 600.0)))
        tasks = []
        several = self.dice.choice((1, 1, 2, 2, 3))
        # If Atlas creates a connection beside one that has failed, no client can see to it that only one run does so:
        # it may fail after the others have planned.
        for number in range(several if self.atlas.settings.failed_peer_blocks else 1):
            steps = self._steps(draw_connection(self.dice, self.atlas))
            run = draw_steps(self.dice, steps, self.present, self.absent)
            self.runs.append(run)
            tasks.append(self.scheduler.spawn(f"run {number}", lambda run=run: self._run(run)))  # type: ignore[misc]
        if self.dice.random() < 0.2:
            killed = self.dice.choice(tasks)
            self.scheduler.at(START + self.dice.expovariate(0.1), lambda: self.scheduler.kill(killed))
        self.scheduler.join(tasks)
        for task in tasks:
            if task.error and not isinstance(task.error, Killed):
                raise task.error
        for step in (step for run in self.runs for step in run):
            check_step(step, self.atlas, self.estate)

    def _run(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.scheduler.sleep(self.dice.choice((0.0, 0.5, 30.0)))
            self._step(step)

    def _step(self, step: Step) -> Step:
        self.scheduler.current.owner = step
        step.run(self.scheduler)
        return step

    def _come_to_rest(self) -> None:
        """Run everything without faults until it succeeds, and once more, which changes nothing."""
        self.weather.ends = min(self.weather.ends, self.scheduler.now)
        self.scheduler.sleep(CALM_DOWN)
        self.others.agree_from_now_on()
        steps = self._quiet_steps()
        for attempt in range(ATTEMPTS):
            done = [self._quiet(step) for step in self._everything(steps)]
            if not any(step.failed for step in done):
                break
            keep(attempt < ATTEMPTS - 1, "a quiet run succeeds", [step.result for step in done if step.failed])
            self.scheduler.sleep(PAUSE)
        self._wait_for(steps, self.present, "available")
        self._wait_for(steps, self.absent, "absent")
        self._check_quiet(steps)

    def _everything(self, steps: Steps) -> list[Step]:
        """Return the steps that declare all that is declared."""
        return [
            *(steps.other_sides(self.present) if self.other_sides else []),
            steps.everything(self.present),
            *([steps.absent(self.absent)] if self.absent else []),
            *(steps.permitted(entries, purge=self.purges) for entries in self.estate.entries_of(PRESENT)),
            *(steps.forbidden(entries) for entries in self.estate.entries_of(ABSENT)),
        ]

    def _check_quiet(self, steps: Steps) -> None:
        """Declare the same again, which writes nothing."""
        for step in self._everything(steps):
            result = self._quiet(step).result or {}
            wrote = [
                one for one in self.atlas.requests if one[0] is step and one[1] != "GET" and "/oauth" not in one[2]
            ]
            keep(not (result["changed"] or wrote or step.failed), "a quiet rerun changes nothing", result, wrote)

    def _tear_down(self) -> None:
        """Delete everything that is declared, and the containers that nothing else is in."""
        steps = self._quiet_steps()
        step = self._quiet(steps.absent(self.present))
        keep(not step.failed, "what is declared can be deleted", step.result)
        self._wait_for(steps, self.present, "absent")
        used = {peer.container.id for peer in self.atlas.every_peer().values()}
        for number, project_id in enumerate(self.estate.projects):
            for container_id, has_clusters in self.atlas.containers_in(project_id):
                if container_id not in used and not has_clusters:
                    step = self._quiet(steps.container_gone(number, container_id))
                    keep(not step.failed, "an empty container can be deleted", step.result)
        self.scheduler.sleep(CALM_DOWN)
        step = self._quiet(steps.absent(self.present))
        keep(not step.failed and not (step.result or {})["changed"], "a quiet rerun changes nothing", step.result)

    def _quiet_steps(self) -> Steps:
        return self._steps(connection_of("service_account", self.atlas))

    def _steps(self, connection: dict[str, Any]) -> Steps:
        return Steps(self.estate, connection, self.purges, self.other_sides is not None)

    def _wait_for(self, steps: Steps, connections: list[Connection], until: str) -> None:
        if connections:
            # Mostly when everything has come about: the waits during the storm are those that have to wait.
            self.scheduler.sleep(self.dice.choice((0.0, PAUSE, PAUSE, PAUSE)))
            step = self._quiet(steps.wait(connections, until, 4 * 3600, 600.0))
            keep(not step.failed, "what is declared comes about", until, step.result)

    def _quiet(self, step: Step) -> Step:
        self._step(step)
        check_step(step, self.atlas, self.estate)
        return step


def draw_settings(dice: random.Random, scheduler: Scheduler, may_act: bool) -> Settings:
    """Draw an Atlas: how fast it is, what nobody knows of it for certain, and when the other side acts, if it may."""
    return Settings(
        clock=lambda: EPOCH + scheduler.now,
        pace=dice.choice((0.0, 1.0, 10.0, 60.0)),
        act_after=dice.choice((None, None, None, 40.0)) if may_act else None,
        token_seconds=dice.choice((120, 3600, 3600)),
        nonce_seconds=dice.choice((5.0, 60.0)),
        nonce_uses=dice.choice((1, 1023)),
        create_status=dice.choice((200, 201)),
        conflict_scope=dice.choice(("container", "container", "project")),
        patch_needs_all=dice.random() < 0.3,
        patch_reinitiates=dice.random() < 0.5,
        failed_peer_blocks=dice.random() < 0.8,
        provision_seconds=dice.choice((0.0, 0.0, 30.0, 200.0)),
        connection_id_seconds=dice.choice((0.0, 0.0, 15.0)),
        list_lag_seconds=dice.choice((0.0, 0.0, 3.0, 20.0)),
        access_list_seconds=dice.choice((0.0, 0.0, 6.0)),
        access_list_lag_seconds=dice.choice((0.0, 0.0, 3.0)),
        access_list_repeat=dice.choice(("replace", "merge")),
        access_list_reply=dice.choice(("all", "named")),
        access_list_nulls=dice.random() < 0.5,
        clear_up_seconds=dice.choice((0.0, 5.0, 300.0)),
    )


def draw_connection(dice: random.Random, atlas: Atlas) -> dict[str, Any]:
    """Draw the options by which a run connects."""
    kind = dice.choice(("access_token", "service_account", "service_account", "api_key"))
    return {
        **connection_of(kind, atlas),
        "api_version": dice.choice(("v2", "v2", "v1.0")),
        "timeout": dice.choice((5, 30)),
        "retry_timeout": dice.choice((0, 10, 120)),
        "token_cache": dice.random() < 0.7,
    }


def connection_of(kind: str, atlas: Atlas) -> dict[str, Any]:
    """Return the options that connect with credentials of one kind."""
    settings, tokens = atlas.settings, atlas.service.authenticator.tokens
    credentials: dict[str, dict[str, Any]] = {
        "access_token": {"access_token": tokens.issue(settings.client_id)},
        "service_account": {"client_id": settings.client_id, "client_secret": settings.client_secret},
        "api_key": {"public_key": settings.public_key, "private_key": settings.private_key},
    }
    return {"base_url": ADDRESS, "timeout": 30, "retry_timeout": 120, **credentials[kind]}
