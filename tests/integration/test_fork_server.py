# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forked command is like an executed one."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from support.commands import FOLDER, TESTS, Command
from support.fork_server import STARTERS
from support.patience import PATIENCE
from support.run_playbook import BIN, clean_environment, eventually

# What an executed process has of its own, as far as a playbook can see it.
SEEN = """
[{{ lookup('env', 'MONGODB_ATLAS_SEEN') }}, {{ lookup('env', 'PATH') }}, {{ lookup('env', 'EDITOR') }},
{{ lookup('pipe', 'pwd') }},
{{ lookup('config', 'DEFAULT_LOCAL_TMP') | dirname }}, {{ playbook_dir }}, {{ lookup('config', 'DEFAULT_FORKS') }},
{{ lookup('config', 'remote_tmp', plugin_type='shell', plugin_name='sh') }}]
"""


def command(folder: Path) -> Command:
    environment = {**clean_environment(folder), "MONGODB_ATLAS_SEEN": folder.resolve().name}
    (folder / "ansible.cfg").write_text("[defaults]\nforks = 3\n")
    tasks = [{"debug": {"msg": SEEN}}, {"fail": {"msg": "{{ lookup('pipe', 'cat') }}."}}]
    (folder / "playbook.yml").write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return Command([str(BIN / "ansible-playbook"), "playbook.yml"], str(folder), environment)


def test_forked_command_is_like_executed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "of the tests")
    outputs, left, place = [], [], tmp_path / "place"
    for way in ("executed", "forked", "forked again"):
        (tmp_path / way).mkdir()
        place.unlink(missing_ok=True)
        place.symlink_to(tmp_path / way)
        one = command(place)
        code = one.execute().wait(PATIENCE) if way == "executed" else one.run(PATIENCE)
        assert code == 2, one.output
        assert f"[{way}, " in one.output
        left.append(len([*(place / "tmp").iterdir()]))
        outputs.append(
            one.output.replace(str(tmp_path / way), "PLACE").replace(str(place), "PLACE").replace(way, "WAY")
        )
    assert outputs[0] == outputs[1] == outputs[2]
    assert left[0] == left[1] == left[2]
    assert r", PLACE, 3,\nPLACE/tmp]" in outputs[0]


def script(folder: Path, text: str, **environment: str) -> Command:
    path = folder / "script"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o755)
    # As that of playbooks, so that the same server starts it.
    return Command(
        [str(path)], str(folder), {"HOME": str(folder), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **environment}
    )


def test_hung_command_is_killed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        script(tmp_path, "import time\ntime.sleep(600)").run(0.5)
    assert script(tmp_path, "raise SystemExit(7)").run(PATIENCE) == 7


def test_started_command_can_be_awaited_and_interrupted(tmp_path: Path) -> None:
    process = script(tmp_path, "import time\ntime.sleep(600)").start()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == process.poll() == -signal.SIGTERM
    process.send_signal(signal.SIGTERM)  # to nobody


