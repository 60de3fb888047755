# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: what is missing is reported before anything is measured."""

from __future__ import annotations

import importlib.util

import pytest

from benchmarks import cli


@pytest.fixture
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find_spec(name))


@pytest.mark.parametrize("arguments", [[], ["--only=a,f"], ["--show=old.json", "--only=a"]])
def test_plot_without_matplotlib_is_refused(
    arguments: list[str], without_matplotlib: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.parse(["--results=results", *arguments])
    assert "install tests/benchmarks/requirements.txt" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--only=f"], ["--results=results", "--only=a,b"]])
def test_matplotlib_is_needed_for_the_plot_alone(arguments: list[str], without_matplotlib: None) -> None:
    assert cli.parse(arguments)
