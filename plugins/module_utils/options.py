# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every module and the wait share, and what the environment adds to them.

An empty string counts as unset everywhere, because AWX hands over unset credential inputs that way.
Documented in the fragment ``atlasops.network.atlas``.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import clouds
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.preflight import Limits
from ansible_collections.atlasops.network.plugins.module_utils.option_names import option

#: Options of the connection to Atlas.
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

PROJECT_SPEC: Mapping[str, Mapping[str, Any]] = {
    "project_id": {"type": "str", "aliases": ["group_id"]},
    "project_name": clouds.PROJECT_NAME.spec,
}

#: Several projects, in place of one.
PROJECTS_SPEC: Mapping[str, Mapping[str, Any]] = {
    "project_ids": {"type": "list", "elements": "str"},
    "project_names": {"type": "list", "elements": "str"},
}

#: Options that name one connection and say what it should be, for all clouds.
PEERING_SPEC: Mapping[str, Mapping[str, Any]] = {
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    "peer_id": {"type": "str", "aliases": ["id"]},
    **{f.option: f.spec for cloud in clouds.CLOUDS.values() for f in cloud.peering.fields},
    "container_region": {"type": "str"},
    "atlas_cidr_block": {"type": "str"},
}

#: A list of connections, over projects.
CONNECTIONS_SPEC: Mapping[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {**PROJECT_SPEC, **PEERING_SPEC},
}

#: Options that name one container and say what it should be, for all clouds.
CONTAINER_SPEC: Mapping[str, Mapping[str, Any]] = {
    "provider_name": {"type": "str", "choices": list(clouds.CLOUDS)},
    "container_id": {"type": "str", "aliases": ["id"]},
    **{f.option: f.spec for cloud in clouds.CLOUDS.values() for f in cloud.container.fields},
}

STATE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"}
}

#: How long the deletion of a container is asked for.
DELETION_SPEC: Mapping[str, Mapping[str, Any]] = {"delete_timeout": {"type": "int", "default": 600}}

#: Options that say when a failed or different connection may be replaced.
REPLACE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "recreate_on": {
        "type": "list",
        "elements": "str",
        "choices": ["failed", "expired", "rejected", "changed"],
        "default": [],
    },
    "recreate_timeout": {"type": "int", "default": 600},
}

#: Options of the modules that create connections: what Atlas allows in one project.
LIMITS_SPEC: Mapping[str, Mapping[str, Any]] = {
    "peer_limit": {"type": "int", "default": 50},
    "pending_limit": {"type": "int", "default": 25},
}

#: Options that let what is not declared be deleted.
PURGE_SPEC: Mapping[str, Mapping[str, Any]] = {
    "purge": {"type": "bool", "default": False},
    "purge_limit": {"type": "int", "default": 5},
}

#: How many requests may be under way at once.
WORKERS_SPEC: Mapping[str, Mapping[str, Any]] = {"max_workers": {"type": "int", "default": 16}}

DEFAULT_BASE_URL = "https://cloud.mongodb.com"

#: Option -> the environment variables that stand in for it, first one first.
ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",),
    "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
    "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
    "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
    "token_cache": ("MONGODB_ATLAS_TOKEN_CACHE",),
    "base_url": ("MONGODB_ATLAS_BASE_URL",),
    "project_id": ("MONGODB_ATLAS_PROJECT_ID",),
    "org_id": ("MONGODB_ATLAS_ORG_ID",),
}

#: Ways to authenticate and the options each needs, by priority.
METHODS: Mapping[str, tuple[str, ...]] = {
    "access_token": ("access_token",),
    "service_account": ("client_id", "client_secret"),
    "api_key": ("public_key", "private_key"),
}

_WAYS: Mapping[str, str] = {
    "service_account": "client_id and client_secret (service account)",
    "api_key": "public_key and private_key (API key)",
    "access_token": "access_token",
}


