# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Terraform manages, as declared connections: the shapes of its output, and whatever else is passed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.filter.from_terraform import from_terraform
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import parse_connection
from ansible_collections.atlasops.network.plugins.plugin_utils import aws_targets, gcp_targets
from support import samples

ROOT = Path(__file__).parents[4]
OUTPUTS = {path.stem: json.loads(path.read_text()) for path in (ROOT / "tests/support/terraform").glob("*.json")}
PCX = "pcx-0f1e2d3c4b5a69788"
ATLAS = "projects/p-ab12cd34ef56ab12cd34ef56/global/networks/nt-64a1f0c35b7e2d4198c3ea03-ab12cd34"
BLOCK = "192.168.240.0/21"
REGIONS = {"AWS": {"region_name": "US_EAST_1"}, "AZURE": {"region": "EUROPE_NORTH"}, "GCP": {}}
COMPUTED = {
    "AWS": {"connection_id": PCX},
    "AZURE": {},
    "GCP": {"atlas_gcp_project_id": ATLAS.split("/")[1], "atlas_vpc_name": ATLAS.rpartition("/")[2]},
}


def resource(kind: str, values: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"address": f"{kind}.one", "mode": "managed", "type": kind, "name": "one", "values": values, **changes}


def peering(cloud: str, **changes: Any) -> dict[str, Any]:
    """Return the sample connection of a cloud as Terraform has it."""
    values = {"project_id": samples.PROJECT, **samples.OPTIONS[cloud], **COMPUTED[cloud], "atlas_cidr_block": BLOCK}
    return resource("mongodbatlas_network_peering", {**values, **changes})


def container(cloud: str, **changes: Any) -> dict[str, Any]:
    values = {
        "project_id": samples.PROJECT,
        "provider_name": cloud,
        "container_id": samples.OPTIONS[cloud]["container_id"],
        "atlas_cidr_block": BLOCK,
        **REGIONS[cloud],
    }
    return resource("mongodbatlas_network_container", {**values, **changes})


def accepter(**changes: Any) -> dict[str, Any]:
    return resource(
        "aws_vpc_peering_connection_accepter", {"vpc_peering_connection_id": PCX, "auto_accept": True, **changes}
    )


def route(**changes: Any) -> dict[str, Any]:
    values = {"route_table_id": "rtb-1", "destination_cidr_block": BLOCK, "vpc_peering_connection_id": PCX}
    return resource("aws_route", {**values, **changes})


def gcp_peering(**changes: Any) -> dict[str, Any]:
    network = "https://www.googleapis.com/compute/v1/projects/my-project-191923/global/networks/default"
    values = {"name": "atlas", "network": network, "peer_network": ATLAS, "export_custom_routes": True}
    return resource("google_compute_network_peering", {**values, **changes})


def state(*resources: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"format_version": "1.0", "values": {"root_module": {"resources": [*resources]}}, **changes}


def plan(*resources: dict[str, Any], changes: Any = (), **more: Any) -> dict[str, Any]:
    planned = {"root_module": {"resources": [*resources]}}
    return {"format_version": "1.2", "planned_values": planned, "resource_changes": [*changes], **more}


def change(one: dict[str, Any], action: str, **details: Any) -> dict[str, Any]:
    kept = {name: one[name] for name in ("address", "mode", "type", "name")}
    return {**kept, "change": {"actions": [action], "before": one["values"], **details}}


def reasons(output: dict[str, Any]) -> list[str]:
    return [one["reason"] for one in from_terraform(output)["left_out"]]


@pytest.mark.parametrize("cloud", samples.NAMES)
def test_connection_is_converted_with_container_id(cloud: str) -> None:
    found = from_terraform(state(peering(cloud)))
    assert found["connections"] == [{"project_id": samples.PROJECT, **samples.OPTIONS[cloud]}]
    assert found["left_out"] == []


@pytest.mark.parametrize(
    ("cloud", "expected"),
    [
        ("AWS", {"container_region": "US_EAST_1", "atlas_cidr_block": BLOCK}),
        ("AZURE", {"container_region": "EUROPE_NORTH", "atlas_cidr_block": BLOCK}),
        ("GCP", {"atlas_cidr_block": BLOCK}),
    ],
)
@pytest.mark.parametrize("mode", ["managed", "data"])
def test_container_in_output_is_converted_to_region(cloud: str, expected: dict[str, str], mode: str) -> None:
    (found,) = from_terraform(state(peering(cloud), {**container(cloud), "mode": mode}))["connections"]
    assert {name: found.get(name) for name in expected} == expected
    assert "container_id" not in found


