# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever answers in place of Atlas, or does not, ends in a clear sentence."""

from __future__ import annotations

import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Callable

import pytest

from simulator import Simulator
from support.certificates import write_certificates
from support.messages import is_readable
from support.run_playbook import Play, Run, Task
from support.samples import identity
from support.tasks import Options, connection, info, peering, tried, wait

LOGIN = "<!DOCTYPE html><html><body>Please log in to the proxy</body></html>"
ANSWERS: dict[str, tuple[Options, tuple[str, ...]]] = {
    "a page": (
        {"status": 200, "body": LOGIN},
        ("the answer (HTTP 200, text/html) is not the JSON that Atlas sends", "whether a proxy or login page answers"),
    ),
    "an error page": (
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        ("Atlas answered HTTP 502", "Atlas has a problem, or a proxy answers in its place"),
    ),
    "a refusing proxy": (
        {"status": 407, "body": "<html>Proxy</html>"},
        ("HTTP 407", "Check the user and password in the proxy's environment variable"),
    ),
    "half an answer": (
        {"truncate": True},
        ("the connection broke before the answer was complete", "Check the network"),
    ),
    "an error": ({"status": 500}, ("Atlas answered HTTP 500 UNEXPECTED_ERROR", "Run the task again")),
    "a list": ({"status": 200, "body": []}, ("is not the JSON that Atlas sends",)),
    "nothing": ({"drop": True}, ("the connection broke",)),
    "a redirect": (
        {"redirect": "https://login.example.com/"},
        ("answers with a redirect to 'https://login.example.com/'", "redirects are not followed"),
    ),
    "silence": ({"delay": 1.5, "drop": True}, ("no answer came in time", "Raise timeout")),
    "a maintenance": (
        {"status": 503, "body": {"errorCode": "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", "detail": "Upgrading."}},
        ("WRITES_NOT_ALLOWED_DURING_APP_UPGRADES: Upgrading.", "when the upgrade of Atlas has finished"),
    ),
}


def clear(run: Run, task: str, *words: str) -> bool:
    msg = run.msg(task)
    return is_readable(msg) and all(one in msg for one in words)


def test_unreadable_responses_fail_with_hint(atlas: Simulator, play: Play) -> None:
    """To the first request, before authentication, and with each way to ask."""
    projects = {name: atlas.add_project(name) for name in ANSWERS}
    tasks: list[Task] = []
    for name, (fault, _words) in ANSWERS.items():
        atlas.fault("ANY", projects[name], times=None, before_auth=True, **fault)
        place = {"project_id": projects[name], "timeout": 1}
        tasks.append(peering(f"create: {name}", {**connection("GCP"), **place}))
        tasks.append(wait(f"wait: {name}", [identity("GCP")], **place))
    run = play(*tried(*tasks), module_defaults={"group/atlasops.network.atlas": {"retry_timeout": 0}})
    unclear = [
        run.msg(f"{verb}: {name}")
        for name, (_fault, words) in ANSWERS.items()
        for verb in ("create", "wait")
        if not clear(run, f"{verb}: {name}", *words)
    ]
    assert unclear == []
    assert not any(atlas.peers(project) for project in projects.values())


