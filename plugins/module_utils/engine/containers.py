# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The containers that connections name by region: found, or planned and then created."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.engine import apply
from ansible_collections.atlasops.network.plugins.module_utils.engine.apply import Outcome
from ansible_collections.atlasops.network.plugins.module_utils.engine.resources import ContainerApi
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, PlanError, option
from ansible_collections.atlasops.network.plugins.module_utils.model import plan as planning
from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import ATLAS_CIDR_BLOCK, Cloud, Field
from ansible_collections.atlasops.network.plugins.module_utils.model.container import CONTAINER
from ansible_collections.atlasops.network.plugins.module_utils.model.desired import Desired
from ansible_collections.atlasops.network.plugins.module_utils.model.peering import PEERING
from ansible_collections.atlasops.network.plugins.module_utils.model.plan import Change
from ansible_collections.atlasops.network.plugins.module_utils.model.resource import Record


def declare_container(cloud: Cloud, region: str | None, block: str | None, project_id: str) -> Desired:
    """Return the container that a connection names by its region. Raises InputError where the block is none.

    A region that is none stays as it is: `misspelled` tells so, where the project's containers are known.
    """
    values: dict[str, Any] = {}
    if region:
        values = {f.option: _spelled(f, region) for f in cloud.container.fields if f.places}
    if block:
        values[ATLAS_CIDR_BLOCK.option] = ATLAS_CIDR_BLOCK.clean(option(ATLAS_CIDR_BLOCK.option), block)
    return Desired(CONTAINER, project_id, cloud, None, values)


def _spelled(field: Field, region: str) -> Any:
    value = [region] if field.many else region
    try:
        return field.clean(option("container_region"), value)
    except InputError:
        return value


def misspelled(desired: Desired) -> InputError | None:
    """Return what is wrong with the region of a container that a connection names, if it is none."""
    placed = [(f, desired.values[f.option]) for f in desired.fields if f.places and f.option in desired.values]
    for field, value in placed:
        try:
            field.clean(option("container_region"), value)
        except InputError as error:
            return error
    return None


