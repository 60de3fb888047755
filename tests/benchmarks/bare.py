# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that the same work costs: requests and nothing around it. Runs as a program of its own."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

WORKERS = int(os.environ.get("BARE_WORKERS", "16"))
MEDIA_TYPE = "application/vnd.atlas.2023-01-01+json"
BASE_URL = os.environ.get("MONGODB_ATLAS_BASE_URL", "")  # methods.py reads WORKERS only
API = f"{BASE_URL}/api/atlas/v2"
FIELDS = {
    "containerId": "container_id",
    "accepterRegionName": "accepter_region_name",
    "awsAccountId": "aws_account_id",
    "vpcId": "vpc_id",
    "routeTableCidrBlock": "route_table_cidr_block",
}


def connect() -> requests.Session:
    """Return a session with a fresh token that all threads share."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=WORKERS))
    account = os.environ["MONGODB_ATLAS_CLIENT_ID"], os.environ["MONGODB_ATLAS_CLIENT_SECRET"]
    form = {"grant_type": "client_credentials"}
    answer = session.post(f"{BASE_URL}/api/oauth/token", data=form, auth=account, timeout=30)
    answer.raise_for_status()
    session.headers.update({"Accept": MEDIA_TYPE, "Authorization": f"Bearer {answer.json()['access_token']}"})
    return session


def pages(session: requests.Session, path: str, **query: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    number = 1
    while True:
        parameters = {**query, "itemsPerPage": 500, "pageNum": number}
        answer = session.get(f"{API}/{path}", params=parameters, timeout=30)
        answer.raise_for_status()
        page = answer.json()
        results += page["results"]
        if not any(link["rel"] == "next" for link in page["links"]):
            return results
        number += 1


def settle(session: requests.Session, project_id: str, desired: list[dict[str, str]]) -> None:
    """Create what one project lacks, one after the other."""
    found = {peer["vpcId"] for peer in pages(session, f"groups/{project_id}/peers", providerName="AWS")}
    for connection in desired:
        if connection["vpc_id"] not in found:
            body = {"providerName": "AWS", **{name: connection[option] for name, option in FIELDS.items()}}
            answer = session.post(f"{API}/groups/{project_id}/peers", json=body, timeout=30)
            answer.raise_for_status()


def parse_desired(connections: list[dict[str, str]]) -> None:
    by_project = defaultdict(list)
    for connection in connections:
        by_project[connection["project_id"]].append(connection)
    with connect() as session, ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda item: settle(session, *item), by_project.items()))


def read_projects() -> None:
    with connect() as session:
        print(len(pages(session, "groups")))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        parse_desired(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["connections"])
    else:
        read_projects()
