# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options are checked before anything is sent: every refusal names the option and the cure."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model import clouds
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Field
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import (
    follow_links,
    parse_desired,
    parse_filter,
)
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Desired
from support import samples
from support.samples import (
    NAMES,
    OPTIONS,
    OTHER_VALUES,
    PEER,
    PROJECT,
)

FIELDS = {field.option: field for cloud in CLOUDS.values() for field in cloud.peering.fields}
FIELDS.update({"project_id": clouds.PROJECT_ID, "peer_id": clouds.PEER_ID})
EVERY_FIELD = pytest.mark.parametrize(("option", "field"), FIELDS.items(), ids=FIELDS)

UUID = "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915"
# (option, as a task may spell it, canonical)
ACCEPTED = [
    ("container_id", " 64a1f0c35b7e2d4198c3ea01\n", "64a1f0c35b7e2d4198c3ea01"),
    ("accepter_region_name", "us-east-1", "us-east-1"),
    ("accepter_region_name", "US_EAST_1", "us-east-1"),
    ("accepter_region_name", "us-gov-west-1", "us-gov-west-1"),
    ("accepter_region_name", "AP_SOUTHEAST_12", "ap-southeast-12"),
    ("aws_account_id", "012345678901", "012345678901"),
    ("route_table_cidr_block", "10.0.0.0/8", "10.0.0.0/8"),
    ("route_table_cidr_block", "10.0.0.0/255.0.0.0", "10.0.0.0/8"),
    ("route_table_cidr_block", " 192.168.4.0/22 ", "192.168.4.0/22"),
    ("vpc_id", "vpc-0f1e2d3c", "vpc-0f1e2d3c"),
    ("vpc_id", "vpc-0f1e2d3c4b5a69788", "vpc-0f1e2d3c4b5a69788"),
    ("azure_directory_id", UUID.upper(), UUID),
    ("azure_subscription_id", UUID.upper(), UUID),
    ("resource_group_name", "App_Production.(1)-a", "App_Production.(1)-a"),
    ("vnet_name", "Hub-VNet_1.a", "Hub-VNet_1.a"),
    ("gcp_project_id", "abc-12", "abc-12"),
    ("gcp_project_id", "a" * 30, "a" * 30),
    ("network_name", "a", "a"),
    ("network_name", "a" + "-" * 61 + "b", "a" + "-" * 61 + "b"),
]
REFUSED = [
    ("container_id", "64a1f0c35b7e2d4198c3ea0", "24 hexadecimal characters"),
    ("container_id", "64a1f0c35b7e2d4198c3ea0122", "24 hexadecimal characters"),
    ("container_id", "64A1F0C35B7E2D4198C3EA01", "24 hexadecimal characters"),
    ("accepter_region_name", "useast1", "us-east-1"),
    ("accepter_region_name", "EUROPE_NORTH", "us-east-1"),
    ("accepter_region_name", "us-east-1a", "us-east-1"),
    ("aws_account_id", "12345678901", "12 digits"),
    ("aws_account_id", "1234567890123", "in quotes, if it begins with 0"),
    ("aws_account_id", "12345678901a", "12 digits"),
    ("route_table_cidr_block", "10.0.0.1/8", "host bits set"),
    ("route_table_cidr_block", "10.0.0.0", "its prefix length is missing"),
    ("route_table_cidr_block", "10.0.0.0/33", "like 10.15.0.0/16"),
    ("route_table_cidr_block", "ten/8", "like 10.15.0.0/16"),
    ("vpc_id", "0f1e2d3c", "like vpc-0f1e2d3c4b5a69788"),
    ("vpc_id", "vpc-0f1e2d3", "like vpc-0f1e2d3c4b5a69788"),
    ("vpc_id", "vpc-0f1e2d3c4b5a697880", "like vpc-0f1e2d3c4b5a69788"),
    ("vpc_id", "vpc-0f1e2d3g", "like vpc-0f1e2d3c4b5a69788"),
    ("azure_directory_id", UUID[:-1], "a UUID like"),
    ("azure_subscription_id", UUID.replace("-", ""), "a UUID like"),
    ("resource_group_name", "app production", "Azure resource group"),
    ("vnet_name", "app/vnet", "Azure virtual network"),
    ("gcp_project_id", "abc-1", "like my-project-191923"),
    ("gcp_project_id", "a" * 31, "like my-project-191923"),
    ("gcp_project_id", "1bc-123", "like my-project-191923"),
    ("gcp_project_id", "abc-12-", "like my-project-191923"),
    ("network_name", "Default", "GCP VPC network"),
    ("network_name", "default-", "GCP VPC network"),
    ("network_name", "a" * 64, "GCP VPC network"),
]


