# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is planned for one connection, from what is wanted and what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, PlanError
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING, needs_container
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import ReplacePolicy
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import (
    CREATE,
    DELETE,
    NO_OP,
    REPLACE,
    UPDATE,
    Desired,
    Record,
)
from support import samples
from support.samples import (
    NAMES,
    OPTIONS,
    OTHER_PEER,
    OTHER_PROJECT,
    OTHER_VALUES,
    PEER,
    PROJECT,
    answer,
    parse_desired,
    record,
)

STATUSES = {name: list(dict.fromkeys(status for status, _error in samples.statuses(name))) for name in NAMES}
DELETING = {"AWS": "TERMINATING", "AZURE": "DELETING", "GCP": "DELETING"}
PLACES = {"AWS": "US_EAST_1", "AZURE": "EUROPE_NORTH", "GCP": f"container {samples.OPTIONS['GCP']['container_id']}"}
FIRST = {"AWS": "INITIATING", "AZURE": "ADDING_PEER", "GCP": "ADDING_PEER"}
STANDING = [(n, s) for n in NAMES for s in STATUSES[n] if CLOUDS[n].phases[s] not in ("failed", "deleting")]
FAILED = [(n, s, e) for n in NAMES for s, e in samples.statuses(n) if CLOUDS[n].phases[s] == "failed"]


@dataclass(frozen=True)
class Row:
    """Options that are changed, what is found, and the action that follows or the words of the refusal."""

    name: str
    found: Sequence[Record] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""
    refusal: Sequence[str] = ()


def spelled(**changes: str) -> list[Record]:
    return [record("AZURE", **changes)]


AZURE, AWS = OPTIONS["AZURE"], OPTIONS["AWS"]
PRESENT = {
    **{f"{name}: nothing is found": Row(name, action=CREATE) for name in NAMES},
    **{f"{name}: the same is {status}": Row(name, [record(name, status)], action=NO_OP) for name, status in STANDING},
    **{
        f"{name}: the same is in a status never heard of": Row(name, [record(name, "POLISHING")], action=NO_OP)
        for name in NAMES
    },
    **{
        f"{name}: it is of another project": Row(name, [record(name, project_id=OTHER_PROJECT)], action=CREATE)
        for name in NAMES
    },
    **{
        f"{name}: others are found": Row(name, [record(other) for other in NAMES if other != name], action=CREATE)
        for name in NAMES
    },
    **{
        f"{name}: another {one.option} is another connection": Row(
            name, [record(name, **{one.option: OTHER_VALUES[one.option]})], action=CREATE
        )
        for name in NAMES
        for one in CLOUDS[name].peering.identity
    },
    "AWS: region spelled as containers do": Row("AWS", [record("AWS")], {"accepter_region_name": "US_EAST_1"}, NO_OP),
    "AWS: Atlas spells the region as containers do": Row(
        "AWS", [record("AWS", accepter_region_name="US_EAST_1")], action=NO_OP
    ),
    "AWS: Atlas leaves the region out": Row("AWS", [record("AWS", accepter_region_name=None)], action=NO_OP),
    "AWS: Atlas leaves out a region that differs": Row(
        "AWS", [record("AWS", accepter_region_name=None)], {"accepter_region_name": "eu-west-1"}, NO_OP
    ),
    "AWS: block with a netmask": Row(
        "AWS", [record("AWS")], {"route_table_cidr_block": "10.15.0.0/255.255.0.0"}, NO_OP
    ),
    "AWS: blanks around a block": Row("AWS", [record("AWS")], {"route_table_cidr_block": " 10.15.0.0/16 "}, NO_OP),
    "AWS: Atlas spells the block with a netmask": Row(
        "AWS", [record("AWS", route_table_cidr_block="10.15.0.0/255.255.0.0")], action=NO_OP
    ),
    "AWS: another block": Row("AWS", [record("AWS")], {"route_table_cidr_block": "10.16.0.0/16"}, UPDATE),
    "AWS: Atlas has an unreadable block": Row(
        "AWS", [record("AWS", route_table_cidr_block="10.15.0.1/16")], action=UPDATE
    ),
    "AWS: Atlas has no block": Row("AWS", [record("AWS", route_table_cidr_block=None)], action=UPDATE),
    "AZURE: ids in upper case": Row(
        "AZURE",
        [record("AZURE")],
        {o: AZURE[o].upper() for o in ("azure_directory_id", "azure_subscription_id")},
        NO_OP,
    ),
    "AZURE: Atlas has ids in upper case": Row(
        "AZURE",
        spelled(**{o: AZURE[o].upper() for o in ("azure_directory_id", "azure_subscription_id")}),
        action=NO_OP,
    ),
    "AZURE: names in another case": Row(
        "AZURE", [record("AZURE")], {"vnet_name": "APP-Vnet", "resource_group_name": "App-Production"}, NO_OP
    ),
    "AZURE: Atlas has names in another case": Row(
        "AZURE", spelled(vnet_name="APP-VNET", resource_group_name="APP-PRODUCTION"), action=NO_OP
    ),
    "GCP: names differ in case": Row("GCP", [record("GCP", network_name="Default")], action=CREATE),
    "AWS: one that is going stands beside one that stays": Row(
        "AWS", [record("AWS", "TERMINATING", id=OTHER_PEER), record("AWS")], action=NO_OP
    ),
    **{
        f"{name}: chosen by id alone": Row(
            name, [record(name)], {**dict.fromkeys(CLOUDS[name].peering.options), "peer_id": PEER}, NO_OP
        )
        for name in NAMES
    },
    "AWS: another block for an id": Row(
        "AWS",
        [record("AWS")],
        {**dict.fromkeys(AWS), "provider_name": "AWS", "peer_id": PEER, "route_table_cidr_block": "10.16.0.0/16"},
        UPDATE,
    ),
    "AWS: one of several is chosen by id": Row(
        "AWS", [record("AWS", id=OTHER_PEER), record("AWS")], {"peer_id": PEER}, NO_OP
    ),
}

