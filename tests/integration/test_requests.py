# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests are made, and which."""

from __future__ import annotations

from collections.abc import Sequence

from simulator import Exchange, Settings, Simulator
from support.run_playbook import Play
from support.samples import in_api
from support.tasks import CLOUDS, connection, info, peering

CREDENTIALS = {
    "api_key": {"public_key": Settings.public_key, "private_key": Settings.private_key},
    "service_account": {"client_id": Settings.client_id, "client_secret": Settings.client_secret},
}


def story(exchanges: Sequence[Exchange]) -> list[str]:
    """Return each exchange in a few words, with the cloud that was asked for."""
    return [
        " ".join(
            filter(None, [one.method, one.path.rpartition("/")[2], one.query.get("providerName"), str(one.status)])
        )
        for one in exchanges
    ]


def test_unchanged_task_lists_once(atlas: Simulator, play: Play) -> None:
    for cloud in CLOUDS:
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud))
    aws, azure, gcp = (connection(cloud) for cloud in CLOUDS)
    run = play(
        peering("digest", {**aws, **CREDENTIALS["api_key"]}),
        peering("service account", {**azure, **CREDENTIALS["service_account"]}),
        peering("token", {**gcp, "access_token": atlas.issue_token()}),
    )
    assert not any(entry["result"]["changed"] for entry in run.results)
    assert story(atlas.exchanges) == [
        *("GET peers AWS 401", "GET peers AWS 200"),
        *("POST token 200", "GET peers AZURE 200"),
        "GET peers GCP 200",
    ]


def test_info_lists_each_cloud_once(atlas: Simulator, play: Play) -> None:
    for cloud in CLOUDS:
        atlas.add_peer(atlas.project_id, cloud, status="AVAILABLE", **in_api(cloud))
        atlas.add_peer(atlas.project_id, cloud, status="FAILED")
    run = play(
        info("all"),
        info("one field", {"vnet_name": "app-vnet"}),
        info("one id", {"peer_id": atlas.peers()[-1]["id"]}),
    )
    assert [record["provider_name"] for record in run["all"]["peerings"]] == [
        "AWS",
        "AWS",
        "AZURE",
        "AZURE",
        "GCP",
        "GCP",
    ]
    assert [record["vnet_name"] for record in run["one field"]["peerings"]] == ["app-vnet"]
    assert [record["phase"] for record in run["one id"]["peerings"]] == ["failed"]
    assert story(atlas.exchanges) == [
        *("GET peers AWS 401", "GET peers AWS 200", "GET peers AZURE 200", "GET peers GCP 200"),
        *("GET peers AZURE 401", "GET peers AZURE 200"),
        *(f"GET {atlas.peers()[-1]['id']} {status}" for status in (401, 200)),
    ]


def test_containers_are_read_only_if_action_is_required(atlas: Simulator, play: Play) -> None:
    for network in ("one", "two", "three"):
        atlas.add_peer(atlas.project_id, "GCP", status="WAITING_FOR_USER", networkName=network)
    run = play(info("read"))
    assert story(atlas.exchanges)[2:] == ["GET peers AZURE 200", "GET peers GCP 200", "GET containers GCP 200"]
    container = atlas.exchanges[-1].response_json["results"][0]
    for record in run["read"]["peerings"]:
        assert record["atlas_gcp_project_id"] == container["gcpProjectId"]
        assert container["networkName"] in record["next_action"]


def test_info_reads_all_pages(atlas: Simulator, play: Play) -> None:
    for number in range(501):
        atlas.add_peer(atlas.project_id, "GCP", status="AVAILABLE", networkName=f"network-{number}")
    run = play(
        info("read", {"provider_name": "GCP"}),
        peering("last", connection("GCP", gcp_project_id="example-project-1", network_name="network-500")),
    )
    assert len(run["read"]["peerings"]) == 501
    assert run["last"]["changed"] is False
    assert [one.query["pageNum"] for one in atlas.exchanges if one.status == 200] == ["1", "2", "1", "2"]
