#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_access_list
short_description: Create, update or delete entries of a project's IP access list in MongoDB Atlas
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Manages entries of the IP access list of one project. Atlas only accepts connections to the clusters of a project
    from addresses in this list, also through a peering connection.
  - All new and changed entries are sent in one request.
  - An entry is found by its block, address or security group, and adopted if it exists. Its comment and its date are
    updated if they differ from those declared.
  - Foreseeable errors are found before the first write and reported in one message - malformed blocks, dates that have
    passed, entries that are declared twice, exceeded limits, and security groups without a peering connection of AWS.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.entries
  - atlasops.network.atlas.names
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  state:
    description:
      - Whether the entries should exist. With V(absent), comments and dates are ignored.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether to delete all entries of the project that are not declared in O(entries). Clients at their addresses can
        no longer connect.
      - Declared entries are created first and, with O(wait=true), are in effect before anything is deleted. Nothing is
        purged if a problem is found or an error occurs.
      - In check mode, RV(purged) lists the entries that would be deleted.
      - Requires O(state=present) and at least one entry in O(entries).
    type: bool
    default: false
  purge_limit:
    description:
      - Maximum number of entries that O(purge=true) may delete. If there are more, the task fails with a list of them,
        also in check mode, and nothing is written.
    type: int
    default: 5
  entry_limit:
    description:
      - Number of entries that Atlas allows in the list. A task that would exceed it fails before it writes.
      - Entries that O(purge=true) would delete count, because they are deleted at last.
    type: int
    default: 200
  wait:
    description:
      - Whether to wait, if O(state=present), until Atlas has applied all declared entries to its clouds, which is when
        their status is C(ACTIVE). Each poll takes one request for each entry that is not.
      - With V(false), C(status) is null.
    type: bool
    default: true
  wait_timeout:
    description:
      - Time in seconds to wait. If an entry is not in effect then, the task fails and reports it. The entry remains,
        and running the task again continues to wait. With V(0), the status is read once.
    type: int
    default: 300
notes:
  - Makes one request that lists the entries, one that creates and updates them, one for each deletion, and those of
    O(wait). If a security group is to be added, one more request lists the peering connections of AWS.
  - Atlas does not support concurrent changes of one access list. Do not run several tasks for one project at once.
  - If the answer to a request is lost, the list is read to see what became of it. The request is not repeated.
  - A comment or a date cannot be removed from an entry. Delete the entry, and create it again.
  - A task with a date that has passed fails, because Atlas has deleted the entry and would not accept it again.
seealso:
  - module: atlasops.network.atlas_access_list_info
  - module: atlasops.network.atlas_peering
"""

EXAMPLES = r"""
- name: Allow an AWS VPC to connect through its peering connection
  atlasops.network.atlas_access_list:
    project_name: payments-production
    entries:
      - cidr_block: 10.15.0.0/16
        comment: VPC of the shop

- name: Allow exactly these addresses, and no others
  atlasops.network.atlas_access_list:
    project_name: search-production
    entries:
      - cidr_block: 10.15.0.0/16
        comment: VPC of the shop
      - cidr_block: 10.16.0.0/16
        comment: VPC of the reports
      - ip_address: 203.0.113.7
        comment: Bastion host
    purge: true

- name: Allow an address until a migration is over
  atlasops.network.atlas_access_list:
    project_name: payments-production
    entries:
      - ip_address: 203.0.113.8
        comment: Migration
        # Such as 2026-12-24T18:00:00Z.
        delete_after_date: "{{ migration_end }}"

- name: Delete an entry
  atlasops.network.atlas_access_list:
    project_name: payments-production
    entries:
      - ip_address: 203.0.113.9
    state: absent
"""

RETURN = r"""
access_list:
  description:
    - The declared entries after the task, or the predicted ones in check mode, in the order of O(entries). Also
      returned if some of them failed.
    - C(action) is C(created), C(updated), C(deleted), C(unchanged) or C(failed).
    - C(failure) is the error of a failed entry with the keys of RV(atlasops.network.atlas_peering#module:failure), or
      null.
  returned: unless the task failed before it processed any entry
  type: list
  elements: dict
  contains:
    id:
      description: How Atlas calls the entry, which is its block or security group. Null if it does not exist.
      type: str
      sample: 203.0.113.7/32
    project_id:
      description: ID of the Atlas project.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    cidr_block:
      description: Block of addresses, or null if the entry is a security group.
      type: str
      sample: 203.0.113.7/32
    ip_address:
      description: The address, or null unless the block has only one.
      type: str
      sample: 203.0.113.7
    aws_security_group:
      description: ID of the AWS security group, or null if the entry is a block.
      type: str
      sample: null
    comment:
      description: What the entry is for, or null.
      type: str
      sample: Bastion host
    delete_after_date:
      description: When Atlas deletes the entry, or null if it does not.
      type: str
      sample: null
    status:
      description:
        - C(PENDING), C(ACTIVE) if the entry is in effect in all clouds, or C(FAILED). Null if it was not read.
      type: str
      sample: ACTIVE
    action:
      description: What the task did.
      type: str
      sample: created
    failure:
      description: The error of the entry, or null.
      type: dict
      sample: null
purged:
  description:
    - The entries that O(purge) deleted, or would delete in check mode, with the same keys.
  returned: unless the task failed before it processed any entry
  type: list
  elements: dict
  sample: []
failure:
  description:
    - The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
      RV(failure.problems) has an entry for each one that failed.
  returned: failure
  type: dict
  contains:
    problems:
      description: The individual problems, each with C(entry), C(project_id), C(msg), C(cause) and C(failure).
      type: list
      elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import access_list_options, change_options, options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import access_list
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError, option

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **access_list_options.ACCESS_LIST_SPEC,
    **options.NAMES_SPEC,
    **options.STATE_SPEC,
    **change_options.PURGE_SPEC,
    "entries": access_list_options.ENTRIES_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    present, purge = params["state"] == "present", params["purge"]
    if purge and not (present and params["entries"]):
        needs = f"{option('purge')} needs {option('state')}: present, and entries that should stay."
        raise InputError(f"{needs} Nothing was deleted.")
    sync_options = SyncOptions(present, check_mode, limits=change_options.purge_limits(params), purge=purge)
    limit, wait_timeout = access_list_options.entry_limit(params), access_list_options.wait_timeout(params)
    desired = access_list.parse_entries(params, client)
    return access_list.sync(client, desired, sync_options, limit, wait_timeout).as_result("access_list")


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
