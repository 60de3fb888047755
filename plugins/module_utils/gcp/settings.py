# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The options of the connection to Google, completed from the environment and checked.

Options and variables are named as those of google.cloud. An empty string counts as unset everywhere, because AWX passes
unset credential inputs as empty strings.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    check_base_url,
    check_transport_options,
    is_empty,
    value_or_environment,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import is_sendable
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

APPLICATION, MACHINE, SERVICE_ACCOUNT, ACCESS_TOKEN = KINDS = (
    "application",
    "machineaccount",
    "serviceaccount",
    "accesstoken",
)

CONNECTION_SPEC: Mapping[str, Mapping[str, Any]] = {
    "auth_kind": {"type": "str", "choices": list(KINDS)},
    "service_account_file": {"type": "path"},
    "service_account_contents": {"type": "jsonarg", "no_log": True},
    "service_account_email": {"type": "str"},
    "access_token": {"type": "str", "no_log": True},
    "impersonate_service_account": {"type": "str"},
    "base_url": {"type": "str"},
    "timeout": {"type": "int", "default": 30},
    "retry_timeout": {"type": "int", "default": 120},
    "ca_path": {"type": "path"},
}

DEFAULT_BASE_URL = "https://compute.googleapis.com"
#: Path of the API, which the variable that gcloud reads contains.
API_PATH = "/compute/v1/"

#: Option -> the environment variables that replace it if it is unset.
ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "auth_kind": ("GCP_AUTH_KIND",),
    "service_account_file": ("GCP_SERVICE_ACCOUNT_FILE",),
    "service_account_contents": ("GCP_SERVICE_ACCOUNT_CONTENTS",),
    "service_account_email": ("GCP_SERVICE_ACCOUNT_EMAIL",),
    "access_token": ("GCP_ACCESS_TOKEN",),
    "impersonate_service_account": ("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",),
    "base_url": ("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE",),
    "project": ("GCP_PROJECT",),
}


#: Option -> the way to authenticate that it is for, in order of precedence.
_KIND_OF: Mapping[str, str] = {
    "access_token": ACCESS_TOKEN,
    "service_account_contents": SERVICE_ACCOUNT,
    "service_account_file": SERVICE_ACCOUNT,
}


@dataclass(frozen=True)
class Settings:
    """Everything that the client needs to know, checked.

    Attributes:
        base_url: Scheme and host, without a path: ``https://compute.googleapis.com``.
        timeout: Seconds that one request may take.
        retry_timeout: Seconds for which one failed request may be retried.
        kind: How to authenticate, one of `KINDS`.
        access_token: For the kind ``accesstoken``.
        service_account: Key for the kind ``serviceaccount``, as Google exports it.
        email: Service account of the virtual machine, for the kind ``machineaccount``.
        impersonate: Service account to act as, if any.
        verify: True, or the path of the CA bundle to verify certificates with.
    """

    base_url: str
    timeout: int
    retry_timeout: int
    kind: str
    access_token: str = field(default="", repr=False)
    service_account: Mapping[str, Any] = field(default_factory=dict, repr=False)
    email: str = ""
    impersonate: str = ""
    verify: bool | str = True


def parse_settings(params: Mapping[str, Any]) -> Settings:
    """Check the connection options and complete them from the environment.

    Raises:
        InputError: One of them is missing or wrong.
    """
    check_transport_options(params)
    kind = value_or_environment(params, "auth_kind", ENVIRONMENT)
    option, credential = _credential(params, kind)
    kind = kind or _KIND_OF.get(option, APPLICATION)
    return Settings(
        base_url=_base_url(value_or_environment(params, "base_url", ENVIRONMENT) or DEFAULT_BASE_URL),
        timeout=params["timeout"],
        retry_timeout=params["retry_timeout"],
        kind=kind,
        access_token=_token(credential) if kind == ACCESS_TOKEN else "",
        service_account=_key(option, credential) if kind == SERVICE_ACCOUNT else {},
        email=value_or_environment(params, "service_account_email", ENVIRONMENT),
        impersonate=value_or_environment(params, "impersonate_service_account", ENVIRONMENT),
        verify=params.get("ca_path") or True,
    )


def _credential(params: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Return the first option that holds credentials and its value, both empty if there is none.

    One that the task sets takes precedence over any of the environment.

    Raises:
        InputError: `kind` is unknown, or its credentials are missing.
    """
    if kind and kind not in KINDS:
        raise InputError(f"GCP_AUTH_KIND is {kind!r}, but must be one of {', '.join(KINDS)}.")
    possible = [name for name, its_kind in _KIND_OF.items() if kind in ("", its_kind)]
    sources = (params, {name: os.environ.get(ENVIRONMENT[name][0]) for name in possible})
    for source in sources:
        for name in possible:
            if not is_empty(source.get(name)):
                return name, str(source[name]).strip()
    if kind and possible:
        variables = " or ".join(ENVIRONMENT[name][0] for name in possible)
        raise InputError(
            f"auth_kind is {kind}, but its credentials are missing.",
            f"Set {' or '.join(possible)}, or {variables} in the environment.",
        )
    return "", ""


def _token(token: str) -> str:
    if not is_sendable(token):  # The message does not repeat it.
        raise InputError("access_token contains a character that no token has. Check it for a line break.")
    return token


def _key(option: str, text: str) -> Mapping[str, Any]:
    """Return the key of a service account. No message repeats any of it."""
    source = option
    if option == "service_account_file":
        source, text = f"service_account_file {text}", _content(text)
    try:
        key = json.loads(text)
    except ValueError:
        key = None
    missing = [
        name for name in ("client_email", "private_key", "token_uri") if not isinstance(key, dict) or not key.get(name)
    ]
    if missing:
        raise InputError(
            f"{source} does not contain the key of a service account in JSON: it lacks {', '.join(missing)}.",
            "Create a key with gcloud iam service-accounts keys create.",
        )
    _check_token_uri(source, str(key["token_uri"]))
    return dict(key)


def _check_token_uri(source: str, address: str) -> None:
    """Check that the address that is sent a signed assertion is https, or this machine."""
    scheme, _separator, rest = address.partition("://")
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    check_base_url(f"{scheme}://{host}", "https://oauth2.googleapis.com", f"The host of token_uri in {source}")


def _content(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(f"service_account_file is {path}, which cannot be read ({reason}).") from None


def _base_url(address: str) -> str:
    """Check the address of the Compute API, which may contain the path of the API."""
    return check_base_url(address.rstrip("/").removesuffix(API_PATH.rstrip("/")), DEFAULT_BASE_URL)