def test_container_limited_to_regions_is_converted_to_id() -> None:
    (found,) = from_terraform(state(peering("GCP"), container("GCP", regions=["EASTERN_US", "WESTERN_US"])))[
        "connections"
    ]
    assert (found["container_id"], "atlas_cidr_block" in found) == (samples.OPTIONS["GCP"]["container_id"], False)


def test_container_of_other_project_is_ignored() -> None:
    found = from_terraform(state(peering("AWS"), container("AWS", project_id=samples.OTHER_PROJECT)))
    assert "container_region" not in found["connections"][0]
    assert [one["reason"] for one in found["left_out"]] == [
        "No connection uses this container. Declare it with the module atlas_container."
    ]


def test_connections_of_data_sources_are_managed_elsewhere() -> None:
    assert from_terraform(state({**peering("AWS"), "mode": "data"}))["connections"] == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_whatever_is_declared_can_be_declared(name: str) -> None:
    """The roles accept the connections and the settings as they are."""
    found = from_terraform(copy.deepcopy(OUTPUTS[name]))
    assert len(found["connections"]) == len(found["other_side"]) > 0
    for one, side in zip(found["connections"], found["other_side"]):
        parse_connection(one, one["project_id"], present=True)
        cloud = one["provider_name"]
        result = {**samples.record(cloud), "connection_id": PCX, **side}
        for parse, role in ((aws_targets.parse_targets, "aws"), (gcp_targets.parse_targets, "gcp")):
            path = ROOT / "roles" / f"atlas_peering_{role}" / "vars" / "main.yml"
            spec = yaml.safe_load(path.read_text())[f"__atlas_peering_{role}_spec"]
            targets = parse([result], {key: value.get("default") for key, value in spec.items()}, spec)
            assert (targets.problems, len(targets.targets)) == ([], int(cloud == role.upper()))


def test_modules_count_and_for_each() -> None:
    addresses = [one["address"] for one in from_terraform(OUTPUTS["modules"])["other_side"]]
    assert addresses == [
        "mongodbatlas_network_peering.app[0]",
        'module.atlas["us-east-1"].mongodbatlas_network_peering.this',
        'module.atlas["eu-west-1"].mongodbatlas_network_peering.this',
        "module.google.module.atlas.mongodbatlas_network_peering.this",
    ]


@pytest.mark.parametrize("name", OUTPUTS)
def test_secrets_of_the_output_stay_there(name: str) -> None:
    assert "hunter2" not in json.dumps(from_terraform(OUTPUTS[name]))


def test_sensitive_values_are_named() -> None:
    marks = {"aws_account_id": True, "vpc_id": False, "timeouts": {}, "status_name": True}
    output = state({**peering("AWS"), "sensitive_values": marks}, container("AWS") | {"sensitive_values": {}})
    assert from_terraform(output)["sensitive"] == [
        {"address": "mongodbatlas_network_peering.one", "options": ["aws_account_id"]}
    ]
    output["values"]["root_module"]["resources"][1]["sensitive_values"] = {"region_name": True}
    assert from_terraform(output)["sensitive"][0]["options"] == ["container_region", "aws_account_id"]


def test_sensitive_values_are_not_quoted() -> None:
    wrong = {**peering("AWS", aws_account_id="hunter2"), "sensitive_values": {"aws_account_id": True}}
    (reason,) = reasons(state(wrong))
    assert reason.startswith("aws_account_id is '(sensitive)', but must be")
    table = resource("aws_route_table", {"id": "rtb-1", "route": [{**route()["values"], "cidr_block": "10.9.0.0/16"}]})
    table["values"]["route"][0].pop("destination_cidr_block")
    (reason,) = reasons(state(peering("AWS"), {**table, "sensitive_values": {"route": [{"cidr_block": True}]}}))
    assert reason.startswith("The route leads to (sensitive). ")


