# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets appear nowhere: not on the screen, in a result, in a file that stays, or in the list of processes."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from simulator import Simulator
from support.planted_secrets import CLIENT_SECRET, PRIVATE_KEY, VARIABLES, kinds, secrets_of, wrong_kinds
from support.run_playbook import Play, Running, Task
from support.samples import identity
from support.tasks import Options, absent, connection, info, peering, tried, wait


@pytest.fixture
def atlas_settings() -> dict[str, Any]:
    return {"pace": 0.0, "private_key": PRIVATE_KEY, "client_secret": CLIENT_SECRET}


def leaks(folder: Path, secrets: set[str]) -> list[str]:
    """Return where a secret is found in what a run left; the playbook itself may hold some, and the cache the token."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "playbook.yml"]
    kept = [path for path in files if path.parent.name == "atlasops.network"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} <= {0o600}
    assert not [secret for path in kept for secret in (PRIVATE_KEY, CLIENT_SECRET) if secret in path.read_text()]
    texts = {path: path.read_bytes() for path in files if path not in kept}
    assert {"stdout", "stderr", "results.jsonl"} <= {path.name for path in texts}
    return [
        f"{path.relative_to(folder)}: {secret}: …{text[max(0, place - 150) : place + 50]!r}"
        for path, text in texts.items()
        for secret in secrets
        if (place := text.find(secret.encode())) >= 0
    ]


def all_tasks(name: str, options: Options) -> list[Task]:
    """Return tasks that succeed, predict and fail, each with these options."""
    wrong_container = connection("AWS", container_id="0" * 24, vpc_id="vpc-0000000000000000f")
    entry = identity("AWS")
    return tried(
        peering(f"{name}: predict", {**connection("AWS"), **options}, check_mode=True),
        peering(f"{name}: create", {**connection("AWS"), **options}),
        peering(f"{name}: refused", {**wrong_container, **options}),
        wait(f"{name}: wait fails", [entry], **options, wait_timeout=1, interval=0.5),
        absent(f"{name}: delete", {**entry, **options}),
    )


def by_options(name: str, options: Options) -> Task:
    return {"block": all_tasks(name, options)}


def by_defaults(name: str, options: Options) -> Task:
    return {"block": all_tasks(name, {}), "module_defaults": {"group/atlasops.network.atlas": options}}


@pytest.mark.parametrize("channel", [pytest.param(by_options, marks=pytest.mark.slow), by_defaults])
def test_secrets_of_tasks_are_not_shown(
    channel: Callable[[str, Options], Task], atlas: Simulator, play: Play, tmp_path: Path
) -> None:
    given = {**kinds(atlas), **wrong_kinds(atlas)}
    run = play(
        *(channel(name, options) for name, options in kinds(atlas).items()),
        *(channel(name, options)["block"][3] for name, options in wrong_kinds(atlas).items()),
        environment={"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id},
        args=["-vvvv", "--diff"],
    )
    assert run.returncode == 0, run.output[-2000:]
    assert {entry["outcome"] for entry in run.results} == {"ok", "failed"}
    assert leaks(tmp_path, secrets_of(atlas, *given.values())) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("key", marks=pytest.mark.slow),
        pytest.param("account", marks=pytest.mark.slow),
        "token",
        "wrong account",
    ],
)
def test_secrets_of_environment_are_not_shown(name: str, atlas: Simulator, play: Play, tmp_path: Path) -> None:
    options = {**kinds(atlas), **wrong_kinds(atlas)}[name]
    variables = {VARIABLES[option]: value for option, value in options.items()}
    place = {"MONGODB_ATLAS_BASE_URL": atlas.url, "MONGODB_ATLAS_PROJECT_ID": atlas.project_id}
    play(*all_tasks(name, {})[2:4], environment={**place, **variables}, args=["-vvvv", "--diff"])
    assert leaks(tmp_path, secrets_of(atlas, options)) == []


def test_secrets_are_not_shown_if_server_is_wrong(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """A page, a redirect, a refused connection, a server without TLS."""
    limited = {"retry_timeout": 0}
    refused = {**limited, "base_url": "http://127.0.0.1:9"}
    without_tls = {**limited, "base_url": atlas.url.replace("http", "https")}
    tasks: list[Task] = []
    for name, options in kinds(atlas).items():
        atlas.fault("ANY", before_auth=True, status=200, body="<html>Who are you?</html>")
        atlas.fault("ANY", before_auth=True, redirect="https://login.example.com/")
        tasks += tried(
            info(f"{name}: page", {**options, **limited}),
            wait(f"{name}: redirect", [identity("GCP")], **options, **limited),
            info(f"{name}: refused", {**options, **refused}),
            wait(f"{name}: refused wait", [identity("GCP")], **options, **refused),
            wait(f"{name}: no TLS", [identity("GCP")], **options, **without_tls),
        )
    run = play(*tasks, args=["-vvvv", "--diff"])
    assert {entry["outcome"] for entry in run.results} == {"failed"}
    assert leaks(tmp_path, secrets_of(atlas)) == []


def command_lines(running: Running) -> Iterator[str]:
    """Return the command lines of all processes, again and again while the run goes on."""
    while running.alive:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                yield path.read_bytes().decode(errors="replace")
            except OSError:
                continue  # it has ended meanwhile


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_secrets_are_not_in_process_list(atlas: Simulator, play: Play) -> None:
    given = kinds(atlas)
    tasks = [info(name, options) for name, options in given.items()]
    for task in tasks:
        task["vars"] = {"atlas_in_process": False}  # as modules they have processes of their own
    running = play.start(*tasks, wait("wait", [], **given["key"]), executed=True)
    secrets = {PRIVATE_KEY, CLIENT_SECRET, given["token"]["access_token"]}
    lines = set(command_lines(running))
    assert running.finish().returncode == 0
    assert any("ansible-playbook" in line for line in lines)
    assert any("AnsiballZ_atlas_peering_info" in line for line in lines)
    assert [line for line in lines if any(secret in line for secret in secrets)] == []
