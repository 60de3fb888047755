# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an export declares, what it leaves out, and the YAML it writes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.export import Export, export
from ansible_collections.atlasops.network.plugins.module_utils.model.export_text import MARK, list_text, project_text
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record
from support.samples import NAMES, OPTIONS, OTHER_PEER, PEER, PROJECT

REGIONS = {"AWS": {"regionName": "US_EAST_1"}, "AZURE": {"region": "EUROPE_NORTH"}, "GCP": {}}
CONTAINERS = {
    name: CONTAINER.normalise(
        {"id": OPTIONS[name]["container_id"], "providerName": name, "atlasCidrBlock": "10.8.0.0/21", **REGIONS[name]},
        PROJECT,
    )
    for name in NAMES
}


def record(name: str, status: str = "AVAILABLE", error: str | None = None, **changes: Any) -> Record:
    """Return a connection of a cloud in its container; changes are options, or ``id``."""
    cloud = CLOUDS[name]
    values = {**OPTIONS[name], "id": PEER, **changes}
    answer = {f.api: values[f.option] for f in cloud.peering.fields}
    state = {"id": values["id"], "providerName": name, cloud.status_key: status, cloud.error_key: error}
    return PEERING.in_container(PEERING.normalise({**answer, **state}, PROJECT), CONTAINERS[name])


def without(options: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in options.items() if name not in names}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("AWS", {"container_region": "US_EAST_1"}),
        ("AZURE", {"container_region": "EUROPE_NORTH"}),
        ("GCP", {}),
    ],
)
def test_entry_has_connection_options_and_container_region(name: str, place: dict[str, str]) -> None:
    exported = export([record(name)], list(CONTAINERS.values()))
    assert exported.connections == [{**without(OPTIONS[name], "container_id"), **place}]
    assert exported.left_out == []
    assert list(exported.connections[0])[:1] == ["provider_name"]


def test_ambiguous_container_is_exported_by_id() -> None:
    twin = {**CONTAINERS["AWS"], "id": "1" * 24}
    (entry,) = export([record("AWS")], [CONTAINERS["AWS"], twin]).connections
    assert (entry.get("container_region"), entry["container_id"]) == (None, OPTIONS["AWS"]["container_id"])


def test_duplicate_connections_are_exported_with_peer_id() -> None:
    twins = [record("AWS"), record("AWS", id=OTHER_PEER, route_table_cidr_block="10.99.0.0/16")]
    other = record("AWS", id="2" * 24, vpc_id="vpc-0000000a")
    entries = export([*twins, other], list(CONTAINERS.values())).connections
    assert [one.get("peer_id") for one in entries] == [None, PEER, OTHER_PEER]


def test_free_text_stays_in_comment() -> None:
    left = record("AZURE", "FAILED", "No.\natlas_peering_purge: true\x7f\u2028x: y")
    text = project_text(PROJECT, export([left], list(CONTAINERS.values())))
    assert set(yaml.safe_load(text)) == {"atlas_peering_project_id", "atlas_peering_connections"}
    assert "(No. atlas_peering_purge: true x: y)" in " ".join(text.replace("#", "").split())


@pytest.mark.parametrize(
    ("name", "status", "error", "reason"),
    [
        ("AWS", "FAILED", "EXPIRED", "It is failed (EXPIRED). Nobody accepted it within 7 days. "),
        ("AWS", "TERMINATING", None, "It is deleting."),
        ("AZURE", "DELETION_FAILED", None, "It is failed. "),
        ("GCP", "DELETING", None, "It is deleting."),
    ],
)
def test_failed_and_deleting_connections_are_left_out(name: str, status: str, error: str | None, reason: str) -> None:
    exported = export([record(name, status, error)], list(CONTAINERS.values()))
    assert exported.connections == []
    (left,) = exported.left_out
    assert left.reason.startswith(reason)
    assert left.as_result()["id"] == PEER


def test_left_out_connection_is_returned_as_data() -> None:
    (left,) = export([record("AWS", "FAILED", "EXPIRED")], list(CONTAINERS.values())).left_out
    assert left.as_result() == {
        "provider_name": "AWS",
        "id": PEER,
        "peer_network": "123456789012/vpc-0f1e2d3c4b5a69788",
        "container_id": OPTIONS["AWS"]["container_id"],
        "container_region": "US_EAST_1",
        "status": "FAILED",
        "error": "EXPIRED",
        "reason": left.reason,
    }


def test_export_is_empty_without_any_connection() -> None:
    assert Export([], []).is_empty
    assert not export([record("AWS")], []).is_empty
    assert not export([record("AWS", "FAILED")], []).is_empty


