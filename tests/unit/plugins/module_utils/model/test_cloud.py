# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of a resource, whatever cloud they belong to."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Field, Schema
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import contains

TEXT = Field("vnetName", "[a-z]+", "letters")
SET = Field("regions", "[A-Z]+", "a region", canonicalize=str.upper, is_set=True)
LINK = Field("vpcId", "[a-z]+", "letters", link="https://example.com/(?P<account>[a-z]+)/(?P<vpc_id>[a-z]+)")


@pytest.mark.parametrize(
    ("field", "spec"),
    [
        (TEXT, {"type": "str"}),
        (SET, {"type": "list", "elements": "str"}),
        (Field("name", ".+", "a name", free_text=True), {"type": "raw"}),
    ],
)
def test_argument_spec_has_type_of_field(field: Field, spec: dict[str, str]) -> None:
    assert field.spec == spec


@pytest.mark.parametrize(
    ("field", "name"), [(TEXT, "vnet_name"), (Field("regionName", ".+", "a region", name="region"), "region")]
)
def test_option_is_api_name_unless_named(field: Field, name: str) -> None:
    assert field.option == name
    schema = Schema((field, Field("vpcId", ".+", "letters", identity=True)))
    assert schema.options == (name, "vpc_id")
    assert [one.option for one in schema.identity] == ["vpc_id"]


def test_set_is_sorted_and_has_each_value_once() -> None:
    assert SET.parse("regions", ["b", " A", "B"]) == ["A", "B"]
    assert SET.from_api(["b", "a"]) == ["A", "B"]
    assert SET.from_api(None) == []


@pytest.mark.parametrize(("field", "value"), [(TEXT, 7), (SET, [7]), (TEXT, None)])
def test_value_of_wrong_type_is_refused(field: Field, value: Any) -> None:
    with pytest.raises(InputError, match="must be"):
        field.parse("option", value)


@pytest.mark.parametrize("value", ["", "my-vpc", "https://example.com/a", 7, False])
def test_what_is_no_link_determines_nothing(value: Any) -> None:
    assert LINK.parse_link(value) == TEXT.parse_link(value) == {}


def test_link_determines_its_groups() -> None:
    assert LINK.parse_link(" https://example.com/a/b\n") == {"account": "a", "vpc_id": "b"}


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("10.0.0.0/8", "10.15.0.0/16", True),
        ("10.15.0.0/16", "10.0.0.0/8", False),
        ("10.0.0.1/8", "10.15.0.1/16", True),
        ("0.0.0.0/0", "::/0", False),
    ],
)
def test_block_contains_another(outer: str, inner: str, expected: bool) -> None:
    """Host bits, which Atlas may keep, have no meaning."""
    assert contains(outer, inner) is expected
