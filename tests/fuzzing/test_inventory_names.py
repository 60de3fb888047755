# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects of any name and with any tags as inventory hosts: each one is a host, and nothing in them is evaluated."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.inventory.atlas_projects import InventoryModule
from ansible_collections.atlasops.network.plugins.module_utils.engine.project_hosts import filter_projects
from fuzzing.examples import TEXTS, CountCases, try_examples

try:
    from ansible.template import trust_as_template as as_template
except ImportError:  # before 2.19
    as_template = str  # type: ignore[assignment]

#: Names that meet: equal, equal once they are names of hosts, or those of something else.
NAMES = TEXTS | st.sampled_from(
    ["all", "ungrouped", "localhost", "127.0.0.1", "a b", "a_b", "a,b", "[a:z]", "-a", ".", f"a_b_{'1' * 24}", "team_x"]
)
PROJECTS = st.lists(
    st.fixed_dictionaries({"name": NAMES, "tags": st.dictionaries(TEXTS | st.just("team"), TEXTS, max_size=3)}),
    min_size=1,
    max_size=5,
)
OPTIONS: dict[str, Any] = {
    "hostname": "name",
    "strict": False,
    "compose": {"copied": "atlas_project_name", "joined": "atlas_tags.values() | join(',')"},
    "groups": {"tagged": "atlas_tags | length > 0"},
    "keyed_groups": [{"key": "atlas_tags.team", "prefix": "team"}, {"key": "atlas_project_name"}],
    "use_extra_vars": False,
    "leading_separator": True,
}


class Silent:
    """Stands in for the display."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_args, **_more: None


@pytest.fixture(scope="module")
def loader() -> DataLoader:
    return DataLoader()


def make_plugin(loader: DataLoader) -> InventoryModule:
    """Return the plugin as it is while it parses a source."""
    plugin = InventoryModule()
    plugin.inventory, plugin.templar = InventoryData(), Templar(loader)
    plugin.display = Silent()  # type: ignore[assignment]
    plugin.get_option = OPTIONS.__getitem__  # type: ignore[method-assign,assignment]
    return plugin


def test_projects_as_hosts(count_cases: CountCases, loader: DataLoader) -> None:
    def check(projects: list[dict[str, Any]]) -> None:
        plugin = make_plugin(loader)
        hosts = [
            {"atlas_project_id": f"64a1f0c35b7e2d4198c3f{number:03}", "atlas_project_name": one["name"]}
            | {"atlas_tags": one["tags"], "atlas_org_id": "", "atlas_org_name": None}
            for number, one in enumerate(projects)
        ]
        assert filter_projects(hosts, "", ["*"], {}) == hosts
        names = plugin._names(hosts)
        for name, project in zip(names, hosts):
            plugin._add(name, project)
        assert set(plugin.inventory.hosts) == set(names)
        assert len(set(names)) == len(hosts)
        assert not {"all", "ungrouped", "localhost", "127.0.0.1"} & set(names)
        for name, project in zip(names, hosts):
            check_variables(loader, plugin.inventory.hosts[name].vars, project)

    try_examples(count_cases, 400, check, projects=PROJECTS)


def check_variables(loader: DataLoader, variables: dict[str, Any], project: dict[str, Any]) -> None:
    """Check that a host has the values of its project, also where a template copies them."""
    assert {name: variables[name] for name in project} == project
    templar = Templar(loader, variables=variables)
    for name in ("atlas_project_name", "copied"):
        if name in variables:
            text = templar.template(as_template(f"-{{{{ {name} }}}}"))
            assert text == f"-{project['atlas_project_name']}"
