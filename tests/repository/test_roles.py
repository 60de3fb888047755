# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each role: its defaults, its argument specs and its README agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROLES = sorted((Path(__file__).parents[2] / "roles").glob("[!.]*"))

pytestmark = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def options_of(role):
    """Return [(name, option)] of all entry points, which may share options."""
    specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return [(name, option) for spec in specs.values() for name, option in spec["options"].items()]


def documented_defaults(role):
    """Yield (variable, default) of the tables in the README; the default is a text if it is not code."""
    for names, default in re.findall(
        r"^\| (`\w+`(?:, `\w+`)*) \| (.+?) \|", (role / "README.md").read_text(), re.MULTILINE
    ):
        variables, values = re.findall(r"`(\w+)`", names), re.findall(r"`([^`]*)`", default)
        parsed = [yaml.safe_load(value) for value in values] or [default]
        yield from zip(variables, parsed if len(parsed) == len(variables) else parsed * len(variables))


def test_role_defaults_equal_argument_spec_defaults(role):
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    specified = [(name, option["default"]) for name, option in options_of(role) if "default" in option]
    assert [(name, default) for name, default in specified if defaults.get(name) != default] == []
    assert set(defaults) == {name for name, default in specified}


def test_role_variables_have_role_name_as_prefix(role):
    names = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    assert [name for name in names if not name.startswith(f"{role.name}_")] == []


def test_role_readme_lists_every_option_with_default(role):
    options = dict(options_of(role))
    documented = list(documented_defaults(role))
    assert {name for name, default in documented} == set(options)
    expected = {
        name: "required" if one.get("required") else one["default"]
        for name, one in options.items()
        if {"required", "default"} & set(one)
    }
    assert [(name, default) for name, default in documented if name in expected and default != expected[name]] == []


def test_every_private_variable_is_defined(role):
    """An undefined one would only be found by a run that reaches its task."""
    private = rf"__{role.name}\w*"
    folders = ("tasks", "templates", "vars")
    text = "".join(path.read_text() for folder in folders for path in (role / folder).rglob("*") if path.is_file())
    defined = re.findall(rf"^ *({private}):|(?:register|loop_var): ({private})", text, re.MULTILINE)
    assert set(re.findall(private, text)) <= {name for pair in defined for name in pair if name}
