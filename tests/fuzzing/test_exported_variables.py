# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any answer of Atlas as exported variables: YAML of plain texts, in which Ansible finds no template to evaluate."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.modules import atlas_peering_export
from fuzzing.examples import CountCases, try_examples
from fuzzing.in_process_atlas import LocalAtlas, validate
from fuzzing.test_answers import CHANGES, FIRST, STATUSES
from fuzzing.test_report_page import NETWORKS, TEMPLATE, WORDS, spoil
from support.samples import PROJECT, in_api


def texts(value: Any) -> list[str]:
    """Return all texts in a document, keys included."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    assert isinstance(value, str)
    return [value]


def test_exported_variables(count_cases: CountCases, local_atlas: LocalAtlas) -> None:
    def check(
        first: int, status: str, error: str | None, networks: list[str], layout: str, changes: list[tuple[int, Any]]
    ) -> None:
        spoil(local_atlas, first, changes)
        for (cloud, field), network in zip(NETWORKS, networks):
            local_atlas.atlas.add_peer(PROJECT, cloud, status, error, **{**in_api(cloud), field: network})
            local_atlas.atlas.add_peer(PROJECT, cloud, "AVAILABLE", **in_api(cloud))
        target = {"projects": [{"project_id": PROJECT, "host": "shop"}], "path": "/does/not/exist", "format": layout}
        params, refusals = validate(atlas_peering_export.SPEC, {**local_atlas.connection, **target})
        assert not refusals
        result = local_atlas.run(atlas_peering_export, params, check_mode=True)
        for difference in result.get("diff", ()):
            for text in texts(yaml.safe_load(difference["after"])):
                assert "{{" not in text
                assert "{%" not in text
            for line in difference["after"].split("\n"):
                assert line.isprintable(), repr(line[:500])

    strategies = {
        "first": FIRST,
        "status": st.just("AVAILABLE") | STATUSES,
        "error": st.none() | WORDS,
        "networks": st.lists(st.just(TEMPLATE) | WORDS, min_size=3, max_size=3),
        "layout": st.sampled_from(["host_vars", "list"]),
        "changes": st.just([]) | CHANGES,
    }
    try_examples(count_cases, 300, check, **strategies)