REFUSED = {
    **{
        f"{name}: another {one.option}": Row(
            name,
            [record(name, **{one.option: OTHER_VALUES[one.option]})],
            refusal=(
                "exists, and Atlas cannot change this in place",
                f"{one.option} is {OTHER_VALUES[one.option]} and should be {OPTIONS[name][one.option]}.",
                "Keep the old value, or replace the peering connection: delete it (state: absent)",
            ),
        )
        for name in NAMES
        for one in CLOUDS[name].peering.fields
        if not (one.identity or one.mutable or one.option in PEERING.optional_identity)
    },
    **{
        f"{name}: chosen by id, but another {one.option}": Row(
            name,
            [record(name, **{one.option: OTHER_VALUES[one.option]})],
            {"peer_id": PEER},
            refusal=(f"{one.option} is {OTHER_VALUES[one.option]} and should be {OPTIONS[name][one.option]}.",),
        )
        for name in NAMES
        for one in CLOUDS[name].peering.identity
    },
    "AWS: something fixed beside the block": Row(
        "AWS",
        [record("AWS", accepter_region_name="eu-west-1")],
        {"route_table_cidr_block": "10.16.0.0/16"},
        refusal=("cannot change this in place: accepter_region_name is eu-west-1 and should be us-east-1.",),
    ),
    **{
        f"{name}: {status} {error}": Row(
            name,
            [record(name, status, error)],
            refusal=(f"({PEER}) has failed: {status}{', ' if error else ''}{error or ''}.", "Delete"),
        )
        for name, status, error in FAILED
    },
    **{
        f"{name}: it is being deleted": Row(
            name,
            [record(name, DELETING[name])],
            refusal=(f"({PEER}) is being deleted ({DELETING[name]}).", "(atlas_peering_wait with until: absent)"),
        )
        for name in NAMES
    },
    **{
        f"{name}: several match": Row(
            name,
            [record(name), record(name, FIRST[name], id=OTHER_PEER)],
            refusal=(
                f"2 peering connections of project {PROJECT} match the {parse_desired(name).name}: ",
                f"{PEER} (AVAILABLE, {PLACES[name]}), {OTHER_PEER} ({FIRST[name]}, {PLACES[name]}).",
                "Set peer_id to choose one.",
            ),
        )
        for name in NAMES
    },
    "AZURE: several match in other spellings": Row(
        "AZURE",
        [record("AZURE"), record("AZURE", vnet_name="APP-VNET", id=OTHER_PEER)],
        refusal=("2 peering connections",),
    ),
    **{
        f"{name}: an unknown id": Row(
            name,
            [record(name, id=OTHER_PEER)],
            {"peer_id": PEER},
            refusal=(
                f"There is no peering connection {PEER} in project {PROJECT}.",
                "Leave peer_id out to create one.",
            ),
        )
        for name in NAMES
    },
    "AWS: an id of another project": Row(
        "AWS", [record("AWS", project_id=OTHER_PROJECT)], {"peer_id": PEER}, refusal=("There is no peering connection",)
    ),
    "AWS: an id of another cloud": Row(
        "AWS",
        [record("GCP")],
        {"peer_id": PEER},
        refusal=(f"The peering connection {PEER} is one of GCP, not of AWS.",),
    ),
}


