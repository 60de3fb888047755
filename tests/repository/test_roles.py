# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = sorted((Path(__file__).parents[2] / "roles").glob("[!.]*"))

pytestmark = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def options_of(role):
    """Return [(name, option)] of all entry points, whose options may have names in common."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return [(name, option) for spec in specs.values() for name, option in spec["options"].items()]


def test_the_defaults_are_those_of_the_argument_specs(role):
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    optional = [(name, option["default"]) for name, option in options_of(role) if not option.get("required")]
    assert [(name, default) for name, default in optional if defaults.get(name) != default] == []
    assert set(defaults) == {name for name, default in optional}


def test_variables_carry_the_name_of_the_role(role):
    names = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    assert [name for name in names if not name.startswith(f"{role.name}_")] == []


def test_the_readme_names_every_option(role):
    readme = (role / "README.md").read_text()
    assert [name for name, option in options_of(role) if name not in readme] == []