def test_aws_resources_are_converted_to_aws_settings() -> None:
    table = resource("aws_route_table", {"id": "rtb-2", "route": [{"cidr_block": BLOCK}]})
    table["values"]["route"][0]["vpc_peering_connection_id"] = PCX
    dns = accepter(accepter=[{"allow_remote_vpc_dns_resolution": True}])
    others = [accepter(vpc_peering_connection_id="pcx-2"), route(vpc_peering_connection_id="pcx-2")]
    found = from_terraform(state(peering("AWS"), dns, route(), route(), table, *others))
    assert found["other_side"][0]["aws"] == {
        "accept": True,
        "dns_resolution": True,
        "route_tables": ["rtb-1", "rtb-2"],
    }
    assert found["left_out"] == []


def test_only_what_terraform_manages_is_set() -> None:
    assert from_terraform(state(peering("AWS"), route()))["other_side"][0]["aws"] == {"route_tables": ["rtb-1"]}
    assert from_terraform(state(peering("AWS"), accepter(auto_accept=None)))["other_side"][0]["aws"] == {
        "accept": False
    }
    assert "aws" not in from_terraform(state(peering("AWS")))["other_side"][0]


def test_routes_to_something_else_and_tags_are_named() -> None:
    ipv6 = route(destination_cidr_block="", destination_ipv6_cidr_block="fd00::/8")
    assert reasons(state(peering("AWS"), accepter(tags={"a": "b"}), ipv6)) == [
        "The role atlas_peering_aws manages no tags. Those of the connection in AWS stay as they are.",
        f"The route leads to fd00::/8. The role atlas_peering_aws routes only the block of Atlas' network ({BLOCK}).",
    ]


def test_gcp_resources_are_converted_to_gcp_settings() -> None:
    other = gcp_peering(name="hub", peer_network="projects/hub-project/global/networks/hub")
    found = from_terraform(state(peering("GCP"), other, gcp_peering(stack_type="IPV4_IPV6")))
    assert found["other_side"][0]["gcp"] == {"name": "atlas", "export_custom_routes": True}
    assert [one["reason"] for one in found["left_out"]] == [
        "The role atlas_peering_gcp does not manage stack_type, which stays IPV4_IPV6."
    ]


def test_gcp_side_without_atlas_network_names_is_left_out() -> None:
    bare = peering("GCP", atlas_gcp_project_id="", atlas_vpc_name="")
    assert reasons(state(bare, gcp_peering())) == [
        "The connection mongodbatlas_network_peering.one lacks the names of Atlas' network. "
        "Run terraform apply -refresh-only and pass the state."
    ]
    named = container("GCP", gcp_project_id=ATLAS.split("/")[1], network_name=ATLAS.rpartition("/")[2])
    assert from_terraform(state(bare, named, gcp_peering()))["other_side"][0]["gcp"]["name"] == "atlas"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"provider_name": "TENANT"}, "provider_name is 'TENANT', but must be one of AWS, AZURE, GCP."),
        ({"vpc_id": ""}, "vpc_id is missing: a peering connection with provider_name AWS needs it."),
        ({"vpc_id": ["vpc-1"]}, "vpc_id is missing: a peering connection with provider_name AWS needs it."),
        ({"project_id": "shop"}, "project_id is 'shop', but must be"),
    ],
)
def test_invalid_connection_is_left_out_with_reason(changes: dict[str, Any], reason: str) -> None:
    (found,) = reasons(state(peering("AWS", **changes)))
    assert found.startswith(reason)


def test_invalid_region_is_left_out_with_reason() -> None:
    (found,) = reasons(state(peering("AWS"), container("AWS", region_name="east")))
    assert found.startswith("container_region is 'east', but must be a region of AWS")


def test_plan_is_converted_with_moved_and_without_deleted() -> None:
    moved, deleted = peering("AWS"), peering("AZURE")
    found = from_terraform(plan(peering("GCP"), changes=[change(moved, "forget"), change(deleted, "delete")]))
    assert [one["provider_name"] for one in found["connections"]] == ["GCP", "AWS"]
    assert [one["reason"] for one in found["left_out"]] == [
        "The plan destroys this connection. Pass the state, or plan again without destroying it, to carry it over."
    ]


def test_deposed_object_is_ignored() -> None:
    leftover = {**change(peering("AWS"), "delete"), "deposed": "deadbeef"}
    found = from_terraform(plan(peering("AWS"), changes=[leftover]))
    assert (len(found["connections"]), found["left_out"]) == (1, [])