def rows(table: Mapping[str, Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", table.values(), ids=table)


@rows(PRESENT)
def test_present_plans_action(row: Row) -> None:
    change = planning.plan(parse_desired(row.name, **row.options), row.found, present=True)
    assert change.action == row.action


@rows(REFUSED)
def test_present_fails_to_plan(row: Row) -> None:
    with pytest.raises(PlanError) as refusal:
        planning.plan(parse_desired(row.name, **row.options), row.found, present=True)
    missing = [words for words in row.refusal if words not in str(refusal.value)]
    assert not missing, str(refusal.value)
    assert "None" not in str(refusal.value)


@rows({name: row for name, row in REFUSED.items() if "failed" in row.refusal[0]})
def test_present_plan_error_includes_failed_connection(row: Row) -> None:
    with pytest.raises(PlanError) as refusal:
        planning.plan(parse_desired(row.name), row.found, present=True)
    assert refusal.value.details == {"peering": row.found[0]}


def test_present_plan_error_includes_different_connection() -> None:
    found = record("AWS", accepter_region_name=OTHER_VALUES["accepter_region_name"])
    with pytest.raises(PlanError) as refusal:
        planning.plan(parse_desired("AWS"), [found], present=True)
    assert refusal.value.details == {"peering": found}


def test_present_without_provider_name_fails() -> None:
    with pytest.raises(InputError, match="provider_name is missing"):
        planning.plan(Desired(PEERING, PROJECT, None, PEER, {}), [record("AWS")], present=True)


@pytest.mark.parametrize("name", NAMES)
def test_create_sends_every_field_and_predicts_pending_connection(name: str) -> None:
    change = planning.plan(parse_desired(name), [], present=True)
    fields = {one.api: OPTIONS[name][one.option] for one in CLOUDS[name].peering.fields}
    assert change.payload == {"providerName": name, **fields}
    assert change.before is None
    predicted = {**dict.fromkeys(CLOUDS[name].result_only), "id": None, "status": FIRST[name], "phase": "pending"}
    assert change.after == {**record(name, FIRST[name]), **predicted}


def test_update_sends_only_required_fields() -> None:
    found = record("AWS", accepter_region_name=None)
    change = planning.plan(parse_desired("AWS", route_table_cidr_block="10.16.0.0/16"), [found], present=True)
    container = OPTIONS["AWS"]["container_id"]
    assert change.payload == {"providerName": "AWS", "containerId": container, "routeTableCidrBlock": "10.16.0.0/16"}
    assert change.before == record("AWS")
    assert change.after == record("AWS", route_table_cidr_block="10.16.0.0/16")


@pytest.mark.parametrize("name", NAMES)
def test_no_op_has_equal_before_and_after(name: str) -> None:
    change = planning.plan(parse_desired(name), [record(name)], present=True)
    assert (change.before, change.after, change.payload) == (record(name), record(name), {})


def test_missing_region_is_filled_in_from_options() -> None:
    found = record("AWS", "PENDING_ACCEPTANCE", accepter_region_name=None)
    change = planning.plan(parse_desired("AWS"), [found], present=True)
    assert change.after == record("AWS", "PENDING_ACCEPTANCE")
    assert "us-east-1" in str(change.after and change.after["next_action"])


def test_match_by_id_alone_fills_nothing_in() -> None:
    found = record("AWS", accepter_region_name=None)
    assert planning.match(Desired(PEERING, PROJECT, None, PEER, {}), [found]) == found


def test_match_fills_region_in_from_container_only_if_undeclared() -> None:
    found = PEERING.normalise(answer("AWS", accepter_region_name=None), PROJECT)
    desired = parse_desired("AWS", complete=False, accepter_region_name=None)
    assert planning.match(desired, [found]) == found
    in_container = PEERING.in_container(found, samples.container(CLOUDS["AWS"]))
    assert (planning.match(desired, [in_container]) or {})["accepter_region_name"] == "us-east-1"
    elsewhere = {**desired.values, "accepter_region_name": "eu-west-1"}
    assert PEERING.fill_in(in_container, elsewhere)["accepter_region_name"] == "eu-west-1"


@pytest.mark.parametrize("name", NAMES)
def test_fill_in_ignores_fields_atlas_always_returns(name: str) -> None:
    found = record(name, container_id=None)
    assert PEERING.fill_in(found, parse_desired(name).values) == found


def test_fill_in_keeps_a_complete_record() -> None:
    found = record("AWS")
    assert PEERING.fill_in(found, parse_desired("AWS").values) is found


EVERY_STATUS = [(name, status) for name in NAMES for status in [*STATUSES[name], "POLISHING"]]


@pytest.mark.parametrize(("name", "status"), EVERY_STATUS)
@pytest.mark.parametrize("by", ["identity", "all fields", "id", "id and cloud"])
def test_absent_deletes_from_any_status(name: str, status: str, by: str) -> None:
    desired = {
        "identity": parse_desired(
            name, complete=False, **{o: None for o in OPTIONS[name] if o not in samples.identity(name)}
        ),
        "all fields": parse_desired(name, complete=False),
        "id": Desired(PEERING, PROJECT, None, PEER, {}),
        "id and cloud": parse_desired(name, complete=False, peer_id=PEER),
    }[by]
    change = planning.plan(desired, [record(name, status)], present=False)
    gone = status == DELETING[name]
    assert change.action == (NO_OP if gone else DELETE)
    assert change.before == record(name, status)
    assert change.after == record(name, DELETING[name])
    assert change.payload == {}


@pytest.mark.parametrize("name", NAMES)
def test_absent_clears_error(name: str) -> None:
    change = planning.plan(parse_desired(name), [record(name, "FAILED", "Something.")], present=False)
    assert change.after == record(name, DELETING[name])


@pytest.mark.parametrize("name", NAMES)
def test_absent_without_match_is_no_op(name: str) -> None:
    others = [record(other, id=OTHER_PEER) for other in NAMES if other != name]
    change = planning.plan(parse_desired(name, complete=False), others, present=False)
    assert (change.action, change.before, change.after) == (NO_OP, None, None)


def test_absent_ignores_other_projects() -> None:
    elsewhere = record("AWS", project_id=OTHER_PROJECT)
    assert planning.plan(parse_desired("AWS"), [elsewhere], present=False).action == NO_OP
    assert planning.plan(Desired(PEERING, PROJECT, None, PEER, {}), [elsewhere], present=False).action == NO_OP


def test_absent_with_several_matches_fails() -> None:
    with pytest.raises(PlanError, match="2 peering connections of project"):
        planning.plan(parse_desired("AWS"), [record("AWS"), record("AWS", id=OTHER_PEER)], present=False)


@pytest.mark.parametrize("differing", [o for o in OPTIONS["AWS"] if o not in samples.identity("AWS")])
def test_absent_matches_by_identity_only(differing: str) -> None:
    desired = parse_desired("AWS", complete=False, **{differing: OTHER_VALUES[differing]})
    expected = NO_OP if differing in PEERING.optional_identity else DELETE
    assert planning.plan(desired, [record("AWS")], present=False).action == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("by_id", [True, False])
def test_absent_ignores_connection_in_other_container(name: str, by_id: bool) -> None:
    computed = {"peer_id": PEER} if by_id else {}
    desired = parse_desired(name, complete=False, container_id=OTHER_VALUES["container_id"], **computed)
    change = planning.plan(desired, [record(name)], present=False)
    assert (change.action, change.before, change.after) == (NO_OP, None, None)
    assert planning.plan(parse_desired(name, False, container_id=None), [record(name)], present=False).action == DELETE


@pytest.mark.parametrize("name", NAMES)
def test_container_id_distinguishes_connections_of_one_network(name: str) -> None:
    elsewhere = record(name, id=OTHER_PEER, container_id=OTHER_VALUES["container_id"])
    both = [elsewhere, record(name)]
    assert (planning.match(parse_desired(name), both) or {})["id"] == PEER
    assert planning.match(parse_desired(name), [elsewhere]) is None
    assert planning.plan(parse_desired(name), [elsewhere], present=True).action == CREATE
    with pytest.raises(PlanError, match="2 peering connections") as refusal:
        planning.plan(parse_desired(name, False, container_id=None), both, present=False)
    assert all(PEERING.label(one) in refusal.value.message for one in both)


@pytest.mark.parametrize("name", NAMES)
def test_unknown_status_is_pending(name: str) -> None:
    for status in ("POLISHING", "", "available", "None"):
        found = record(name, status)
        assert (found["phase"], found["next_action"]) == ("pending", None)


@pytest.mark.parametrize("name", NAMES)
def test_missing_status_is_pending(name: str) -> None:
    cloud = CLOUDS[name]
    answer = {
        key: value for key, value in samples.answer(name).items() if key not in (cloud.status_key, cloud.error_key)
    }
    found = PEERING.normalise(answer, PROJECT)
    assert (found["phase"], found["status"], found["error"]) == ("pending", None, None)


@pytest.mark.parametrize("name", NAMES)
def test_cloud_of_answer_by_provider_name_or_fields(name: str) -> None:
    answer = samples.answer(name)
    unnamed = {key: value for key, value in answer.items() if key != "providerName"}
    spellings: list[dict[str, Any]] = [{**unnamed, "providerName": said} for said in (name, name.lower(), None, "")]
    assert {PEERING.cloud_of(one).name for one in [*spellings, unnamed]} == {name}


def test_cloud_of_answer_defaults_to_aws() -> None:
    assert PEERING.cloud_of({"id": PEER}).name == "AWS"


def test_provider_name_takes_precedence_over_fields() -> None:
    assert PEERING.cloud_of({"providerName": "GCP", "vpcId": "vpc-0f1e2d3c"}).name == "GCP"


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("AWS", "123456789012/vpc-0f1e2d3c4b5a69788"),
        ("AZURE", "8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-vnet"),
        ("GCP", "my-project-191923/default"),
    ],
)
def test_peer_network_per_cloud(name: str, network: str) -> None:
    assert record(name)["peer_network"] == network
    assert parse_desired(name).absent["peer_network"] == network


