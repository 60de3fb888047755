# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on a project's IP access list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ..domain.access_list import Entry, entry_value, source_of
from ..domain.clock import parse_timestamp
from ..domain.clouds import AVAILABLE, AWS
from ..domain.validation import check_texts, refuse_others
from ..errors import ApiError
from ..settings import Settings
from .routing import Call, Reply

SOURCES = ("ipAddress", "cidrBlock", "awsSecurityGroup")  # an entry has one of them
OTHERS = ("comment", "deleteAfterDate")
LONGEST_COMMENT = 80
LONGEST_LIFE = 7 * 24 * 3600.0


def _show(call: Call, entry: Entry) -> dict[str, Any]:
    path = f"/api/atlas/{call.version}/groups/{call.project.id}/accessList/{quote(entry.value, safe='')}"
    links = [{"href": call.base_url + path, "rel": "self"}]
    return dict(sorted({**entry.view(call.state.settings), "groupId": call.project.id, "links": links}.items()))


def list_entries(call: Call) -> Reply:
    entries = call.project.access_list.values()
    return Reply([_show(call, one) for one in entries if one.is_visible(call.now, call.state.settings)], page=True)


def get_entry(call: Call) -> Reply:
    return Reply(_show(call, _entry(call)))


def get_status(call: Call) -> Reply:
    return Reply({"STATUS": _entry(call).status(call.now, call.state.settings)})


def delete_entry(call: Call) -> Reply:
    del call.project.access_list[_entry(call).value]
    return Reply({}, status=204)


def _entry(call: Call) -> Entry:
    text, settings = call.path["entryValue"], call.state.settings
    entry = call.project.access_list.get(entry_value(text, settings) or "")
    if entry is None or not entry.is_visible(call.now, settings):
        raise ApiError("ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", text, call.project.id)
    return entry


def create_entries(call: Call) -> Reply:
    """Add entries or update those that exist; the settings say what remains if one of them is refused."""
    project, settings = call.project, call.state.settings
    entries = dict(project.access_list) if settings.access_list_atomic else project.access_list
    named = [_store(call, entries, document) for document in call.request.documents()]
    project.access_list = entries
    shown = list(entries) if settings.access_list_reply == "all" else dict.fromkeys(named)
    return Reply([_show(call, entries[value]) for value in shown], settings.access_list_create_status, page=True)


def _store(call: Call, entries: dict[str, Entry], document: Mapping[str, Any]) -> str:
    """Add or update the entry that a document describes and return its value."""
    entry, settings = _parse(call, document), call.state.settings
    present = entries.get(entry.value)
    if present is None and len(entries) >= settings.max_access_list_entries:
        raise ApiError("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED", settings.max_access_list_entries)
    entries[entry.value] = entry if present is None else _updated(present, entry, settings)
    return entry.value


def _updated(present: Entry, sent: Entry, settings: Settings) -> Entry:
    """Return an entry as it is once it is sent again."""
    if settings.access_list_repeat == "ignore":
        return present
    if settings.access_list_repeat == "merge":
        kept = {name: getattr(present, name) for name in ("comment", "delete_after") if getattr(sent, name) is None}
        sent = replace(sent, **kept)
    return sent if present.failed else replace(sent, created=present.created)


def _parse(call: Call, document: Mapping[str, Any]) -> Entry:
    """Return the entry that a document describes, or refuse it."""
    if call.state.settings.reject_unknown_attributes:
        refuse_others(document, (*SOURCES, *OTHERS, "groupId"), ("links",))
    check_texts(document, (*SOURCES, *OTHERS))
    if document.get("groupId") not in (None, call.project.id):
        raise ApiError("GROUP_MISMATCH", document["groupId"])
    comment = document.get("comment")
    if len(comment or "") > LONGEST_COMMENT:
        raise ApiError("INVALID_NETWORK_PERMISSION_COMMENT", comment)
    entry = Entry(_value(call, document), call.now, comment)
    if document.get("deleteAfterDate") is None:
        return entry
    if entry.is_security_group:
        raise ApiError("NETWORK_PERMISSION_EXPIRATION_NOT_SUPPORTED")
    return replace(entry, delete_after=_expiry(document["deleteAfterDate"], call.now))


def _expiry(text: str, now: float) -> float:
    moment = parse_timestamp(text)
    if moment is None:
        raise ApiError("INVALID_JSON_ATTRIBUTE", "deleteAfterDate")
    if moment <= now:
        raise ApiError("EXPIRATION_DATE_IN_PAST")
    if moment > now + LONGEST_LIFE:
        raise ApiError("INVALID_ATTRIBUTE", "deleteAfterDate")
    return moment


def _value(call: Call, document: Mapping[str, Any]) -> str:
    """Return the value of an entry from its only source, which has to be well-formed and allowed."""
    sources = [name for name in SOURCES if document.get(name)]
    if not sources:
        raise ApiError("MISSING_ATTRIBUTES", ", ".join(SOURCES))
    if len(sources) > 1:
        raise ApiError("MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY")
    source, text = sources[0], document[sources[0]]
    value = entry_value(text, call.state.settings)
    if source == "awsSecurityGroup":
        _check_group(call, text)
    elif value is None or source_of(text) != source:
        raise ApiError("INVALID_IP_ADDRESS_OR_CIDR_NOTATION", text)
    return value or text


def _check_group(call: Call, text: str) -> None:
    """Refuse what is not the id of a security group, and any such id while no connection permits it."""
    if source_of(text) != "awsSecurityGroup":
        raise ApiError("INVALID_ATTRIBUTE", "awsSecurityGroup")
    need, peers = call.state.settings.security_groups_need, call.project.peers_of(AWS)
    if need != "connection":
        peers = [peer for peer in peers if peer.status == AVAILABLE]
    if need == "same_region":
        peers = [peer for peer in peers if peer.is_in_one_region]
    if not peers:
        raise ApiError("CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION")
