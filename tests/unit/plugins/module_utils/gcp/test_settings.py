# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to authenticate, and to whom: options, otherwise the environment."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import (
    CONNECTION_SPEC,
    ENVIRONMENT,
    parse_settings,
)

KEY = {"client_email": "peering@my-project.iam.gserviceaccount.com", "private_key": "s3cret", "token_uri": "https://t"}
PARAMS = {**dict.fromkeys(CONNECTION_SPEC), "timeout": 30, "retry_timeout": 120}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in chain(*ENVIRONMENT.values()):
        monkeypatch.delenv(name, raising=False)


def settings(**params):
    return parse_settings({**PARAMS, **params})


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(KEY))
    return str(path)


def test_auth_kind_defaults_to_application():
    found = settings(access_token="", service_account_file=" ", auth_kind=None)
    assert (found.kind, found.base_url, found.impersonate) == ("application", "https://compute.googleapis.com", "")


def test_auth_kind_follows_given_credentials(key_file):
    assert settings(access_token="t0ken").kind == "accesstoken"
    assert settings(service_account_file=key_file).service_account == KEY
    assert settings(service_account_contents=json.dumps(KEY)).kind == "serviceaccount"
    assert settings(auth_kind="machineaccount", service_account_email="a@b").email == "a@b"
    assert settings(auth_kind="application", access_token="t0ken").access_token == ""


def test_options_take_precedence_over_environment(monkeypatch, key_file):
    monkeypatch.setenv("GCP_ACCESS_TOKEN", "of-the-environment")
    assert settings().access_token == "of-the-environment"
    assert settings(access_token="t0ken").access_token == "t0ken"
    assert settings(service_account_file=key_file).kind == "serviceaccount"
    assert settings(auth_kind="serviceaccount", service_account_file=key_file).access_token == ""


def test_settings_from_environment(monkeypatch):
    monkeypatch.setenv("GCP_SERVICE_ACCOUNT_CONTENTS", json.dumps(KEY))
    monkeypatch.setenv("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT", "c@d")
    monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", "https://compute.p.googleapis.com/compute/v1/")
    found = settings()
    assert (found.service_account, found.impersonate) == (KEY, "c@d")
    assert found.base_url == "https://compute.p.googleapis.com"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"auth_kind": "serviceaccount"}, "auth_kind is serviceaccount, but its credentials are missing. Set service_"),
        ({"auth_kind": "accesstoken"}, "or GCP_ACCESS_TOKEN in the environment"),
        ({"access_token": "t0ken\ns3cret"}, "access_token contains a character that no token has"),
        ({"service_account_file": "/nowhere/s3cret"}, "which cannot be read (No such file or directory)"),
        ({"service_account_contents": "s3cret"}, "it lacks client_email, private_key, token_uri"),
        ({"service_account_contents": '["s3cret"]'}, "does not contain the key of a service account in JSON"),
        ({"service_account_contents": json.dumps({**KEY, "token_uri": ""})}, "it lacks token_uri."),
        (
            {"service_account_contents": json.dumps({**KEY, "token_uri": "http://oauth2.googleapis.com/token"})},
            "The host of token_uri in service_account_contents is 'http://oauth2.googleapis.com', but credentials are",
        ),
        (
            {"service_account_contents": json.dumps({**KEY, "token_uri": "https://u:s3cret@evil.example/token"})},
            "The host of token_uri in service_account_contents contains a user name or password.",
        ),
        ({"ca_path": "/nowhere"}, "ca_path is /nowhere, which does not exist"),
        ({"timeout": 0}, "timeout is 0, but it must be at least 1 (seconds)."),
        ({"retry_timeout": -1}, "retry_timeout is -1, but it must be at least 0 (seconds)."),
        ({"base_url": "http://compute.googleapis.com"}, "credentials are sent over https only"),
        ({"base_url": "compute"}, "which is not a plain address like https://compute.googleapis.com."),
    ],
)
def test_invalid_settings_fail(params, words):
    with pytest.raises(InputError) as caught:
        settings(**params)
    assert words in str(caught.value)
    if "service_account_file" not in params:
        assert "s3cret" not in str(caught.value)


def test_unknown_auth_kind_of_environment_fails(monkeypatch):
    monkeypatch.setenv("GCP_AUTH_KIND", "magic")
    with pytest.raises(InputError, match="GCP_AUTH_KIND is 'magic', but must be one of application,"):
        settings()


def test_settings_repr_shows_no_secrets():
    assert "s3cret" not in repr(settings(service_account_contents=json.dumps(KEY)))
    assert "t0ken" not in repr(settings(access_token="t0ken"))
