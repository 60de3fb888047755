# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of which YAML has made something else, and credentials that are what is left of nothing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.api.settings import ENVIRONMENT, METHODS, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, PROJECT_NAME, Field

FREE = [f for cloud in CLOUDS.values() for f in cloud.peering.fields if f.free_text] + [PROJECT_NAME]
NO_LOSS = [f for cloud in CLOUDS.values() for f in cloud.peering.fields if not f.free_text]


def test_which_fields_are_names() -> None:
    assert {f.option for f in FREE} == {"resource_group_name", "vnet_name", "network_name", "name"}


@pytest.mark.parametrize("field", FREE, ids=lambda field: field.option)
@pytest.mark.parametrize("written", ["NO", "on", "1.10", "0123", "12:30", "2024"])
def test_what_yaml_changes_is_refused(field: Field, written: str) -> None:
    with pytest.raises(InputError, match=r"^vnet is .+, which may not be what was written.*: put the name in quotes\."):
        field.clean("vnet", yaml.safe_load(written))


@pytest.mark.parametrize("field", FREE, ids=lambda field: field.option)
@pytest.mark.parametrize("value", ["True", "False"])
def test_what_a_template_has_made_text_again(field: Field, value: str) -> None:
    with pytest.raises(InputError, match="put the name in quotes"):
        field.clean("vnet", value)


@pytest.mark.parametrize("value", ["1.10", "0123", "no"])
def test_quotes_help(value: str) -> None:
    (vnet,) = (f for f in FREE if f.option == "vnet_name")
    assert vnet.clean("vnet", value) == value


def test_a_number_that_loses_nothing_is_taken() -> None:
    (account,) = (f for f in NO_LOSS if f.option == "aws_account_id")
    assert account.clean("aws_account_id", 123456789012) == "123456789012"


@pytest.mark.parametrize("value", [False, 1.1, 83])
def test_names_of_projects(value: Any) -> None:
    with pytest.raises(InputError, match=r"project_name is .* put the name in quotes"):
        project_of({"project_name": value, "project_id": None})


@pytest.mark.parametrize("value", [None, "", " "])
def test_an_empty_name_is_none(value: Any) -> None:
    assert project_of({"project_name": value, "project_id": "0" * 24}) == ("0" * 24, "")


CREDENTIALS = [(method, name) for method, one in METHODS.items() for name in one.options]
DEFAULTS = {"timeout": 1, "retry_timeout": 1, "api_version": "v2", "validate_certs": True}


@pytest.mark.parametrize(("method", "name"), CREDENTIALS)
@pytest.mark.parametrize("value", ["None", "null", "undefined", "False", "AnsibleUndefined"])
@pytest.mark.parametrize("by_environment", [False, True])
def test_a_credential_that_is_what_is_left_of_nothing(
    monkeypatch: pytest.MonkeyPatch, method: str, name: str, value: str, by_environment: bool
) -> None:
    given = {**dict.fromkeys(METHODS[method].options, "mdb_sa_id_1"), name: value}
    if by_environment:
        for option, one in given.items():
            monkeypatch.setenv(ENVIRONMENT[option][0], one)
        given = {}
    with pytest.raises(InputError) as caught:
        parse_settings({**DEFAULTS, **given})
    assert str(caught.value) == (
        f"{name} is the word {value!r}, so its source is empty. Set the source, or remove {name}."
    )


def test_the_placeholder_of_omit() -> None:
    with pytest.raises(InputError, match="access_token is Ansible's placeholder for omit"):
        parse_settings({**DEFAULTS, "access_token": "__omit_place_holder__8a7f"})
