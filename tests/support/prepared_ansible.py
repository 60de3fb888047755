# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Works out once, for all commands of a fork server, what each of them works out anew, which is most of a short run.

None of it depends on the environment or the configuration: YAML (where plugins are, which settings there are, the
documentation of plugins, the largest role), code, regular expressions, and modules that are not Ansible's. Each
command gets its own copy, by being forked.

Run as a script, this file prints what a small playbook works out; the playbook is written to the working directory.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.machinery
import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Callable

import yaml

COLLECTIONS = Path(__file__).parents[2] / ".cache" / "collections"
COLLECTION = COLLECTIONS / "ansible_collections" / "atlasops" / "network"
ROLE = "atlas_peering"
FINDER = "ansible.utils.collection_loader._collection_finder"
# Modules of Ansible that read no configuration, of which older releases of ansible-core lack some, and what those of
# this collection import. Other modules are imported if ansible-playbook does.
IMPORTS = (
    "ansible._internal._ssh._ssh_agent",
    "ansible._internal._templating._jinja_patches",
    "ansible._internal._yaml._errors",
    "ansible.config.manager",
    "ansible.module_utils.distro",
    "ansible.utils.collection_loader",
    "requests",
)


def prepare_ansible() -> Callable[[], None]:
    """Let ansible-core, when it first asks, take from memory what has been worked out.

    Return what imports the rest of ansible-core, which reads the environment and the configuration.
    """
    with tempfile.TemporaryDirectory() as home:
        configuration = Path(home, "ansible.cfg")
        configuration.touch()
        settings = {"ANSIBLE_CONFIG": str(configuration), "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}
        environment = {**os.environ, "HOME": home, **settings}
        command = [sys.executable, __file__]
        output = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=True).stdout
    recorded = pickle.loads(output)  # noqa: S301 (own output)
    _import([*IMPORTS, *(name for name in recorded["modules"] if not name.startswith(("ansible", "__")))])
    _compile_patterns(recorded["patterns"])
    _provide_code(recorded["modules"])
    _provide_code_of_collection()
    _provide_routing()
    _provide_settings()
    _provide_documents(recorded["documents"])
    parsed = parsed_module_utils()
    rest = [name for name in recorded["modules"] if name.startswith("ansible.")]
    return lambda: _import_rest(rest, parsed)


def _import(modules: Iterable[str]) -> None:
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _import_rest(modules: Iterable[str], parsed: Mapping[bytes, ast.Module]) -> None:
    """Import modules of Ansible, and load its filters and tests as the first template of each worker would."""
    _import(modules)
    plugins: Any = importlib.import_module("ansible.plugins.loader")
    for loader in (plugins.filter_loader, plugins.test_loader):
        list(loader.all())
    _provide_parsed(parsed)


def _provide_parsed(parsed: Mapping[bytes, ast.Module]) -> None:
    """Ansible parses each file that it packs with a module, for each module anew."""
    packing: Any = importlib.import_module("ansible.executor.module_common")
    packing.compile = lambda source, *how: parsed.get(source) or compile(source, *how)


def parsed_module_utils() -> dict[bytes, ast.Module]:
    """Return what Ansible looks at in the files that modules import: imports, at the top and further down."""
    parsed = {}
    ansible = Path(importlib.import_module("ansible").__file__ or "").parent
    for folder in (ansible / "module_utils", COLLECTION / "plugins" / "module_utils"):
        for path in folder.rglob("*.py"):
            source = path.read_bytes()
            nodes = [one for one in ast.walk(ast.parse(source)) if isinstance(one, (ast.Import, ast.ImportFrom))]
            top = [one for one in nodes if not one.col_offset]
            nested = [one for one in nodes if one.col_offset]
            parsed[source] = ast.Module([*top, ast.If(ast.Constant(True), nested, [])], [])
    return parsed


def _compile_patterns(patterns: Iterable[tuple[Any, int]]) -> None:
    for pattern, flags in patterns:
        re.compile(pattern, flags)


