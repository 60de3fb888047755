# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One token for many: the cache, who may read it, and what happens when Atlas refuses what it holds."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.api import token_cache
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import ApiError, TransportError
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Settings as ClientSettings
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import REPLACEMENT_PAUSE, TokenCache
from simulator import Settings, Simulator
from support.patience import PATIENCE
from support.raw_server import RawServer

ACCOUNT = ("service_account", {"client_id": Settings.client_id, "client_secret": Settings.client_secret})
Connect = Callable[..., Client]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the user a cache directory; return the folder that will be made in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "atlasops.network"


@pytest.fixture
def task(folder: Path, atlas: Simulator, connect: Connect) -> Callable[[], Client]:
    """Return a function that makes the client of one more task."""
    return lambda: connect(atlas, ACCOUNT, token_cache=True)


def read(client: Client) -> None:
    client.get("orgs", "list the organizations")


def asked(atlas: Simulator) -> int:
    return sum(exchange.kind == "token" for exchange in atlas.exchanges)


def kept(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def test_cached_token_is_used_by_many_tasks(atlas: Simulator, folder: Path, task: Callable[[], Client]) -> None:
    for _number in range(3):
        read(task())
    assert asked(atlas) == 1
    for path, mode in ((folder, 0o700), *((path, 0o600) for path in folder.iterdir())):
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_uid) == (mode, os.geteuid())
    assert Settings.client_secret not in "".join(path.read_text() for path in folder.iterdir())


def test_cache_defaults_to_home_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, atlas: Simulator, connect: Connect
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    read(connect(atlas, ACCOUNT, token_cache=True))
    assert kept(tmp_path / ".cache" / "atlasops.network")


def test_cached_token_is_used_until_renewal_margin(clock: Any, atlas: Simulator, task: Callable[[], Client]) -> None:
    read(task())
    clock.now += 3600 - token_cache.RENEWAL_MARGIN - 1
    read(task())
    assert asked(atlas) == 1
    clock.now += 1
    read(task())
    assert asked(atlas) == 2


def test_cache_key_includes_base_url_account_and_secret(
    atlas: Simulator, folder: Path, simulate: Callable[..., Simulator], connect: Connect, task: Callable[[], Client]
) -> None:
    atlas.add_service_account("mdb_sa_id_other", "other", {})
    read(task())
    read(
        connect(
            atlas, ("service_account", {"client_id": "mdb_sa_id_other", "client_secret": "other"}), token_cache=True
        )
    )
    other = simulate()
    read(connect(other, ACCOUNT, token_cache=True))
    assert (asked(atlas), asked(other), len(list(folder.glob("*.json")))) == (2, 1, 3)
    wrong = {**ACCOUNT[1], "client_secret": "wrong"}
    with pytest.raises(ApiError, match="invalid_client"):
        read(connect(atlas, ("service_account", wrong), token_cache=True))
    read(task())
    assert asked(atlas) == 3


def test_token_cache_false_writes_nothing(atlas: Simulator, folder: Path, connect: Connect) -> None:
    for _number in range(2):
        read(connect(atlas, ACCOUNT, token_cache=False))
    assert (asked(atlas), folder.exists()) == (2, False)


# What is not private is not used


