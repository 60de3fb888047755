#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering
short_description: Create, change or delete a network peering connection of MongoDB Atlas
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Declares one network peering connection between a project of MongoDB Atlas and a VPC of AWS, a virtual network of
    Azure or a network of GCP.
  - A connection that exists is found by its identity and adopted, so the same task again changes nothing.
  - The module returns as soon as Atlas has taken the request. Between then and the status C(AVAILABLE) someone has to
    act on the other side (RV(peering.next_action) says what), so waiting is a task of its own,
    M(atlasops.network.atlas_peering_wait).
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.peering
  - atlasops.network.atlas.healing
  - atlasops.network.atlas.limits
  - atlasops.network.attributes
attributes:
  diff_mode:
    support: full
options:
  state:
    description:
      - V(present) creates the connection or changes it in place where Atlas can. All fields of its cloud are required,
        unless O(peer_id) names an existing connection or they follow from the container. A field that cannot be changed
        in place, a connection that has failed and one that is being deleted end the task with the reason and the cure;
        nothing is written then.
      - So do blocks that overlap with the container's or those of its other connections, and the limits of a project.
        Other containers of the project are not compared, and a connection that has failed is not in the way; Atlas may
        judge otherwise, and the error names the connection that is in the way then, if it can be seen.
      - V(absent) asks Atlas to delete the connection, whatever its status; its identity or O(peer_id) is enough. A
        connection that starts from another container than the declared one is left alone.
        It stays listed with RV(peering.phase=deleting) until Atlas is done.
    type: str
    choices: [present, absent]
    default: present
notes:
  - On AZURE the service principal of Atlas must have its role on the virtual network before the connection is created.
  - A task that changes nothing makes one request, after one for the digest challenge or the access token, and one more
    if the container is named by its region. One that creates or changes the connection reads the containers too.
    While a connection of GCP waits for the user, one more asks for the container, which RV(peering.next_action) names.
seealso:
  - module: atlasops.network.atlas_peering_wait
  - module: atlasops.network.atlas_peering_info
  - name: Atlas Administration API, Network Peering
    description: The API's own documentation.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-network-peering
"""

EXAMPLES = r"""
# Credentials come from the environment: MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET of a service account,
# or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY of an API key.

# An AWS VPC, from nothing to available. Run again, these five tasks change nothing.
- name: Peer an AWS VPC with Atlas, from a container that is created if it does not exist
  atlasops.network.atlas_peering:
    project_name: payments-production
    provider_name: AWS
    container_region: us-east-1
    atlas_cidr_block: 192.168.248.0/21
    accepter_region_name: us-east-1
    aws_account_id: "123456789012"
    vpc_id: vpc-0f1e2d3c4b5a69788
    route_table_cidr_block: 10.15.0.0/16
  register: aws

- name: Wait until it can be accepted
  atlasops.network.atlas_peering_wait:
    connections: ["{{ aws.peering }}"]
    until: action_required
  register: requested

- name: Accept it in AWS, unless that was done before
  amazon.aws.ec2_vpc_peering:
    region: "{{ item.accepter_region_name }}"
    peering_id: "{{ item.connection_id }}"
    state: accept
  loop: "{{ requested.peerings | selectattr('phase', 'equalto', 'action_required') }}"

- name: Route to Atlas
  amazon.aws.ec2_vpc_route_table:
    region: us-east-1
    vpc_id: vpc-0f1e2d3c4b5a69788
    lookup: id
    route_table_id: rtb-0a1b2c3d4e5f60718
    purge_routes: false
    routes:
      - dest: "{{ aws.peering.atlas_cidr_block }}"
        vpc_peering_connection_id: "{{ requested.peerings[0].connection_id }}"

- name: Wait until it is available
  atlasops.network.atlas_peering_wait:
    connections: ["{{ aws.peering }}"]

