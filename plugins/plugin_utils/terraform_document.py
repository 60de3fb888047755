# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The resources in the output of ``terraform show -json``, of a state or a plan. Pure, no I/O.

Its format is described at https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

#: The major versions of the format that can be read: 0 until Terraform 1.0, 1 since.
_MAJOR_VERSIONS = ("0", "1")
#: All that the output for an empty state consists of.
_EMPTY_STATE = frozenset({"format_version", "terraform_version", "checks"})

_NOT_PARSED = "from_terraform got {kind}, but needs a dictionary. Parse the text with from_json first."
_NOT_SHOWN = "This is a state as Terraform stores it. Pass the output of terraform show -json instead."
_NO_OUTPUT = "This is not the output of terraform show -json for a state or a plan: it has no {missing}."
_MALFORMED = "This is not the output of terraform show -json: {where} is not {expected}."
_UNKNOWN_VERSION = "The format_version is {version!r}, but from_terraform can read versions 0 and 1 only."
_ERRORED = "Terraform could not complete this plan. Correct the errors that terraform plan reports, and plan again."


@dataclass(frozen=True, eq=False)
class Resource:
    """One instance of a resource.

    Attributes:
        address: Names the instance: ``module.network["eu"].aws_route.atlas[0]``.
        type: Such as ``aws_route``.
        is_managed: False for a data source.
        values: Its attributes.
        sensitive: Names of the attributes that Terraform marks as sensitive.
        unknown: Names of the attributes that are known only after the plan has been applied.
    """

    address: str
    type: str
    is_managed: bool
    values: Mapping[str, Any]
    sensitive: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    def text(self, name: str) -> str:
        """Return an attribute, or the empty string if it is not set."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def mask(self, text: str) -> str:
        """Return a text without the values that Terraform marks as sensitive."""
        for secret in sorted(
            {one for name in self.sensitive for one in _texts(self.values.get(name))}, key=len, reverse=True
        ):
            text = text.replace(secret, "(sensitive)")
        return text

    def blocks(self, name: str) -> list[Mapping[str, Any]]:
        """Return the nested blocks of a name."""
        value = self.values.get(name)
        return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


@dataclass(frozen=True)
class Document:
    """What the output contains.

    Attributes:
        resources: The resources that exist, or will once the plan has been applied, in the order of the output.
        deleted: The resources that the plan destroys.
    """

    resources: list[Resource] = field(default_factory=list)
    deleted: list[Resource] = field(default_factory=list)

    def of_type(self, *types: str) -> list[Resource]:
        """Return the managed resources of some types."""
        return [one for one in self.resources if one.is_managed and one.type in types]


def read_document(document: Any) -> Document:
    """Return the resources in the parsed output of ``terraform show -json``.

    A resource that a plan removes from the state without destroying it (a ``removed`` block) still exists, so it is
    among the resources.

    Raises:
        InputError: It is something else, or has an unknown version.
    """
    if not isinstance(document, Mapping):
        kind = "text" if isinstance(document, (str, bytes)) else f"a value of the type {type(document).__name__}"
        raise InputError(_NOT_PARSED.format(kind=kind))
    _check_version(document)
    if "planned_values" not in document:
        if "values" not in document and not _EMPTY_STATE.issuperset(document):
            raise InputError(_NO_OUTPUT.format(missing="values and no planned_values"))
        return Document([*_resources(document.get("values"), {})])
    if document.get("errored"):
        raise InputError(_ERRORED)
    changes = [*_changes(document.get("resource_changes"))]
    unknown = {str(one.get("address")): _marked(change.get("after_unknown")) for one, change in changes}
    forgotten = [_before(one, change) for one, change in changes if change.get("actions") == ["forget"]]
    deleted = [_before(one, change) for one, change in changes if change.get("actions") == ["delete"]]
    return Document([*_resources(document["planned_values"], unknown), *forgotten], deleted)


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("format_version")
    if version is None:
        is_stored = "lineage" in document or {"version", "resources"} <= set(document)
        raise InputError(_NOT_SHOWN if is_stored else _NO_OUTPUT.format(missing="format_version"))
    if not isinstance(version, str) or version.partition(".")[0] not in _MAJOR_VERSIONS:
        raise InputError(_UNKNOWN_VERSION.format(version=version))


def _resources(values: Any, unknown: Mapping[str, frozenset[str]]) -> Iterator[Resource]:
    """Yield the resources of a values representation, those of a module before those of its child modules."""
    modules = [_mapping(_mapping(values, "values").get("root_module"), "root_module")]
    while modules:
        module = modules.pop(0)
        for one in _mappings(module.get("resources"), "resources"):
            values = _mapping(one.get("values"), "values of a resource")
            yield _resource(one, values, one.get("sensitive_values"), unknown.get(str(one.get("address"))))
        modules[:0] = _mappings(module.get("child_modules"), "child_modules")


def _changes(changes: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each current object of a plan with its change; deposed ones are leftovers of replacements."""
    for one in _mappings(changes, "resource_changes"):
        if not one.get("deposed"):
            yield one, _mapping(one.get("change"), "change")


def _before(one: Mapping[str, Any], change: Mapping[str, Any]) -> Resource:
    return _resource(one, _mapping(change.get("before"), "before"), change.get("before_sensitive"), None)


def _resource(
    one: Mapping[str, Any], values: Mapping[str, Any], sensitive: Any, unknown: frozenset[str] | None
) -> Resource:
    return Resource(
        address=str(one.get("address")),
        type=str(one.get("type")),
        is_managed=one.get("mode") == "managed",
        values=values,
        sensitive=_marked(sensitive),
        unknown=unknown or frozenset(),
    )


def _marked(marks: Any) -> frozenset[str]:
    """Return the attributes that are marked, as a whole or in part."""
    return (
        frozenset(str(name) for name in marks if _is_marked(marks[name])) if isinstance(marks, Mapping) else frozenset()
    )


def _is_marked(mark: Any) -> bool:
    """Report whether anything is marked. Nested blocks are listed even if nothing in them is: ``[{}]``."""
    if isinstance(mark, (list, Mapping)):
        return any(_is_marked(one) for one in (mark.values() if isinstance(mark, Mapping) else mark))
    return mark is True


def _texts(value: Any) -> Iterator[str]:
    """Yield all text in a value, however deep."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, (list, Mapping)):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Return an object of the output; absent, it is empty. Raises InputError if it is something else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(_MALFORMED.format(where=where, expected="an object"))
    return value


def _mappings(value: Any, where: str) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InputError(_MALFORMED.format(where=where, expected="a list of objects"))
    return value
