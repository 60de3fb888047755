# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: as data, on the terminal, as an artifact, and as a page in a browser."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from simulator.settings import CONTAINER_IDS
from support.patience import PATIENCE
from support.run_playbook import Play, Run
from support.samples import in_api
from support.tasks import Options, connection

PLAYBOOK = "atlasops.network.report"
SUMMARY = (
    "1 of 6 as declared: 1 failed, 1 missing, 1 different, 1 action required, 1 pending; 1 undeclared; "
    "containers: 1 different"
)
STATES = ["available", "different", "action_required", "failed", "missing", "pending", "undeclared"]
HOSTILE = "<script>document.documentElement.className='run'</script><img src=x onerror=\"this.id='run'\">'&amp;"
DARK, LIGHT = 0, 1  # Chromium's preferredColorScheme


def peer_id(days: float, number: int) -> str:
    """Return the id of a connection that was made some days ago."""
    return f"{int(time.time() - days * 86400):08x}{number:016x}"


def vpc(number: int) -> Options:
    return {"vpc_id": f"vpc-0f1e2d3c4b5a6978{number}", "route_table_cidr_block": f"10.{number}.0.0/16"}


def seed(atlas: Simulator) -> list[Options]:
    """Give the project one connection of each kind, and return what is declared of them: all but the last."""
    stay: list[tuple[str, float, Options]] = [
        ("AVAILABLE", 30, vpc(0)),
        ("AVAILABLE", 20, {**vpc(1), "route_table_cidr_block": "10.99.0.0/16"}),
        ("PENDING_ACCEPTANCE", 2.5, vpc(2)),
        ("FAILED", 9, vpc(3)),
    ]
    for number, (status, days, options) in enumerate(stay):
        error = "EXPIRED" if status == "FAILED" else None
        fields = in_api("AWS", **options)
        atlas.add_peer(atlas.project_id, "AWS", status=status, error=error, id=peer_id(days, number), **fields)
    fields = in_api("AZURE")
    atlas.add_peer(atlas.project_id, "AZURE", status="ADDING_PEER", id=peer_id(0, 5), **fields)
    atlas.add_peer(atlas.project_id, "GCP", status="AVAILABLE", id=peer_id(1, 6), **in_api("GCP"))
    azure = connection("AZURE", container_id=None)
    return [
        *(connection("AWS", **vpc(number)) for number in range(5)),
        {**azure, "container_region": "EUROPE_NORTH", "atlas_cidr_block": "192.168.232.0/21"},
    ]


def report(play: Play, connections: list[Options], more: str = "", **variables: Any) -> Run:
    """Run the playbook."""
    given = {"connections": connections, **variables}
    extra = json.dumps({f"atlas_peering_{name}": value for name, value in given.items()})
    return play(playbook=PLAYBOOK, args=["--extra-vars", extra, *more.split()])


def fact(run: Run) -> dict[str, Any]:
    return dict(run["Set atlas_peering_report"]["ansible_facts"]["atlas_peering_report"])


def lines(run: Run) -> list[str]:
    return list(run["Show the report"]["msg"])


def row(run: Run, state: str) -> str:
    words = state.replace("_", " ")
    (line,) = [line for line in lines(run)[2:] if line.startswith(f"{words}  ") and "container" not in line]
    return line


@pytest.mark.smoke
def test_report_as_fact_and_table(atlas: Simulator, play: Play) -> None:
    run = report(play, seed(atlas))
    assert run.returncode == 0, run.output
    entries = {entry["state"]: entry for entry in fact(run)["connections"]}
    assert sorted(entries) == sorted(STATES)
    assert fact(run)["drift"] is True
    assert entries["different"]["differences"] == [
        {"field": "route_table_cidr_block", "declared": "10.1.0.0/16", "found": "10.99.0.0/16"}
    ]
    assert entries["action_required"]["expires_in_hours"] == pytest.approx(4.5 * 24, abs=0.2)
    assert entries["undeclared"]["provider_name"] == "GCP"

    head, titles, *rows, command = lines(run)
    assert head == SUMMARY
    assert re.fullmatch(
        r"aws ec2 accept-vpc-peering-connection --region us-east-1 --vpc-peering-connection-id pcx-\w+", command
    )
    assert [entry["next_command"] for entry in entries.values() if entry["next_command"]] == [command]
    assert titles.split() == ["STATE", "CLOUD", "NETWORK", "ID", "NOTES"]
    assert [line.split("  ")[0] for line in rows] == [
        "failed",
        "missing",
        "different",
        "action required",
        "pending",
        "undeclared",
        "available",
        "different",
    ]
    for state in STATES:
        peering = entries[state]["peering"] or {"id": "-"}
        for title, word in (("NETWORK", entries[state]["peer_network"]), ("ID", peering["id"])):
            assert row(run, state)[titles.index(title) :].startswith(word), "the columns are aligned"
    assert "route_table_cidr_block is 10.99.0.0/16, declared 10.1.0.0/16." in row(run, "different")
    assert re.search(r"Accept pcx-\w+ in AWS account .* Expires in 4 days\.$", row(run, "action_required"))
    assert "Create it with atlas_peering_set or the playbook atlasops.network.peer" in row(run, "missing")
    assert "Declare it, or delete it with atlas_peering (state: absent, peer_id: " in row(run, "undeclared")
    assert rows[-1].endswith("The container is 192.168.248.0/21, declared 192.168.232.0/21.")
    assert atlas.writes() == []


