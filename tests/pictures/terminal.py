# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws lines of a terminal as SVG, one text element for each."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from xml.sax.saxutils import escape

COLUMNS = 126
_CHARACTER, _LINE, _MARGIN, _TITLE = 7.8, 18, 16, 34  # pixels
_BACKGROUND, _BAR, _PLAIN = "#16181d", "#23262e", "#d7dae0"
# The first pattern that matches a line gives its color, much as ansible-playbook does.
_COLORS = (
    (r"\$ ", "#ffffff"),
    (r"(PLAY|TASK) ", "#8ab4f8"),
    (r"changed: |\w+ +: ok=\d+ +changed=[1-9]", "#e5c07b"),
    (r"ok: |\w+ +: ok=", "#98c379"),
    (r"\d\d:\d\d  ", "#56d4dd"),
    (r"…", "#7f848e"),
)


def draw(lines: Sequence[str], title: str) -> str:
    """Return the picture of lines, which are wrapped if they are longer than COLUMNS."""
    parts = [(part, _color(line)) for line in lines for part in _wrap(line)]
    width, height = round(COLUMNS * _CHARACTER + 2 * _MARGIN), _TITLE + len(parts) * _LINE + 2 * _MARGIN
    first = _TITLE + _MARGIN + 0.75 * _LINE
    texts = (_text(part, first + number * _LINE, color) for number, (part, color) in enumerate(parts) if part)
    dots = (f'<circle cx="{20 + 18 * number}" cy="17" r="5.5" fill="#4b505c"/>' for number in range(3))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title>",
            "<style>text { font: 13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; "
            "white-space: pre; }</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="{_BACKGROUND}"/>',
            f'<path d="M0 {_TITLE}V8a8 8 0 0 1 8-8h{width - 16}a8 8 0 0 1 8 8v{_TITLE - 8}z" fill="{_BAR}"/>',
            *dots,
            *texts,
            "</svg>\n",
        ]
    )


def _color(line: str) -> str:
    return next((color for pattern, color in _COLORS if re.match(pattern, line)), _PLAIN)


def _text(line: str, baseline: float, color: str) -> str:
    """Return one line; its length is fixed, since every viewer has another font."""
    shown, indent = line.lstrip(" "), len(line) - len(line.lstrip(" "))
    return (
        f'<text x="{_MARGIN + indent * _CHARACTER:g}" y="{baseline:g}" fill="{color}" '
        f'textLength="{len(shown) * _CHARACTER:g}" lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>'
    )


def _wrap(line: str) -> list[str]:
    """Break a line that is too long between words, and indent the rest as far as the line or its first column."""
    indent = re.match(r" *(\d\d:\d\d  |(ok|changed): )?", line)
    return textwrap.wrap(
        line,
        COLUMNS,
        subsequent_indent=" " * (indent.end() if indent else 0),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    ) or [""]
