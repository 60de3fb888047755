# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = sorted((Path(__file__).parents[3] / "roles").glob("[!.]*"))

pytestmark = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def test_the_defaults_are_those_of_the_argument_specs(role):
    options = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    documented = {name: option.get("default") for name, option in options.items() if not option.get("required")}
    assert yaml.safe_load((role / "defaults" / "main.yml").read_text()) == documented


def test_variables_carry_the_name_of_the_role(role):
    names = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    assert [name for name in names if not name.startswith(f"{role.name}_")] == []


def test_the_readme_names_every_option(role):
    options = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    readme = (role / "README.md").read_text()
    assert [name for name in options if name not in readme] == []