def make_link(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir(0o700)
    folder.symlink_to(elsewhere)


SPOILS: dict[str, Callable[[Path], Any]] = {
    "a folder that others may read": lambda folder: (folder.mkdir(), folder.chmod(0o750)),
    "a folder that others may write": lambda folder: (folder.mkdir(), folder.chmod(0o722)),
    "a link to a folder": make_link,
    "a file": lambda folder: folder.write_text(""),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_cache_folder_that_is_not_private_is_not_used(
    atlas: Simulator, folder: Path, task: Callable[[], Client], spoil: str
) -> None:
    folder.parent.mkdir()
    SPOILS[spoil](folder)
    for _number in range(2):
        read(task())
    assert asked(atlas) == 2
    assert not [path for path in folder.parent.rglob("*") if path.is_file() and path.read_text()]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("what", ["folder", "token", "lock"])
def test_cache_owned_by_other_user_is_not_used(
    atlas: Simulator, folder: Path, task: Callable[[], Client], what: str
) -> None:
    read(task())
    path = {"folder": folder, "token": kept(folder), "lock": next(iter(folder.glob("*.lock")))}[what]
    os.chown(path, 4711, -1)
    read(task())
    assert asked(atlas) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'{"value": 5}',
        b'{"value": "x", "expires_at": "never", "replaced_at": 0, "proof": "x"}',
        b"\xff\xfe",
        b'{"proof": null}',
        b'{"value": "x", "expires_at": -1%s, "proof": "x"}' % (b"0" * 400),
        b"[" * 100_000,
    ],
)
def test_malformed_cache_file_is_replaced(
    atlas: Simulator, folder: Path, task: Callable[[], Client], content: bytes
) -> None:
    read(task())
    kept(folder).write_bytes(content)
    read(task())
    read(task())
    assert asked(atlas) == 2


@pytest.mark.parametrize("expires_at", ["-1" + "0" * 400, "1" + "0" * 400, "NaN", "1e999"])
def test_cached_time_out_of_range_is_not_used(
    atlas: Simulator, folder: Path, task: Callable[[], Client], expires_at: str
) -> None:
    read(task())
    content = json.loads(kept(folder).read_text())
    kept(folder).write_text(json.dumps({**content, "expires_at": "?", "margin": 0.5}).replace('"?"', expires_at))
    read(task())
    assert asked(atlas) == 2


def test_huge_cache_file_is_not_read(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, folder: Path, task: Callable[[], Client]
) -> None:
    read(task())
    content = kept(folder).read_text()
    monkeypatch.setattr(token_cache, "_MAX_SIZE", len(content))
    read(task())
    assert asked(atlas) == 1, "the largest one that is read"
    kept(folder).write_text(" " * 1_000_000 + content)
    read(task())
    assert asked(atlas) == 2


@pytest.mark.parametrize("name", ["json", "json.new", "lock"])
@pytest.mark.parametrize("kind", ["folder", "link", pytest.param("dangling link", marks=pytest.mark.slow)])
def test_planted_file_is_neither_used_nor_followed(
    atlas: Simulator, folder: Path, task: Callable[[], Client], tmp_path: Path, name: str, kind: str
) -> None:
    read(task())
    path, elsewhere = kept(folder).with_suffix(f".{name}"), tmp_path / "elsewhere"
    kept(folder).unlink()
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir(0o700)
    else:
        path.symlink_to(elsewhere)
        if kind == "link":
            elsewhere.write_text("theirs")
            elsewhere.chmod(0o600)
    for _number in range(2):
        read(task())
    assert (elsewhere.read_text() if elsewhere.exists() else "") == ("theirs" if kind == "link" else "")
    assert [one for one in Path("/proc/self/fd").glob("*") if str(folder) in os.path.realpath(one)] == []


@pytest.mark.parametrize("spoil", ["mode", "link", "pipe"])
def test_cache_file_that_is_not_private_is_replaced(
    atlas: Simulator, folder: Path, task: Callable[[], Client], tmp_path: Path, spoil: str
) -> None:
    """It is not read, and replaced by one that is."""
    read(task())
    path = kept(folder)
    if spoil == "mode":
        path.chmod(0o640)
    elif spoil == "link":
        path.rename(tmp_path / "theirs")
        path.symlink_to(tmp_path / "theirs")
    else:
        path.unlink()
        os.mkfifo(path, 0o600)
    read(task())
    assert asked(atlas) == 2
    assert stat.S_ISREG(path.lstat().st_mode)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600


