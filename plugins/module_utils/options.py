# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Argument specs, one for each documentation fragment, and the options that are checked beyond their types.

The connection options are read by `api.settings`, those that name projects by `engine.projects`. Those of which only
some modules need the model are in files of their own, `change_options` and `access_list_options`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import at_least, value_or_environment
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import clouds

#: Fragment ``atlas``: the connection to Atlas.
CONNECTION_SPEC: Mapping[str, Mapping[str, Any]] = {
    "access_token": {"type": "str", "no_log": True},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "public_key": {"type": "str"},
    "private_key": {"type": "str", "no_log": True},
    "token_cache": {"type": "bool"},
    "base_url": {"type": "str"},
    "api_version": {"type": "str", "choices": ["v2", "v1.0"], "default": "v2"},
    "timeout": {"type": "int", "default": 30},
    "retry_timeout": {"type": "int", "default": 120},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
}

#: Fragment ``atlas.project``: one project.
PROJECT_SPEC: Mapping[str, Mapping[str, Any]] = {
    "project_id": {"type": "str", "aliases": ["group_id"]},
    "project_name": clouds.PROJECT_NAME.spec,
}

#: Fragment ``atlas.names``: what messages call the options.
NAMES_SPEC: Mapping[str, Mapping[str, Any]] = {"option_names": {"type": "dict"}}

#: Fragment ``atlas.projects``: several projects, instead of one.
PROJECTS_SPEC: Mapping[str, Mapping[str, Any]] = {
    "project_ids": {"type": "list", "elements": "str"},
    "project_names": {"type": "list", "elements": "str"},
    "all_projects": {"type": "bool", "default": False},
}

#: Fragment ``atlas.peering``: one connection, of any cloud.
PEERING_SPEC: Mapping[str, Mapping[str, Any]] = {
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    "peer_id": {"type": "str", "aliases": ["id"]},
    **{f.option: f.spec for cloud in clouds.CLOUDS.values() for f in cloud.peering.fields},
    "container_region": {"type": "str"},
    "atlas_cidr_block": {"type": "str"},
}

#: Fragment ``atlas.connections``: connections of any number of projects.
CONNECTIONS_SPEC: Mapping[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {**PROJECT_SPEC, **PEERING_SPEC},
}

#: Fragment ``atlas.container``: one container, of any cloud.
CONTAINER_SPEC: Mapping[str, Mapping[str, Any]] = {
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    "container_id": {"type": "str", "aliases": ["id"]},
    **{f.option: f.spec for cloud in clouds.CLOUDS.values() for f in cloud.container.fields},
}

STATE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"}
}

#: Seconds for which the deletion of a container is retried.
DELETION_SPEC: Mapping[str, Mapping[str, Any]] = {"delete_timeout": {"type": "int", "default": 600}}

#: Fragment ``atlas.workers``: concurrency.
WORKERS_SPEC: Mapping[str, Mapping[str, Any]] = {"max_workers": {"type": "int", "default": 16}}


def workers(params: Mapping[str, Any]) -> int:
    """Return the number of concurrent requests, 1 if the task has no such option.

    Raises:
        InputError: It is less than 1.
    """
    return at_least(1, {"max_workers": 1, **params}, "max_workers")


def delete_timeout(params: Mapping[str, Any]) -> float:
    """Return the seconds for which the deletion of a container is retried.

    Raises:
        InputError: The number is negative.
    """
    return at_least(0, params, "delete_timeout", " (seconds)")


def organization(params: Mapping[str, Any]) -> str:
    """Return the id of the only organization to list, empty for all of them.

    Raises:
        InputError: It is not an id.
    """
    value = value_or_environment(params, "org_id")
    return clouds.ORG_ID.parse("org_id", value) if value else ""


def positive_seconds(params: Mapping[str, Any], name: str) -> float:
    """Return a time.

    Raises:
        InputError: It is not positive, or not a number.
    """
    seconds: float = params[name]
    if seconds <= 0 and not isinstance(seconds, bool):
        raise InputError(f"{option(name)} is {seconds}, but it must be more than 0 (seconds).")
    return at_least(0, params, name)
