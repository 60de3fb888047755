# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the demo: the parts of its output that tell its story, unchanged but for what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pictures.terminal import draw
from pictures.words import words

PLAYBOOK = "atlasops.network.demo"
TITLE = "ansible-playbook atlasops.network.demo, abridged"
# Of each play, by the beginning of its name, the tasks that are shown.
SHOWN = {
    "First run - ": ("Declare the connections", "Wait for the connections"),
    "The other side": ("Act as next_action says",),
    "First run, continued": ("Wait for all connections",),
    "Second run": ("Connections",),
}
_HEADING = re.compile(r"(PLAY|TASK) \[(?P<name>.*)\] \*+$|PLAY RECAP \*+$")


def picture(output: str) -> str:
    """Return the picture of a run of the demo, from what it printed."""
    return draw(excerpt(output), TITLE)


def excerpt(output: str) -> list[str]:
    """Return the lines to show, with a blank one before each heading."""
    lines, play = [f"$ ansible-playbook {PLAYBOOK}", ""], ""
    for heading, body in _sections(output.splitlines()):
        name = heading.partition("[")[2].rpartition("]")[0]
        if heading.startswith("PLAY RECAP"):
            lines += ["PLAY RECAP", *body]
        elif heading.startswith("PLAY"):
            play = name
            lines += [f"PLAY [{play}]", ""] if _tasks(play) else []
        elif name.rpartition(" : ")[2] in _tasks(play) and not body[0].startswith("included: "):
            lines += [f"TASK [{name}]", *body, ""]
    return lines


def _tasks(play: str) -> Iterable[str]:
    return next((tasks for begin, tasks in SHOWN.items() if play.startswith(begin)), ())


def _sections(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return (heading, lines below it that are not empty)."""
    sections: list[tuple[str, list[str]]] = []
    for line in lines:
        if _HEADING.match(line):
            sections.append((line, []))
        elif sections and line.strip():
            sections[-1][1].append(line.rstrip())
    return sections


def story(texts: Iterable[str]) -> list[str]:
    """Return the words of lines, sorted, without how far a wait is while it goes on.

    They are sorted because the wait reports the connections in the order in which they get somewhere.
    """
    return sorted(words(text for text in texts if not re.search(r"· \d+ pending$", text)))
