# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the documentation of plugins and in the pages, collected from the files that hold them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PREFIX = "atlasops.network."
PAGES = ("*.md", "docs/*.md", "docs/docsite/rst/*.rst", "roles/*/*.md", "examples/*/*.md", "tests/*/*.md")


class Loader(yaml.SafeLoader):
    """Reads YAML with Ansible's tags, such as !vault, as plain text."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)


@dataclass(frozen=True)
class Example:
    """One document of YAML, in the file `path`."""

    path: Path
    text: str
    data: Any

    @property
    def label(self) -> str:
        """The file and the first line that is not a comment."""
        lines = [line for line in self.text.splitlines() if line.strip() and not line.startswith(("#", "---"))]
        return f"{self.path}: {lines[0]}"

    @property
    def kind(self) -> str:
        """What it is for: plays, tasks, an inventory's source, keywords of a play, or variables."""
        if isinstance(self.data, list):
            return "plays" if "hosts" in self.data[0] else "tasks"
        if str(self.data.get("plugin", "")).startswith(PREFIX):
            return "source"
        return "keywords" if "module_defaults" in self.data else "variables"


def documents(text: str) -> list[Any]:
    return list(yaml.load_all(text, Loader))


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of code in a page of Markdown or reStructuredText, by a pattern for their language."""
    fenced = re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    indented = re.findall(rf"^\.\. code-block:: {language}\n\n((?:   .*\n|\n)+)", page, re.MULTILINE)
    return fenced + [dedent(block).rstrip("\n") + "\n" for block in indented]


def yaml_blocks(page: str) -> list[str]:
    """Return the blocks of YAML in a page."""
    return blocks(page, r"ya?ml(?:\+jinja)?")


def console_blocks(page: str) -> list[str]:
    """Return the commands in each block of a console in a page."""
    commands = [re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE) for block in blocks(page, "console")]
    return ["\n".join(lines) for lines in commands]


def examples() -> list[Example]:
    """Return every example, of the plugins first."""
    plugins = sorted(ROOT.glob("plugins/*/*.py"))
    pages = sorted(page for pattern in PAGES for page in ROOT.glob(pattern))
    texts = [(path, text) for path in plugins for text in _examples_of(path)]
    texts += [(path, text) for path in pages for text in yaml_blocks(path.read_text())]
    return [
        Example(path.relative_to(ROOT), part, *documents(part))
        for path, text in texts
        for part in re.split(r"^---$", text, flags=re.MULTILINE)
        if part.strip()
    ]


def _examples_of(plugin: Path) -> Iterator[str]:
    """Yield the text of EXAMPLES, if a plugin has any."""
    for node in ast.parse(plugin.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            yield ast.literal_eval(node.value)
