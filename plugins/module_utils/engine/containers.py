# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The containers that connections name by region: existing ones, or changes that create them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model import preflight
from ansible_collections.atlasops.network.plugins.module_utils.model.cloud import Cloud, KnownAfterApply
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ATLAS_CIDR_BLOCK
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import region_error
from ansible_collections.atlasops.network.plugins.module_utils.model.container import location_of
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Change, Desired, Record


class ContainerResolver:
    """Finds the containers that connections name by region, or plans their creation.

    Args:
        api: Where they are.
        desired: The declared containers; the same one may occur many times.
        present: Whether missing ones are to be created. If not, their connections do not exist either.
        existing: The records among which they are, if these have been read.
    """

    def __init__(
        self,
        api: ContainerApi,
        desired: Sequence[Desired],
        present: bool = True,
        existing: Sequence[Record] | None = None,
    ) -> None:
        self._api, self._present = api, present
        self._ids: dict[str, Any] = {}
        self._created: dict[KnownAfterApply, Outcome] = {}
        #: The creation of each container that is missing, by the ID that stands for it until then.
        self.changes: dict[KnownAfterApply, Change] = {}
        self.errors: list[AtlasError] = []
        self.warnings: list[str] = []
        #: The containers that exist, and those that will have been created.
        self.records = list(api.list_for(desired) if existing is None else existing)
        self._read = {(one.project_id, one.cloud) for one in desired}
        for same in _grouped(desired):
            self._resolve(same)

    def _resolve(self, same: Sequence[Desired]) -> None:
        """Find the container that all of these name, or plan its creation."""
        desired = next((one for one in same if _block(one)), same[0])
        self._ids[_key(desired)] = None
        malformed = region_error(desired)
        if malformed:
            self.errors.append(self._no_container_error(desired, malformed))
            return
        record = planning.match(desired, self.records)
        blocks = sorted({_block(one) for one in same if _block(one)})
        if record:
            self._ids[_key(desired)] = record["id"]
            self.warnings += _mismatch_warnings(desired, record, blocks)
        elif self._present:
            self._plan_creation(_with_regions(desired, same), blocks)

    def _plan_creation(self, desired: Desired, blocks: Sequence[str]) -> None:
        new = self._ids[_key(desired)] = KnownAfterApply(_key(desired))
        if len(blocks) > 1:
            listed = ", ".join(blocks)
            self.errors.append(InputError(f"The {desired.name} is declared with several blocks: {listed}."))
        elif not blocks:
            self.errors.append(self._no_container_error(desired))
        else:
            change = self.changes[new] = planning.plan(desired, [], present=True)
            self.errors += [PlanError(text) for text in preflight.check_container(change)]
            self.records.append({**(change.after or {}), "id": new})

    def _no_container_error(self, desired: Desired, malformed: InputError | None = None) -> InputError:
        """Return an error that names the containers which exist instead, and how Atlas spells regions."""
        existing = [
            f"{one['id']} in {location_of(one)}"
            for one in self.records
            if one["project_id"] == desired.project_id
            and one["id"] not in self.changes
            and desired.cloud
            and desired.cloud.name == one["provider_name"]
        ]
        only = f"only {', '.join(existing)}" if existing else ""
        if malformed:
            has = f"has {only}" if only else f"has no container of {desired.cloud.name if desired.cloud else ''}"
            return InputError(f"{malformed.message} Project {desired.project_id} {has}.", malformed.hint)
        expected = next(f.expected for f in desired.fields if f.is_location)
        return InputError(
            f"Project {desired.project_id} has no {desired.name}{only and ', '}{only}.",
            f"Set {option('atlas_cidr_block')} to create it, or correct {option('container_region')} ({expected}).",
        )

    def bind(self, desired: Desired, container: Desired | None) -> Desired:
        """Return a declared connection with the ID of its container: null if there is none and none is planned."""
        if container is None:
            return desired
        error = self._contradiction(desired, container)
        if error:
            self.errors.append(error)
        return replace(desired, values={**desired.values, "container_id": self._ids[_key(container)]})

    def _contradiction(self, desired: Desired, container: Desired) -> InputError | None:
        """Return an error if a connection names two different containers by ID and by region."""
        by_region, by_id = self._ids[_key(container)], desired.values.get("container_id")
        if not by_region or not by_id or by_region == by_id:
            return None
        return InputError(
            f"container_id {by_id} is not the {container.name}, which "
            f"{'does not exist yet' if by_region in self.changes else f'is {by_region}'}.",
            "Leave one of them out: name the container once.",
        )

    def error_for(self, desired: Desired, container: Desired | None) -> InputError | None:
        """Return why the container of a connection is unclear, if it is."""
        if container is None:
            return None
        malformed = region_error(container)
        return self._no_container_error(container, malformed) if malformed else self._contradiction(desired, container)

    def read(self, project_id: str, clouds: Iterable[Cloud]) -> bool:
        """Read the containers of these clouds unless that has been done; report whether anything was read."""
        unread = [cloud for cloud in dict.fromkeys(clouds) if (project_id, cloud) not in self._read]
        for cloud in unread:
            self.records += self._api.list(project_id, cloud)
            self._read.add((project_id, cloud))
        return bool(unread)

    def complete(self, change: Change) -> Change:
        """Return a change with what its container supplies: the one that it names, or the only one there is."""
        cloud, after = change.desired.cloud, change.after
        if not change.writes or cloud is None or after is None:
            return change
        container_id = after["container_id"]
        of_cloud = [one for one in self.records if one["provider_name"] == cloud.name]
        found = [one for one in of_cloud if container_id in (one["id"], *([None] if cloud.has_one_container else []))]
        if not found:
            return change
        change = planning.with_defaults(change, found[0])
        return replace(change, after=PEERING.in_container(change.after or {}, found[0]))

    def created(self, new: KnownAfterApply, outcome: Outcome) -> None:
        """Note what became of the creation of a container: it exists, perhaps because another run has created it."""
        self._created[new] = outcome

    def bind_created(self, change: Change) -> tuple[Change, bool]:
        """Return a change with the ID of the container that was created for it, and whether this run did that."""
        created = self._created.get(change.desired.values.get("container_id"))  # type: ignore[arg-type]
        if created is None:
            return change, False
        container_id = created.record["id"]
        desired = replace(change.desired, values={**change.desired.values, "container_id": container_id})
        bound = replace(change, desired=desired, payload={**change.payload, "containerId": container_id})
        return bound, created.changed