def test_wrong_token_endpoint_fails_with_hint(atlas: Simulator, play: Play) -> None:
    faults: dict[str, Options] = {
        "a page": {"status": 200, "body": LOGIN},
        "no token": {"status": 200, "body": {"token_type": "Bearer"}},
        "an error": {"status": 500},
        "too often": {
            "status": 429,
            "body": {"errorCode": "RATE_LIMITED", "error": 429},
            "headers": {"Retry-After": "60"},
        },
        "too many": {
            "status": 403,
            "body": {"error": "access_denied", "error_description": "Access Token limit reached."},
        },
        "nothing": {"drop": True},
    }
    for fault in faults.values():
        atlas.fault("POST", "/oauth/token", **fault)
    run = play(
        *tried(*(info(name, {"retry_timeout": 0}) for name in faults)), environment=atlas.environment("service_account")
    )
    words = {
        "a page": ("(HTTP 200, text/html) is not the JSON that Atlas sends",),
        "no token": ("is not the JSON that Atlas sends",),
        "an error": ("HTTP 500",),
        "too often": ("RATE_LIMITED", "use one access_token for the whole play"),
        "too many": ("access_denied: Access Token limit reached.", "an account can have at most 100"),
        "nothing": ("the connection broke",),
    }
    for name in faults:
        assert run.msg(name).startswith("Could not get an access token for the service account: ")
        assert clear(run, name, *words[name]), run.msg(name)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken, but where nobody listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_unreachable_server_fails_with_hint(atlas: Simulator, play: Play, closed_port: int) -> None:
    """Also a proxy that is not there, and a redirect that would lead to another server."""
    atlas.fault("GET", "/peers", redirect=f"{atlas.url}/elsewhere", before_auth=True)
    there = f"http://127.0.0.1:{closed_port}"
    proxy = {"https_proxy": there, "no_proxy": "localhost"}
    limited = {"retry_timeout": 1}
    run = play(
        *tried(
            info("redirect", limited),
            peering("refused", {**connection("GCP"), **limited, "base_url": there}),
            wait("wait", [identity("GCP")], **limited, base_url=there),
            info("no such host", {**limited, "base_url": "https://atlas.invalid"}),
            {**info("proxy", {**limited, "base_url": "https://cloud.mongodb.com"}), "environment": proxy},
        )
    )
    assert clear(run, "redirect", "redirect")
    for task in ("refused", "wait"):
        assert clear(run, task, f"no connection could be made ({there})", "Check base_url"), run.msg(task)
    assert clear(run, "no such host", "no connection could be made (https://atlas.invalid)", "Check base_url")
    assert clear(run, "proxy", "the proxy does not answer or refuses", "Check the proxy variables of the environment")
    assert [one.path.rpartition("/")[2] for one in atlas.exchanges] == ["peers"]


# TLS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files of an authority that nobody knows, and of a certificate it signed for localhost."""
    return write_certificates(tmp_path_factory.mktemp("tls"))


def test_tls_failure_fails_with_hint(
    make_atlas: Callable[..., Simulator], play: Play, certificate: dict[str, str]
) -> None:
    atlas = make_atlas(tls_cert=certificate["certificate"], tls_key=certificate["key"])
    limited = {"retry_timeout": 1}
    known = {"REQUESTS_CA_BUNDLE": certificate["authority"]}
    useless = {"REQUESTS_CA_BUNDLE": certificate["other authority"]}
    by_address = atlas.url.replace("localhost", "127.0.0.1")
    run = play(
        *tried(
            info("untrusted", limited),
            wait("untrusted wait", [identity("GCP")], **limited),
            info("another authority", {**limited, "ca_path": certificate["other authority"]}),
            info("another name", {**limited, "ca_path": certificate["authority"], "base_url": by_address}),
            info("no authority", {**limited, "ca_path": certificate["key"]}),
        ),
        info("trusted", {"ca_path": certificate["authority"]}),
        wait("trusted wait", [], ca_path=certificate["authority"]),
        {**info("trusted by environment"), "environment": known},
        info("unverified", {"validate_certs": False}),
        wait("unverified wait", [identity("GCP")], validate_certs=False, until="absent"),
        {**info("trusted against environment", {"ca_path": certificate["authority"]}), "environment": useless},
        {**info("unverified against environment", {"validate_certs": False}), "environment": useless},
        environment=atlas.environment("service_account"),
    )
    assert run.returncode == 0, run.output
    for task in ("untrusted", "untrusted wait", "another authority", "another name"):
        assert clear(run, task, "TLS failed", "set ca_path to the CA that signed the certificate"), run.msg(task)
        assert "certificate" in run.msg(task)
    assert run.outcome("no authority") == "failed"
    # one token for all, three lists for each info, one for the wait that has something to look at
    assert Counter(one.kind for one in atlas.exchanges) == {"token": 1, "api": 3 + 3 + 3 + 1 + 3 + 3}


# The library


@pytest.mark.smoke
def test_missing_requests_fails_with_hint(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """Ansible's own words, from the modules and from the wait, which runs in ansible-playbook itself."""
    (tmp_path / "requests.py").write_text('raise ImportError("No module named requests")\n')
    run = play(
        *tried(
            peering("create", connection("AWS")),
            info("read"),
            wait("wait", [identity("AWS")]),
        ),
        environment={**atlas.environment(), "PYTHONPATH": str(tmp_path)},
    )
    for task in ("create", "read", "wait"):
        msg = run.msg(task)
        assert "Failed to import the required Python library (requests)" in msg
        assert sys.executable.rpartition("/")[0] in msg
        assert run[task]["failure"]["kind"] == "MissingLibraryError"
    assert atlas.exchanges == []
