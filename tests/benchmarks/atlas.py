# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator in a process of its own, filled and read through its control endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

SIMULATOR = Path(__file__).parents[1] / "simulator"
PATIENCE = 20.0  # seconds until it must listen
ACCOUNT = "123456789012"
REGION = "us-east-1"

Connection = dict[str, str]


class Atlas:
    """Runs while its context lasts."""

    def __init__(self, folder: Path, *, python: str = sys.executable, **settings: float) -> None:
        ready = folder / "atlas.json"
        options = [f"--set={name}={json.dumps(value)}" for name, value in settings.items()]
        self._process = subprocess.Popen(
            [python, str(SIMULATOR), f"--ready-file={ready}", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        self._session = requests.Session()
        end = time.monotonic() + PATIENCE
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self._process.kill()
                raise RuntimeError("the simulator does not start")
            time.sleep(0.01)
        self._described = json.loads(ready.read_text(encoding="utf-8"))

    def __enter__(self) -> Atlas:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
        self._process.terminate()
        self._process.wait()

    @property
    def base_url(self) -> str:
        return str(self._described["base_url"])

    @property
    def project_id(self) -> str:
        return str(self._described["project_id"])

    def credentials(self, kind: str) -> dict[str, str]:
        """Return the variables for one way to authenticate."""
        names = {"api_key": ("public_key", "private_key"), "service_account": ("client_id", "client_secret")}[kind]
        variables = {"public_key": "PUBLIC_API_KEY", "private_key": "PRIVATE_API_KEY"}
        given = self._described["credentials"]
        return {f"MONGODB_ATLAS_{variables.get(name, name.upper())}": given[name] for name in names}

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self._session.request(method, f"{self.base_url}/_simulator/{path}", json=body, timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def take_log(self) -> list[dict[str, Any]]:
        """Return the exchanges so far and forget them."""
        exchanges: list[dict[str, Any]] = self.control("GET", "requests")["exchanges"]
        self.control("DELETE", "requests")
        return exchanges

    # What the benchmarks begin with

    def add_projects(self, count: int) -> None:
        """Add projects with tags and the containers of clusters."""
        for number in range(count):
            tags = {"stage": ("development", "production")[number % 2], "team": f"team-{number % 10}"}
            self.control("POST", "projects", {"name": f"project-{number:04}", "tags": tags})

    def desired(self, projects: int, each: int) -> list[Connection]:
        """Add projects with a container each, and return connections that they could have."""
        desired = []
        for number in range(projects):
            project = {"name": f"project-{number:04}", "project_id": f"64b{number:021x}", "containers": False}
            self.control("POST", "projects", project)
            container = {"project_id": project["project_id"], "provider_name": "AWS"}
            container_id = self.control("POST", "containers", container)["id"]
            desired += [
                {
                    "project_id": str(project["project_id"]),
                    "provider_name": "AWS",
                    "container_id": container_id,
                    "accepter_region_name": REGION,
                    "aws_account_id": ACCOUNT,
                    "vpc_id": f"vpc-{number:09x}{position:08x}",
                    "route_table_cidr_block": f"10.{position}.0.0/16",
                }
                for position in range(each)
            ]
        return desired

    def add_peer(self, connection: Connection) -> str:
        """Let a wanted connection exist, and return its id."""
        body = {
            "project_id": connection["project_id"],
            "provider_name": "AWS",
            "containerId": connection["container_id"],
            "accepterRegionName": connection["accepter_region_name"],
            "awsAccountId": connection["aws_account_id"],
            "vpcId": connection["vpc_id"],
            "routeTableCidrBlock": connection["route_table_cidr_block"],
        }
        return str(self.control("POST", "peers", body)["id"])
