# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the page of the drift report into a picture: its markup and style inside an SVG, so that text stays text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from xml.sax.saxutils import escape, quoteattr

WIDTH, HEIGHT = 1120, 1124
_XHTML, _SVG = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"
_VOID = {"br", "meta", "wbr"}
# Rules for narrow screens and for paper. A picture is shown at any width, but drawn at its own.
_OTHER_MEDIA = re.compile(r"^@media (?:screen and )?(?:\(max-width[^{]*|print )\{\n(?:  .*\n)*\}\n", re.MULTILINE)


def draw(page: str) -> str:
    """Return the picture of the head of a page and of its first section, the drawing."""
    style = _OTHER_MEDIA.sub("", page.partition("<style>")[2].partition("</style>")[0])
    title = html.unescape(page.partition("<title>")[2].partition("</title>")[0])
    head = page.partition("<body>")[2].partition("</section>")[0]
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    return (
        f'<svg xmlns="{_SVG}" {size} viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n<title>{escape(title)}</title>\n'
        f'<style>{escape(style)}</style>\n<foreignObject {size}>\n<body xmlns="{_XHTML}">{_as_xml(head)}</section>\n'
        "</main>\n</body>\n</foreignObject>\n</svg>\n"
    )


def _as_xml(fragment: str) -> str:
    writer = _Writer()
    writer.feed(fragment)
    writer.close()
    return "".join(writer.parts)


class _Writer(HTMLParser):
    """Writes HTML as XML: empty elements are closed, and drawings have their namespace."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The parser returns names in lower case, which XML tells apart.
        named = [("viewBox" if name == "viewbox" else name, value or "") for name, value in attrs]
        named += [("xmlns", _SVG)] if tag == "svg" else []
        given = "".join(f" {name}={quoteattr(value)}" for name, value in named)
        is_closed = tag in _VOID or (self.get_starttag_text() or "").endswith("/>")
        self.parts.append(f"<{tag}{given}{'/' if is_closed else ''}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))
