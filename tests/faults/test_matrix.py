# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation against every fault at every one of its requests."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Callable

import pytest

from faults.matrix import Case, cases, choose, violations
from faults.operations import OPERATIONS
from faults.stage import Stage

CountCases = Callable[[str, int, int], None]


def hold(stage: Stage, chosen: Iterable[Case], count_cases: CountCases) -> None:
    """Run cases, count them, and fail if a promise is broken."""
    broken = {str(case): violations(stage, case) for case in chosen}
    wrong = [f"{case}: {promise}" for case, promises in broken.items() for promise in promises]
    count_cases("fault cases", len(broken), sum(map(bool, broken.values())))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_fault_at_every_request(operation: str, stage: Stage, count_cases: CountCases) -> None:
    hold(stage, cases(stage, [operation]), count_cases)


def test_every_fault_and_every_operation_once(stage: Stage, count_cases: CountCases) -> None:
    """A slice of the above: each fault, and each request of each operation, at least once."""
    every = list(cases(stage))
    chosen = choose(every)
    assert {case.fault.name for case in chosen} == {case.fault.name for case in every}
    assert {(case.operation, case.number) for case in chosen} == {(case.operation, case.number) for case in every}
    hold(stage, chosen, count_cases)


def test_token_that_cannot_be_replaced_leaves_no_connection_open(stage: Stage) -> None:
    """Where one is left, collecting it is a warning, and that an error."""
    every = cases(stage, ["create with a service account"])
    (case,) = [one for one in every if (one.number, one.fault.name, one.lasts) == (2, "HTTP 401", True)]
    assert violations(stage, case) == []
    gc.collect()
