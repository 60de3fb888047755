# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is retried, and how often."""

from __future__ import annotations

import pytest
from urllib3.exceptions import MaxRetryError, ProtocolError, SSLError

from ansible_collections.atlasops.network.plugins.module_utils.api.request_limits import RequestLimits
from ansible_collections.atlasops.network.plugins.module_utils.api.retries import RetryPolicy, TimeBoundedRetry
from support.clock import Clock


def retry(*methods: str) -> TimeBoundedRetry:
    return TimeBoundedRetry.by(RetryPolicy(methods, 1000.0, RequestLimits(5.0)))


def test_attempts_are_not_counted(clock: Clock) -> None:
    one = retry("GET")
    for _time in range(50):
        one = one.increment("GET", error=ProtocolError())
    assert len(one.history) == 50


def test_errors_that_a_retry_does_not_cure_end_it(clock: Clock) -> None:
    with pytest.raises(MaxRetryError):
        retry("GET").increment("GET", error=SSLError())


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
def test_only_methods_of_the_policy_are_retried(method: str) -> None:
    assert retry("GET", "POST").is_retry(method, 503) is (method in ("GET", "POST"))