@dataclass(frozen=True)
class Credentials:
    """One way to authenticate: a key of `METHODS` and a value for each of its options."""

    method: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything the client needs to know, checked.

    Attributes:
        base_url: Scheme and host, no path.
        api_version: ``v2`` or ``v1.0``.
        timeout: Seconds to wait for a connection, and then for each part of an answer.
        retry_timeout: Seconds during which one failed request may be tried again.
        verify: False, True, or the path of a CA bundle.
        token_cache: Whether a service account's token is kept for other tasks.
    """

    base_url: str
    api_version: str
    timeout: int
    retry_timeout: int
    verify: bool | str
    credentials: Credentials
    token_cache: bool = True


def settings(params: Mapping[str, Any], methods: Collection[str] = tuple(METHODS)) -> Settings:
    """Check the connection options and fill them in from the environment. Raises InputError.

    Args:
        params: The options.
        methods: Ways to authenticate that may be used.
    """
    for name, least in (("timeout", 1), ("retry_timeout", 0)):
        if params[name] < least:
            raise InputError(f"{option(name)} is {params[name]}, but it must be at least {least} (seconds).")
    ca_path = params.get("ca_path")
    if ca_path and not os.path.exists(ca_path):
        raise InputError(f"ca_path names {ca_path}, which does not exist. Give the file of a CA bundle in PEM format.")
    return Settings(
        base_url=_base_url(_value(params, "base_url") or DEFAULT_BASE_URL),
        api_version=params["api_version"],
        timeout=params["timeout"],
        retry_timeout=params["retry_timeout"],
        verify=(ca_path or True) if params["validate_certs"] else False,
        credentials=_credentials(params, methods),
        token_cache=_token_cache(params),
    )


def project(params: Mapping[str, Any]) -> tuple[str, str]:
    """Return the project's id or its name, the other one empty. Raises InputError where there is neither."""
    given = params.get("project_name")
    name = "" if is_empty(given) else clouds.PROJECT_NAME.clean(option("project_name"), given)
    if name and params.get("project_id"):
        raise InputError(f"{option('project_id')} and {option('project_name')} are both given. Set one of them.")
    if name:
        return "", name
    value = _value(params, "project_id")
    if not value:
        raise InputError(
            f"{option('project_id')} is missing. Set it or {option('project_name')}, "
            "or the environment variable MONGODB_ATLAS_PROJECT_ID."
        )
    return clouds.PROJECT_ID.clean(option("project_id"), value), ""


def is_empty(value: Any) -> bool:
    """Tell whether an option counts as unset; False and 0 do not, of which YAML makes names."""
    return value is None or (isinstance(value, str) and not value.strip())


