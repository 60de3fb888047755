# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change: what another run has done meanwhile, and lost answers."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.ensure import ensure
from ansible_collections.atlasops.network.plugins.module_utils.gcp.peering import Desired, Network, plan

OURS = Network("my-project", "default")
DESIRED = Desired(OURS, "", Network("p-1a2b3c", "nt-4d5e6f"), {})


class Compute:
    """A Compute API whose writes fail, after another run or the request itself has taken effect if it is so."""

    def __init__(self, takes_effect: bool, in_doubt: bool) -> None:
        self._existing: list[Any] = []
        self._takes_effect, self._error = takes_effect, AtlasError("It exists already.")
        self._error.outcome_unknown = in_doubt

    def peerings(self, network: Network) -> list[Any]:
        return self._existing

    def add_peering(self, network: Network, record: Any) -> None:
        self._existing = [record] if self._takes_effect else []
        raise self._error

    update_peering = remove_peering = add_peering


@pytest.mark.parametrize("in_doubt", [True, False])
def test_failed_create_adopts_what_is_as_desired(in_doubt: bool) -> None:
    client: Any = Compute(takes_effect=True, in_doubt=in_doubt)
    result = ensure(client, DESIRED, present=True, check_mode=False)
    assert result["changed"] is in_doubt
    assert result["peering"] == plan(DESIRED, [], True).after


@pytest.mark.parametrize("in_doubt", [True, False])
def test_failed_create_is_raised_if_nothing_exists(in_doubt: bool) -> None:
    client: Any = Compute(takes_effect=False, in_doubt=in_doubt)
    with pytest.raises(AtlasError, match="It exists already"):
        ensure(client, DESIRED, present=True, check_mode=False)
