# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Settings of a client: the connection options, completed from the environment and checked.

An empty string counts as unset everywhere, because AWX passes unset credential inputs as empty strings. Documented in
the fragment ``atlasops.network.atlas``.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option

DEFAULT_BASE_URL = "https://cloud.mongodb.com"
MOST = 10**9  # of any option that is a number; thirty years in seconds
#: Option -> the environment variables that replace it if it is unset, in order of precedence.
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


@dataclass(frozen=True)
class AuthenticationMethod:
    """One way to authenticate; `auth` has a class for each.

    Attributes:
        options: The options that it needs, all of them.
        description: What a message calls these options.
        principal: Who authenticates, as a template over the options; contains no secret.
    """

    options: tuple[str, ...]
    description: str
    principal: str


#: Name -> method, in order of precedence.
METHODS: Mapping[str, AuthenticationMethod] = {
    "access_token": AuthenticationMethod(("access_token",), "access_token", "this access token"),
    "service_account": AuthenticationMethod(
        ("client_id", "client_secret"),
        "client_id and client_secret (service account)",
        "service account {client_id}",
    ),
    "api_key": AuthenticationMethod(
        ("public_key", "private_key"), "public_key and private_key (API key)", "API key {public_key}"
    ),
}

#: What templates and scripts turn a missing value into.
_PLACEHOLDERS = ("none", "null", "nil", "undefined", "ansibleundefined", "false", "true")


@dataclass(frozen=True)
class Credentials:
    """The credentials of one method.

    Attributes:
        method: A key of `METHODS`.
        values: A value for each of its options: ``{"public_key": "abcdefgh", "private_key": "…"}``.
    """

    method: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def principal(self) -> str:
        """The authenticated principal, for messages; contains no secret: ``API key abcdefgh``."""
        return METHODS[self.method].principal.format(**self.values)


@dataclass(frozen=True)
class Settings:
    """Everything that the client needs to know, checked.

    Attributes:
        base_url: Scheme and host, without a path: ``https://cloud.mongodb.com``.
        api_version: ``v2`` or ``v1.0``.
        timeout: Seconds that one request may take, from connecting to the last byte of the response.
        retry_timeout: Seconds for which one failed request may be retried.
        verify: Whether to verify the certificate, or the path of the CA bundle to verify it with.
        credentials: How to authenticate.
        token_cache: Whether to share a service account's token with other tasks.
    """

    base_url: str
    api_version: str
    timeout: int
    retry_timeout: int
    verify: bool | str
    credentials: Credentials
    token_cache: bool = True


def parse_settings(params: Mapping[str, Any], methods: Collection[str] = tuple(METHODS)) -> Settings:
    """Check the connection options and complete them from the environment.

    Args:
        params: The options of the task.
        methods: Names of the methods of authentication that may be used.

    Raises:
        InputError: One of them is missing or wrong.
    """
    check_transport_options(params)
    return Settings(
        base_url=check_base_url(value_or_environment(params, "base_url") or DEFAULT_BASE_URL),
        api_version=params["api_version"],
        timeout=params["timeout"],
        retry_timeout=params["retry_timeout"],
        verify=(params.get("ca_path") or True) if params["validate_certs"] else False,
        credentials=_credentials(params, methods),
        token_cache=_is_cache_enabled(params),
    )


def check_transport_options(params: Mapping[str, Any]) -> None:
    """Check the options of any HTTP connection: timeout, retry_timeout and ca_path. Raises InputError."""
    at_least(1, params, "timeout", " (seconds)")
    at_least(0, params, "retry_timeout", " (seconds)")
    ca_path = params.get("ca_path")
    if ca_path and not os.path.exists(ca_path):
        raise InputError(
            f"ca_path is {ca_path}, which does not exist. Set it to a file of CA certificates in PEM format."
        )