def homes(params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the options that name each project of a task that may name several.

    An empty list names none; one that is null, or was made of an empty string, is unset.
    """
    lists = {"project_id": params.get("project_ids"), "project_name": params.get("project_names")}
    given = {option: values for option, values in lists.items() if values not in (None, [""])}
    if not given:
        return [params]
    several: list[Mapping[str, Any]] = [{option: value} for option, values in given.items() for value in values]
    if any(not str(value).strip() for one in several for value in one.values()):
        raise InputError("project_ids or project_names has an empty entry. Leave it out, or name a project.")
    return several


def workers(params: Mapping[str, Any]) -> int:
    """Return how many requests may be under way at once. Raises InputError."""
    number: int = params.get("max_workers", 1)
    if number < 1:
        raise InputError(f"{option('max_workers')} is {number}, but it must be at least 1.")
    return number


def limits(params: Mapping[str, Any]) -> Limits:
    """Check what one run may come to in one project. Raises InputError."""
    for name in LIMITS_SPEC:
        if params[name] < 1:
            raise InputError(f"{option(name)} is {params[name]}, but it must be at least 1 (connections).")
    purge = params.get("purge_limit", 0)
    if purge < 0:
        raise InputError(f"{option('purge_limit')} is {purge}, but it must be at least 0 (connections).")
    return Limits(params["peer_limit"], params["pending_limit"], purge)


def delete_timeout(params: Mapping[str, Any]) -> float:
    """Return the seconds during which the deletion of a container is asked for. Raises InputError."""
    seconds: int = params["delete_timeout"]
    if seconds < 0:
        raise InputError(f"{option('delete_timeout')} is {seconds}, but it must be at least 0 (seconds).")
    return seconds


def organization(params: Mapping[str, Any]) -> str:
    """Return the id of the organization to keep to, empty for all of them. Raises InputError."""
    value = _value(params, "org_id")
    return clouds.ORG_ID.clean("org_id", value) if value else ""


def replace_policy(params: Mapping[str, Any]) -> ReplacePolicy:
    """Check the options that let a connection be replaced. Raises InputError."""
    if params["recreate_timeout"] <= 0:
        name, given = option("recreate_timeout"), params["recreate_timeout"]
        raise InputError(f"{name} is {given}, but it must be more than 0 (seconds).")
    return ReplacePolicy(params["recreate_on"], params["recreate_timeout"])


def _value(params: Mapping[str, Any], name: str) -> str:
    """Return an option, else its environment variable, else an empty string."""
    candidates = [params.get(name), *(os.environ.get(variable) for variable in ENVIRONMENT[name])]
    given = (str(candidate).strip() for candidate in candidates if candidate is not None)
    return next(filter(None, given), "")


def _token_cache(params: Mapping[str, Any]) -> bool:
    value = _value(params, "token_cache")
    try:
        return bool(boolean(value or True))
    except TypeError:
        raise InputError(f"MONGODB_ATLAS_TOKEN_CACHE is {value!r}, but must be true or false.") from None


def _credentials(params: Mapping[str, Any], methods: Collection[str]) -> Credentials:
    """Choose the way to authenticate: one that the task's options name goes before one of the environment."""
    incomplete = ""
    possible = {method: names for method, names in METHODS.items() if method in methods}
    named = {method: names for method, names in possible.items() if any(params.get(name) for name in names)}
    for method, names in (named or possible).items():
        values = {name: _value(params, name) for name in names}
        missing = [name for name, value in values.items() if not value]
        if not missing:
            _refuse_leftovers(values)
            _refuse_unsendable(values)
            return Credentials(method, values)
        if len(missing) < len(names):
            incomplete = incomplete or f"{missing[0]} is missing beside {' and '.join(set(names) - set(missing))}."
    ways = [words for method, words in _WAYS.items() if method in possible]
    raise InputError(
        incomplete or "No credentials are given.",
        f"Set {', or '.join(ways)}: "
        "as options, by module_defaults, or by MONGODB_ATLAS_CLIENT_ID and the like in the environment.",
    )


#: What templates and scripts make of a value that is not there.
_LEFTOVERS = ("none", "null", "nil", "undefined", "ansibleundefined", "false", "true")


def _refuse_leftovers(values: Mapping[str, str]) -> None:
    """Refuse a word that no credential is, but that an empty value becomes on its way."""
    for name, value in values.items():
        if value.lower() in _LEFTOVERS or "omit_place_holder" in value:
            word = "Ansible's placeholder for nothing" if "omit_place_holder" in value else f"the word {value!r}"
            raise InputError(f"{name} is {word}, so what it was taken from is empty. Set that, or leave {name} out.")


def _refuse_unsendable(values: Mapping[str, str]) -> None:
    """Refuse what an HTTP header cannot hold, without repeating it."""
    for name, value in values.items():
        if not (value.isascii() and value.isprintable()):
            raise InputError(f"{name} holds a character that no credential has. Was it pasted whole, on one line?")


def _base_url(value: str) -> str:
    """Check the address of Atlas: https, or http to this very machine; a host and nothing behind it."""
    if "@" in value:  # Its value is not repeated: it may hold a password.
        raise InputError("base_url holds a user name or password. Give credentials by their own options.")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InputError(f"base_url is {value!r}, which is not an address like {DEFAULT_BASE_URL}.") from None
    if not host or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise InputError(f"base_url is {value!r}, which is not a plain address like {DEFAULT_BASE_URL}.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise InputError(
            f"base_url is {value!r}, but credentials are sent over https only. Use https://{parts.netloc} instead."
        )
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
