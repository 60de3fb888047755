# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every error message is held to."""

from __future__ import annotations

import re

LONGEST = 700  # Ansible's own list of options is the longest


def is_readable(msg: str) -> bool:
    """One line, not too long, with nothing in it that only programs understand."""
    return len(msg) <= LONGEST and not re.search(r"\n|Traceback|Error\(|object at|HTTPConnection|b'", msg)
