# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real answers of Atlas that were recorded or copied; they are not part of this collection.

The environment variable ATLAS_FIXTURES names the folder ``fixtures``; ``recordings`` lies beside it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_VARIABLE = os.environ.get("ATLAS_FIXTURES")
FIXTURES = Path(_VARIABLE or ".").resolve()
RECORDINGS = FIXTURES.with_name("recordings")

needs_fixtures = pytest.mark.skipif(
    not _VARIABLE, reason="ATLAS_FIXTURES does not name a folder with recorded answers of the real API"
)
needs_recordings = pytest.mark.skipif(
    not _VARIABLE or not RECORDINGS.is_dir(),
    reason="there is no folder recordings, with real answers of the API, beside the one that ATLAS_FIXTURES names",
)


def fixture(name: str) -> Any:
    return _content(FIXTURES, name)


def recording(name: str) -> Any:
    return _content(RECORDINGS, name)


def answers(name: str, method: str) -> list[dict[str, Any]]:
    """Return the recorded responses to requests of this method, in their order."""
    exchanges = recording(name)["exchanges"]
    return [one["response"] for one in exchanges if one["request"]["method"] == method]


def _content(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any) -> Any:
    """Return the names and types within a document."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