@pytest.mark.parametrize("name", NAMES)
def test_absent_record(name: str) -> None:
    nothing = {"status": None, "error": None, "phase": "absent", "next_action": None, "next_command": None}
    identity = samples.identity(name)
    expected = {"id": None, "project_id": PROJECT, **identity, "peer_network": record(name)["peer_network"], **nothing}
    assert parse_desired(name, complete=False, container_id=None).absent == expected
    assert parse_desired(name).absent == {**expected, "container_id": OPTIONS[name]["container_id"]}


def test_absent_record_by_peer_id() -> None:
    bare = Desired(PEERING, PROJECT, None, PEER, {}).absent
    assert (bare["id"], bare["provider_name"], bare["peer_network"], bare["phase"]) == (PEER, None, None, "absent")
    known = Desired(PEERING, PROJECT, CLOUDS["AWS"], PEER, {}).absent
    assert (known["id"], known["provider_name"], known["peer_network"], known["vpc_id"]) == (PEER, "AWS", None, None)


def test_needs_container_only_for_gcp_waiting_for_user() -> None:
    bare = {(n, s): PEERING.normalise(answer(n, s), PROJECT) for n in NAMES for s in STATUSES[n]}
    assert [key for key, found in bare.items() if needs_container(found)] == [("GCP", "WAITING_FOR_USER")]
    assert not any(needs_container(record(n, s)) for n in NAMES for s in STATUSES[n])


