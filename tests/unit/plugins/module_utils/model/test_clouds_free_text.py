# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that YAML changed."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS, PROJECT_NAME

FREE = [f for cloud in CLOUDS.values() for f in cloud.peering.fields if f.free_text] + [PROJECT_NAME]


NO_LOSS = [f for cloud in CLOUDS.values() for f in cloud.peering.fields if not f.free_text]


def test_free_text_fields() -> None:
    assert {f.option for f in FREE} == {"resource_group_name", "vnet_name", "network_name", "name"}


@pytest.mark.parametrize("field", FREE, ids=lambda field: field.option)
@pytest.mark.parametrize("written", ["NO", "on", "1.10", "0123", "12:30", "2024"])
def test_parse_fails_for_unquoted_yaml_value(field: Field, written: str) -> None:
    with pytest.raises(InputError, match=r"^vnet is .+, which may not be what was written.*: put the name in quotes\."):
        field.parse("vnet", yaml.safe_load(written))


@pytest.mark.parametrize("field", FREE, ids=lambda field: field.option)
@pytest.mark.parametrize("value", ["True", "False"])
def test_parse_fails_for_yaml_value_turned_to_text_by_template(field: Field, value: str) -> None:
    with pytest.raises(InputError, match="put the name in quotes"):
        field.parse("vnet", value)


@pytest.mark.parametrize("value", ["1.10", "0123", "no"])
def test_parse_accepts_quoted_value(value: str) -> None:
    (vnet,) = (f for f in FREE if f.option == "vnet_name")
    assert vnet.parse("vnet", value) == value


def test_parse_accepts_number_without_loss() -> None:
    (account,) = (f for f in NO_LOSS if f.option == "aws_account_id")
    assert account.parse("aws_account_id", 123456789012) == "123456789012"