@pytest.mark.parametrize(("option", "spelling", "canonical"), ACCEPTED)
def test_parse_returns_canonical_spelling(option: str, spelling: str, canonical: str) -> None:
    assert FIELDS[option].parse(option, spelling) == canonical


@pytest.mark.parametrize(("option", "value", "cure"), REFUSED)
def test_parse_fails_for_invalid_value(option: str, value: str, cure: str) -> None:
    with pytest.raises(InputError) as refusal:
        FIELDS[option].parse(option, value)
    assert refusal.value.message.startswith(f"{option} is {value!r}, but must be ")
    assert cure in refusal.value.message
    assert refusal.value.message.endswith(".")


def clean_or_none(field: Field, option: str, value: str) -> str | None:
    with contextlib.suppress(InputError):
        return field.parse(option, value)
    return None


@EVERY_FIELD
@given(value=st.text())
@example("")
@example("/")
@example("\ud800")
@example("\u0661" * 12)
@example("vpc-\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667")
def test_parse_any_text_is_idempotent_or_fails(option: str, field: Field, value: str) -> None:
    cleaned = clean_or_none(field, option, value)
    if cleaned is not None:
        assert cleaned
        assert field.parse(option, cleaned) == cleaned
        assert field.from_api(cleaned) == cleaned


@EVERY_FIELD
@given(data=st.data())
def test_parse_keeps_valid_value(option: str, field: Field, data: st.DataObject) -> None:
    if option == "route_table_cidr_block":
        value = str(data.draw(st.ip_addresses(v=4))) + "/32"
    else:
        value = data.draw(st.from_regex(field.pattern, fullmatch=True, alphabet=st.characters(codec="ascii")))
    assert field.parse(option, value) == value


@pytest.mark.parametrize("option", ["aws_account_id", "accepter_region_name"])
def test_parse_fails_for_non_ascii_digits(option: str) -> None:
    foreign = {"aws_account_id": "\u0661" * 12, "accepter_region_name": "us-east-\u0661"}
    with pytest.raises(InputError, match=option):
        FIELDS[option].parse(option, foreign[option])


@EVERY_FIELD
def test_from_api_accepts_missing_and_unknown_values(option: str, field: Field) -> None:
    assert field.from_api(None) is None
    assert field.from_api("Weird value/33") in ("Weird value/33", "weird value/33")


@pytest.mark.parametrize(
    ("option", "one", "other", "same"),
    [
        ("vnet_name", "App-VNet", "app-vnet", True),
        ("resource_group_name", "APP", "app", True),
        ("vnet_name", "app", "app2", False),
        ("vnet_name", None, "app", False),
        ("vnet_name", None, None, True),
        ("network_name", "default", "Default", False),
        ("vpc_id", "vpc-0a", "vpc-0A", False),
    ],
)
def test_equal_ignores_spelling(option: str, one: str | None, other: str | None, same: bool) -> None:
    assert FIELDS[option].equal(one, other) is same
    assert FIELDS[option].equal(other, one) is same


@pytest.mark.parametrize("name", NAMES)
def test_parse_desired_with_all_options(name: str) -> None:
    desired = parse_desired(PEERING, OPTIONS[name], PROJECT, complete=True)
    assert desired == Desired(
        PEERING, PROJECT, CLOUDS[name], None, {o: OPTIONS[name][o] for o in CLOUDS[name].peering.options}
    )


@pytest.mark.parametrize("name", NAMES)
def test_parse_desired_incomplete_with_identity_only(name: str) -> None:
    desired = parse_desired(PEERING, samples.identity(name), PROJECT, complete=False)
    assert set(desired.values) == {field.option for field in CLOUDS[name].peering.identity}


@pytest.mark.parametrize("name", NAMES)
def test_parse_desired_complete_with_identity_only_fails(name: str) -> None:
    missing = [field.option for field in CLOUDS[name].peering.fields if not (field.identity or field.default_from)]
    if not missing:
        assert "container_id" not in parse_desired(PEERING, samples.identity(name), PROJECT, complete=True).values
        return
    with pytest.raises(InputError) as refusal:
        parse_desired(PEERING, samples.identity(name), PROJECT, complete=True)
    assert str(refusal.value).startswith(", ".join(missing))
    assert f"a peering connection with provider_name {name} needs" in str(refusal.value)
    assert "peer_id" not in str(refusal.value)


MISSING = [
    (("vpc_id",), True, "vpc_id is missing: a peering connection with provider_name AWS needs it."),
    (("vpc_id",), False, "vpc_id is missing: a peering connection with provider_name AWS needs it, or peer_id."),
    (
        ("aws_account_id", "vpc_id"),
        False,
        "aws_account_id, vpc_id are missing: a peering connection with provider_name AWS needs them, or peer_id.",
    ),
]