def test_commands_of_one_server_run_side_by_side(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    folders = [tmp_path / "reader", tmp_path / "writer"]
    for folder in folders:
        folder.mkdir()
    reader = script(folders[0], f"print(open({str(pipe)!r}).read())")
    process = reader.start()
    assert script(folders[1], f"open({str(pipe)!r}, 'w').write('written')").run(PATIENCE) == 0
    assert process.wait(PATIENCE) == 0
    assert reader.stdout == "written\n"


@pytest.mark.parametrize("sent", [b"", b"\0", b"\0\0\1\0", b'\0\0\1\0{"arguments"'])
def test_server_outlives_a_client_that_ends_in_the_middle(tmp_path: Path, sent: bytes) -> None:
    one = script(tmp_path, "")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(one.server().address)
        client.sendall(sent)
    assert one.run(PATIENCE) == 0


def test_command_that_cannot_be_forked_fails_alone(tmp_path: Path) -> None:
    one = script(tmp_path, "")
    nowhere = replace(one, folder=str(tmp_path / "nowhere"))
    with (tmp_path / "said").open("wb") as said:
        assert one.server().start(nowhere, [said.fileno()] * 3).wait(PATIENCE) == 1
    assert "FileNotFoundError" in (tmp_path / "said").read_text()
    assert one.run(PATIENCE) == 0


# A test process of its own, which prints the starter of a command.
TEST_PROCESS = """
import os, sys
from support.commands import FOLDER, TESTS, Command
from support.fork_server import STARTERS
one = Command([sys.argv[1]], os.path.dirname(sys.argv[1]), {"HOME": os.path.dirname(sys.argv[1]), "LANG": "C.UTF-8"})
assert one.run(600) == 0
print(one.stdout, flush=True)
"""


def test_processes_of_a_test_run_share_a_server_that_ends_with_them(tmp_path: Path) -> None:
    asked = script(tmp_path, "import os\nprint(os.getppid())").arguments
    environment = {**os.environ, "PYTHONPATH": str(TESTS), FOLDER: str(tmp_path)}
    interpreter = [sys.executable, "-c", TEST_PROCESS, *asked]
    with subprocess.Popen(
        [sys.executable, "-ic", TEST_PROCESS, *asked], 0, stdin=-1, stdout=-1, env=environment
    ) as one:
        assert one.stdout
        starter = int(one.stdout.readline())
        other = subprocess.run(interpreter, env=environment, check=True, stdout=subprocess.PIPE)
        assert int(other.stdout) == starter
    (address,) = [path for path in tmp_path.iterdir() if path.is_socket()]
    eventually("end of the server", lambda: refuses(address))


def refuses(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(address)) == errno.ECONNREFUSED


def test_commands_with_same_settings_share_a_starter(tmp_path: Path) -> None:
    environment, parents = clean_environment(tmp_path), []
    for forks, project in ((3, "a"), (3, "b"), (4, "b"), (4, "b")):
        (tmp_path / "ansible.cfg").write_text(f"[defaults]\nforks = {forks}\n")
        one = script(tmp_path, "import os\nprint(os.getppid())", **environment, MONGODB_ATLAS_PROJECT_ID=project)
        assert one.run(PATIENCE) == 0
        parents.append(one.stdout)
    assert parents[0] == parents[1] != parents[2] == parents[3]


def test_starter_that_is_no_longer_kept_waits_for_its_command(tmp_path: Path) -> None:
    first, pipe = tmp_path / "first", tmp_path / "pipe"
    first.mkdir()
    os.mkfifo(pipe)
    process = script(first, f"import os\nos._exit(int(open({str(pipe)!r}).read()))").start()
    for number in range(STARTERS):
        assert script(tmp_path, "", NUMBER=str(number)).run(PATIENCE) == 0
    pipe.write_text("7")
    assert process.wait(PATIENCE) == 7


def test_ansible_says_for_each_command_what_it_says_when_imported(tmp_path: Path) -> None:
    settings = {**clean_environment(tmp_path), "ANSIBLE_FORKS": "several"}
    for _number in range(3):
        one = Command([str(BIN / "ansible-playbook"), "--version"], str(tmp_path), settings)
        assert one.run(PATIENCE) == 5
        assert "ANSIBLE_FORKS" in one.stderr


@pytest.mark.parametrize("seed", ["0", "1"])
def test_settings_of_a_new_interpreter_take_effect(tmp_path: Path, seed: str) -> None:
    text = "import sys\nprint(hash('text'), sys.flags.utf8_mode)"
    one = script(tmp_path, text, PYTHONHASHSEED=seed, PYTHONUTF8="1")
    outputs = []
    for code in (one.execute().wait(PATIENCE), one.run(PATIENCE)):
        assert code == 0
        outputs.append(one.output)
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(("name", "executed"), [("COVERAGE_ROOT", True), ("ROOT", False)])
def test_only_command_with_coverage_is_executed(tmp_path: Path, name: str, executed: bool) -> None:
    """Coverage is measured from the start of an interpreter."""
    one = script(tmp_path, "import sys\nprint(sys.orig_argv)", **{name: "0"})
    assert one.run(PATIENCE) == 0
    assert (f"'{one.arguments[0]}'" in one.output) == executed
