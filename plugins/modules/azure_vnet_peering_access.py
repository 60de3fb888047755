#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: azure_vnet_peering_access
short_description: Check, grant or revoke Atlas' access to an Azure virtual network
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Atlas peers an Azure virtual network as the service principal of its application, which must exist in the directory
    of the subscription and must be allowed to manage the peerings of the virtual network before the connection is
    created. This module checks that, and creates what is missing if O(create=true), a service principal, a custom role
    and its assignment.
  - The access counts whatever role it comes from, on the virtual network or above, of the service principal or of a
    group that it belongs to. Conditions of role assignments and deny assignments are not evaluated.
  - It does not need Atlas, and its credentials are those of Azure, with the names of azure.azcollection.
extends_documentation_fragment:
  - atlasops.network.azure
  - atlasops.network.atlas.names
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  action_group:
    description: Use C(group/atlasops.network.azure) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - atlasops.network.azure
  check_mode:
    description: Can run in check mode and return a predicted result without writing to Azure.
    support: full
  diff_mode:
    description: Returns the differences of the access with RV(ignore:before) and RV(ignore:after).
    support: full
options:
  subscription_id:
    description:
      - ID of the subscription of the virtual network.
      - If unset or empty, the environment variable E(AZURE_SUBSCRIPTION_ID) is used.
    type: str
  resource_group:
    description:
      - Name of its resource group.
      - Put it in quotes if YAML reads it as a boolean, such as C(no).
    type: raw
    required: true
  virtual_network:
    description:
      - Name of the virtual network.
    type: raw
    required: true
  application_id:
    description:
      - ID of the application that needs access.
      - The default is the application of MongoDB Atlas.
    type: str
    default: e90a1407-55c3-432d-9cb1-3638900a9d22
  principal_id:
    description:
      - Object ID of the service principal of O(application_id) in the directory. If it is set, the service principal is
        neither looked up nor created, and Microsoft Graph is not used.
    type: str
  role_name:
    description:
      - Name of the role that gives access if nothing else does. It is created if it does not exist, and gets the
        actions that it lacks. A role that comes with Azure, such as V(Network Contributor), can be named as well.
      - If unset, it is C(AtlasPeering/), followed by subscription, resource group and virtual network, separated by
        slashes.
    type: str
  peer_cidr_blocks:
    description:
      - Blocks of the networks that are to be peered with the virtual network, such as C(atlas_cidr_block) of a
        container of Atlas. The module fails if one overlaps with the address space of the virtual network.
    type: list
    elements: str
    default: []
  create:
    description:
      - Whether to create what is missing. If V(false), the module fails if anything is missing, and reports the
        commands that create it.
      - The service principal takes the permission C(Application.ReadWrite.All) of Microsoft Graph, the rest the role
        Owner or User Access Administrator on the virtual network.
    type: bool
    default: false
  state:
    description:
      - V(present) checks or grants the access.
      - V(absent) deletes the assignment of the role O(role_name) on the virtual network, and the role if it can be
        assigned nowhere else. The service principal stays, because other virtual networks may be peered with it. Atlas
        needs the access as long as a connection exists.
    type: str
    choices: [present, absent]
    default: present
  wait_timeout:
    description:
      - Seconds for which the module waits until Azure shows what it has created. Azure may take up to ten minutes.
    type: int
    default: 600
notes:
  - Checking requires the permission C(Application.Read.All) of Microsoft Graph, unless O(principal_id) is set, and the
    role Reader on the virtual network.
seealso:
  - module: atlasops.network.atlas_peering
  - name: Set up a network peering connection
    description: What MongoDB Atlas needs on Azure.
    link: https://www.mongodb.com/docs/atlas/security-vpc-peering/
"""

EXAMPLES = r"""
- name: Check that Atlas may peer with a virtual network
  atlasops.network.azure_vnet_peering_access:
    subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group: app-production
    virtual_network: app-vnet

- name: Create what is missing
  atlasops.network.azure_vnet_peering_access:
    subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group: app-production
    virtual_network: app-vnet
    create: true

- name: Revoke the access after the last connection was deleted
  atlasops.network.azure_vnet_peering_access:
    subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group: app-production
    virtual_network: app-vnet
    state: absent
"""

RETURN = r"""
access:
  description:
    - The access after the task, in check mode as predicted.
  returned: success
  type: dict
  contains:
    subscription_id:
      description: ID of the subscription.
      type: str
      sample: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group:
      description: Name of the resource group.
      type: str
      sample: app-production
    virtual_network:
      description: Name of the virtual network.
      type: str
      sample: app-vnet
    address_prefixes:
      description: Address space of the virtual network; empty if it does not exist.
      type: list
      elements: str
      sample: [10.20.0.0/16]
    application_id:
      description: ID of the application.
      type: str
      sample: e90a1407-55c3-432d-9cb1-3638900a9d22
    principal_id:
      description: Object ID of its service principal; null if there is none, or before it is created.
      type: str
      sample: 0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e
    roles:
      description: Names of the roles that are assigned to it on the virtual network or above.
      type: list
      elements: str
      sample: [AtlasPeering/8dec2d92-478d-bc50-cf99-d31b9e90a1c7/app-production/app-vnet]
    missing_actions:
      description: What these roles do not allow, but Atlas needs.
      type: list
      elements: str
      sample: []
failure:
  description:
    - What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). C(kind) is
      C(MissingAccessError) if access is missing and O(create=false), and C(AzureApiError) if Microsoft answered with an
      error.
    - C(commands) contains the commands that create what is missing, if that is what failed.
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.azure.client import AzureClient
from ansible_collections.atlasops.network.plugins.module_utils.azure.ensure import ensure, revoke
from ansible_collections.atlasops.network.plugins.module_utils.azure.options import ACCESS_SPEC, parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import CONNECTION_SPEC, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.module import run_with_client
from ansible_collections.atlasops.network.plugins.module_utils.options import NAMES_SPEC

SPEC: dict[str, Any] = {**CONNECTION_SPEC, **ACCESS_SPEC, **NAMES_SPEC}


def run(params: Mapping[str, Any], check_mode: bool, client: AzureClient) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    desired = parse_desired(params)
    if params["state"] == "absent":
        return revoke(client, desired, check_mode)
    return ensure(client, desired, params["create"], check_mode)


def connect(params: Mapping[str, Any]) -> AzureClient:
    """Return the client that the options describe."""
    return AzureClient(parse_settings(params), params["wait_timeout"])


def main() -> None:
    run_with_client(SPEC, run, connect)


if __name__ == "__main__":
    main()