def test_unwritable_cache_is_ignored(monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect) -> None:
    for place in ("/proc/nowhere", "/dev/null", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        read(connect(atlas, ACCOUNT, token_cache=True))
    assert asked(atlas) == 3
    assert not Path("relative").exists()


def test_cache_lock_never_released_is_waited_for_with_limit(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, folder: Path, connect: Connect
) -> None:
    """A process that hangs does not make the others hang: after a while they do without the cache."""
    cache = TokenCache(atlas.url, Settings.client_id, Settings.client_secret)
    with cache.locked(0) as slot:
        assert slot
        read(connect(atlas, ACCOUNT, token_cache=True, timeout=3, retry_timeout=0))
    assert (asked(atlas), list(folder.glob("*.json"))) == (1, [])


# Many at once


def test_threads_request_one_token(atlas: Simulator, connect: Connect) -> None:
    client = connect(atlas, ACCOUNT, workers=8)
    atlas.fault("POST", "token", delay=0.2)
    client.map_concurrently(lambda _number: read(client), range(24))
    assert asked(atlas) == 1
    assert (
        len({exchange.request_headers["Authorization"] for exchange in atlas.exchanges if exchange.kind == "api"}) == 1
    )


def test_threads_with_refused_account_request_once(atlas: Simulator, connect: Connect) -> None:
    client = connect(atlas, ("service_account", {**ACCOUNT[1], "client_secret": "wrong"}), workers=8)

    def attempt(_number: int) -> ApiError:
        with pytest.raises(ApiError) as refusal:
            read(client)
        return refusal.value

    errors = client.map_concurrently(attempt, range(24))
    assert {str(error.code) for error in errors} == {"invalid_client"}
    assert len({str(error.as_result()) for error in errors}) == 1
    assert len(atlas.exchanges) == 1


def one_task(url: str, barrier: Any) -> None:
    settings = ClientSettings(url, "v2", 5, 10, True, Credentials(*ACCOUNT), token_cache=True)
    barrier.wait()
    with Client(settings) as client:
        read(client)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")  # from Python 3.12 on
def test_processes_request_one_token(atlas: Simulator, folder: Path) -> None:
    """Fifty at the same moment, as forks do."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(50)
    processes = [context.Process(target=one_task, args=(atlas.url, barrier)) for _number in range(50)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * 50
    assert asked(atlas) == 1


# What Atlas refuses


@pytest.fixture
def _revoked(atlas: Simulator, folder: Path, task: Callable[[], Client]) -> Iterator[None]:
    """Take a token, and have it revoked behind everybody's back."""
    read(task())
    token = json.loads(kept(folder).read_text())["value"]
    task().token_endpoint.revoke(token)
    atlas.clear_log()
    yield
    assert json.loads(kept(folder).read_text())["value"] != token


@pytest.mark.usefixtures("_revoked")
def test_refused_cached_token_is_replaced_once(atlas: Simulator, task: Callable[[], Client]) -> None:
    read(task())
    assert [(exchange.kind, exchange.status) for exchange in atlas.exchanges] == [
        ("api", 401),
        ("token", 200),
        ("api", 200),
    ]
    read(task())
    assert asked(atlas) == 1


@pytest.mark.usefixtures("_revoked")
def test_threads_replace_refused_token_once(atlas: Simulator, connect: Connect) -> None:
    client = connect(atlas, ACCOUNT, token_cache=True, workers=8)
    client.map_concurrently(lambda _number: read(client), range(24))
    assert asked(atlas) == 1


@pytest.mark.usefixtures("_revoked")
def test_write_with_refused_token_takes_effect_once(atlas: Simulator, task: Callable[[], Client]) -> None:
    project = atlas.add_project("empty", containers=False)
    body = {"providerName": "GCP", "atlasCidrBlock": "10.8.0.0/18"}
    task().post(f"groups/{project}/containers", "create a container", body)
    assert [exchange.request_json for exchange in atlas.writes()] == [body]


def test_refused_account_requests_limited_tokens(
    atlas: Simulator, clock: Any, folder: Path, task: Callable[[], Client]
) -> None:
    """Where each new token is refused too it is not the token, and every task of a large run would take one."""
    read(task())
    atlas.fault("GET", "orgs", status=401, times=None, before_auth=True)
    for _number in range(5):
        with pytest.raises(ApiError, match="HTTP 401"):
            read(task())
    assert asked(atlas) == 2
    clock.now += REPLACEMENT_PAUSE
    with pytest.raises(ApiError, match="HTTP 401"):
        read(task())
    assert asked(atlas) == 3


@pytest.mark.parametrize("code", ["NOT_IN_GROUP", "USER_UNAUTHORIZED"])
def test_missing_permission_does_not_replace_token(atlas: Simulator, task: Callable[[], Client], code: str) -> None:
    atlas.fault("GET", "orgs", status=401, headers={"X-Error-Code": code}, body={"errorCode": code})
    with pytest.raises(ApiError, match=code):
        read(task())
    assert asked(atlas) == 1


def test_refused_token_without_cache_is_replaced_once(atlas: Simulator, connect: Connect) -> None:
    client = connect(atlas, ACCOUNT)
    read(client)
    atlas.fault("GET", "orgs", status=401, times=3, before_auth=True)
    for _time in range(2):
        with pytest.raises(ApiError, match="HTTP 401"):
            read(client)
    read(client)
    assert asked(atlas) == 2


@pytest.mark.parametrize("cached", [True, False])
def test_token_revoked_repeatedly_is_replaced_with_limit(
    atlas: Simulator, clock: Any, folder: Path, connect: Connect, cached: bool
) -> None:
    """Within the life of one client, that of a long wait, but not over and over."""
    client = connect(atlas, ACCOUNT, token_cache=cached)
    read(client)
    for times in range(2, 5):
        atlas.fault("GET", "orgs", status=401, times=1, before_auth=True)
        read(client)
        assert asked(atlas) == times
        clock.now += REPLACEMENT_PAUSE


def test_cache_file_is_written_atomically(folder: Path) -> None:
    cache = TokenCache("http://localhost", "id", "secret")
    long = token_cache.Token("x" * 100_000, token_cache.time.time() + 3600)
    seen = []

    def look() -> None:
        for _number in range(50):
            path = next(iter(folder.glob("*.json")), None)
            seen.append(path is None or len(json.loads(path.read_text())["value"]) == 100_000)

    reader = threading.Thread(target=look)
    with cache.locked(1) as slot:
        assert slot
        slot.write(long)
        reader.start()
        while reader.is_alive():
            slot.write(long)
    reader.join()
    assert all(seen)


# What cannot be a token


UNSENDABLE = ["a\nb", "a\r\nX-Evil: 1", "t\u00f6ken", "\u0442\u043e\u043a\u0435\u043d", "a b", "", " ", "\0", "a\x7f"]


@pytest.mark.parametrize("value", [*UNSENDABLE, None, 5, ["x"], {"a": "b"}, True], ids=repr)
def test_token_with_invalid_header_characters_fails(
    atlas: Simulator, folder: Path, task: Callable[[], Client], value: Any
) -> None:
    """It is not printed, and it does not stay in the cache."""
    atlas.fault("POST", "oauth/token", status=200, body={"access_token": value, "expires_in": 3600})
    with pytest.raises(TransportError) as caught:
        read(task())
    assert caught.value.message == (
        "Could not get an access token for the service account: "
        "the answer (HTTP 200, no token in it) is not the JSON that Atlas sends."
    )
    assert list(folder.glob("*.json")) == []
    read(task())


@pytest.mark.parametrize("seconds", [None, "3600", True, 0, -1, 10**12, 10**400, 3600.5, float("nan")], ids=str)
def test_token_without_valid_lifetime_fails(atlas: Simulator, task: Callable[[], Client], seconds: Any) -> None:
    atlas.fault("POST", "oauth/token", status=200, body={"access_token": "abc", "expires_in": seconds})
    with pytest.raises(TransportError, match="no token in it"):
        read(task())


@pytest.mark.parametrize(
    "change",
    [{"value": value} for value in (*UNSENDABLE, 5, None)]
    + [{"expires_at": value} for value in (float("inf"), float("nan"), "never", None, 1e12, 10**400)]
    + [{"replaced_at": value} for value in ("x", None, 1e12, float("nan"))]
    + [{"margin": value} for value in ("x", -1, 1e12, float("nan"))],
    ids=repr,
)
def test_invalid_cached_token_is_ignored(
    atlas: Simulator, folder: Path, task: Callable[[], Client], change: dict[str, Any]
) -> None:
    read(task())
    content = {**json.loads(kept(folder).read_text()), **change}
    kept(folder).write_text(json.dumps(content))
    assert task().tokens.cached() is None
    read(task())
    read(task())
    assert asked(atlas) == 2


@pytest.mark.parametrize(("life", "renewed_after"), [(3600, 3540), (100, 50), (60, 30), (10, 5)])
def test_token_with_short_lifetime_is_used_while_valid(
    atlas: Simulator, folder: Path, connect: Connect, clock: Any, life: int, renewed_after: int
) -> None:
    body = {"access_token": atlas.issue_token(), "expires_in": life, "token_type": "Bearer"}
    atlas.fault("POST", "oauth/token", times=None, status=200, body=body)
    client = connect(atlas, ACCOUNT, token_cache=True)
    for _number in range(3):
        read(client)
        clock.now += renewed_after / 2 - 0.1
    assert asked(atlas) == 1
    clock.now += 1
    read(client)
    assert asked(atlas) == 2


# An outage of the token endpoint


def test_unresponsive_token_endpoint_is_waited_for_once(connect: Connect) -> None:
    """Whatever the number of projects, and of threads that ask for them."""
    server = RawServer([5.0])
    client = connect(server.url, ACCOUNT, workers=4, timeout=1, retry_timeout=0)

    def attempt(_number: int) -> TransportError:
        with pytest.raises(TransportError) as caught:
            read(client)
        return caught.value

    errors = client.map_concurrently(attempt, range(20))
    server.stop()
    assert {error.message.partition(" (")[0] for error in errors} == {
        "Could not get an access token for the service account: no answer came in time"
    }
    # Remembered for the second in which there was no answer; else each of 20 attempts would ask.
    assert 1 <= len(server.requests) < 4
    assert {request.split()[1] for request in server.requests} == {b"/api/oauth/token"}


def test_failed_token_request_is_remembered_for_limited_time(atlas: Simulator, connect: Connect, clock: Any) -> None:
    """It counts for as long as it took to find it out, and then they are asked for again."""
    atlas.fault("POST", "oauth/token", times=5, status=503)
    client = connect(atlas, ACCOUNT, retry_timeout=10)
    for _number in range(3):
        with pytest.raises(ApiError, match="HTTP 503"):
            read(client)
    assert (asked(atlas), sum(clock.pauses)) == (5, 7.5)
    clock.now += 7.5
    read(client)
    assert asked(atlas) == 6


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, False), (1, True), (token_cache.MAX_LIFETIME, True), (token_cache.MAX_LIFETIME + 1, False), (True, False)],
)
def test_lifetime_is_a_number_within_bounds(value: Any, expected: bool) -> None:
    assert token_cache.is_lifetime(value) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"margin": 0}, True),
        ({"margin": token_cache.RENEWAL_MARGIN}, True),
        ({"margin": -1}, False),
        ({"margin": token_cache.RENEWAL_MARGIN + 1}, False),
        ({"replaced": 0}, True),
        ({"replaced": 1}, False),
        ({"lifetime": token_cache.MAX_LIFETIME}, True),
        ({"lifetime": token_cache.MAX_LIFETIME + 1}, False),
        ({"lifetime": 60, "margin": 60}, False),
        ({"lifetime": 61, "margin": 60}, True),
        ({"value": "two words"}, False),
    ],
)
def test_cached_token_is_usable_within_bounds(clock: Any, changes: dict[str, Any], expected: bool) -> None:
    given = {"value": "x", "lifetime": 3600, "replaced": -1, "margin": 60, **changes}
    now = clock.time()
    token = token_cache.Token(given["value"], now + given["lifetime"], now + given["replaced"], given["margin"])
    assert token.is_usable is expected
