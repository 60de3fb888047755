# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be waited for: which phases meet it, from which it cannot be reached, and that users are offered it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.modules import atlas_peering_wait
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from support import samples
from support.awx_data import SURVEYS

ROOT = Path(__file__).parents[4]
ROLE = ROOT / "roles" / "atlas_peering"
VARIABLE = "atlas_peering_until"

#: A record in each phase.
RECORDS = {
    "pending": samples.record("AWS", "INITIATING"),
    "action_required": samples.record("AWS", "PENDING_ACCEPTANCE"),
    "available": samples.record("AWS", "AVAILABLE"),
    "failed": samples.record("AWS", "FAILED", "REJECTED"),
    "deleting": samples.record("AWS", "TERMINATING"),
    "absent": samples.parse_desired("AWS").absent,
}
DELETION_FAILED = samples.record("AZURE", "DELETION_FAILED", "In use.")


@pytest.mark.parametrize(
    ("until", "reached", "unreachable"),
    [
        ("available", ["available"], ["failed", "deleting", "absent"]),
        ("action_required", ["action_required", "available"], ["failed", "deleting", "absent"]),
        ("absent", ["absent"], []),
    ],
)
def test_target_is_met_by_or_out_of_reach_of_phases(until: str, reached: list[str], unreachable: list[str]) -> None:
    target = TARGETS[until]
    assert [phase for phase, record in RECORDS.items() if target.is_met_by(record)] == reached
    assert [phase for phase, record in RECORDS.items() if target.cannot_reach(record)] == unreachable
    assert target.cannot_reach(DELETION_FAILED)
    assert target.is_absence == (until == "absent")


def survey_question() -> dict[str, Any]:
    """Return the question of the surveys that sets the variable."""
    questions = {one["variable"]: one for survey in SURVEYS.values() for one in survey["spec"]}
    question: dict[str, Any] = questions[VARIABLE]
    return question


def names_in(pattern: str, text: object) -> set[str]:
    return set(re.findall(pattern, str(text)))


def offered() -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield each place that offers targets to users: what it is called, what it offers, and what it should offer."""
    every = set(TARGETS)
    # With its state absent the role waits for absence by itself.
    of_role = {name for name, target in TARGETS.items() if not target.is_absence}
    option = yaml.safe_load(atlas_peering_wait.DOCUMENTATION)["options"]["until"]
    yield "choices of atlas_peering_wait", set(option["choices"]), every
    yield "description of atlas_peering_wait", names_in(r"V\((\w+)\) - ", option["description"]), every
    spec = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())["__atlas_peering_spec"]
    yield "roles/atlas_peering/vars/main.yml", set(spec[VARIABLE]["choices"]), of_role
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    description = specs["main"]["options"][VARIABLE]["description"]
    yield "roles/atlas_peering/meta/argument_specs.yml", names_in(r"V\((\w+)\)", description), of_role
    (row,) = [line for line in (ROLE / "README.md").read_text().splitlines() if line.startswith(f"| `{VARIABLE}`")]
    yield "roles/atlas_peering/README.md", names_in(r"`(\w+)`", row.split("|")[3]), of_role
    question = survey_question()
    yield "choices of the surveys", set(question["choices"]), of_role
    yield "description of the surveys", names_in(r"\b(\w+) - ", question["question_description"]), of_role


def test_every_target_is_documented_and_a_choice() -> None:
    problems = []
    for place, offers, expected in offered():
        problems += [f"{place}: {name} is missing" for name in sorted(expected - offers)]
        problems += [f"{place}: {name} is no target of this place" for name in sorted(offers - expected)]
    assert not problems, "\n".join(problems)