def test_report_without_connections_or_drift_succeeds(atlas: Simulator, play: Play) -> None:
    run = report(play, [], report_fail=True)
    assert run.returncode == 0, run.output
    assert lines(run) == ["No connection is declared, and none exists"]
    atlas.add_peer(atlas.project_id, "GCP", status="AVAILABLE", **in_api("GCP"))
    assert lines(report(play, []))[0] == "No connection is declared; 1 undeclared"
    run = report(play, [connection("GCP")], report_fail=True)
    assert run.returncode == 0, run.output
    assert lines(run)[0] == "1 of 1 as declared"


def test_report_html_of_empty_project(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    project = atlas.add_project("empty", containers=False)
    page = tmp_path / "report.html"
    run = report(play, [], project_id=project, report_html=str(page))
    assert run.returncode == 0, run.output
    assert f"<h1>{project}</h1>" in page.read_text()
    assert "There are no containers and no connections." in page.read_text()


def test_report_html_heading_names_project(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """By the name that the task gives, or that of the host that stands for it; its id is a small word beside it."""
    project = atlas.add_project("payments")
    hosts = {"by-id": {"atlas_peering_project_id": project}, "by-name": {"atlas_peering_project_name": "payments"}}
    found = {"atlas_project_id": project, "atlas_project_name": "payments, as listed"}
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"projects": {"hosts": {**hosts, "by-inventory": found}}}))
    variables = {"hosts": "projects", "connections": [], "report_html": f"{tmp_path}/{{{{ inventory_hostname }}}}.html"}
    extra = json.dumps({f"atlas_peering_{name}": value for name, value in variables.items()})
    run = play(playbook=PLAYBOOK, args=[f"--inventory={inventory}", "--extra-vars", extra])
    assert run.returncode == 0, run.output
    for host, name in (("by-id", "by-id"), ("by-name", "payments"), ("by-inventory", "payments, as listed")):
        page = (tmp_path / f"{host}.html").read_text()
        assert f"<h1>{name} <small>{project}</small></h1>" in page
        assert f"<title>Network peering of {name}</title>" in page


def two_regions(atlas: Simulator, project: str) -> list[Options]:
    """Give a project a connection of one VPC, declared from two regions, of which the second has no container."""
    home = atlas.add_container(project, "AWS", "EU_CENTRAL_1")
    atlas.add_peer(project, "AWS", "AVAILABLE", **in_api("AWS", container_id=home))
    regions = ("EU_CENTRAL_1", "AP_SOUTH_1")
    return [connection("AWS", container_id=None, container_region=region, project_id=project) for region in regions]