@pytest.mark.parametrize("unset", [None, ""])
@pytest.mark.parametrize(("options", "complete", "sentence"), MISSING)
def test_missing_options_fail(options: tuple[str, ...], complete: bool, sentence: str, unset: str | None) -> None:
    with pytest.raises(InputError) as refusal:
        samples.parse_desired("AWS", complete, **dict.fromkeys(options, unset))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("name", NAMES)
def test_peer_id_replaces_all_other_options(name: str) -> None:
    desired = parse_desired(PEERING, {"provider_name": name, "peer_id": f" {PEER} "}, PROJECT, complete=True)
    assert desired == Desired(PEERING, PROJECT, CLOUDS[name], PEER, {})
    assert desired.project_key == PROJECT


def test_peer_id_alone_is_sufficient_if_incomplete() -> None:
    assert parse_desired(PEERING, {"peer_id": PEER}, PROJECT, complete=False) == Desired(
        PEERING, PROJECT, None, PEER, {}
    )


@pytest.mark.parametrize(("params", "complete"), [({"peer_id": PEER}, True), ({}, False), ({"vpc_id": "x"}, False)])
def test_missing_provider_name_fails(params: dict[str, str], complete: bool) -> None:
    with pytest.raises(InputError, match=r"^provider_name is missing\. Set it to one of AWS, AZURE, GCP\.$"):
        parse_desired(PEERING, params, PROJECT, complete)


def test_unknown_provider_name_fails() -> None:
    with pytest.raises(InputError, match=r"^provider_name is 'aws', but must be one of AWS, AZURE, GCP\.$"):
        parse_desired(PEERING, {"provider_name": "aws"}, PROJECT, complete=False)


def test_malformed_peer_id_fails() -> None:
    with pytest.raises(InputError, match=r"^peer_id is 'pcx-1', but must be the 24 hexadecimal characters"):
        parse_desired(PEERING, {"provider_name": "AWS", "peer_id": "pcx-1"}, PROJECT, complete=True)


def test_one_option_of_other_cloud_fails() -> None:
    with pytest.raises(InputError) as refusal:
        samples.parse_desired("AWS", vnet_name="hub")
    assert str(refusal.value) == (
        "vnet_name cannot be used with provider_name AWS: it belongs to AZURE. The fields of AWS are "
        "container_id, accepter_region_name, aws_account_id, route_table_cidr_block, vpc_id."
    )


def test_several_options_of_other_cloud_fail() -> None:
    fields = "gcp_project_id, network_name cannot be used with provider_name AZURE: they belong to GCP."
    with pytest.raises(InputError, match=fields):
        samples.parse_desired("AZURE", gcp_project_id="p", network_name="n")


def test_aws_account_id_as_number_is_converted_to_text() -> None:
    assert samples.parse_desired("AWS", aws_account_id=123456789012).values["aws_account_id"] == "123456789012"


@pytest.mark.parametrize("name", NAMES)
def test_peering_name(name: str) -> None:
    identity = ", ".join(f"{f.option}={OPTIONS[name][f.option]}" for f in CLOUDS[name].peering.identity)
    assert samples.parse_desired(name).name == f"{name} peering connection {identity}"
    assert samples.parse_desired(name, peer_id=PEER).name == f"peering connection {PEER}"
    assert Desired(PEERING, PROJECT, None, PEER, {}).name == f"peering connection {PEER}"


# (filters, clouds that are asked)
SELECTIONS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, NAMES),
    ({"provider_name": "", "vpc_id": "", "phase": None}, NAMES),
    ({"provider_name": "GCP"}, ("GCP",)),
    ({"vpc_id": OPTIONS["AWS"]["vpc_id"]}, ("AWS",)),
    ({"vnet_name": "hub"}, ("AZURE",)),
    ({"network_name": "default", "gcp_project_id": "abc-123"}, ("GCP",)),
    ({"container_id": OPTIONS["AWS"]["container_id"]}, NAMES),
    ({"container_id": OPTIONS["AWS"]["container_id"], "vnet_name": "hub"}, ("AZURE",)),
]


