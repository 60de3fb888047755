# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the playbook awx against a stub of AWX, through the real modules of awx.awx.

The test environment does not contain awx.awx: `nox -s awx` downloads it and sets AWX_COLLECTIONS to its folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest

from awx_stub import AwxStub
from support.module_server import PIPELINED, module_python
from support.run_playbook import ROOT, Play

COLLECTIONS = os.environ.get("AWX_COLLECTIONS", "")
PROJECT = ROOT / "examples" / "awx-project"
PLAYBOOK = "atlasops.network.awx"
SECRET, WEBHOOK_URL = "mdb_sa_sk_9f3c71", "https://hook.example.com/services/token-48a1"
LOGIN = {"MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_1", "MONGODB_ATLAS_CLIENT_SECRET": SECRET}
SETTINGS = {
    "atlas_awx_scm_url": "https://git.example.com/atlas.git",
    "atlas_awx_image": "registry.example.com/atlas-peering:1",
    "atlas_awx_notification_url": WEBHOOK_URL,
    "atlas_awx_instance_groups": ["default"],
}
# Limits a run to the credential type and its credential.
ONLY_CREDENTIALS = {
    **{
        f"controller_{name}": []
        for name in (
            "execution_environments",
            "notifications",
            "projects",
            "inventories",
            "inventory_sources",
            "templates",
            "workflows",
            "schedules",
        )
    },
    "atlas_awx_image": "",
}

needs_awx = pytest.mark.skipif(not COLLECTIONS, reason="awx.awx is not installed; nox -s awx downloads it")


def playbooks():
    """Return the playbooks that AWX would list for the example project."""
    return [path.name for path in PROJECT.glob("*.yml")]


class PlaybookRunner:
    """Runs the playbook awx against one stub."""

    def __init__(self, folder: Path, stub: AwxStub):
        self.stub = stub
        self.settings = folder / "settings.json"
        self._play = Play(folder, {})

    def __call__(self, *args, environment=None, settings=None, expected="", login=None):
        collections = os.pathsep.join([str(ROOT / ".cache" / "collections"), COLLECTIONS])
        variables = {
            "ANSIBLE_COLLECTIONS_PATH": collections,
            **PIPELINED,
            "CONTROLLER_HOST": self.stub.url,
            # Modules of awx.awx load the certificates of all authorities for each request, which is a plain one here.
            "SSL_CERT_FILE": os.devnull,
            **(login or {"CONTROLLER_OAUTH_TOKEN": self.stub.TOKEN}),
            **(environment or {}),
        }
        before = len(self.stub.writes)
        # In a file, because -vvv shows the command line, and settings may hold secrets.
        self.settings.write_text(json.dumps(SETTINGS if settings is None else settings))
        args = ["-e", f"@{self.settings}", "-e", f"ansible_python_interpreter={module_python()}", *args]
        run = self._play(playbook=PLAYBOOK, environment=variables, args=args, expected=expected)
        writes = self.stub.writes[before:]
        return SimpleNamespace(run=run, writes=writes, output=run.output, changed=changed(run))

    def stop(self):
        self._play.stop()


def changed(run):
    return sorted({entry["task"].rpartition(" : ")[2] for entry in run.results if entry["result"].get("changed")})


def written(writes):
    return [(one.method, one.path.removeprefix("/api/v2/"), one.body) for one in writes]


@contextmanager
def runner_in(folder: Path, like: PlaybookRunner | None = None) -> Iterator[PlaybookRunner]:
    """Give a runner for a stub of its own: an empty one, or one with all objects of another."""
    with AwxStub(playbooks()) as stub:
        if like is not None:
            stub.store = deepcopy(like.stub.store)
        runner = PlaybookRunner(folder, stub)
        try:
            yield runner
        finally:
            runner.stop()
