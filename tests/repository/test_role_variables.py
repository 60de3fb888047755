# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role takes every variable by a type of its own; that type, its default and its choices are stated once more."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.plugin_utils.variables import check


@pytest.fixture(scope="module")
def role(root):
    return root / "roles" / "atlas_peering"


def load(path):
    return yaml.safe_load(path.read_text())


@pytest.fixture(scope="module")
def options(role):
    specs = load(role / "meta" / "argument_specs.yml")["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


@pytest.fixture(scope="module")
def variables(role):
    return load(role / "vars" / "main.yml")


def test_every_documented_variable_has_a_type(options, variables):
    spec = variables["__atlas_peering_spec"]
    assert set(spec) == set(options)
    defaults = {name: one["default"] for name, one in options.items() if "default" in one}
    assert {name: one["default"] for name, one in spec.items() if "default" in one} == defaults


def test_argument_spec_accepts_text_and_empty_values(options):
    """It checks before the first task, where a survey's empty answers would end the role."""
    assert {name: one["type"] for name, one in options.items() if one["type"] != "raw"} == {}
    assert [name for name, one in options.items() if "choices" in one] == []


def test_choices_are_documented(options, variables):
    for name, one in variables["__atlas_peering_spec"].items():
        text = str(options[name]["description"])
        for choice in one.get("choices", ()):
            assert f"V({choice})" in text, name


def test_variables_are_used_only_after_validation(role, variables):
    """What the spec has is read as __atlas_peering_vars.NAME; a bare name would be whatever somebody has set."""
    own = rf"(?<![.\w])(?:{'|'.join(variables['__atlas_peering_spec'])})\b(?!:)"
    paths = [*role.glob("tasks/*"), *role.glob("templates/*")]
    assert [(path.name, found) for path in paths for found in re.findall(own, path.read_text())] == []


@pytest.fixture(scope="module")
def module_options(role, documented):
    """Return the documented options of all modules that the role uses."""
    text = "".join(path.read_text() for path in role.glob("tasks/*"))
    names = sorted(set(re.findall(r"^ +atlasops\.network\.(\w+):$", text, re.MULTILINE)))
    return {option: one for name in names for option, one in documented["module"][name]["doc"]["options"].items()}


def test_option_names_map_options_to_role_variables(module_options, variables):
    """Every option that a task of the role sets from a variable has the variable's name in messages."""
    names = variables["__atlas_peering_option_names"]
    spec = variables["__atlas_peering_spec"]
    assert set(names) <= set(module_options)
    reports = {name for name in spec if "_report_" in name}
    assert set(spec) - set(names.values()) - reports == {
        "atlas_peering_wait",
        "atlas_peering_other_side",
        "atlas_peering_access_list",
        "atlas_peering_stats",
        "atlas_peering_remove_containers",
    }


def test_role_variable_types_equal_module_types(module_options, variables):
    names, spec = variables["__atlas_peering_option_names"], variables["__atlas_peering_spec"]
    for option, variable in names.items():
        if variable in spec:
            documented_type = (module_options[option]["type"], module_options[option].get("elements"))
            assert (spec[variable]["type"], spec[variable].get("elements")) == documented_type, option
            if option not in ("project_id", "project_name", "connections"):
                assert spec[variable]["default"] == module_options[option]["default"], option


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("atlas_peering_wait", "maybe", "atlas_peering_wait is 'maybe', but must be true or false."),
        ("atlas_peering_timeout", "soon", "atlas_peering_timeout is 'soon', but must be a whole number."),
        ("atlas_peering_interval", [], "atlas_peering_interval is [], but must be a number."),
        (
            "atlas_peering_until",
            "gone",
            "atlas_peering_until is 'gone', but must be one of available, action_required.",
        ),
        (
            "atlas_peering_recreate_on",
            "failed,odd",
            "atlas_peering_recreate_on is 'failed,odd', but must be a list of failed, expired, rejected, changed.",
        ),
        ("atlas_peering_connections", "[{a", "atlas_peering_connections is '[{a', but must be a list."),
        ("atlas_peering_connections", "AWS", "atlas_peering_connections is 'AWS', but must be a list."),
        ("atlas_peering_connections", None, "atlas_peering_connections is missing."),
        ("atlas_peering_connections", " ", "atlas_peering_connections is missing."),
    ],
)
def test_invalid_role_variable_is_reported_in_one_sentence(variables, name, value, words):
    checked, problems = check({"atlas_peering_connections": [], name: value}, variables["__atlas_peering_spec"])
    assert problems == [words]
    assert checked[name] == variables["__atlas_peering_spec"][name].get("default")


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_empty_role_variable_is_treated_as_unset(variables, empty):
    spec = {name: one for name, one in variables["__atlas_peering_spec"].items() if not one.get("required")}
    checked, problems = check(dict.fromkeys(spec, empty), spec)
    assert problems == []
    assert checked == {name: one["default"] for name, one in spec.items()}


#: A value of each type as text, and what it means.
TEXTS = {
    "bool": [("no", False), ("TRUE", True), ("0", False)],
    "int": [("7", 7)],
    "float": [("0.5", 0.5), ("3", 3.0)],
    "str": [("12", "12")],
    "raw": [("12", "12"), ("no", "no")],
    "path": [("/tmp/page", "/tmp/page")],  # noqa: S108
}
LISTS = {
    "dict": [("[{vpc_id: a}]", [{"vpc_id": "a"}]), ('[{"vpc_id": null}]', [{"vpc_id": None}]), ("[]", [])],
    "str": [("failed, expired", ["failed", "expired"]), ('["failed"]', ["failed"]), ("failed", ["failed"])],
}


def texts_of(one):
    """Return [(text, what it means)] of a variable's type."""
    if "choices" not in one:
        return LISTS[one["elements"]] if one["type"] == "list" else TEXTS[one["type"]]
    choices = one["choices"]
    if one["type"] == "list":
        return [(", ".join(choices), choices), (json.dumps(choices), choices), (choices[0], choices[:1])]
    return [(choice, choice) for choice in choices]


def test_role_variable_as_text_is_converted(variables):
    for name, one in variables["__atlas_peering_spec"].items():
        for text, meaning in texts_of(one):
            assert check({name: text}, {name: one}) == ({name: meaning}, [])


def names_of_tasks(data):
    if isinstance(data, list):
        for item in data:
            yield from names_of_tasks(item)
    elif isinstance(data, dict):
        if "name" in data:
            yield str(data["name"])
        for key in ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"):
            yield from names_of_tasks(data.get(key))


def test_tasks_have_fixed_names(root):
    """So that --start-at-task finds them."""
    for folder in ("roles", "playbooks", "examples"):
        for path in (root / folder).rglob("*.yml"):
            if not {"meta", "vars", "defaults", "host_vars", "group_vars"} & set(path.parts):
                assert [name for name in names_of_tasks(yaml.safe_load(path.read_text())) if "{{" in name] == [], path
