# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that schemathesis makes up from the official description, valid and invalid ones, against the simulator.

Run by the nox session ``contract``, since schemathesis is not installed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from simulator import Simulator
from simulator.api.dispatch import ROUTES
from simulator.settings import ORG_ID, PROJECT_NAME
from support.examples import examples
from support.openapi import VARIABLE, description
from support.openapi_deviations import MEDIA_TYPE, adapt, correct

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: run make test-contract")
DESCRIPTION = description()
if DESCRIPTION is None:
    pytest.skip(f"set {VARIABLE} to the file of Atlas' official OpenAPI description", allow_module_level=True)

from schemathesis import checks  # noqa: E402 (it has to be there)
from schemathesis.specs.openapi import checks as openapi_checks  # noqa: E402

PREFIX = "/api/atlas/v2"
SERVED = {(route.method, PREFIX + route.template) for route in ROUTES}
SCHEMA = schemathesis.openapi.from_dict(correct(DESCRIPTION))
OPERATIONS = {
    f"{one.method.upper()} {one.path}": one
    for one in (result.ok() for result in SCHEMA.get_all_operations())
    if (one.method.upper(), one.path) in SERVED
}
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
ENTRY, PEER, CONTAINER = "10.1.0.0/16", "64a1f0c35b7e2d4198c3ec01", "64a1f0c35b7e2d4198c3ea09"


@pytest.fixture(scope="module")
def atlas() -> Iterator[Simulator]:
    with Simulator() as started:
        yield started


def known_ids(atlas: Simulator) -> dict[str, str]:
    """Return values of path parameters that name something; what has been deleted is made anew."""
    project_id = atlas.project_id
    atlas.add_access_list_entry(ENTRY)
    if not any(peer["id"] == PEER for peer in atlas.peers()):
        atlas.add_peer(project_id, "AWS", "AVAILABLE", id=PEER)
    if CONTAINER not in atlas.container_ids():
        atlas.add_container(project_id, "AWS", "EU_WEST_1", "10.64.0.0/21", False, CONTAINER)
    return {
        "groupId": project_id,
        "peerId": PEER,
        "containerId": CONTAINER,
        "entryValue": ENTRY,
        "groupName": PROJECT_NAME,
        "orgId": ORG_ID,
    }


def test_all_that_is_served_is_described() -> None:
    assert {f"{method} {path}" for method, path in SERVED} == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_described(name: str, atlas: Simulator, count_cases: Callable[[str, int, int], None]) -> None:
    """No 5xx, no status, media type or content that is not described for the operation."""
    tried = 0
    turn = 0

    @settings(
        max_examples=examples(90),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=OPERATIONS[name].as_strategy())
    def hold(case: Any) -> None:
        nonlocal tried, turn
        turn += 1
        if turn % 4:  # otherwise nearly all requests would be about nothing that exists
            known = known_ids(atlas)
            case.path_parameters = {key: known.get(key, value) for key, value in (case.path_parameters or {}).items()}
        headers = {"Accept": MEDIA_TYPE, "Authorization": f"Bearer {token(atlas)}"}
        if case.body:
            headers["Content-Type"] = MEDIA_TYPE
        response = case.call(base_url=atlas.url, headers=headers)
        tried += 1
        adapted = adapt(atlas.exchanges[-1])
        atlas.clear_log()
        if adapted.check_response:
            response.status_code, response.content = adapted.exchange.status, adapted.exchange.response_body
            case.validate_response(response, checks=CHECKS)

    hold()
    count_cases("contract examples", tried, 0)


def token(atlas: Simulator) -> str:
    atlas.revoke_tokens()
    return atlas.issue_token()