@pytest.mark.parametrize(("params", "names"), SELECTIONS)
def test_filter_selects_clouds(params: dict[str, Any], names: tuple[str, ...]) -> None:
    assert tuple(cloud.name for cloud in parse_filter(PEERING, params).clouds) == names


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (
            {"provider_name": "AWS", "vnet_name": "hub"},
            "vnet_name: no peering connection of provider_name AWS has this. Leave one out.",
        ),
        (
            {"vpc_id": "vpc-0f1e2d3c", "network_name": "default"},
            "vpc_id, network_name: no peering connection of any one cloud has these. Leave one out.",
        ),
    ],
)
def test_contradictory_filters_fail(params: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_filter(PEERING, params)
    assert str(refusal.value) == sentence


def test_malformed_filter_fails() -> None:
    with pytest.raises(InputError, match=r"^vpc_id is 'x', but must be the id of a VPC"):
        parse_filter(PEERING, {"vpc_id": "x"})


@pytest.mark.parametrize("name", NAMES)
def test_filter_without_options_matches_every_record(name: str) -> None:
    assert parse_filter(PEERING, {}).matches(samples.record(name))


@pytest.mark.parametrize(
    ("name", "option"), [(name, option) for name in NAMES for option in CLOUDS[name].peering.options]
)
def test_filter_matches_equal_values(name: str, option: str) -> None:
    spelled = OPTIONS[name][option].upper() if FIELDS[option].ignores_case else OPTIONS[name][option]
    selection = parse_filter(PEERING, {option: spelled})
    assert selection.matches(samples.record(name))
    assert not selection.matches(samples.record(name, **{option: OTHER_VALUES[option]}))


def test_filter_accepts_every_field_of_a_cloud_at_once() -> None:
    given = {name: value for name, value in OPTIONS["AZURE"].items() if name not in ("container_id", "provider_name")}
    every = {**given, "container_id": OPTIONS["AZURE"]["container_id"]}
    assert [cloud.name for cloud in parse_filter(PEERING, every).clouds] == ["AZURE"]


def test_filter_is_malformed_only_if_it_is_in_every_cloud() -> None:
    """As with a region of Azure, which AWS could not have."""
    assert [cloud.name for cloud in parse_filter(CONTAINER, {"region": "northeurope"}).clouds] == ["AZURE"]
    assert parse_filter(PEERING, {}).phases == ()


def test_missing_option_names_its_alternative() -> None:
    with pytest.raises(InputError) as refusal:
        samples.parse_desired("AWS", container_id=None, aws_account_id=None)
    assert refusal.value.hint == "container_region can be given instead of container_id."
    with pytest.raises(InputError) as refusal:
        samples.parse_desired("AWS", aws_account_id=None)
    assert refusal.value.hint is None


def test_filter_by_phase() -> None:
    selection = parse_filter(PEERING, {"phase": ["failed", "pending"]})
    assert selection.matches(samples.record("AWS", "FAILED"))
    assert selection.matches(samples.record("GCP", "NEVER_HEARD_OF"))
    assert not selection.matches(samples.record("AWS", "AVAILABLE"))


# Addresses of networks

LINKS = [
    "https://www.googleapis.com/compute/v1/projects/my-project-191923/global/networks/default",
    "https://compute.googleapis.com/compute/v1/projects/my-project-191923/global/networks/default",
    " projects/my-project-191923/global/networks/default ",
]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("project", ["my-project-191923", None])
@pytest.mark.parametrize("complete", [True, False])
def test_network_name_accepts_self_link(link: str, project: str | None, complete: bool) -> None:
    desired = samples.parse_desired("GCP", complete, network_name=link, gcp_project_id=project)
    assert desired == samples.parse_desired("GCP", complete)
    selection = parse_filter(PEERING, {"network_name": link})
    assert selection.matches(samples.record("GCP"))
    assert not selection.matches(samples.record("GCP", gcp_project_id="another-project"))


def test_self_link_of_other_gcp_project_fails() -> None:
    link = LINKS[-1].strip()
    with pytest.raises(InputError) as refusal:
        samples.parse_desired("GCP", network_name=link, gcp_project_id="another-project")
    assert str(refusal.value) == (
        f"network_name {link} is one of gcp_project_id my-project-191923, not of another-project. "
        "Correct one of them, or leave gcp_project_id out."
    )


@pytest.mark.parametrize("project", [" my-project-191923\n", 7])
def test_self_link_is_compared_with_what_is_meant(project: Any) -> None:
    given = {"network_name": LINKS[-1], "gcp_project_id": project}
    before = dict(given)
    if project == 7:
        with pytest.raises(InputError, match=r"is one of gcp_project_id my-project-191923, not of 7\."):
            follow_links(PEERING, given)
    else:
        followed = follow_links(PEERING, given)
        assert followed == {"network_name": "default", "gcp_project_id": "my-project-191923"}
    assert given == before


@pytest.mark.parametrize("wrong", ["projects/p/global/networks/", "projects/p/regions/r/subnetworks/default"])
def test_network_name_fails_for_other_url(wrong: str) -> None:
    with pytest.raises(InputError, match="but must be the name of a GCP VPC network, or its self link"):
        samples.parse_desired("GCP", network_name=wrong)