- name: Peer an Azure virtual network with Atlas
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AZURE
    container_id: 6746cefbaef48d1cb2658bbb
    azure_directory_id: 35039750-6ebd-4ad5-bcfe-cb4e5fc2d915
    azure_subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group_name: app-production
    vnet_name: app-vnet

- name: Peer a GCP network with Atlas, credentials from a vault
  atlasops.network.atlas_peering:
    client_id: "{{ vault_atlas_client_id }}"
    client_secret: "{{ vault_atlas_client_secret }}"
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
    gcp_project_id: my-project-191923
    network_name: default

- name: Route another block of the VPC
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    peer_id: 6112222b3bf99403840e8934
    route_table_cidr_block: 10.16.0.0/16

- name: Peer a VPC, and replace the connection if nobody accepted it in time
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    container_id: 6746ceedaef48d1cb265896b
    accepter_region_name: eu-west-1
    aws_account_id: "123456789012"
    vpc_id: vpc-0a1b2c3d4e5f60718
    route_table_cidr_block: 10.17.0.0/16
    recreate_on: [expired]

- name: Delete a connection by what identifies it
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    aws_account_id: "123456789012"
    vpc_id: vpc-0c9d8e7f6a5b43210
    state: absent
"""

RETURN = r"""
peering:
  description:
    - The connection after the task, in check mode as predicted. Its keys are those of the options, so that it can be
      fed back to M(atlasops.network.atlas_peering_wait).
    - With RV(peering.phase=absent) it holds only what identifies it.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the connection in Atlas; null in check mode before it exists.
      type: str
      sample: 6112222b3bf99403840e8934
    project_id:
      description: Id of the Atlas project.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name:
      description: The cloud.
      type: str
      sample: AWS
    container_id:
      description: Id of the Atlas container.
      type: str
      sample: 6746ceedaef48d1cb265896b
    container_region:
      description:
        - Region of the Atlas container as Atlas spells it; null unless the containers were read, which they are if one
          is named by its region and if a connection is to be created or changed.
      returned: provider_name is AWS or AZURE
      type: str
      sample: US_EAST_1
    atlas_cidr_block:
      description:
        - CIDR block of the Atlas container, which the other side routes to; null unless the containers were read, which
          they are if one is named by its region and if a connection is to be created or changed.
      type: str
      sample: 192.168.248.0/21
    peer_network:
      description: The network on the other side in one word, by what identifies it.
      type: str
      sample: 123456789012/vpc-0f1e2d3c4b5a69788
    phase:
      description:
        - What the status means, the same words for all clouds.
        - C(pending) - Atlas or the cloud is at work. C(action_required) - someone must act on the other side.
          C(available) - the connection is up. C(failed), C(deleting), C(absent).
        - For traffic to flow it also takes, on AWS, a route to RV(peering.atlas_cidr_block) in the route tables of the
          VPC, and its DNS hostnames and DNS resolution enabled; everywhere the clients' addresses in the IP access list
          of the project, and the private connection string of the cluster.
      type: str
      sample: action_required
    status:
      description: Status as Atlas gives it, C(statusName) of AWS or C(status) of the others.
      type: str
      sample: PENDING_ACCEPTANCE
    error:
      description:
        - Why the connection failed, as Atlas gives it in C(errorStateName), C(errorState) or C(errorMessage); or null.
      type: str
      sample: null
    next_action:
      description: What a person must do now, one sentence; or null.
      type: str
      sample: Accept pcx-0f1e2d3c4b5a69788 in AWS account 123456789012, us-east-1, before it expires after 7 days.
    accepter_region_name:
      description: AWS region of the VPC.
      returned: provider_name is AWS
      type: str
      sample: us-east-1
    aws_account_id:
      description: AWS account of the VPC.
      returned: provider_name is AWS
      type: str
      sample: "123456789012"
    vpc_id:
      description: Id of the VPC.
      returned: provider_name is AWS
      type: str
      sample: vpc-0f1e2d3c4b5a69788
    route_table_cidr_block:
      description: CIDR block that Atlas routes to.
      returned: provider_name is AWS
      type: str
      sample: 10.15.0.0/16
    connection_id:
      description: Id of the peering connection in AWS; null until Atlas has requested it.
      returned: provider_name is AWS
      type: str
      sample: pcx-0f1e2d3c4b5a69788
    azure_directory_id:
      description: Azure directory.
      returned: provider_name is AZURE
      type: str
      sample: 35039750-6ebd-4ad5-bcfe-cb4e5fc2d915
    azure_subscription_id:
      description: Azure subscription.
      returned: provider_name is AZURE
      type: str
      sample: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group_name:
      description: Azure resource group.
      returned: provider_name is AZURE
      type: str
      sample: app-production
    vnet_name:
      description: Azure virtual network.
      returned: provider_name is AZURE
      type: str
      sample: app-vnet
    gcp_project_id:
      description: GCP project.
      returned: provider_name is GCP
      type: str
      sample: my-project-191923
    network_name:
      description: GCP network.
      returned: provider_name is GCP
      type: str
      sample: default
    atlas_gcp_project_id:
      description:
        - GCP project of Atlas' own network, for the reciprocal peering; null unless the containers were read, as they
          are while the other side can act.
      returned: provider_name is GCP
      type: str
      sample: p-ab12cd34ef56ab12cd34ef56
    atlas_network_name:
      description:
        - Name of Atlas' own network, for the reciprocal peering; null unless the containers were read, as they
          are while the other side can act.
      returned: provider_name is GCP
      type: str
      sample: nt-68b470e5e989e54ca7724068-ab12cd34
