# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection promises, held against what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.plugin_utils.waiter import LAST_POLL

from .atlas import Atlas, Effect, Identity
from .estate import ABSENT, PRESENT, UNDECLARED, Connection, Entry, Estate
from .runs import Step

#: What no sentence for people contains.
_UNREADABLE = re.compile(r"Traceback|unexpected error|<class|object at 0x|[\x00-\x1f\x7f-\x9f]|\bNone\b|[{}]")


class BrokenPromise(AssertionError):
    """A promise that was not kept."""


def keep(holds: bool, promise: str, *evidence: object) -> None:
    """Raise BrokenPromise unless it holds."""
    if not holds:
        raise BrokenPromise(" | ".join([promise, *map(repr, evidence)]))


def check_step(step: Step, atlas: Atlas, estate: Estate) -> None:
    """Hold one step against everything that can be said of it alone."""
    keep(step.crash is None, "every error is a sentence", step.name, step.crash)
    effects = [one for one in atlas.effects if one.owner is step]
    _check_targets(step, effects, estate)
    _check_repetitions(step, atlas)
    if not step.has_ended:
        return
    result = step.result or {}
    keep(bool(result.get("changed")) or not effects, "a write is reported", step.name, result, effects)
    keep(not (step.check_mode and effects), "check mode writes nothing", step.name, effects)
    _check_words(step, result)
    _check_time(step, result, [one for one in atlas.requests if one[0] is step])


def _check_words(step: Step, result: dict[str, Any]) -> None:
    for text in [*([result["msg"]] if step.failed else []), *result.get("warnings", []), *step.lines]:
        keep(isinstance(text, str) and not _UNREADABLE.search(text), "every error is a sentence", step.name, text)
    if step.failed:
        # A number of connections may follow the sentence.
        keep(result["msg"].strip().endswith((".", ")")), "every error is a sentence", step.name, result["msg"])
        keep(result["failure"]["kind"] != "UnexpectedError", "nothing is unexpected", step.name, result)


def _check_time(step: Step, result: dict[str, Any], requests: Sequence[Any]) -> None:
    """Hold a step against its deadline: that of the wait, or what its requests and their retries may take."""
    elapsed = step.ended - step.began
    if step.module is None:
        keep(elapsed <= step.args["wait_timeout"] + LAST_POLL + 2.5, "a wait ends in time", elapsed, result)
        return
    each = step.args["retry_timeout"] + step.args["timeout"]
    places = len({request[1:3] for request in requests}) + len(step.args.get("connections", ())) + 1
    pauses = step.args.get("recreate_timeout", 600) * len(step.concerns) + step.args.get("delete_timeout", 0)
    pauses += step.args.get("wait_timeout", 0)
    keep(elapsed <= 8 * each * places + pauses, "a step ends in time", step.name, elapsed, places)


def _check_targets(step: Step, effects: Sequence[Effect], estate: Estate) -> None:
    """Hold the writes of a step against what it declares."""
    permitted = {_permitted(estate, one) for one in step.entries}
    declared = {_named(estate, one) for one in step.concerns} | {(p, None, value) for p, _none, value in permitted}
    purged = {(estate.projects[one.place.project], one.place.cloud) for one in step.concerns if step.purges}
    purged |= {(estate.projects[one.project], "") for one in step.entries if step.purges}
    for effect in effects:
        is_purge = effect.method == "DELETE" and step.purges
        keep(not (is_purge and effect.identity in permitted), "nothing declared is purged", effect)
        if effect.identity and not (effect.method == "DELETE" and (effect.identity[0], effect.cloud) in purged):
            project_id, _container, network = effect.identity
            keep((project_id, network) in {(p, n) for p, _c, n in declared}, "nothing undeclared is written to", effect)
            containers = {c for p, c, n in declared if (p, n) == (project_id, network)}
            keep(bool({effect.identity[1], None} & containers), "nothing undeclared is written to", effect)


def _named(estate: Estate, one: Connection) -> tuple[str, str | None, tuple[str, ...]]:
    """Return the identity of a declared connection; its container is None if it did not exist in the beginning."""
    options = estate.options_of(one)
    fields = CLOUDS[one.place.cloud].peering.identity
    network = tuple(str(options[f.option]).lower() for f in fields)
    return estate.projects[one.place.project], estate.containers.get(one.place), network


def _permitted(estate: Estate, one: Entry) -> Identity:
    """Return the identity of an access list entry."""
    return estate.projects[one.project], "", (one.value,)


def _check_repetitions(step: Step, atlas: Atlas) -> None:
    """Hold a step against its promise not to repeat a creation that Atlas carried out, be it refused or not."""
    standing: set[object] = set()
    for owner, method, identity, is_done in atlas.attempts:
        if owner is not step:
            continue
        if method == "DELETE":
            standing.discard(identity)
            continue
        keep(identity not in standing, "nothing is created twice", step.name, identity)
        standing |= {identity} if is_done else set()


def check_end(atlas: Atlas, estate: Estate, before: dict[str, Any], purges: bool) -> None:
    """Hold what there is in the end against what is declared, and against what there was."""
    peers = atlas.every_peer()
    purged = {(one.place.project, one.place.cloud) for one in estate.of_role(PRESENT) if purges}
    there = {(one[0], one[2], one[1]): peer_id for peer_id, one in atlas.ever.items() if peer_id in peers}
    keep(len(there) == len(peers), "nothing is there twice", there)
    for one in estate.connections:
        project_id, container_id, network = _named(estate, one)
        found = [
            peer_id
            for (p, n, c), peer_id in there.items()
            if (p, n) == (project_id, network) and container_id in (c, None)
        ]
        if one.role == PRESENT:
            keep(len(found) >= 1, "nothing is lost", one)
            if one.id and one.is_settled and one.id not in atlas.touched:
                keep(one.id in found, "what stands is kept", one, found)
        elif one.role == UNDECLARED and one.id and (one.place.project, one.place.cloud) in purged:
            keep(one.id not in peers or peers[one.id].status == peers[one.id].cloud.deleting_status, "purges", one)
        elif one.role == UNDECLARED and one.id and one.id not in atlas.touched:
            unchanged = one.id in peers and peers[one.id].attributes.items() >= before[one.id].items()
            keep(unchanged or (one.id not in peers and not one.is_settled), "the undeclared is kept", one)


def check_access_lists(atlas: Atlas, estate: Estate, purges: bool) -> None:
    """Hold the access lists in the end against what is declared, and against what there was."""
    purged = {one.project for one in estate.entries if purges and one.role == PRESENT}
    for one in estate.entries:
        there = atlas.entries(estate.projects[one.project])
        if one.role == PRESENT:
            keep(one.value in there and one.comment in (None, there[one.value]), "nothing is lost", one, there)
        elif one.role == ABSENT or one.project in purged:
            keep(one.value not in there, "what has to go is gone", one, there)
        elif one.before is not None and _permitted(estate, one) not in atlas.touched:
            keep(there.get(one.value, "gone") == (one.before or None), "the undeclared is kept", one, there)