def test_connections_are_sorted_by_cloud_network_and_container() -> None:
    """IDs, which say nothing to people, come last."""
    places = {"container_id": "f" * 24, "container_region": "US_EAST_2"}
    in_order = [
        record("AWS", id="9" * 24, vpc_id="vpc-00000001"),
        {**record("AWS", id="8" * 24, vpc_id="vpc-00000002"), "container_region": None, "container_id": "a" * 24},
        {**record("AWS", id="7" * 24, vpc_id="vpc-00000002"), "container_region": None, "container_id": "b" * 24},
        {
            **record("AWS", id="3" * 24, vpc_id="vpc-00000002"),
            "container_region": "EU_WEST_1",
            "container_id": "e" * 24,
        },
        record("AWS", id="6" * 24, vpc_id="vpc-00000002"),
        {**record("AWS", id="5" * 24, vpc_id="vpc-00000002"), **places},
        record("AWS", "FAILED", id="4" * 24, vpc_id="vpc-00000003"),
        record("AWS", "FAILED", id="5" * 24, vpc_id="vpc-00000003"),
        record("AWS", id="2" * 24, aws_account_id="999999999999"),
        record("AZURE", id="1" * 24),
        record("GCP", id="1" * 24),
    ]
    exported = export(in_order[::-1], list(CONTAINERS.values()))
    assert [(one["provider_name"], one.get("vpc_id"), one.get("container_id")) for one in exported.connections] == [
        ("AWS", "vpc-00000001", None),
        ("AWS", "vpc-00000002", "a" * 24),
        ("AWS", "vpc-00000002", "b" * 24),
        ("AWS", "vpc-00000002", "e" * 24),
        ("AWS", "vpc-00000002", None),
        ("AWS", "vpc-00000002", "f" * 24),
        ("AWS", OPTIONS["AWS"]["vpc_id"], None),
        ("AZURE", None, None),
        ("GCP", None, None),
    ]
    assert [one.record["id"] for one in exported.left_out] == ["4" * 24, "5" * 24]


def test_network_in_two_containers_of_a_cloud_with_one_is_exported_by_container() -> None:
    """As right after the container was replaced."""
    pair = [record("GCP"), record("GCP", id=OTHER_PEER, container_id="f" * 24)]
    entries = export(pair, list(CONTAINERS.values())).connections
    assert [one["container_id"] for one in entries] == [OPTIONS["GCP"]["container_id"], "f" * 24]
    assert [next(iter(one)) for one in entries] == ["provider_name"] * 2
    assert all(without(one, "container_id") == without(OPTIONS["GCP"], "container_id") for one in entries)


def test_region_of_another_container_is_not_exported() -> None:
    elsewhere = {**CONTAINERS["AWS"], "id": "f" * 24}
    (entry,) = export([record("AWS")], [elsewhere]).connections
    assert entry == OPTIONS["AWS"]


def test_connection_of_unknown_container_is_exported_with_peer_id() -> None:
    (entry,) = export([{**record("AWS"), "container_id": None, "container_region": None}], []).connections
    assert entry == {**without(OPTIONS["AWS"], "container_id"), "peer_id": PEER}


STRANGE_VPC = (
    f"It cannot be declared: The peering connection {PEER} exists, and Atlas cannot change this in place: vpc_id is "
)


@pytest.mark.parametrize(
    ("changes", "others", "reason"),
    [
        (
            {"route_table_cidr_block": " 10.15.0.0/16"},
            [],
            "Atlas' answer is ambiguous: declaring it would change route_table_cidr_block.",
        ),
        ({"vpc_id": " vpc-0f1e2d3c"}, [], STRANGE_VPC),
        ({"vpc_id": " vpc-0f1e2d3c"}, [record("AWS", id=OTHER_PEER, vpc_id="vpc-0f1e2d3c")], STRANGE_VPC),
    ],
)
def test_connection_that_a_declaration_would_not_find_is_left_out(
    changes: dict[str, Any], others: list[Record], reason: str
) -> None:
    """As with blanks, which a task strips."""
    strange = record("AWS", **changes)
    left_out = {one.record["id"]: one.reason for one in export([strange, *others], []).left_out}
    assert left_out[PEER].startswith(reason)


def test_malformed_region_is_not_exported() -> None:
    room = {**CONTAINERS["AWS"], "region": "nowhere"}
    (entry,) = export([{**record("AWS"), "container_region": "nowhere"}], [room]).connections
    assert entry == OPTIONS["AWS"]


def test_duplicates_keep_their_container_beside_the_peer_id() -> None:
    twins = [record("AWS"), record("AWS", id=OTHER_PEER)]
    entries = export(twins, list(CONTAINERS.values())).connections
    assert [(one["peer_id"], one["container_region"]) for one in entries] == [
        (PEER, "US_EAST_1"),
        (OTHER_PEER, "US_EAST_1"),
    ]


