# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs jobs the way AWX does: ansible-runner transmit | worker | process, with a folder as AWX prepares it.

AWX transmits on a control node, works in a container on an execution node, and processes what streams back on the
control node. Here all three are on this machine, with a home for each, and there is no container.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Callable

from support.patience import PATIENCE
from support.run_playbook import BIN, ROOT, clean_environment, eventually, kill_everything, processes_of

# The inputs of a credential; what is not filled in AWX hands over as an empty string.
INPUTS = (
    *("ACCESS_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "PUBLIC_API_KEY", "PRIVATE_API_KEY"),
    *("BASE_URL", "ORG_ID", "PROJECT_ID"),
)
# So often, in seconds, ansible-runner looks whether the job is to be ended. AWX leaves it at 5.
PEXPECT_TIMEOUT = 0.5
IDENT = "1"
Event = dict[str, Any]


class Job:
    """One job: what AWX would hand to ansible-runner, the processes, and what they leave."""

    def __init__(self, folder: Path, hosts: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str]) -> None:
        """Write the project, the inventory as a script, and the environment that a credential injects."""
        hostvars = {host: _prefixed(variables) for host, variables in hosts.items()}
        self._folder = folder
        self._sent, self.work, self._out = (folder / name for name in ("sent", "work", "out"))
        self._stream = folder / "stream"
        self._artifacts = self._out / "artifacts" / IDENT
        self._processes: list[subprocess.Popen[bytes]] = []
        empty = {f"MONGODB_ATLAS_{name}": "" for name in INPUTS}
        self._write("env/envvars", {**empty, **environment, "JOB_ID": "42", "MAX_EVENT_RES": "700000"})
        self._write("project/ansible.cfg", f"[defaults]\ncollections_path = {ROOT / '.cache' / 'collections'}\n")
        self._write("project/play.yml", [{"name": "Peer", "import_playbook": "atlasops.network.peer"}])
        inventory = json.dumps({"all": {"hosts": [*hosts]}, "_meta": {"hostvars": hostvars}})
        self._write("inventory/hosts", f"#! /usr/bin/env python3\nprint({inventory!r})\n").chmod(0o700)

    def _write(self, name: str, content: Any) -> Path:
        path = self._sent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def start(self, cmdline: str = "", settings: Mapping[str, Any] | None = None, **variables: Any) -> Job:
        """Start it with these variables of the role; `settings` are ansible-runner's."""
        self._write(
            "env/extravars",
            {**_prefixed({"hosts": "all", **variables}), "awx_job_id": 42, "awx_job_template_name": "Peer"},
        )
        self._write("env/settings", {"pexpect_timeout": PEXPECT_TIMEOUT, "job_timeout": 0, **(settings or {})})
        self._write("env/cmdline", cmdline)
        commands = {
            "transmit": f'transmit "{self._sent}" -p play.yml --ident {IDENT}',
            "worker": f'worker --private-data-dir "{self.work}" --delete',
            "process": f'process "{self._out}" --ident {IDENT}',
        }
        source: Any = subprocess.DEVNULL
        for role, command in commands.items():
            source = self._spawn(role, command, source)
        return self

    def _spawn(self, role: str, command: str, source: Any) -> Any:
        """Start one of the three, which reads what the one before it says; what the worker says is kept too."""
        home = self._folder / role
        home.mkdir()
        shell = f'tee "{self._stream}" | ' if role == "process" else "exec "
        with (home / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                ["sh", "-c", f'{shell}"{BIN}/ansible-runner" {command}'],
                cwd=home,
                env=clean_environment(home),
                stdin=source,
                stdout=subprocess.PIPE if role != "process" else subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        if source != subprocess.DEVNULL:
            source.close()
        self._processes.append(process)
        return process.stdout

    # While it runs

    def streamed(self) -> Iterator[Event]:
        """Return what the worker has said so far; the zipped artifacts at its end are left out."""
        for line in self._stream.read_bytes().splitlines(keepends=True) if self._stream.exists() else ():
            if line.startswith(b"{") and line.endswith(b"}\n"):
                yield json.loads(line)

    def await_line(self, pattern: str) -> None:
        """Return as soon as AWX could show a line that matches; fail where the job ends without one."""

        def said() -> bool:
            return any(re.search(pattern, str(event.get("stdout", ""))) for event in self.streamed())

        eventually(f"line {pattern!r}", lambda: said() or self.ended)
        assert said(), f"no line {pattern!r} in:\n{self.output}"

    @property
    def ended(self) -> bool:
        return all(process.poll() is not None for process in self._processes)

    @property
    def output(self) -> str:
        """What AWX shows as the job's output."""
        return "\n".join(str(event["stdout"]) for event in self.streamed() if event.get("stdout"))

    def cancel(self) -> None:
        """Do to the worker what the cancellation of a job does."""
        self._processes[1].send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Let the worker go with everything in it, as when the container or its node dies."""
        kill_everything(self._folder / "worker")

    def await_end_of_worker(self) -> None:
        """Return as soon as no process of the worker is left, so that nobody sends requests any more."""
        eventually("end of the worker", lambda: not processes_of(self._folder / "worker"))

    def stop(self) -> None:
        """Leave nothing behind, whatever happened."""
        for role in ("transmit", "worker", "process"):
            kill_everything(self._folder / role)
        for process in self._processes:
            process.kill()  # where there is no /proc
            process.wait()

    # Afterwards

    def finish(self) -> str:
        """Wait for the end and return the status that AWX would learn."""
        for process in self._processes:
            process.wait(3 * PATIENCE)  # a whole job, perhaps of many hosts
        return str([said["status"] for said in self.streamed() if "status" in said][-1])

    @property
    def events(self) -> list[Event]:
        """What was processed into events, as AWX stores them."""
        found = [json.loads(path.read_text()) for path in (self._artifacts / "job_events").glob("*.json")]
        return sorted(found, key=lambda event: int(event["counter"]))

    @property
    def artifacts(self) -> dict[str, Any]:
        """What set_stats handed over, by which AWX feeds the next nodes of a workflow."""
        (last,) = [event for event in self.events if event["event"] == "playbook_on_stats"]
        return dict(last["event_data"]["artifact_data"])

    def holders(self, secrets: set[str]) -> set[str]:
        """Return the names of all that holds a secret, besides the credential's own file and a cached token."""
        own = (self._sent / "env", self._folder / "worker" / ".cache")
        found = set()
        for path in self._folder.rglob("*"):
            if path.is_file() and path != self._stream and not any(folder in path.parents for folder in own):
                text = path.read_bytes()
                found |= {str(path.relative_to(self._folder)) for secret in secrets if secret.encode() in text}
        for said in self.streamed():
            name = f"status {said['status']}" if "status" in said else f"event {said.get('counter')}"
            found |= {name for secret in secrets if secret in json.dumps(said)}
        return found


def _prefixed(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {f"atlas_peering_{name}": value for name, value in variables.items()}


#: Prepares a job on hosts, each with its variables of the role, and with a credential's environment.
MakeJob = Callable[..., Job]