def test_report_distinguishes_projects_and_regions(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """One VPC, two regions of one project, and another project, one that cannot be read, and one that is not there."""
    projects = [atlas.add_project(name) for name in ("payments", "orders", "closed")]
    atlas.fault("GET", f"/groups/{projects[2]}/", status=403, body={"errorCode": "USER_UNAUTHORIZED"}, times=None)
    declared = [
        *two_regions(atlas, projects[0]),
        connection("AWS", project_name="orders"),
        connection("AWS", project_id=projects[2]),
        connection("AWS", project_name="nowhere"),
    ]
    page = tmp_path / "report.html"
    run = report(play, declared, report_html=str(page), report_stats=True)
    assert run.returncode == 2
    assert run.msg("Fail if not everything could be compared").startswith("2 of 5 connections could not be compared.")
    assert lines(run)[0] == "1 of 5 as declared: 2 unknown, 2 missing; containers: 1 missing"
    vpc_name = "123456789012/vpc-0f1e2d3c4b5a69788"
    seen = [re.split(r"  +", line)[:4] for line in lines(run)[2:]]
    assert seen == [
        ["unknown", projects[2], "AWS", vpc_name],
        ["unknown", "nowhere", "AWS", vpc_name],
        ["missing", projects[0], "AWS", f"{vpc_name} in AP_SOUTH_1"],
        ["missing", "orders", "AWS", vpc_name],
        ["available", projects[0], "AWS", f"{vpc_name} in EU_CENTRAL_1"],
        ["missing", projects[0], "AWS", "AP_SOUTH_1"],
    ]
    text = page.read_text()
    assert "Could not be compared" in text
    assert "USER_UNAUTHORIZED" in text
    for region in ("EU_CENTRAL_1", "AP_SOUTH_1"):
        assert text.count(f">vpc-0f1e2d3c4b5a69788 in {region}</text>") == 2, "in the wide and in the narrow drawing"
    assert f"<h3>orders <small>{projects[1]}</small></h3>" in text
    assert "<h3>nowhere</h3>" in text
    assert run.outcome("Publish the report as an artifact") == "ok"


def test_info_table_distinguishes_connections_of_one_network(atlas: Simulator, play: Play) -> None:
    """The playbook info does not read the containers, so they are called by their ids."""
    homes = [atlas.add_container(atlas.project_id, "AWS", region) for region in ("EU_CENTRAL_1", "AP_SOUTH_1")]
    for home in homes:
        atlas.add_peer(atlas.project_id, "AWS", "AVAILABLE", **in_api("AWS", container_id=home))
    atlas.add_peer(atlas.project_id, "GCP", "AVAILABLE", **in_api("GCP"))
    run = play(playbook="atlasops.network.info", args=[])
    assert run.returncode == 0, run.output
    names = [re.split(r"  +", line)[4] for line in run["Connections"]["msg"][1:]]
    vpc_name = "123456789012/vpc-0f1e2d3c4b5a69788"
    assert names == [*(f"{vpc_name} in container {home}" for home in homes), "my-project-191923/default"]


def test_report_fail_fails_after_writing_report(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run = report(play, seed(atlas), report_fail=True, report_html=str(page))
    assert run.returncode == 2
    assert run.msg("Fail if anything is not as declared") == SUMMARY
    assert fact(run)["drift"]
    assert page.exists()


def test_report_shows_overdue_expiry(atlas: Simulator, play: Play) -> None:
    fields = in_api("AWS", **vpc(0))
    atlas.add_peer(atlas.project_id, "AWS", status="PENDING_ACCEPTANCE", id=peer_id(8.5, 0), **fields)
    run = report(play, [connection("AWS", **vpc(0))])
    assert row(run, "action_required").endswith("Should have expired 36 hours ago.")


def test_report_stats_have_a_key_for_each_host(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    other = atlas.add_project("other")
    inventory = tmp_path / "inventory.json"
    hosts = {"team-a.example": {"atlas_peering_project_id": atlas.project_id}, "b": {"atlas_peering_project_id": other}}
    inventory.write_text(json.dumps({"projects": {"hosts": hosts}}))
    variables = {"hosts": "projects", "connections": seed(atlas), "report_stats": True}
    run = play(
        playbook=PLAYBOOK,
        environment={**atlas.environment(), "ANSIBLE_SHOW_CUSTOM_STATS": "1"},
        args=[
            f"--inventory={inventory}",
            "--extra-vars",
            json.dumps({f"atlas_peering_{name}": value for name, value in variables.items()}),
        ],
    )
    assert run.returncode == 0, run.output
    assert {key: value["counts"] for key, value in run.stats.items()} == {
        "atlas_peering_report_of_team_a_example_d8337700": dict.fromkeys(STATES, 1),
        "atlas_peering_report_of_b": {"missing": 6},
    }


def test_report_without_stats_and_html_skips_both(atlas: Simulator, play: Play) -> None:
    run = report(play, [])
    assert run.outcome("Publish the report as an artifact") == "skipped"
    assert run.outcome("Write the page") == "skipped"


def changed(run: Run) -> bool:
    assert run.returncode == 0, run.output
    return bool(run["Write the page"]["changed"])


def test_report_html_is_changed_only_if_content_differs(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    how = {"connections": seed(atlas), "report_html": str(page)}
    assert changed(report(play, how["connections"], "--check", report_html=str(page)))
    assert not page.exists()
    assert changed(report(play, **how))
    assert page.stat().st_mode & 0o777 == 0o644
    # As if it had been written a day before: the page is renewed, which is no change.
    written = page.read_text()
    page.write_text(re.sub(r"(<h1>.*?<time).*?</time>", r"\1>yesterday</time>", written, count=1, flags=re.DOTALL))
    assert "yesterday" in page.read_text()
    assert not changed(report(play, **how, more="--check"))
    assert "yesterday" in page.read_text()
    assert not changed(report(play, **how))
    assert "yesterday" not in page.read_text()
    (pending,) = [peer for peer in atlas.peers() if peer.get("statusName") == "PENDING_ACCEPTANCE"]
    atlas.accept(pending["id"])
    assert changed(report(play, **how))
    assert "2 of 6 as declared" in page.read_text()
    assert atlas.writes() == []


def test_report_html_shows_report(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run = report(play, seed(atlas), report_html=str(page))
    text = page.read_text()
    assert SUMMARY in text
    for entry in fact(run)["connections"]:
        assert f'data-label="State"><div><span class="state state-{entry["state"]}">' in text
        name = entry["peer_network"].split("/")[1]
        assert text.count(f">{name}</text>") == 2, "in the wide and in the narrow drawing"
        assert html.escape(entry["next_action"] or "", quote=False).split("'")[0] in text
    assert "is <code>10.99.0.0/16</code>, declared <code>10.1.0.0/16</code>" in text
    assert text.count(">route_table_cidr_block is 10.99.0.0/16,") == 2, "and in the drawings"
    assert "→" not in text
    assert "derived from IDs" in text
    assert not re.search(r"<script|<link|<img|@import|url\(|\ssrc=|https?://", text), "it needs nothing from elsewhere"


def test_report_shows_what_an_application_needs(atlas: Simulator, play: Play, tmp_path: Path) -> None:
    """As far as Atlas tells: not what nobody has read in AWS, and each thing that is missing with its cure."""
    atlas.add_access_list_entry("10.0.0.0/16")
    page, declared = tmp_path / "report.html", seed(atlas)
    run = report(play, declared, report_html=str(page), report_usable=True)
    assert run.returncode == 0, run.output
    assert lines(run)[0] == f"{SUMMARY}; usable: 0 yes, 5 no, 2 unknown"
    assert lines(run)[1].split() == ["STATE", "USABLE", "CLOUD", "NETWORK", "ID", "NOTES"]
    found = {entry["state"]: entry["usable"] for entry in fact(run)["connections"]}
    assert found["available"]["let_in"]["state"] == found["available"]["accepted"]["state"] == "yes"
    assert "Unknown whether routed: The routes in AWS were not read." in row(run, "available")
    assert "Not let in: 10.2.0.0/16 is not in the IP access list of the project. Run" in row(run, "action_required")
    assert "Not routed" not in row(run, "action_required"), "which its next action is about already"
    text = page.read_text()
    for words in ("The routes in AWS were not read.", "10.2.0.0/16 is not in the IP access list of the project."):
        assert words in text
    assert text.count(">resolvable</text>") == 2 * len(found), "in the wide and in the narrow drawings"
    assert atlas.writes() == []


@pytest.mark.slow
def test_report_shows_why_the_other_side_could_not_be_read(atlas: Simulator, play: Play) -> None:
    """Everything else is reported, and the run succeeds."""
    atlas.add_peer(atlas.project_id, "AWS", status="AVAILABLE", **in_api("AWS", **vpc(0)))
    atlas.add_access_list_entry("10.0.0.0/16")
    run = report(play, [connection("AWS", **vpc(0))], report_usable=True, other_side="aws, azure", report_fail=True)
    assert run.returncode == 0, run.output
    assert lines(run)[0] == "1 of 1 as declared; usable: 0 yes, 0 no, 1 unknown"
    assert "Unknown whether routed: " in row(run, "available")
    assert "ansible-galaxy collection install amazon.aws" in row(run, "available")


@pytest.mark.slow
def test_report_fails_if_a_connection_is_known_to_be_unusable(atlas: Simulator, play: Play) -> None:
    atlas.add_peer(atlas.project_id, "GCP", status="AVAILABLE", **in_api("GCP"))
    declared = [{**connection("GCP"), "access_list": ["10.128.0.0/20"]}]
    assert report(play, declared, report_fail=True).returncode == 0
    run = report(play, declared, report_fail=True, report_usable=True)
    assert run.msg("Fail if anything is not as declared") == "1 of 1 as declared; usable: 0 yes, 1 no, 0 unknown"
    atlas.add_access_list_entry("10.128.0.0/16")
    run = report(play, declared, report_fail=True, report_usable=True)
    assert (run.returncode, lines(run)[0]) == (0, "1 of 1 as declared; usable: 1 yes, 0 no, 0 unknown")


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

WIDTHS = (1280, 1110, 1000, 768, 390, 320)
# Shows the page in a frame of each width, and says what became of it there.
FRAMES = """<!DOCTYPE html><meta charset="utf-8">%s<script>
const look = (page) => {
  const view = page.defaultView, root = page.scrollingElement;
  const box = (one) => one.getBoundingClientRect();
  const shown = (selector) => [...page.querySelectorAll(selector)].filter((one) => one.getClientRects().length);
  const say = (one) => (one.className.baseVal ?? one.className) + ": " + one.textContent.trim().slice(0, 60);
  const within = (a, b) => a.left > b.left && a.right < b.right && a.top > b.top && a.bottom < b.bottom;
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  const texts = shown("svg text"), frames = shown(".card, .box, .pill").map(box);
  return {
    title: page.title,
    dark: view.matchMedia("(prefers-color-scheme: dark)").matches,
    background: view.getComputedStyle(page.body).backgroundColor,
    drawings: shown("svg[role=img]").length,
    texts: texts.length,
    strangers: page.querySelectorAll("script, img, iframe, [onerror], #run, .run").length,
    problems: {
      sideways: root.scrollWidth > root.clientWidth,
      beside: shown("body :not(thead, thead *)").filter((one) => box(one).right > root.clientWidth).map(say),
      outside: texts.filter((one) => !frames.some((frame) => within(box(one), frame))).map(say),
      overlapping: texts.flatMap((one, at) => texts.slice(at + 1).filter((next) => overlap(box(one), box(next))))
        .map(say),
    },
  };
};
onload = () => {
  const answer = [...document.querySelectorAll("iframe")].map((one) => look(one.contentDocument));
  document.body.textContent = "ANSWER" + JSON.stringify(answer) + "ANSWER";
};
</script>"""


def look(page: Path, scheme: int) -> dict[int, Any]:
    """Open the page in a browser, and return what it looks like at each width."""
    assert CHROMIUM
    frame = '<iframe width="%d" height="900" style="border: 0" srcdoc="%s"></iframe>'
    frames = page.with_name("frames.html")
    frames.write_text(FRAMES % "".join(frame % (width, html.escape(page.read_text())) for width in WIDTHS))
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    command = [
        *(CHROMIUM, *flags.split(), "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
        *(f"--user-data-dir={page.with_name(f'profile{scheme}')}", f"--blink-settings=preferredColorScheme={scheme}"),
        *("--window-size=1400,1000", "--dump-dom", frames.as_uri()),
    ]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return dict(zip(WIDTHS, json.loads(html.unescape(shown.stdout.split("ANSWER")[1]))))


@pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: no Chromium is installed (Debian's package chromium)")
@pytest.mark.parametrize("many", [pytest.param(False, marks=pytest.mark.slow), True], ids=["few", "many"])
def test_report_html_in_browser_is_readable_and_safe(atlas: Simulator, play: Play, tmp_path: Path, many: bool) -> None:
    """On a desk and on a phone, by day and by night nothing is cut, and a hostile name is only a name."""
    project = atlas.add_project(HOSTILE)
    for container in ("AWS", "AZURE", "GCP"):
        atlas.add_peer(project, container, status="AVAILABLE")
    atlas.add_peer(project, "AZURE", status="AVAILABLE", vnetName=HOSTILE + "{{ 1 + 1 }}")
    atlas.add_peer(project, "AZURE", status="FAILED", error=HOSTILE, vnetName="v" * 64)
    for number in range(25 * many):
        fields = {"gcpProjectId": f"{'p' * 28}{number:02}", "networkName": "n" * 63}
        atlas.add_peer(project, "GCP", status="WAITING_FOR_USER", id=peer_id(number, number), **fields)
    declared = [connection("AWS", container_id=None, container_region="EU_WEST_1"), connection("AWS", **vpc(2))]
    page = tmp_path / "report.html"
    run = report(play, declared, project_name=HOSTILE, report_html=str(page), report_usable=many)
    assert run.returncode == 0, run.output
    assert fact(run)["counts"]["missing"] == 2
    backgrounds = {}
    for scheme in (LIGHT, DARK):
        for width, sight in look(page, scheme).items():
            backgrounds[scheme] = sight["background"]
            assert sight["title"] == f"Network peering of {HOSTILE}"
            assert sight["strangers"] == 0
            assert sight["dark"] is (scheme == DARK)
            assert sight["drawings"] == 5, "one of each container, and of each that is only declared"
            assert sight["texts"] > 20
            assert not any(sight["problems"].values()), f"at {width} pixels: {sight['problems']}"
    assert backgrounds[LIGHT] != backgrounds[DARK]
    assert CONTAINER_IDS["AWS"] in page.read_text(), "a declared container that is not there is drawn too"
    assert "{{ 1 + 1 }}" in page.read_text()
    assert atlas.writes() == []
