# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case of the matrix: an operation, one of its requests, and what goes wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from faults.layer import Arrival, Strike, repeated_writes
from faults.operations import OPERATIONS, PEER, Operation
from faults.stage import Stage
from faults.table import BEFORE, Fault
from faults.world import RETRY_TIMEOUT, TIMEOUT, Result, World

#: Parts of a result that differ from run to run.
_VOLATILE = ("elapsed", "polls", "deadline", "interval", "invocation")
_NOT_FOR_PEOPLE = re.compile(r"Traceback|\w(Error|Exception)\b|object at|None of|<class|[\x00-\x1f\x7f-\x9f]|\\x")
#: Seconds after which somebody runs it again: what is being deleted is gone by then.
_BETWEEN_RUNS = 600.0
_DELETED = ("an empty object", "nothing", "no content")
#: Of a wait, which asks the same again and again, the first requests are enough.
_MOST_STRUCK = 7
#: Requests that a run may take; a wait may poll all its time.
_MOST_REQUESTS = 350


@dataclass(frozen=True)
class Case:
    """An operation whose request of this number is struck, and all that follow if the fault lasts."""

    operation: str
    number: int
    request: str
    fault: Fault
    lasts: bool = False

    def __str__(self) -> str:
        return f"{self.operation}, request {self.number} ({self.request}): {self.fault.name}{' for good' * self.lasts}"


def cases(stage: Stage, names: Sequence[str] = tuple(OPERATIONS)) -> Iterator[Case]:
    """Yield all cases of some operations, in a fixed order."""
    for name in names:
        operation = OPERATIONS[name]
        for number, arrival in enumerate(_fault_free(stage, operation)[:_MOST_STRUCK]):
            request = f"{arrival.request.method} {arrival.request.path.rpartition('/')[2]}"
            for fault in stage.faults:
                if fault.can_strike(arrival, operation.credentials) and not _is_true(fault, arrival, name):
                    yield from (Case(name, number, request, fault, lasts) for lasts in fault.durations)


def choose(every: Sequence[Case]) -> list[Case]:
    """Return some of the cases that have each fault, and each request of each operation, at least once.

    The cases of one fault are spread over all requests, always in the same way.
    """
    by_fault: dict[str, list[Case]] = {}
    for case in every:
        by_fault.setdefault(case.fault.name, []).append(case)
    chosen = [alike[29 * number % len(alike)] for number, alike in enumerate(by_fault.values())]
    covered = {(case.operation, case.number) for case in chosen}
    for case in every:
        if (case.operation, case.number) not in covered:
            covered.add((case.operation, case.number))
            chosen.append(case)
    return chosen


def _fault_free(stage: Stage, operation: Operation) -> Sequence[Arrival]:
    world = stage.world(operation)
    result = operation.run(world)
    assert not result.get("failed"), result
    return world.layer.take_arrivals()


def _is_true(fault: Fault, arrival: Arrival, operation: str) -> bool:
    """Report whether Atlas could say the same without any fault, so that nobody can tell."""
    request, name = arrival.request, fault.name.partition(" (")[0]
    if fault.when == BEFORE and name in _DELETED:
        return request.method == "DELETE" or request.path.endswith("/revoke")
    if name == "results of another cloud" and request.query.get("providerName") == "GCP":
        return True  # that is the other cloud
    return (operation, request.path.rpartition("/")[2], name.partition(" ACCESS")[0]) in _TRUE


#: What is asked for by its id alone has no other identity, containers are listed of all clouds at once, and whoever may
#: not read the organizations does without their names.
_TRUE = (
    ("info by id", PEER, "of another cloud"),
    ("delete by id", PEER, "of another cloud"),
    *((operation, "all", "results of another cloud") for operation in ("info of containers", "report", "export")),
    *(("inventory", "orgs", f"HTTP {status}") for status in (401, 403)),
)


