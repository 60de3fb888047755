# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are vaulted where they stand."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml

from support.run_playbook import BIN


class Vaulted(str):
    """A text that YAML gets with the tag of a vault."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))


def encrypt(text: str, password: Path) -> Vaulted:
    command = [BIN / "ansible-vault", "encrypt_string", "--vault-password-file", password, "-"]
    output = subprocess.run(command, input=text, capture_output=True, check=True, text=True).stdout
    lines = [line.strip() for line in output.splitlines() if line.startswith(" ")]
    return Vaulted("\n".join(lines) + "\n")


def dump(content: Any) -> str:
    """Return YAML in which vaulted values have their tag."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False)
