# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: from_terraform
short_description: Convert Terraform's network peering connections to declared connections
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Reads the output of C(terraform show -json), of a state or of a plan, and returns its connections as the role
    P(atlasops.network.atlas_peering#role) and the module M(atlasops.network.atlas_peering_set) declare them.
  - Resources of all modules are read, and every instance of C(count) and C(for_each). OpenTofu has the same format.
  - The filter reads C(mongodbatlas_network_peering) and C(mongodbatlas_network_container), and on the other side
    C(aws_vpc_peering_connection_accepter), C(aws_vpc_peering_connection_options), C(aws_route), routes in
    C(aws_route_table) and C(aws_default_route_table), and C(google_compute_network_peering).
  - The filter sends no requests. Run the role in check mode with its result to compare it with Atlas.
notes:
  - The output of C(terraform show -json) contains all secrets of the state in plain text. Set C(no_log) for tasks that
    handle it. The result of the filter contains none of them.
  - In a plan, a resource that a C(removed) block takes out of the state without destroying it is treated as existing.
options:
  _input:
    description: The output of C(terraform show -json), parsed with P(ansible.builtin.from_json#filter).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the connections that Terraform manages
  ansible.builtin.debug:
    msg: "{{ (terraform_output | from_json | atlasops.network.from_terraform).connections }}"
  vars:
    terraform_output: "{{ lookup('ansible.builtin.file', 'terraform.json') }}"
"""

RETURN = r"""
_value:
  description: The declared connections and what belongs to them.
  type: dict
  contains:
    connections:
      description:
        - The connections, in the order of Terraform's output, each with C(project_id).
        - A container is named by C(container_region) and C(atlas_cidr_block) if the output has it as a resource or data
          source, and by C(container_id) otherwise. On GCP, where a project has one container, C(atlas_cidr_block) alone
          is set, or C(container_id) if the container is limited to regions.
      type: list
      elements: dict
      sample:
        - project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
          provider_name: AWS
          container_region: US_EAST_1
          atlas_cidr_block: 192.168.248.0/21
          accepter_region_name: us-east-1
          aws_account_id: "123456789012"
          route_table_cidr_block: 10.15.0.0/16
          vpc_id: vpc-0f1e2d3c4b5a69788
    other_side:
      description:
        - For each of the connections, in the same order, C(address) of its resource and what Terraform manages on the
          other side, if anything.
        - C(aws) contains settings of the role P(atlasops.network.atlas_peering_aws#role), C(gcp) those of the role
          P(atlasops.network.atlas_peering_gcp#role). Combine each with the result for its connection.
      type: list
      elements: dict
      sample:
        - address: mongodbatlas_network_peering.app
          aws: {accept: true, route_tables: [rtb-0a1b2c3d4e5f60718]}
    left_out:
      description:
        - What cannot be carried over, with the C(address) of the resource and the C(reason).
        - Resources on the other side that belong to none of the connections are not mentioned.
      type: list
      elements: dict
      sample:
        - address: aws_route.backup
          reason: >-
            The route leads to 10.0.0.0/8. The role atlas_peering_aws routes only the block of Atlas' network
            (192.168.248.0/21).
    sensitive:
      description:
        - The connections with values that Terraform marks as sensitive, with C(address) and the names of the options as
          C(options). C(connections) has the values in plain text.
      type: list
      elements: dict
      sample: []
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def from_terraform(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the connections in the output of Terraform, as documented above."""
    # Here, because Ansible loads all filters of a collection in search of one, for each host anew.
    from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError  # noqa: PLC0415
    from ansible_collections.atlasops.network.plugins.plugin_utils.terraform import convert  # noqa: PLC0415

    try:
        return convert(document)
    except InputError as error:
        raise AnsibleFilterError(error.message) from None


class FilterModule:
    """The filter of this file, for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"from_terraform": from_terraform}