def violations(stage: Stage, case: Case) -> list[str]:
    """Run a case, and return the promises that are broken."""
    operation = OPERATIONS[case.operation]
    world = stage.world(operation, case.fault.over_tls)
    world.layer.strike = Strike(case.fault, case.number, case.lasts)
    began = world.clock.now
    first = operation.run(world)
    took = world.clock.now - began
    arrivals = world.layer.take_arrivals()
    world.clock.now += _BETWEEN_RUNS
    again = operation.run(world)
    world.layer.take_arrivals()
    third = operation.run(world)
    return [
        *_of_end(operation, world, first, again),
        *of_change(first, arrivals),
        *(f"sent twice: {key}" for key in repeated_writes(arrivals)),
        *_of_limits(operation, took, arrivals, case),
        *_of_reruns(operation, world, again, third),
    ]


def _of_end(operation: Operation, world: World, first: Result, again: Result) -> Iterator[str]:
    """A right end or one clear sentence."""
    if first.get("failed"):
        yield from of_message(first)
    elif operation.is_reached is None and _comparable(first) != _comparable(again):
        yield f"another result: {_comparable(first)} and then {_comparable(again)}"
    elif operation.is_reached and again.get("changed") and not operation.repeats:
        yield "it succeeded, but the next run had to change something"


def of_message(result: Result) -> Iterator[str]:
    message, failure = result.get("msg", ""), result.get("failure", {})
    commands = failure.get("commands")
    if commands:  # They follow the sentence, one a line, ready to paste.
        message = message.removesuffix("\n".join(["", *commands])).removesuffix(":") + "."
    if failure.get("kind") == "UnexpectedError":
        yield f"unforeseen: {message} {failure.get('traceback')}"
    if not (message[:1].isupper() or message[:1].isdigit()) or not message.endswith("."):
        yield f"no sentence: {message!r}"
    if _NOT_FOR_PEOPLE.search(message):
        yield f"not for people: {message!r}"
    if not (failure.get("hint") or failure.get("detail")):  # what Atlas itself says of an error may be all there is
        yield f"no cure: {message!r}"
    if len(message) > 2000:
        yield f"too long: {len(message)}"


def of_change(result: Result, arrivals: Sequence[Arrival]) -> Iterator[str]:
    """Never "nothing was written" after a write, and never a write that nobody sent."""
    written = any(one.took_effect for one in arrivals)
    changed = result.get("changed", False)
    if written and not changed:
        yield f"something was written, but changed is false: {result.get('msg', result)}"
    if changed and not any(one.is_write for one in arrivals) and "access_token" not in result:
        yield f"nothing was sent that writes, but changed is true: {result.get('msg', result)}"
    # A resource that another run has deleted meanwhile counts as deleted by both.
    may_change = written or any(one.request.method == "DELETE" for one in arrivals)
    if not result.get("failed") and changed and not may_change and "access_token" not in result:
        yield f"it reports success and a change, but nothing was written: {result}"
    doubt = result.get("failure", {}).get("outcome_unknown")
    if doubt and not changed:
        yield "the outcome is unknown, but changed is false"


def _of_limits(operation: Operation, took: float, arrivals: Sequence[Arrival], case: Case) -> Iterator[str]:
    longest = 2 * (TIMEOUT + RETRY_TIMEOUT) + operation.patience
    if took > longest:
        yield f"it took {took:g} seconds, not {longest:g}"
    if len(arrivals) > _MOST_REQUESTS:
        yield f"it took {len(arrivals)} requests"


def _of_reruns(operation: Operation, world: World, again: Result, third: Result) -> Iterator[str]:
    """After a rerun the declared state, and then nothing more to do."""
    if again.get("failed"):
        yield f"the next run failed: {again['msg']}"
    if third.get("failed") or (third.get("changed") and not operation.repeats):
        yield f"the run after it: changed={third.get('changed')} {third.get('msg', '')}"
    if operation.is_reached and not operation.is_reached(world):
        yield f"the declared state is not there: {world.peers()}"


def _comparable(result: Result) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in _VOLATILE}
