# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forked command is like an executed one."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from support.fork_server import Command, fork_server
from support.run_playbook import BIN, clean_environment

# What an executed process has of its own, as far as a playbook can see it.
SEEN = """
[{{ lookup('env', 'SEEN') }}, {{ lookup('env', 'PATH') }}, {{ lookup('env', 'EDITOR') }}, {{ lookup('pipe', 'pwd') }},
{{ lookup('config', 'DEFAULT_LOCAL_TMP') | dirname }}, {{ playbook_dir }}, {{ lookup('config', 'DEFAULT_FORKS') }}]
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
        code = fork_server().run(one, 60) if way == "forked" else one.start().wait(60)
        assert code == 2, one.output
        outputs.append(one.output.replace(str(place), "PLACE"))
    assert outputs[0] == outputs[1]
    assert "[yes, " in outputs[0]
    assert ", PLACE, 3]" in outputs[0]


def test_hung_command_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("import time\ntime.sleep(600)\n")
    with pytest.raises(subprocess.TimeoutExpired):
        fork_server().run(Command([str(script)], str(tmp_path), {}), 0.5)
    script.write_text("raise SystemExit(7)\n")
    assert fork_server().run(Command([str(script)], str(tmp_path), {}), 60) == 7


@pytest.mark.parametrize("name", ["PYTHONHASHSEED", "LC_ALL", "COVERAGE_ROOT"])
def test_setting_of_a_new_interpreter_needs_one(tmp_path: Path, name: str) -> None:
    one = command(tmp_path)
    assert one.can_be_forked
    assert not replace(one, environment={**one.environment, name: "0"}).can_be_forked
