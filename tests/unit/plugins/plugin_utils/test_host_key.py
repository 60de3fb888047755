# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of the artifacts of hosts."""

from __future__ import annotations

import pytest

from ansible_collections.atlasops.network.plugins.filter.host_key import FilterModule


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("localhost", "of_localhost"),
        ("team_a", "of_team_a"),
        ("payments-production", "of_payments_production_48d257e4"),
        ("payments.production", "of_payments_production_391ceb53"),
        ("größe", "of_größe"),
    ],
)
def test_host_key_is_a_name_and_unique(host: str, key: str) -> None:
    assert FilterModule().filters()["host_key"](host) == key
    assert key.isidentifier()