def _key(desired: Desired) -> str:
    return f"{desired.project_id} {desired.name}"


def _grouped(desired: Sequence[Desired]) -> Iterable[list[Desired]]:
    """Return the declared containers in groups that mean the same one."""
    groups: dict[str, list[Desired]] = {}
    for one in desired:
        groups.setdefault(_key(one), []).append(one)
    return groups.values()


def _block(desired: Desired) -> str:
    return str(desired.values.get(ATLAS_CIDR_BLOCK.option) or "")


def _with_regions(desired: Desired, same: Sequence[Desired]) -> Desired:
    """Limit a small container to the regions of all that name it; a large one is not limited."""
    limits = desired.cloud.regional_prefixes if desired.cloud else None
    if limits is None or not _block(desired):
        return desired
    is_small = ip_network(_block(desired)).prefixlen >= limits[0]
    regions = sorted({region for one in same for region in one.values.get("regions", [])}) if is_small else []
    return replace(desired, values={**desired.values, "regions": regions})


def _mismatch_warnings(desired: Desired, record: Mapping[str, Any], blocks: Sequence[str]) -> list[str]:
    """Return how a container that is used as it is differs from what is declared."""
    name = f"The {desired.name} ({record['id']})"
    warnings = [
        f"{name} has the block {record['atlas_cidr_block']}, not {block}. "
        "It is used as it is; atlas_container changes it while nothing is in it."
        for block in blocks
        if not ATLAS_CIDR_BLOCK.equal(block, record["atlas_cidr_block"])
    ]
    limits, regions = record.get("regions"), desired.values.get("regions", [])
    if limits and not set(regions) <= set(limits):
        warnings.append(f"{name} is limited to {', '.join(limits)}, not {', '.join(regions)}. It is used as it is.")
    return warnings
