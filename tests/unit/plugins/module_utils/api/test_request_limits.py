# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When an attempt at a request must be over."""

from __future__ import annotations

from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import RequestLimits
from support.clock import Clock


def test_attempt_ends_with_its_timeout_or_a_second_after_the_deadline(clock: Clock) -> None:
    assert RequestLimits(5.0).end() == clock.now + 5
    assert RequestLimits(5.0, clock.now).end() == clock.now + 1


def test_no_attempt_begins_after_close(clock: Clock) -> None:
    limits = RequestLimits(5.0)
    limits.close()
    assert limits.end() < clock.now
