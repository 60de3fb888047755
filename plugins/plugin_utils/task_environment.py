# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The ``environment`` of a task of an action plugin that does the work itself, applied as Ansible does to a module."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.plugins.action import ActionBase


def task_environment(action: ActionBase) -> dict[str, str]:
    """Return the ``environment`` of the task."""
    environment: dict[str, Any] = {}
    action._compute_environment_string(environment)
    return {name: str(value) for name, value in environment.items()}


@contextlib.contextmanager
def added_environment(environment: Mapping[str, str]) -> Iterator[None]:
    """Add variables to the environment of this process meanwhile."""
    if not environment:  # Copying it takes time for each item of a loop.
        yield
        return
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
