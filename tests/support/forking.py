# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program, such as ansible-lint, for which each ansible-playbook that it runs is forked.

Run as a script, this file takes the program with its arguments.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from support.commands import TESTS, Command

# What the program finds in place of ansible-playbook.
CLIENT = """\
#!{python} -IS
import os, sys
sys.path.append({tests!r})
from support.commands import Command
command = Command([{executed!r}, *sys.argv[1:]], os.getcwd(), dict(os.environ))
sys.exit(command.server().start(command, (0, 1, 2)).wait())
"""


def run_forking(program: Sequence[str]) -> int:
    """Run a program with its arguments, and return its code."""
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(sys.executable).with_name("ansible-playbook")
        client = Path(folder, executed.name)
        client.write_text(CLIENT.format(python=sys.executable, tests=str(TESTS), executed=str(executed)))
        client.chmod(0o700)
        os.environ["PATH"] = os.pathsep.join([folder, os.environ["PATH"]])
        Command([], folder, dict(os.environ)).server()  # runs until this process ends
        return subprocess.run(program, check=False).returncode


if __name__ == "__main__":
    sys.exit(run_forking(sys.argv[1:]))