@pytest.mark.parametrize("name", NAMES)
def test_several_deleting_matches_are_treated_as_one(name: str) -> None:
    found = [record(name, DELETING[name], id=one) for one in (PEER, OTHER_PEER)]
    assert planning.plan(parse_desired(name), found, present=False).action == NO_OP
    with pytest.raises(PlanError, match="is being deleted"):
        planning.plan(parse_desired(name), found, present=True)


@pytest.mark.parametrize("name", NAMES)
def test_peering_record_keys_beyond_options_are_result_only(name: str) -> None:
    seen = set(record(name))
    from_container = {*CLOUDS[name].from_container.values()} & {"container_region", "atlas_cidr_block"}
    assert seen - PEERING.result_only == {*OPTIONS[name], "id", "project_id", *from_container}
    elsewhere = {option for other in NAMES if other != name for option in CLOUDS[other].result_only}
    assert PEERING.result_only - seen <= {*elsewhere, "action", "failure"}


def test_replacement_of_what_lacks_a_value_fails() -> None:
    found = record("AWS", "FAILED", "EXPIRED", route_table_cidr_block=None)
    by_id = parse_desired("AWS", **dict.fromkeys(CLOUDS["AWS"].peering.options), peer_id=PEER)
    with pytest.raises(InputError, match=r"route_table_cidr_block is missing: replacing the .* needs it"):
        planning.plan(by_id, [found], True, ReplacePolicy(("expired",), 1))


