# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a forked process ends: as an interpreter does, except that it does not clear its memory.

Clearing it would copy all that the process shares with its server, which takes as long as a short run.
"""

from __future__ import annotations

import atexit
import sys
import traceback
from typing import Callable


def run_last(run: Callable[[], object]) -> int:
    """Run what is the last thing that this process does, and return the code for `os._exit`."""
    code = _code_of(run)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _code_of(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
