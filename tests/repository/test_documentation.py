# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from support.documented_examples import PREFIX, documents, yaml_blocks

GROUP = f"group/{PREFIX}"


def calls(data):
    """Yield (name, arguments) of everything that is named after this collection, however deep."""
    if isinstance(data, list):
        for item in data:
            yield from calls(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if str(key).startswith((PREFIX, GROUP)):
                yield str(key).removeprefix(PREFIX), value if isinstance(value, dict) else {}  # an expression
            yield from calls(value)


def mistakes(arguments, options, where):
    """Yield what the documented options do not allow: unknown names, missing names, values that are not choices."""
    known = {alias: option for name, option in options.items() for alias in [name, *option.get("aliases", [])]}
    for name, value in arguments.items():
        if name not in known:
            yield f"{where}: unknown option {name}"
            continue
        choices = known[name].get("choices")
        values = value if isinstance(value, list) else [value]
        yield from (
            f"{where}: {name} cannot be {item}"
            for item in values
            if choices and item not in choices and "{{" not in str(item)
        )
        suboptions = known[name].get("suboptions")
        for item in values if suboptions else ():
            if isinstance(item, dict):
                yield from mistakes(item, suboptions, f"{where}.{name}")


def options_of_group(group, modules):
    """Return the options of all modules of an action group."""
    members = [content["doc"]["options"] for name, content in modules.items() if name.startswith(f"{group}_")]
    return {name: option for options in members for name, option in options.items()}


def mistakes_in(text, modules, where):
    for name, arguments in calls(documents(text)):
        if name.startswith(GROUP):
            yield from mistakes(arguments, options_of_group(name.removeprefix(GROUP), modules), where)
        elif name in modules:
            yield from mistakes(arguments, modules[name]["doc"]["options"], f"{where}: {name}")
        else:
            yield f"{where}: unknown module {name}"


def mistakes_in_sources(data, inventories, where):
    """Yield the mistakes in those of some documents that are sources of an inventory plugin."""
    for source in data:
        plugin = source.get("plugin", "") if isinstance(source, dict) else ""
        if str(plugin).startswith(PREFIX):
            yield from mistakes(
                source, inventories[plugin.removeprefix(PREFIX)]["doc"]["options"], f"{where}: {plugin}"
            )


def test_modules_document_their_attributes(documented):
    for name, content in documented["module"].items():
        assert {"action_group", "check_mode", "diff_mode", "idempotent"} <= set(content["doc"]["attributes"]), name


def test_modules_have_examples_that_use_them(documented):
    for name, content in documented["module"].items():
        (tasks,) = documents(content["examples"])
        assert name in [called for called, arguments in calls(tasks)]
        assert all("name" in task for task in tasks), f"an example of {name} is not a task with a name"


def test_examples_of_modules_use_existing_options(documented):
    modules = documented["module"]
    found = [mistake for name in modules for mistake in mistakes_in(modules[name]["examples"], modules, name)]
    assert found == []


def test_examples_of_inventories_use_existing_options(documented):
    for name, content in documented["inventory"].items():
        sources = documents(content["examples"])
        assert all(source["plugin"] == f"{PREFIX}{name}" for source in sources)
        assert list(mistakes_in_sources(sources, documented["inventory"], name)) == []


def test_playbooks_and_roles_use_existing_options(documented, root, texts):
    folders = ("playbooks", "roles", "examples")
    sources = [p for p in texts if p.suffix in (".yml", ".yaml") and p.relative_to(root).parts[0] in folders]
    assert [m for path in sources for m in mistakes_in(texts[path], documented["module"], path)] == []
    inventories = documented["inventory"]
    assert [m for path in sources for m in mistakes_in_sources(documents(texts[path]), inventories, path)] == []


def test_pages_use_existing_options(documented, texts):
    blocks = [(path, block) for path in texts if path.suffix in (".md", ".rst") for block in yaml_blocks(texts[path])]
    assert [m for path, block in blocks for m in mistakes_in(block, documented["module"], path)] == []
    inventories = documented["inventory"]
    assert [m for path, block in blocks for m in mistakes_in_sources(documents(block), inventories, path)] == []


def test_mistake_in_inventory_source_is_found():
    inventories = {"things": {"doc": {"options": {"plugin": {}, "kind": {"choices": ["a"]}}}}}
    sources = [{"plugin": "atlasops.network.things", "kind": "a"}, {"plugin": "atlasops.network.things", "kin": "a"}]
    found = list(mistakes_in_sources([*sources, {"plugin": "other", "x": 1}, ["a"]], inventories, "t"))
    assert found == ["t: atlasops.network.things: unknown option kin"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("atlasops.network.thing: {size: 1, kind: a}", []),
        ("atlasops.network.thing: {parts: [{bulk: 1}]}", []),
        ("- block: [{atlasops.network.thing: {sise: 1}}]", ["t: thing: unknown option sise"]),
        ("atlasops.network.thing: {kind: c}", ["t: thing: kind cannot be c"]),
        ("atlasops.network.thing: {parts: [{bulg: 1}]}", ["t: thing.parts: unknown option bulg"]),
        ("atlasops.network.thong: {}", ["t: unknown module thong"]),
        ("module_defaults: {group/atlasops.network.atlas: {sise: 1}}", ["t: unknown option sise"]),
    ],
)
def test_mistake_in_example_is_found(text, expected):
    options = {
        "size": {},
        "kind": {"choices": ["a", "b"]},
        "parts": {"suboptions": {"length": {"aliases": ["bulk"]}}},
    }
    assert list(mistakes_in(text, {"thing": {"doc": {"options": options}}}, "t")) == expected