@pytest.mark.parametrize(
    ("status", "action"), [("AVAILABLE", None), ("TERMINATING", REPLACE)], ids=["standing", "deleting"]
)
def test_replacement_does_not_become_what_another_is(status: str, action: str | None) -> None:
    """Unless the other one is on its way out."""
    found = [record("AWS", id=PEER, vpc_id=OTHER_VALUES["vpc_id"]), record("AWS", status, id=OTHER_PEER)]
    by_id, policy = parse_desired("AWS", peer_id=PEER), ReplacePolicy(("changed",), 1)
    if action:
        assert planning.plan(by_id, found, True, policy).action == action
        return
    with pytest.raises(PlanError, match=f"connection {PEER} cannot be replaced by .*: {OTHER_PEER}") as refusal:
        planning.plan(by_id, found, True, policy)
    assert refusal.value.hint == "Delete one of them (state: absent)."


@pytest.mark.parametrize(("name", "full"), [("connection a1", "connection a1"), ("connection", "connection (a1)")])
def test_name_has_its_id_once(name: str, full: str) -> None:
    assert planning.name_with_id(name, {"id": "a1"}) == full


def test_container_supplies_what_a_creation_leaves_out() -> None:
    change = planning.plan(parse_desired("AWS", accepter_region_name=None), [], True)
    completed = planning.with_defaults(change, {"region": "US_EAST_1"})
    assert completed.payload == {**change.payload, "accepterRegionName": "us-east-1"}
    assert (completed.after or {})["accepter_region_name"] == "us-east-1"
    assert completed.complete_payload == {}
    assert planning.with_defaults(change, {"region": None}).payload == change.payload
    assert planning.with_defaults(completed, {"region": "EU_WEST_1"}) == completed, "what is known stays"


def test_container_supplies_what_a_complete_update_needs() -> None:
    found = PEERING.normalise(answer("AWS", accepter_region_name=None), PROJECT)
    wanted = parse_desired("AWS", accepter_region_name=None, route_table_cidr_block="10.16.0.0/16")
    change = planning.plan(wanted, [found], True)
    completed = planning.with_defaults(change, {"region": "US_EAST_1"})
    assert completed.payload == change.payload
    assert completed.complete_payload == {**change.complete_payload, "accepterRegionName": "us-east-1"}


@pytest.mark.parametrize("name", NAMES)
def test_cloud_of_answer_ignores_case(name: str) -> None:
    assert PEERING.cloud_of({"providerName": name.lower()}).name == name


def test_absent_record_of_unknown_network_has_no_name() -> None:
    desired = Desired(PEERING, PROJECT, CLOUDS["AWS"], PEER, {"aws_account_id": OPTIONS["AWS"]["aws_account_id"]})
    assert desired.absent["peer_network"] is None
