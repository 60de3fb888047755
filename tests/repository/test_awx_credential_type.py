# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential type for AWX, by AWX's rules, and as AWX's own code injects it."""

from __future__ import annotations

import itertools

import pytest
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    DEFAULT_BASE_URL,
    ENVIRONMENT,
    parse_settings,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from awx_stub import credential_types
from support.awx_data import CREDENTIAL_TYPE, DATA

INPUTS, INJECTORS = CREDENTIAL_TYPE["inputs"], CREDENTIAL_TYPE["injectors"]
PROJECT, ORGANIZATION = "5f1a2b3c4d5e6f7a8b9c0d1e", "5f1a2b3c4d5e6f7a8b9c0d1f"
# Values with what templates, shells and YAML care about.
VALUES = {
    "client_id": "mdb_sa_id_5f1a",
    "client_secret": "mdb_sa_sk_'\"$x#: y",
    "public_key": "yhltsvan",
    "private_key": "2c130c23-{{ x }}",
    "access_token": "eyJhbGciOi.%s",
    "base_url": "https://cloud.mongodbgov.com",
    "project_id": PROJECT,
    "org_id": ORGANIZATION,
}
SECRETS = ("client_secret", "private_key", "access_token")
VARIABLES = {
    "client_id": "MONGODB_ATLAS_CLIENT_ID",
    "client_secret": "MONGODB_ATLAS_CLIENT_SECRET",
    "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
    "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
    "access_token": "MONGODB_ATLAS_ACCESS_TOKEN",
    "base_url": "MONGODB_ATLAS_BASE_URL",
    "project_id": "MONGODB_ATLAS_PROJECT_ID",
    "org_id": "MONGODB_ATLAS_ORG_ID",
}
COMBINATIONS = [given for count in range(len(VALUES) + 1) for given in itertools.combinations(VALUES, count)]
OPTIONS = dict.fromkeys(options.CONNECTION_SPEC) | {
    name: spec["default"] for name, spec in options.CONNECTION_SPEC.items() if "default" in spec
}


def inject(inputs, folder):
    """Return the environment that a job sees, and the one that the controller stores and shows."""
    kind = ManagedCredentialType(
        namespace="atlas", name="", kind="cloud", inputs=INPUTS, injectors=INJECTORS, managed=False
    )
    environment, shown, command = {}, {}, []
    inject_credential(kind, Credential(inputs), environment, shown, command, str(folder))
    assert command == [], "extra variables were injected"
    return environment, shown


def expected_method(given):
    if "access_token" in given:
        return "access_token"
    if {"client_id", "client_secret"} <= set(given):
        return "service_account"
    return "api_key" if {"public_key", "private_key"} <= set(given) else None


def test_credential_type_follows_awx_rules():
    assert list(credential_types.problems(INPUTS, INJECTORS)) == []
    assert CREDENTIAL_TYPE["kind"] == "cloud"


def test_every_input_is_optional_and_sets_one_variable():
    assert [field["id"] for field in INPUTS["fields"]] == list(VALUES)
    assert "required" not in INPUTS
    assert {"env": {VARIABLES[name]: f"{{{{ {name} }}}}" for name in VALUES}} == INJECTORS


def test_injected_variables_are_read_by_collection():
    known = {name: variables[0] for name, variables in ENVIRONMENT.items()}
    assert {name: VARIABLES[name] for name in known if name in VARIABLES} == {
        name: variable for name, variable in known.items() if name in VARIABLES
    }
    assert set(known) - set(VARIABLES) == {"token_cache"}, "which is no credential"


def test_secret_inputs_are_marked():
    assert {field["id"] for field in INPUTS["fields"] if field.get("secret")} == set(SECRETS)
    hidden = {name for name, spec in options.CONNECTION_SPEC.items() if spec.get("no_log")}
    assert set(SECRETS) == hidden & set(VALUES)


def test_inputs_have_label_and_help_text():
    for field in INPUTS["fields"]:
        assert field["type"] == "string"
        assert field["label"]
        assert "multiline" not in field, "a value of several lines breaks as environment"
    assert all(field.get("help_text") for field in INPUTS["fields"] if field["id"] != "private_key")


def test_credential_data_contains_no_secret():
    (credential,) = DATA["controller_credentials"]
    assert credential["inputs"] == "{{ __atlas_awx_credential_inputs }}"
    lookups = {name: f"{{{{ lookup('ansible.builtin.env', '{VARIABLES[name]}') }}}}" for name in VALUES}
    assert DATA["__atlas_awx_environment"] == lookups


@pytest.mark.parametrize("unset", ["absent", "empty"])
def test_every_combination_of_inputs_gives_expected_login(unset, tmp_path, monkeypatch):
    for given in COMBINATIONS:
        inputs = {name: VALUES[name] if name in given else "" for name in VALUES if name in given or unset == "empty"}
        environment, shown = inject(inputs, tmp_path)
        assert environment == {VARIABLES[name]: VALUES[name] if name in given else "" for name in VALUES}
        assert not [value for value in shown.values() for name in SECRETS if VALUES[name] in value]
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        check_login(given)


def check_login(given):
    method = expected_method(given)
    if method is None:
        with pytest.raises(InputError, match=r"No credentials are given|is set, but"):
            parse_settings(OPTIONS)
        return
    settings = parse_settings(OPTIONS)
    assert settings.credentials.method == method, given
    assert all(value == VALUES[name] for name, value in settings.credentials.values.items())
    assert settings.base_url == (VALUES["base_url"] if "base_url" in given else DEFAULT_BASE_URL)
    if "project_id" in given:
        assert project_of({}) == (PROJECT, "")
    else:
        with pytest.raises(InputError, match="project_id is missing"):
            project_of({})
