# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to authenticate to Microsoft, and where: options, otherwise the environment."""

from __future__ import annotations

from itertools import chain

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.azure.options import ACCESS_SPEC, parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import (
    CONNECTION_SPEC,
    ENVIRONMENT,
    parse_settings,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

PARAMS = {**dict.fromkeys(CONNECTION_SPEC), "timeout": 30, "retry_timeout": 120}
CLIENT = {"tenant": "example.org", "client_id": "client", "secret": "s3cret"}
NETWORK = {
    **{name: one.get("default") for name, one in ACCESS_SPEC.items()},
    "subscription_id": "8DEC2D92-478d-bc50-cf99-d31b9e90a1c7",
    "resource_group": "app-production",
    "virtual_network": "app-vnet",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in chain(*ENVIRONMENT.values()):
        monkeypatch.delenv(name, raising=False)


def settings(**params):
    return parse_settings({**PARAMS, **params})


def problem(**params):
    with pytest.raises(InputError) as caught:
        settings(**params)
    return str(caught.value)


def test_addresses_default_to_the_public_cloud(monkeypatch):
    assert list(settings(**CLIENT).urls.values()) == [
        "https://login.microsoftonline.com",
        "https://management.azure.com",
        "https://graph.microsoft.com",
    ]
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "https://login.example.org/")
    found = settings(**CLIENT, graph_url="http://127.0.0.1:1")
    assert (found.base_url, found.urls["graph_url"]) == ("https://login.example.org", "http://127.0.0.1:1")
    assert "graph_url is 'http://example.org'" in problem(**CLIENT, graph_url="http://example.org")


def test_options_take_precedence_over_environment(monkeypatch):
    for name, value in {"TENANT": "t", "CLIENT_ID": "c", "SECRET": "s", "ACCESS_TOKEN": "a"}.items():
        monkeypatch.setenv(f"AZURE_{name}", value)
    assert (settings().tokens, settings().client_id) == ({"access_token": "a"}, "")
    own = settings(**CLIENT)
    assert (own.tokens, own.tenant, own.client_id, own.secret) == ({}, "example.org", "client", "s3cret")
    assert settings(client_id=" ", access_token="b").tokens == {"access_token": "b"}


def test_graph_token_may_go_with_an_application():
    found = settings(**CLIENT, graph_access_token="g")
    assert (found.tokens, found.client_id) == ({"graph_access_token": "g"}, "client")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "No Azure credentials are given. Set tenant, client_id and secret, or AZURE_TENANT,"),
        ({"tenant": "example.org"}, "No Azure credentials are given. Set tenant,"),
        ({"client_id": "c"}, "tenant and secret of the Azure credentials are missing."),
        ({**CLIENT, "secret": ""}, "secret of the Azure credentials is missing."),
        ({**CLIENT, "tenant": "a/b"}, "tenant is 'a/b', but must be the ID or a domain name of a directory."),
        ({"access_token": "a\nb"}, "access_token contains a character that no token has."),
        ({**CLIENT, "timeout": 0}, "timeout is 0, but it must be at least 1"),
    ],
)
def test_wrong_credentials_are_refused_without_repeating_them(params, words):
    assert words in problem(**params)
    assert "a\nb" not in problem(**params)


def test_secrets_are_not_in_the_representation():
    assert "s3cret" not in repr(settings(**CLIENT))
    assert "t0ken" not in repr(settings(access_token="t0ken"))


def test_network_has_names_of_a_connection(monkeypatch):
    desired = parse_desired(NETWORK)
    assert desired.network.scope == (
        "/subscriptions/8dec2d92-478d-bc50-cf99-d31b9e90a1c7/resourceGroups/app-production/providers/Microsoft.Network/"
        "virtualNetworks/app-vnet"
    )
    assert desired.role_name == "AtlasPeering/8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-production/app-vnet"
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", NETWORK["subscription_id"])
    assert parse_desired({**NETWORK, "subscription_id": ""}) == desired


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("subscription_id", None, "subscription_id is missing."),
        ("subscription_id", "x", "subscription_id is 'x', but must be"),
        ("resource_group", "a/b", "resource_group is 'a/b', but must be"),
        ("virtual_network", True, "virtual_network is True, which may not be what was written."),
        ("principal_id", "' or 1", 'principal_id is "\' or 1", but must be'),
        ("application_id", "atlas", "application_id is 'atlas', but must be"),
        ("role_name", "a\nb", "role_name must be one line of at most 512 characters."),
        ("wait_timeout", -1, "wait_timeout is -1, but it must be at least 0"),
    ],
)
def test_wrong_options_are_refused(option, value, words):
    with pytest.raises(InputError) as caught:
        parse_desired({**NETWORK, option: value})
    assert words in str(caught.value)