def at_least(least: int, params: Mapping[str, Any], name: str, unit: str = "") -> int:
    """Return an option that is a number, if it is large enough and at most `MOST`. Raises InputError otherwise."""
    number: int = params[name]
    if isinstance(number, bool):  # which Ansible takes for a whole number
        raise InputError(f"{option(name)} is {str(number).lower()}, but it must be a number.")
    if not least <= number <= MOST:
        bound = f"at least {least}{unit}" if number < least else f"at most {MOST}"
        raise InputError(f"{option(name)} is {number}, but it must be {bound}.")
    return number


def is_empty(value: Any) -> bool:
    """Report whether an option counts as unset. False and 0 do not: YAML reads the names ``no`` and ``0`` as such."""
    return value is None or (isinstance(value, str) and not value.strip())


def value_or_environment(
    params: Mapping[str, Any], name: str, environment: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    """Return an option, otherwise the first of its environment variables that is set, otherwise an empty string.

    The environment variables are those of Atlas, unless others are passed.
    """
    candidates = [params.get(name), *(os.environ.get(variable) for variable in (environment or ENVIRONMENT)[name])]
    return next((str(candidate).strip() for candidate in candidates if not is_empty(candidate)), "")


def _is_cache_enabled(params: Mapping[str, Any]) -> bool:
    value = value_or_environment(params, "token_cache")
    try:
        return bool(boolean(value or True))
    except TypeError:
        raise InputError(f"MONGODB_ATLAS_TOKEN_CACHE is {value!r}, but must be true or false.") from None


def _credentials(params: Mapping[str, Any], methods: Collection[str]) -> Credentials:
    """Choose the method: one that the task's options name takes precedence over one of the environment."""
    possible = {name: method for name, method in METHODS.items() if name in methods}
    named = {name: method for name, method in possible.items() if any(params.get(one) for one in method.options)}
    incomplete = ""
    for name, method in (named or possible).items():
        values = {one: value_or_environment(params, one) for one in method.options}
        missing = [one for one, value in values.items() if not value]
        if not missing:
            _refuse_placeholders(values)
            _refuse_unsendable(values)
            return Credentials(name, values)
        if len(missing) < len(values):
            given = " and ".join(set(values) - set(missing))
            incomplete = incomplete or f"{given} is set, but {missing[0]} is missing."
    raise InputError(
        incomplete or "No credentials are given.",
        f"Set {', or '.join(method.description for method in possible.values())}: as options, in module_defaults, or "
        "in the environment (MONGODB_ATLAS_CLIENT_ID and so on).",
    )


def _refuse_placeholders(values: Mapping[str, str]) -> None:
    """Refuse a word that is no credential, but that templates turn a missing value into."""
    for name, value in values.items():
        if value.lower() in _PLACEHOLDERS or "omit_place_holder" in value:
            word = "Ansible's placeholder for omit" if "omit_place_holder" in value else f"the word {value!r}"
            raise InputError(f"{name} is {word}, so its source is empty. Set the source, or remove {name}.")


def _refuse_unsendable(values: Mapping[str, str]) -> None:
    """Refuse what an HTTP header cannot hold, without repeating it."""
    for name, value in values.items():
        if not (value.isascii() and value.isprintable()):
            raise InputError(
                f"{name} contains a character that is not valid in a credential. Check it for a line break."
            )


def check_base_url(value: str, example: str = DEFAULT_BASE_URL, name: str = "base_url") -> str:
    """Check the address of an API: https, or http to a loopback address; a host and nothing after it.

    Args:
        value: The address; InputError is raised if it is something else.
        example: One that is right.
        name: The option that holds it.
    """
    if "@" in value:  # The value is not repeated: it may contain a password.
        raise InputError(f"{name} contains a user name or password. Set credentials by their own options.")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise InputError(f"{name} is {value!r}, which is not an address like {example}.") from None
    if not host or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise InputError(f"{name} is {value!r}, which is not a plain address like {example}.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise InputError(
            f"{name} is {value!r}, but credentials are sent over https only. Use https://{parts.netloc} instead."
        )
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
