# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any answer of Atlas, and projects of any name, in the report: a page whose markup is its own, and readable lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.filter.readable import readable
from ansible_collections.atlasops.network.plugins.modules import atlas_peering_report
from ansible_collections.atlasops.network.plugins.plugin_utils.report_groups import group
from fuzzing.examples import TEXTS, CountCases, try_examples
from fuzzing.in_process_atlas import LocalAtlas, validate
from fuzzing.test_answers import CHANGES, DECLARED, FIRST, STATUSES, spoiled
from simulator.http.messages import Request, Response
from support.samples import NAMES, PROJECT, in_api

TEMPLATES = Path(__file__).parents[2] / "roles" / "atlas_peering" / "templates"
#: Would be shown as "evaluated" by whoever evaluates it.
TEMPLATE = "{{ 'evalu' ~ 'ated' }}"
MARKUP = st.sampled_from(
    [
        TEMPLATE,
        "{% set a = 1 %}{{ a",
        "\" onload=alert(1) x='",
        "</code></style></title><script>alert(1)</script>",
        "--><!-- <![CDATA[ <?php",
        "&lt;b&gt;&#x3c;b&#62;&colon;",
        "</svg><path d='M0 0'/><svg onload=alert(1)>",
        "javascript:alert(1)",
    ]
)
WORDS = TEXTS | MARKUP
NETWORKS = [("AWS", "vpcId"), ("AZURE", "vnetName"), ("GCP", "networkName")]
#: What the templates filter -> the variable that has the result.
FILTERED = {
    "__atlas_peering_drift | atlasops.network.readable": "shown",
    "report | atlasops.network.report_groups": "groups_of_shown",
}
#: What the page consists of, and the attributes that may hold text of others.
TAGS = frozenset(
    "b body code dd div dl dt footer g h1 h2 h3 head header html li main meta p path rect section small span style svg "
    "table tbody td text th thead time title tr ul wbr".split()
)
FREE_ATTRIBUTES = ("aria-label", "datetime")
VOID_TAGS = ("meta", "wbr")
#: All other values are made of the page's own words, numbers and drawings.
OWN_VALUE = re.compile(r"[\w .,;:'()=/+-]*")


class Page(HTMLParser):
    """Checks a page while it is parsed, and collects its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert re.fullmatch(r"(aria-|data-|stroke-)?[a-z]+(-[a-z]+)?", name, re.IGNORECASE), (tag, name)
            assert name not in ("href", "src", "style"), (tag, name)
            assert not name.startswith("on"), (tag, name)
            is_own = value is not None and (name in FREE_ATTRIBUTES or OWN_VALUE.fullmatch(value))
            assert is_own, (tag, name, value)
        if tag not in VOID_TAGS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment


class Renderer:
    """Renders the role's templates as its tasks do.

    Args:
        folder: Where to put copies in which variables stand in for the collection's filters, which Ansible finds only
            while it runs a playbook.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._loader = folder, DataLoader()
        for template in TEMPLATES.iterdir():
            text = template.read_text()
            for filtered, variable in FILTERED.items():
                text = text.replace(filtered, variable)
            assert "atlasops.network." not in text
            (folder / template.name).write_text(text)

    def render(self, name: str, report: Mapping[str, Any]) -> str:
        shown = readable(report)
        filtered = dict(zip(FILTERED.values(), [shown, group(shown)]))
        variables = wrap_var({"__atlas_peering_drift": report, **filtered, "inventory_hostname": "localhost"})
        templar = Templar(self._loader, variables=variables)
        lookup = lookup_loader.get("template", loader=self._loader, templar=templar)
        (text,) = lookup.run([str(self._folder / name)], variables=variables)
        return str(text)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(tmp_path_factory.mktemp("templates"))


def check_page(page: str) -> None:
    """Check that markup is where the template has it, and that nothing is evaluated or hidden."""
    check_lines(Page(page).text)
    assert "evaluated" not in page


def check_lines(text: str) -> None:
    for line in text.split("\n"):
        assert line.isprintable(), repr(line[:500])
    assert "evaluated" not in text


def in_project(report: Mapping[str, Any], name: str | None, is_alone: bool) -> dict[str, Any]:
    """Return a report whose project has a name, alone or beside another project."""
    named = {
        part: [{**one, "project_name": name} for one in report[part]]
        for part in ("projects", "connections", "containers")
    }
    other = {"project_id": None, "project_name": f"{name} too", "read": False}
    return {**report, **named, "projects": named["projects"] + [other] * (not is_alone)}


def spoil(atlas: LocalAtlas, first: int, changes: list[tuple[int, Any]]) -> None:
    """Begin anew with an Atlas whose answers are spoiled from this number on."""
    answers = 0

    def change(request: Request, response: Response) -> Response:
        nonlocal answers
        answers += 1
        return spoiled(response, changes) if response.body and changes and answers > first else response

    atlas.reset(change)


def test_report_as_page_and_lines(count_cases: CountCases, local_atlas: LocalAtlas, renderer: Renderer) -> None:
    def check(
        first: int,
        status: str,
        error: str | None,
        networks: list[str],
        project: tuple[str | None, bool],
        changes: list[tuple[int, Any]],
    ) -> None:
        spoil(local_atlas, first, changes)
        for cloud in NAMES:
            local_atlas.atlas.add_peer(PROJECT, cloud, status, error, **in_api(cloud))
        for (cloud, field), network in zip(NETWORKS, networks):
            local_atlas.atlas.add_peer(PROJECT, cloud, "AVAILABLE", **{**in_api(cloud), field: network})
        params, _refusals = validate(atlas_peering_report.SPEC, {**local_atlas.connection, "connections": DECLARED})
        result = local_atlas.run(atlas_peering_report, params)
        if "report" in result:
            report = in_project(result["report"], *project)
            check_page(renderer.render("report.html.j2", report))
            check_lines(renderer.render("report.txt.j2", report))

    strategies = {
        "first": FIRST,
        "status": STATUSES | WORDS,
        "error": st.none() | WORDS,
        "networks": st.lists(WORDS, max_size=3),
        "project": st.tuples(st.none() | WORDS, st.booleans()),
        "changes": st.lists(st.tuples(st.integers(0, 200), WORDS), max_size=2) | CHANGES,
    }
    try_examples(count_cases, 400, check, **strategies)
