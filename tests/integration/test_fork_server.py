# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forked command is like an executed one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.fork_server import Command
from support.run_playbook import BIN, clean_environment

# What an executed process has of its own, as far as a playbook can see it.
SEEN = """
[{{ lookup('env', 'SEEN') }}, {{ lookup('env', 'PATH') }}, {{ lookup('env', 'EDITOR') }}, {{ lookup('pipe', 'pwd') }},
{{ lookup('config', 'DEFAULT_LOCAL_TMP') | dirname }}, {{ playbook_dir }}, {{ lookup('config', 'DEFAULT_FORKS') }},
{{ lookup('config', 'remote_tmp', plugin_type='shell', plugin_name='sh') }}]
"""


def command(folder: Path) -> Command:
    environment = {**clean_environment(folder), "SEEN": "yes"}
    (folder / "ansible.cfg").write_text("[defaults]\nforks = 3\n")
    tasks = [{"debug": {"msg": SEEN}}, {"fail": {"msg": "{{ lookup('pipe', 'cat') }}."}}]
    (folder / "playbook.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return Command([str(BIN / "ansible-playbook"), "playbook.yml"], str(folder), environment)


def test_forked_command_is_like_executed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "of the tests")
    outputs = []
    for way in ("executed", "forked"):
        place = tmp_path / way
        place.mkdir()
        one = command(place)
        code = one.run(60) if way == "forked" else one.start().wait(60)
        assert code == 2, one.output
        outputs.append(one.output.replace(str(place), "PLACE"))
    assert outputs[0] == outputs[1]
    assert "[yes, " in outputs[0]
    assert r", PLACE, 3,\nPLACE/tmp]" in outputs[0]


def script(folder: Path, text: str, **environment: str) -> Command:
    path = folder / "script"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o755)
    return Command([str(path)], str(folder), environment)


def test_hung_command_is_killed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        script(tmp_path, "import time\ntime.sleep(600)").run(0.5)
    assert script(tmp_path, "raise SystemExit(7)").run(60) == 7


@pytest.mark.parametrize("seed", ["0", "1"])
def test_settings_of_a_new_interpreter_take_effect(tmp_path: Path, seed: str) -> None:
    text = "import sys\nprint(hash('text'), sys.flags.utf8_mode)"
    one = script(tmp_path, text, PYTHONHASHSEED=seed, PYTHONUTF8="1")
    outputs = []
    for code in (one.start().wait(60), one.run(60)):
        assert code == 0
        outputs.append(one.output)
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(("name", "executed"), [("COVERAGE_ROOT", True), ("ROOT", False)])
def test_only_command_with_coverage_is_executed(tmp_path: Path, name: str, executed: bool) -> None:
    """Coverage is measured from the start of an interpreter."""
    one = script(tmp_path, "import sys\nprint(sys.orig_argv)", **{name: "0"})
    assert one.run(60) == 0
    assert (f"'{one.arguments[0]}'" in one.output) == executed