def _provide_code(modules: Mapping[str, str]) -> None:
    """Modules of Ansible run when they are imported, since some read the configuration; their code is the same."""
    loader: Any = importlib.machinery.SourceFileLoader
    files = [(name, path) for name, path in modules.items() if name.startswith("ansible.") and path]
    codes = {path: loader(name, path).get_code(name) for name, path in files}
    get_code = loader.get_code
    loader.get_code = lambda self, name: codes.get(self.path) or get_code(self, name)


def _provide_code_of_collection() -> None:
    """Ansible compiles the files of a collection in each run; a file that has changed or moved it still compiles."""
    finder: Any = importlib.import_module(FINDER)
    codes: dict[tuple[bytes, str], Any] = {}
    for path in (COLLECTION / "plugins").rglob("*.py"):
        loader = importlib.machinery.SourceFileLoader(path.stem, str(path))
        codes[path.read_bytes(), str(path)] = loader.get_code(path.stem)
    finder.compile = lambda source, filename, **how: codes.get((source, filename)) or compile(source, filename, **how)


def _provide_routing() -> None:
    """The function that parses the routing of ansible.builtin, 9,000 lines, invites such a replacement."""
    finder: Any = importlib.import_module(FINDER)
    path = Path(finder.__file__).parents[2] / "config" / "ansible_builtin_runtime.yml"
    text, parse = path.read_bytes(), finder._meta_yml_to_dict
    routing = parse(text, ("ansible.builtin", "runtime.yml"))
    finder._meta_yml_to_dict = lambda given, content_id: routing if given == text else parse(given, content_id)


def _provide_settings() -> None:
    manager: Any = importlib.import_module("ansible.config.manager")
    path, parse = Path(manager.__file__).with_name("base.yml"), manager.yaml_load
    settings = [parse(path.read_bytes())]
    manager.yaml_load = lambda file: settings.pop() if settings and file.name == os.fsencode(path) else parse(file)


def _provide_documents(recorded: Mapping[bytes, bytes]) -> None:
    documents = {key: pickle.loads(value) for key, value in recorded.items()}  # noqa: S301 (own output)
    parse = yaml.load

    def load(stream: Any, Loader: Any) -> Any:
        found = documents.pop(pickle.dumps(stream), None) if isinstance(stream, str) else None
        return parse(stream, Loader) if found is None else found

    yaml.load = load


def _plays() -> list[dict[str, Any]]:
    """Return plays of which the first runs, and the second only makes Ansible load all tasks of the largest role."""
    files = [path.name for path in sorted((COLLECTION / "roles" / ROLE / "tasks").glob("*.yml"))]
    imports = [{"import_role": {"name": f"atlasops.network.{ROLE}", "tasks_from": name}} for name in files]
    tasks = {"localhost": [{"debug": {"msg": "{{ 1 | int }}"}}], "nobody": imports}
    return [{"hosts": hosts, "gather_facts": False, "tasks": listed} for hosts, listed in tasks.items()]


def _record() -> dict[str, Any]:
    """Return what a playbook works out: documents, with what ansible-core notes of their origin, and what they become.

    Before ansible-core 2.19, documentation is not parsed by this function of PyYAML, so no documents are found.
    """
    documents: dict[bytes, bytes] = {}
    parse = yaml.load

    def load(stream: Any, Loader: Any) -> Any:
        found = parse(stream, Loader)
        if isinstance(stream, str):
            documents[pickle.dumps(stream)] = pickle.dumps(found)
        return found

    yaml.load = load
    Path("playbook.yml").write_text(json.dumps(_plays()))
    sys.argv = ["ansible-playbook", "playbook.yml"]
    with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(SystemExit):
        importlib.import_module("ansible.cli.playbook").main()
    cache: Any = vars(re)["_cache"]
    return {
        "documents": documents,
        "modules": {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())},
        "patterns": [(pattern, flags) for _type, pattern, flags in cache],
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_record()))