class ContainerResolver:
    """The containers that connections name by region: found, or planned and then created.

    Args:
        containers: Where they are.
        desired: The declared containers; the same one may come many times.
        present: Whether those that are missing are to be created, or their connections are missing too.
        known: The records among which they are, if these have been read.
    """

    def __init__(
        self,
        containers: ContainerApi,
        desired: Sequence[Desired],
        present: bool = True,
        known: Sequence[Record] | None = None,
    ) -> None:
        self._containers, self._present = containers, present
        self._ids: dict[str, str | None] = {}
        self._changes: dict[str, Change] = {}
        self._made: dict[str, Record] = {}
        self.problems: list[AtlasError] = []
        self.warnings: list[str] = []
        self.records = containers.look(desired) if known is None else list(known)
        self._read = {(one.project_id, one.cloud) for one in desired}
        for same in _grouped(desired):
            self._settle(same)

    def _settle(self, same: Sequence[Desired]) -> None:
        """Find the container that all of these name, or plan its creation."""
        desired = next((one for one in same if _block(one)), same[0])
        misspelling = misspelled(desired)
        if misspelling:
            self._ids[_key(desired)] = None
            self.problems.append(self._nowhere(desired, misspelling))
            return
        blocks = sorted({_block(one) for one in same if _block(one)})
        record = planning.match(desired, self.records)
        if record:
            self._ids[_key(desired)] = record["id"]
            self.warnings += _misfits(desired, record, blocks)
            return
        if not self._present:
            self._ids[_key(desired)] = None
            return
        new = self._ids[_key(desired)] = f"(new {desired.name} of project {desired.project_id})"
        if len(blocks) > 1:
            self.problems.append(
                InputError(f"The {desired.name} is declared with several blocks: {', '.join(blocks)}.")
            )
        elif not blocks:
            self.problems.append(self._nowhere(desired))
        else:
            change = self._changes[new] = planning.plan(_sized(desired, same), [], present=True)
            self.problems += [PlanError(text) for text in self._containers.check(change)]
            self.records.append({**(change.after or {}), "id": new})

    def _nowhere(self, desired: Desired, misspelling: InputError | None = None) -> InputError:
        """Say which containers there are in place of the wanted one, and how Atlas spells regions."""
        here = [
            one for one in self.records if one["project_id"] == desired.project_id and one["id"] not in self._changes
        ]
        there = [
            f"{one['id']} in {place_of(one)}"
            for one in here
            if desired.cloud and desired.cloud.name == one["provider_name"]
        ]
        only = f"only {', '.join(there)}" if there else ""
        if misspelling:
            cloud = desired.cloud.name if desired.cloud else ""
            has = f"has {only}" if only else f"has no container of {cloud}"
            return InputError(f"{misspelling.message} Project {desired.project_id} {has}.", misspelling.hint)
        looks = next((f.expected for f in desired.fields if f.places), "")
        return InputError(
            f"Project {desired.project_id} has no {desired.name}{only and ', '}{only}.",
            f"Set {option('atlas_cidr_block')} to have it created, or correct {option('container_region')} ({looks}).",
        )

    def put(self, desired: Desired, container: Desired | None) -> Desired:
        """Return a wanted connection in its container; in none if there is none and none is to be created."""
        if container is None:
            return desired
        error = self.contradiction(desired, container)
        if error:
            self.problems.append(error)
        place = {"container_id": self._ids[_key(container)], "container_region": container.values.get("region")}
        return replace(desired, values={**desired.values, **place})

    def contradiction(self, desired: Desired, container: Desired | None) -> InputError | None:
        """Return why a connection cannot be in the containers that it names by id and by region, if these differ."""
        found, named = self._ids[_key(container)] if container else None, desired.values.get("container_id")
        if container is None or not found or not named or found == named:
            return None
        return InputError(
            f"container_id {named} is not the {container.name}, which "
            f"{'does not exist yet' if found in self._changes else f'is {found}'}.",
            "Leave one of them out: name the container once.",
        )

    def objection(self, desired: Desired, container: Desired | None) -> InputError | None:
        """Return why it cannot be told in which container a connection is to be, if so."""
        misspelling = misspelled(container) if container else None
        if container and misspelling:
            return self._nowhere(container, misspelling)
        return self.contradiction(desired, container)

    def read(self, project_id: str, clouds: Iterable[Cloud]) -> bool:
        """Read the containers of these clouds unless that has been done; tell whether anything was read."""
        unread = [cloud for cloud in dict.fromkeys(clouds) if (project_id, cloud) not in self._read]
        for cloud in unread:
            self.records += self._containers.find(project_id, cloud)
            self._read.add((project_id, cloud))
        return bool(unread)

    def complete(self, change: Change) -> Change:
        """Return a step with what follows from the container that it is in, or from the only one there is."""
        cloud, after = change.desired.cloud, change.after
        if not change.writes or cloud is None or after is None:
            return change
        named = after["container_id"]
        here = [one for one in self.records if one["provider_name"] == cloud.name]
        found = [one for one in here if one["id"] == named or (named is None and cloud.has_one_container)]
        if not found:
            return change
        change = planning.inherit(change, found[0])
        return replace(change, after=PEERING.in_container(change.after or {}, found[0]))

    def create(self) -> None:
        """Create the containers that are missing. Raises AtlasError, after which those that were made stay."""
        for new, change in self._changes.items():
            try:
                outcome = apply.apply(self._containers, change)
            except AtlasError as error:
                error.changed = error.changed or bool(self._made)
                raise
            self._made[new] = outcome.after or {}

    @property
    def created(self) -> Iterable[Record]:
        return self._made.values()

    def fill(self, change: Change) -> Change:
        """Return a step with the id of the container that was created for it."""
        made = self._made.get(str(change.desired.values.get("container_id")))
        if made is None:
            return change
        desired = replace(change.desired, values={**change.desired.values, "container_id": made["id"]})
        return replace(change, desired=desired, payload={**change.payload, "containerId": made["id"]})

    def conceal(self, outcome: Outcome) -> Outcome:
        """Return a predicted outcome without the id of a container that is still to be created."""
        if outcome.after is None or outcome.after.get("container_id") not in self._changes:
            return outcome
        return replace(outcome, after={**outcome.after, "container_id": None})


def place_of(container: Record) -> str:
    """Return where a container is, in words."""
    regions = container.get("regions") or []
    return str(container.get("region") or ", ".join(regions) or "all regions")


def _key(desired: Desired) -> str:
    return f"{desired.project_id} {desired.name}"


def _grouped(desired: Sequence[Desired]) -> list[list[Desired]]:
    """Return the declared containers, those that mean the same one together."""
    groups: dict[str, list[Desired]] = {}
    for one in desired:
        groups.setdefault(_key(one), []).append(one)
    return list(groups.values())


def _block(desired: Desired) -> str:
    return str(desired.values.get(ATLAS_CIDR_BLOCK.option) or "")


def _sized(desired: Desired, same: Sequence[Desired]) -> Desired:
    """Limit a small container to the regions of all that name it; a large one is not limited."""
    limited = desired.cloud.regional_prefixes if desired.cloud else None
    if limited is None:
        return desired
    small = ip_network(_block(desired)).prefixlen >= limited[0]
    regions = sorted({region for one in same for region in one.values.get("regions", [])}) if small else []
    return replace(desired, values={**desired.values, "regions": regions})


def _misfits(desired: Desired, record: Record, blocks: Sequence[str]) -> list[str]:
    """Tell how a container that is used as it is differs from what is declared."""
    name = f"The {desired.name} ({record['id']})"
    misfits = [
        f"{name} has the block {record['atlas_cidr_block']}, not {block}. "
        "It is used as it is; atlas_container changes it while nothing is in it."
        for block in blocks
        if not ATLAS_CIDR_BLOCK.same(block, record["atlas_cidr_block"])
    ]
    limits, regions = record.get("regions"), desired.values.get("regions", [])
    if limits and not set(regions) <= set(limits):
        misfits.append(f"{name} is limited to {', '.join(limits)}, not {', '.join(regions)}. It is used as it is.")
    return misfits
