# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run prints: how many mutants there are, what became of them, and which survive that nobody has explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from mutants.running import INVALID, SURVIVED, UNREACHED, Outcome

#: Survivors, below the reason why no test kills them.
EXPLAINED = Path(__file__).parent / "survivors.yml"


def known_survivors() -> dict[str, str]:
    """Return the survivors that are known, each with its reason."""
    groups: Mapping[str, list[str]] = yaml.safe_load(EXPLAINED.read_text())
    return {name: reason for reason, names in groups.items() for name in names}


def report(outcomes: Iterable[Outcome], known: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return lines about outcomes, and whether every survivor is known."""
    packages: dict[str, Counter[str]] = {}
    new = []
    for one in outcomes:
        counter = packages.setdefault(one.mutant.split("/")[0], Counter())
        if one.state == INVALID:
            continue
        survived = one.state in (SURVIVED, UNREACHED)
        counter["mutants"] += 1
        counter["known survivors" if survived and one.mutant in known else one.state] += 1
        if survived and one.mutant not in known:
            new.append(f"{one.state}: {one.mutant}")
    lines = [f"{name}: " + ", ".join(f"{n} {what}" for what, n in found.items()) for name, found in packages.items()]
    return [*new, *lines], not new
