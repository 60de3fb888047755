# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written in a picture, without what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

# Ids of Atlas, of requests in AWS and of simulated networks; dates and times of day.
_CHANGING = re.compile(r"\b(?:[0-9a-f]{24}|pcx-[0-9a-f]{17}|\d{4}-\d\d-\d\d|\d\d:\d\d)\b")


def texts_of(picture: str) -> Iterator[str]:
    """Yield the texts in a picture, in their order; those of its style and its title are not shown."""
    for element in ElementTree.fromstring(picture):  # noqa: S314 - it is ours
        if element.tag.rpartition("}")[2] not in ("style", "title"):
            yield from element.itertext()


def words(texts: Iterable[str]) -> list[str]:
    """Return the words of texts, each id and time replaced by the same sign."""
    return _CHANGING.sub("*", " ".join(texts)).split()
