# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people copied into public threads, from the real API, is what the simulator answers."""

from __future__ import annotations

import re

import pytest

from support.recordings import needs_recordings, recording

pytestmark = needs_recordings

# How to meet each refusal, in the order of the transcript.
REFUSALS = (
    lambda api, example: api.update(seeded(api, "AZURE"), **example("AZURE", providerName=...)),
    lambda api, example: api.update(seeded(api, "GCP"), **example("GCP", providerName=...)),
    lambda api, example: api.update(seeded(api, "AZURE"), **example("AZURE")),
    lambda api, example: api.create(**example(containerId="my-container")),
    lambda api, example: api.create("containers", providerName="Azure", region="US_EAST_2"),
    lambda api, example: api.get(f"{api.group}/peers/pcx"),
    lambda api, example: api.delete(api.atlas.containers["AWS"], "containers"),
    lambda api, example: api.create("containers", providerName="AWS", regionName="US_EAST_1"),
)


def seeded(api, cloud):
    return api.atlas.add_peer(api.atlas.project_id, cloud, "AVAILABLE")


@pytest.mark.parametrize("number", range(len(REFUSALS)))
def test_transcribed_errors_are_reproduced(atlas, client, example, number):
    real = recording("transcribed_errors")["errors"]
    assert len(real) == len(REFUSALS)
    answer = REFUSALS[number](client(atlas, version="v1.0"), example)
    assert answer.status_code == real[number]["status"]
    assert real[number].get("errorCode") in (None, answer.json()["errorCode"])
    if "words of the reporter" in real[number]["detail"]:
        return
    wording = re.escape(real[number]["detail"])
    for placeholder in (r"\{id\}", r"\{g\}"):
        wording = wording.replace(placeholder, "[0-9a-f]{24}")
    assert re.fullmatch(f"{wording}\\.?", answer.json()["detail"])


def test_transcribed_failures_are_reproduced(atlas, api):
    for real in recording("transcribed_errors")["failed_peers"]:
        for cloud in [real["cloud"]] if "text" in real else ["AWS", "AZURE", "GCP"]:
            peer = seeded(api, cloud)
            atlas.fail(peer, real.get("text", ""))
            assert api.status(peer) == "FAILED"
            assert "text" not in real or api.peer(peer)[real["field"]] == real["text"]


@pytest.mark.parametrize(("number", "cloud"), [(0, "AWS"), (1, "AZURE"), (2, "GCP")])
def test_transcribed_peers_are_reproduced(atlas, client, example, number, cloud):
    """The tool that printed them left out what was null: on AWS the region too, where it is the container's."""
    decoded = recording("transcribed_peers_v1")["answers"][number]["decoded"]
    (real,) = decoded if isinstance(decoded, list) else [decoded]
    sent = {name: value for name, value in example(cloud).items() if name not in real or real[name] == "redacted"}
    same = {name: real[name] for name in example(cloud) if name in real and name not in ("containerId", *sent)}
    api = client(atlas, version="v1.0")
    created = api.create(**{**sent, **same, "containerId": atlas.containers[cloud]})
    assert created.status_code == 200
    if cloud == "AWS":
        atlas.advance(1)
        atlas.accept(created.json()["id"])
        atlas.advance(1)
    answer = api.peer(created.json()["id"])
    assert {name for name, value in answer.items() if value is not None} == set(real)
    assert {name: answer[name] for name in same} == same
    status = "statusName" if cloud == "AWS" else "status"
    assert answer[status] == real[status]


def test_transcribed_container_is_reproduced(atlas, api):
    """It stays, provisioned, after cluster and connection are gone."""
    (real,) = recording("transcribed_peers_v1")["answers"][3]["body_results"]
    bare = atlas.add_project("bare", containers=False)
    container = atlas.add_container(bare, "AWS", real["regionName"], real["atlasCidrBlock"])
    atlas.remove_clusters(container)
    (answer,) = api.get(f"/groups/{bare}/containers").json()["results"]
    own = {"id": container, "vpcId": answer["vpcId"]}
    assert answer == {**real, **own}
    assert len(answer["vpcId"]) == len(real["vpcId"])
