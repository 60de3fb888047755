# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an export: which they are, and how they are replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.engine import export_files
from ansible_collections.atlasops.network.plugins.module_utils.engine.export_files import host_file, write
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option_name_scope

OLD, NEW = "---\n# Mark\na: 1\n", "---\n# Mark\na: 2\n"


@pytest.mark.parametrize("host", ["", ".", "..", "a/b", "/etc/a", "../a"])
def test_host_whose_name_is_no_file_name_fails(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a file"):
        host_file(str(tmp_path), host)


@pytest.mark.parametrize("name", ["..a", "a.b", "shop-1"])
def test_file_of_host_has_its_name(tmp_path: Path, name: str) -> None:
    assert host_file(str(tmp_path), name) == tmp_path / f"{name}.yml"


@pytest.mark.parametrize("end", ["", ".yaml", ".json"])
def test_other_file_of_host_fails(tmp_path: Path, end: str) -> None:
    (tmp_path / f"shop{end}").touch()
    with pytest.raises(InputError, match=f"shop{end} has variables of the same host"):
        host_file(str(tmp_path), "shop")
    assert host_file(str(tmp_path), "web") == tmp_path / "web.yml"


def test_new_file_is_readable_by_others_and_has_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "shop.yml"
    assert write(path, NEW, check_mode=True).changed
    assert not path.parent.exists()
    written = write(path, NEW, check_mode=False)
    assert (written.before, path.read_text()) == ("", NEW)
    assert path.stat().st_mode & 0o777 == 0o644
    assert not write(path, NEW, check_mode=False).changed
    assert os.listdir(path.parent) == ["shop.yml"]


def test_draft_is_hidden_and_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible would read a file of any other name as variables of a host."""
    path, drafts = tmp_path / "shop.yml", []
    path.write_text(OLD)

    def fail(draft: str, _path: Path) -> None:
        drafts.append(Path(draft))
        raise OSError("The disk is full.")

    monkeypatch.setattr(export_files.os, "replace", fail)
    with pytest.raises(InputError, match=r"shop\.yml cannot be written: The disk is full\."):
        write(path, NEW, check_mode=False)
    (draft,) = drafts
    assert draft.parent == tmp_path
    assert draft.name.startswith(".shop.yml.")
    assert (os.listdir(tmp_path), path.read_text()) == (["shop.yml"], OLD)


@pytest.mark.parametrize("before", ["a: 1\n", "---\na: 1\n", "---\n# Another mark\n"])
def test_file_of_somebody_else_is_kept(tmp_path: Path, before: str) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(before)
    with pytest.raises(InputError, match="was not written by an export"):
        write(path, NEW, check_mode=False)
    assert path.read_text() == before


def test_difference_shows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(OLD)
    written = write(path, NEW, check_mode=True)
    header = {"before_header": str(path), "after_header": str(path)}
    assert written.diff == {"before": OLD, "after": NEW, **header}
    assert path.read_text() == OLD


def test_equal_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text(NEW)
    os.utime(path, (0, 0))
    assert not write(path, NEW, check_mode=False).changed
    assert path.stat().st_mtime == 0


def test_file_that_is_no_text_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"shop\.yml cannot be written: "):
        write(path, NEW, check_mode=False)
    assert path.read_bytes() == b"\xff\xfe"


def test_message_names_the_option_as_the_user_does(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    path.write_text("a: 1\n")
    with option_name_scope({"path": "P"}), pytest.raises(InputError, match=r"or set another P\."):
        write(path, NEW, check_mode=False)
