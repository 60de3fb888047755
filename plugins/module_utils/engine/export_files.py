# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The files of an export: where they are, and writing them without losing anything else."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option

#: The name of the file in a directory of variables of one host.
_FILE_IN_DIRECTORY = "atlas_peering.yml"


@dataclass(frozen=True)
class Written:
    """A file after an export, or as it would be.

    Attributes:
        path: Where it is.
        before: Its text before; empty if there was none.
        after: Its text.
    """

    path: Path
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the file changes."""
        return self.before != self.after

    @property
    def diff(self) -> dict[str, str]:
        """The change, as ``--diff`` shows it."""
        return {
            "before": self.before,
            "after": self.after,
            "before_header": str(self.path),
            "after_header": str(self.path),
        }


def host_file(folder: str, host: str) -> Path:
    """Return the file of a host's variables, as Ansible finds it beside what the host may have already.

    Raises:
        InputError: The host's name cannot be that of a file, or Ansible would no longer read another file of the host.
    """
    if host != os.path.basename(host) or host in ("", ".", ".."):
        raise InputError(f"The name of the host {host!r} cannot be the name of a file. Set another one.")
    directory = Path(folder, host)
    if directory.is_dir():
        return directory / _FILE_IN_DIRECTORY
    path = Path(folder, f"{host}.yml")
    others = [one for one in (Path(folder, f"{host}{end}") for end in ("", ".yaml", ".json")) if one.exists()]
    if others:
        raise InputError(
            f"{others[0]} has variables of the same host, of which Ansible reads only one file. Move it to "
            f"{directory}/, where Ansible reads all files, and run the export again."
        )
    return path


def write(path: Path, text: str, check_mode: bool) -> Written:
    """Write a file, whole or not at all, unless it is as it should be.

    A file that exists is only overwritten if it begins with the same two lines, by which an export marks its files.

    Raises:
        InputError: The file is not one of an export, or cannot be read or written.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if before and before.splitlines()[:2] != text.splitlines()[:2]:
            raise InputError(
                f"{path} was not written by an export, so it is not overwritten. Move it away, or to a directory of "
                f"the host's name, or set another {option('path')}."
            )
        written = Written(path, before, text)
        if written.changed and not check_mode:
            _replace(path, text)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be written: {error}.") from None
    return written


def _replace(path: Path, text: str) -> None:
    """Put a new file in the place of an old one, with the mode that other new files have or that the old one had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(draft, mode)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
