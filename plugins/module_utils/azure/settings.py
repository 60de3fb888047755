# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The options of the connection to Microsoft, completed from the environment and checked.

Options and variables are named as those of azure.azcollection if it has them. An empty string counts as unset
everywhere, because AWX passes unset credential inputs as empty strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    check_base_url,
    check_transport_options,
    is_empty,
    value_or_environment,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import is_sendable
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError


@dataclass(frozen=True)
class Service:
    """One API of Microsoft.

    Attributes:
        name: What messages call it.
        url_option: The option that has its address.
        default_url: Its address, which also says what a token is for.
        token_option: The option that has an access token for it, if any.
    """

    name: str
    url_option: str
    default_url: str
    token_option: str = ""

    @property
    def scope(self) -> str:
        """What a token is requested for: all that the application may do there."""
        return f"{self.default_url}/.default"


LOGIN = Service("Microsoft Entra ID", "authority_url", "https://login.microsoftonline.com")
AZURE = Service("Azure", "resource_manager_url", "https://management.azure.com", "access_token")
GRAPH = Service("Microsoft Graph", "graph_url", "https://graph.microsoft.com", "graph_access_token")
SERVICES = (LOGIN, AZURE, GRAPH)

CONNECTION_SPEC: Mapping[str, Mapping[str, Any]] = {
    "tenant": {"type": "str"},
    "client_id": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "access_token": {"type": "str", "no_log": True},
    "graph_access_token": {"type": "str", "no_log": True},
    **{service.url_option: {"type": "str"} for service in SERVICES},
    "timeout": {"type": "int", "default": 30},
    "retry_timeout": {"type": "int", "default": 120},
    "ca_path": {"type": "path"},
}

#: Option -> the environment variables that replace it if it is unset.
ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "tenant": ("AZURE_TENANT",),
    "client_id": ("AZURE_CLIENT_ID",),
    "secret": ("AZURE_SECRET",),
    "access_token": ("AZURE_ACCESS_TOKEN",),
    "graph_access_token": ("AZURE_GRAPH_ACCESS_TOKEN",),
    "authority_url": ("AZURE_AUTHORITY_HOST",),
    "resource_manager_url": ("AZURE_RESOURCE_MANAGER_URL",),
    "graph_url": ("AZURE_GRAPH_URL",),
    "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
}

#: Options that authenticate together.
_CLIENT = ("tenant", "client_id", "secret")
_TENANT = re.compile(r"[\w.-]+")
_NO_CREDENTIALS_HINT = (
    "Set tenant, client_id and secret, or AZURE_TENANT, AZURE_CLIENT_ID and AZURE_SECRET in the environment, or an "
    "access_token, such as that of: az account get-access-token"
)


@dataclass(frozen=True)
class Settings:
    """Everything that the client needs to know, checked.

    Attributes:
        urls: Address of each service, by the option that has it: ``{"graph_url": "https://graph.microsoft.com"}``.
        timeout: Seconds that one request may take.
        retry_timeout: Seconds for which one failed request may be retried.
        tenant: Directory whose tokens are requested; empty if tokens are given.
        client_id: Application that requests tokens; empty if tokens are given.
        secret: Its secret.
        tokens: Tokens that are given, by the option that has them.
        verify: True, or the path of the CA bundle to verify certificates with.
    """

    urls: Mapping[str, str]
    timeout: int
    retry_timeout: int
    tenant: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    verify: bool | str = True

    @property
    def base_url(self) -> str:
        """Address of the service that issues tokens; the session has to know one."""
        return self.urls[LOGIN.url_option]

    @property
    def token_path(self) -> str:
        return f"/{self.tenant}/oauth2/v2.0/token"


def parse_settings(params: Mapping[str, Any]) -> Settings:
    """Check the connection options and complete them from the environment.

    Raises:
        InputError: One of them is missing or wrong.
    """
    check_transport_options(params)
    tokens = _tokens(params)
    client = {} if AZURE.token_option in tokens else _client(params)
    return Settings(
        urls={service.url_option: _url(params, service) for service in SERVICES},
        timeout=params["timeout"],
        retry_timeout=params["retry_timeout"],
        tokens=tokens,
        verify=params.get("ca_path") or True,
        **client,
    )


def _url(params: Mapping[str, Any], service: Service) -> str:
    address = value_or_environment(params, service.url_option, ENVIRONMENT) or service.default_url
    return check_base_url(address.rstrip("/"), service.default_url, service.url_option)


def _tokens(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the tokens that are given. Those of the environment count unless the task names an application."""
    names_client = any(not is_empty(params.get(name)) for name in ("client_id", "secret"))
    found = {}
    for service in (AZURE, GRAPH):
        name = service.token_option
        if is_empty(params.get(name)) and names_client:
            continue
        token = value_or_environment(params, name, ENVIRONMENT)
        if token and not is_sendable(token):  # The message does not repeat it.
            raise InputError(f"{name} contains a character that no token has. Check it for a line break.")
        if token:
            found[name] = token
    return found


def _client(params: Mapping[str, Any]) -> dict[str, str]:
    values = {name: value_or_environment(params, name, ENVIRONMENT) for name in _CLIENT}
    missing = [name for name, value in values.items() if not value]
    if missing:
        # A tenant alone is none: the role takes it from the connection.
        given = values["client_id"] or values["secret"]
        raise InputError(
            f"{' and '.join(missing)} of the Azure credentials {'are' if missing[1:] else 'is'} missing."
            if given
            else "No Azure credentials are given.",
            _NO_CREDENTIALS_HINT,
        )
    if not _TENANT.fullmatch(values["tenant"]):
        raise InputError(f"tenant is {values['tenant']!r}, but must be the ID or a domain name of a directory.")
    return values
