# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds' side of peering for playbooks under test: stand-ins for modules and commands, and what they act upon."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from simulator import Simulator
from support.run_playbook import BIN, ROOT

STANDINS = Path(__file__).parent / "standins"
MODULES = ("ec2_vpc_peering", "ec2_vpc_route_table")
COMMANDS = ("az", "gcloud")
Worlds = Sequence[tuple[Simulator, str]]


class OtherSide:
    """Answers the stand-ins, acting on the connections of some projects, each of a simulator; knows what was done."""

    def __init__(self, worlds: Worlds, folder: Path) -> None:
        self._worlds = worlds
        self._folder = folder
        self._lock = threading.Lock()
        self._accepted: set[str] = set()
        self._routes: dict[str, dict[str, str]] = {}
        self.acts: Counter[str] = Counter()  # that changed something, by who acted
        self.commands: list[list[str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> OtherSide:
        _install(self._folder)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def environment(self) -> dict[str, str]:
        """Variables that put the stand-ins in the place of the real things."""
        return {
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join([str(ROOT / ".cache" / "collections"), str(self._folder)]),
            "OTHER_SIDE": f"127.0.0.1:{self._server.server_port}",
            "PATH": os.pathsep.join([str(self._folder / "bin"), str(BIN), "/usr/bin", "/bin"]),
        }

    def answer(self, act: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do what a stand-in was told, and return its result."""
        with self._lock:
            try:
                changed = bool(getattr(self, f"_{act}")(**arguments))
            except Exception as error:  # whatever it is, the stand-in fails with it
                return {"failed": True, "msg": f"{act}: {error!r}"}
            self.acts[act] += changed
            return {"changed": changed}

    def _ec2_vpc_peering(self, peering_id: str, **_others: Any) -> bool:
        atlas, peer = self._peer({"connectionId": peering_id})
        if peering_id in self._accepted:
            return False
        atlas.accept(peer["id"])
        self._accepted.add(peering_id)
        return True

    def _ec2_vpc_route_table(self, vpc_id: str, route_table_id: str, **options: Any) -> bool:
        table = self._routes.setdefault(route_table_id, {})
        before = dict(table)
        assert not options["purge_routes"], "the other routes of the table would go"
        for route in options["routes"]:
            atlas, peer = self._peer({"connectionId": route["vpc_peering_connection_id"], "vpcId": vpc_id})
            assert route["vpc_peering_connection_id"] in self._accepted, "AWS routes to active connections alone"
            assert route["dest"] == peer["atlas.atlasCidrBlock"], f"{route['dest']} is not Atlas'"
            table[f"{route['dest']} of {id(atlas)}"] = route["vpc_peering_connection_id"]
        return table != before

    def _gcloud(self, argv: list[str]) -> bool:
        *verb, name = argv[:5]
        options = dict(word.removeprefix("--").split("=") for word in argv[5:])
        assert verb == ["compute", "networks", "peerings", "create"], verb
        atlas, peer = self._peer(
            {
                "gcpProjectId": options["project"],
                "networkName": options["network"],
                "atlas.gcpProjectId": options["peer-project"],
                "atlas.networkName": options["peer-network"],
            }
        )
        assert peer["atlas.networkName"] in name, f"{name} may be taken by another project"
        atlas.reciprocate(peer["id"])
        return True

    def _az(self, argv: list[str]) -> bool:
        self.commands.append(argv)
        return True

    def _peer(self, desired: dict[str, str]) -> tuple[Simulator, dict[str, Any]]:
        """Return the one connection with these attributes; those of its container begin with ``atlas.``."""
        found = [
            (atlas, both)
            for atlas, project_id in self._worlds
            for peer in atlas.peers(project_id)
            for both in [{**peer, **{f"atlas.{key}": value for key, value in atlas.container_of(peer["id"]).items()}}]
            if desired.items() <= both.items()
        ]
        assert len(found) == 1, f"{len(found)} connections have {desired}"
        return found[0]


def _handler(side: OtherSide) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(side.answer(**body)).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output clean."""

    return Handler


def _install(folder: Path) -> None:
    """Put the stand-ins where Ansible and a shell look for the real things."""
    modules = folder / "ansible_collections" / "amazon" / "aws" / "plugins" / "modules"
    modules.mkdir(parents=True)
    for name in MODULES:
        shutil.copy(STANDINS / "aws_module.py", modules / f"{name}.py")
    commands = folder / "bin"
    commands.mkdir()
    for name in COMMANDS:
        path = commands / name
        path.write_text(f"#!{sys.executable}\n{(STANDINS / 'command.py').read_text()}")
        path.chmod(0o755)
