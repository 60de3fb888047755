# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What tells the artifacts of hosts apart."""

from __future__ import annotations

import re
from hashlib import sha256


def host_key(host: str) -> str:
    """Return the end of the key of a host's artifact: ``of_localhost``, or ``of_team_a_1f0ce2b7`` for ``team-a``."""
    word = re.sub(r"\W", "_", host)
    return f"of_{word}" if word == host else f"of_{word}_{sha256(host.encode()).hexdigest()[:8]}"