failure:
  description: What went wrong, as data.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - InputError, PlanError, PartialError, ApiError, TransportError, AuthenticationError or MissingLibraryError.
        - If several things went wrong in the same way, it is the same as if one had. PartialError is a mixture.
      type: str
      sample: ApiError
    hint:
      description: The known cure, or null.
      type: str
      sample: Check container_id - it must be one of this project and this cloud.
    status:
      description: HTTP status of Atlas' answer.
      returned: kind is ApiError
      type: int
      sample: 404
    error_code:
      description: Atlas' code for the error.
      returned: kind is ApiError
      type: str
      sample: CLOUD_PROVIDER_CONTAINER_NOT_FOUND
    detail:
      description: Atlas' own words.
      returned: kind is ApiError
      type: str
      sample: An invalid cloud provider container ID 6746ceedaef48d1cb265896b was specified.
    parameters:
      description: Values that Atlas' words are about.
      returned: kind is ApiError
      type: list
      elements: raw
      sample: [6746ceedaef48d1cb265896b]
    method:
      description: HTTP method of the request.
      returned: kind is ApiError or TransportError
      type: str
      sample: POST
    path:
      description: Path of the request.
      returned: kind is ApiError
      type: str
      sample: /api/atlas/v2/groups/5f1a2b3c4d5e6f7a8b9c0d1e/peers
    outcome_unknown:
      description:
        - Whether the request may have taken effect although no good answer came, because the answer was lost, could not
          be read, or was an error of the server. C(changed) is V(true) then, as it is if anything certainly was
          written before the task failed. Run the task again, it finds what is there.
      returned: nobody knows what came of the request
      type: bool
      sample: true
    problems:
      description:
        - Each problem where there are several, with C(msg) and C(failure), and C(connection) where some of many failed.
      returned: there are several problems
      type: list
      elements: dict
    peering:
      description: The connection that stands in the way.
      returned: kind is PlanError
      type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.engine import fleet
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.module import run_module

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.PEERING_SPEC,
    **options.REPLACE_SPEC,
    **options.LIMITS_SPEC,
    **options.STATE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    present = params["state"] == "present"
    declared = fleet.parse_connection(params, ProjectResolver(client).resolve(params), present)
    order = SyncOptions(present, check_mode, options.replace_policy(params), options.limits(params))
    result = fleet.ensure(client, [declared], order)
    (outcome,) = result.outcomes
    return {**outcome.as_result(), "warnings": list(result.warnings)}


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