def test_undeclarable_connection_is_left_out() -> None:
    """Names that YAML may have made of a boolean are refused in a task."""
    exported = export([record("AZURE", vnet_name="True")], list(CONTAINERS.values()))
    assert exported.connections == []
    assert exported.left_out[0].reason.startswith("It cannot be declared: vnet_name is 'True'")


@given(st.permutations([("AWS", PEER, "10.15.0.0/16"), ("AWS", OTHER_PEER, "10.16.0.0/16"), ("GCP", PEER, "")]))
def test_export_does_not_depend_on_order(order: list[tuple[str, str, str]]) -> None:
    existing = [
        record(name, id=peer_id, **({"route_table_cidr_block": block} if block else {}))
        for name, peer_id, block in order
    ]
    (first, second, third) = export(existing, list(CONTAINERS.values())).connections
    assert (first["peer_id"], second["peer_id"], third["provider_name"]) == (PEER, OTHER_PEER, "GCP")


def test_project_text_of_project() -> None:
    exported = export([record("AWS"), record("GCP", "DELETING", id=OTHER_PEER)], list(CONTAINERS.values()))
    assert project_text(PROJECT, exported) == (
        f"""---
{MARK}
atlas_peering_project_id: "{PROJECT}"
atlas_peering_connections:
  - provider_name: AWS
    container_region: US_EAST_1
    accepter_region_name: us-east-1
    aws_account_id: "123456789012"
    route_table_cidr_block: 10.15.0.0/16
    vpc_id: vpc-0f1e2d3c4b5a69788
# Not declared:
# - GCP my-project-191923/default in {OPTIONS["GCP"]["container_id"]}, {OTHER_PEER}, DELETING: It is
#   deleting.
"""
    )


def test_list_text_of_several_projects() -> None:
    exported = export([record("GCP")], list(CONTAINERS.values()))
    text = list_text([(PROJECT, "shop", exported), ("2" * 24, "web", Export([], []))])
    assert "\n  # shop\n  - project_id: " in text
    assert yaml.safe_load(text) == {
        "atlas_peering_connections": [{"project_id": PROJECT, **without(OPTIONS["GCP"], "container_id")}]
    }
    assert yaml.safe_load(list_text([])) == {"atlas_peering_connections": []}


def test_list_text_names_what_is_not_declared_below_its_host() -> None:
    rooms = list(CONTAINERS.values())
    deleting = export([record("AWS", "TERMINATING")], rooms)
    projects = [(PROJECT, "shop", deleting), ("2" * 24, "web", export([record("GCP")], rooms))]
    assert list_text(projects).splitlines()[-4:] == [
        "    network_name: default",
        "# shop",
        "# Not declared:",
        f"# - AWS 123456789012/vpc-0f1e2d3c4b5a69788 in US_EAST_1, {PEER}, TERMINATING: It is deleting.",
    ]
    assert "#" not in project_text(PROJECT, Export([], [])).replace(MARK, "")


def test_text_stays_readable() -> None:
    assert project_text(PROJECT, Export([{"name": "é"}], [])).endswith('  - name: "é"\n')
    name = "-".join(["long"] * 18)
    left = record("AZURE", "FAILED", f"{name} {name}")
    assert project_text(PROJECT, export([left], list(CONTAINERS.values()))).count(name) == 2, "hyphens break no lines"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a" * 24, f'"{"a" * 24}"'),
        ("1" * 24, f'"{"1" * 24}"'),
        ("12345678-0000-0000-0000-000000000000", "12345678-0000-0000-0000-000000000000"),
        ("a2345678-0000-0000-0000-000000000000", "a2345678-0000-0000-0000-000000000000"),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("123456789012", '"123456789012"'),
        ("vpc-1", "vpc-1"),
        ("off", '"off"'),
    ],
)
def test_values_of_one_kind_are_written_alike(value: str, written: str) -> None:
    text = project_text(PROJECT, Export([{"name": value}], []))
    assert f"  - name: {written}\n" in text
    assert yaml.safe_load(text)["atlas_peering_connections"] == [{"name": value}]


WORDS = st.sampled_from(["no", "Yes", "null", "~", "1e3", "0x1F", "1_000", "12:30", "a: b", "a #b", "- a", "é", "NaN"])


@given(st.dictionaries(st.sampled_from(["vnet_name", "network_name"]), WORDS | st.text("azAZ019._-()é", min_size=1)))
def test_values_stay_text_in_yaml(entry: dict[str, str]) -> None:
    entry = {"provider_name": "AZURE", **entry}
    read = yaml.safe_load(project_text(PROJECT, Export([entry], [])))
    assert read == {"atlas_peering_project_id": PROJECT, "atlas_peering_connections": [entry]}
