# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses YAML of ansible-core itself once for all commands of a fork server; it takes each of them half of its start.

What is parsed beforehand does not depend on the environment or the configuration: where plugins are, which settings
there are, and the documentation of plugins. Each command gets its own copy, by being forked.

Run as a script, this file prints the documentation that a small playbook parses, which it writes to its folder.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import yaml

PLAYBOOK = "[{hosts: localhost, gather_facts: false, tasks: [{debug: {msg: '{{ 1 | int }}'}}]}]"


def provide_parsed_documents() -> None:
    """Let ansible-core take each document from memory when it is first asked for."""
    _provide_routing()
    _provide_settings()
    _provide_documentation()


def _provide_routing() -> None:
    """The function that parses the routing of ansible.builtin, 9,000 lines, invites such a replacement."""
    finder: Any = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    path = Path(finder.__file__).parents[2] / "config" / "ansible_builtin_runtime.yml"
    text, parse = path.read_bytes(), finder._meta_yml_to_dict
    routing = parse(text, ("ansible.builtin", "runtime.yml"))
    finder._meta_yml_to_dict = lambda given, content_id: routing if given == text else parse(given, content_id)


def _provide_settings() -> None:
    manager: Any = importlib.import_module("ansible.config.manager")
    path, parse = Path(manager.__file__).with_name("base.yml"), manager.yaml_load
    settings = [parse(path.read_bytes())]
    manager.yaml_load = lambda file: settings.pop() if settings and file.name == os.fsencode(path) else parse(file)


def _provide_documentation() -> None:
    with tempfile.TemporaryDirectory() as home:
        configuration = Path(home, "ansible.cfg")
        configuration.touch()
        environment = {**os.environ, "HOME": home, "ANSIBLE_CONFIG": str(configuration)}
        command = [sys.executable, __file__]
        recorded = subprocess.run(command, cwd=home, env=environment, capture_output=True, check=True).stdout
    documents = {key: pickle.loads(value) for key, value in pickle.loads(recorded).items()}  # noqa: S301 (own output)
    parse = yaml.load

    def load(stream: Any, Loader: Any) -> Any:
        found = documents.pop(pickle.dumps(stream), None) if isinstance(stream, str) else None
        return parse(stream, Loader) if found is None else found

    yaml.load = load


def _record() -> dict[bytes, bytes]:
    """Return what a playbook parses: texts, with what ansible-core notes of their origin, and what they become.

    Before ansible-core 2.19, documentation is not parsed by this function of PyYAML, so nothing is found.
    """
    documents: dict[bytes, bytes] = {}
    parse = yaml.load

    def load(stream: Any, Loader: Any) -> Any:
        found = parse(stream, Loader)
        if isinstance(stream, str):
            documents[pickle.dumps(stream)] = pickle.dumps(found)
        return found

    yaml.load = load
    Path("playbook.yml").write_text(PLAYBOOK)
    sys.argv = ["ansible-playbook", "playbook.yml"]
    with redirect_stdout(sys.stderr), suppress(SystemExit):
        importlib.import_module("ansible.cli.playbook").main()
    return documents


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_record()))