def test_values_known_after_apply_are_left_out_with_reason() -> None:
    new = [
        peering("AWS", container_id=None),
        route(vpc_peering_connection_id=None),
        container("AWS", container_id=None),
    ]
    unknown = ["container_id", "vpc_peering_connection_id", "container_id"]
    changes = [change(one, "create", after_unknown={name: True, "x": [{}]}) for one, name in zip(new, unknown)]
    assert sorted(reasons(plan(*new, changes=changes))) == [
        f"{name} will be known only after the plan has been applied. Apply it and pass the state."
        for name in sorted(unknown)
    ]


def test_unknown_gcp_peering_is_reported_once() -> None:
    new = gcp_peering(peer_network=None)
    bare = peering("GCP", atlas_gcp_project_id="", atlas_vpc_name="")
    found = reasons(plan(bare, new, changes=[change(new, "create", after_unknown={"peer_network": True})]))
    assert found == ["peer_network will be known only after the plan has been applied. Apply it and pass the state."]


def test_unknown_route_to_other_target_is_ignored() -> None:
    new = route(vpc_peering_connection_id=None, route_table_id=None, nat_gateway_id="nat-1")
    changes = [change(new, "create", after_unknown={"route_table_id": True})]
    assert reasons(plan(peering("AWS"), new, changes=changes)) == []


@pytest.mark.parametrize("output", [{"format_version": "1.0"}, state(), plan(), {"format_version": "0.2"}])
def test_empty_output_converts_to_nothing(output: dict[str, Any]) -> None:
    assert from_terraform(output) == {"connections": [], "other_side": [], "left_out": [], "sensitive": []}


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("{}", "from_terraform got text, but needs a dictionary. Parse the text with from_json first."),
        ([], "from_terraform got a value of the type list, but needs a dictionary. "),
        ({}, "This is not the output of terraform show -json for a state or a plan: it has no format_version."),
        ({"version": 4, "resources": []}, "This is a state as Terraform stores it. Pass the output of "),
        ({"format_version": "2.0"}, "The format_version is '2.0', but from_terraform can read versions 0 and 1 only."),
        ({"format_version": 1.0}, "The format_version is 1.0, but from_terraform can read versions 0 and 1 only."),
        ({"format_version": "1.0", "provider_schemas": {}}, "This is not the output of terraform show -json for a "),
        (plan(errored=True), "Terraform could not complete this plan. "),
        (state(values=[]), "This is not the output of terraform show -json: values is not an object."),
        (state(values={"root_module": {"resources": {}}}), "This is not the output of terraform show -json: resources"),
    ],
)
def test_other_input_fails_with_one_sentence(output: Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        from_terraform(output)
    assert str(caught.value).startswith(message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
OF_ALL = [
    *(make(cloud) for cloud in samples.NAMES for make in (peering, container)),
    *(accepter(), route(), gcp_peering(), resource("aws_route_table", {"id": "rtb-1", "route": [{}]})),
]


@st.composite
def outputs(draw: st.DrawFn) -> Any:
    """Draw an output of the right form, in some places of which something else stands."""
    resources = copy.deepcopy(draw(st.lists(st.sampled_from(OF_ALL), max_size=4)))
    changes = [change(one, draw(st.sampled_from(["create", "forget", "delete"])), after={}) for one in resources]
    output = draw(st.sampled_from([state(*resources), plan(*resources, changes=changes)]))
    for _time in range(draw(st.integers(0, 3))):
        node: Any = output
        for _step in range(draw(st.integers(0, 7))):
            keys = [*node] if isinstance(node, dict) else [*range(len(node))] if isinstance(node, list) else []
            inner = [key for key in keys if isinstance(node[key], (dict, list))]
            if not inner:
                break
            node = node[draw(st.sampled_from(inner))]
        if node:
            node[draw(st.sampled_from([*node] if isinstance(node, dict) else [*range(len(node))]))] = draw(JSON)
    return output


@given(JSON | outputs())
def test_any_input_gives_result_or_one_sentence(output: Any) -> None:
    before = copy.deepcopy(output)
    found, refusal = {}, "."
    try:
        found = from_terraform(output)
    except AnsibleFilterError as error:
        refusal = str(error)
    assert (refusal[-1], "\n" in refusal) == (".", False)
    assert len(found.get("connections", ())) == len(found.get("other_side", ()))
    assert all(one["reason"].endswith(".") for one in found.get("left_out", ()))
    for one in found.get("connections", ()):
        parse_connection(one, one["project_id"], present=True)
    assert repr(output) == repr(before), "the output is not changed"
