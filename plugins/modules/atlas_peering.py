#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering
short_description: Create, update or delete a network peering connection of MongoDB Atlas
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Manages one network peering connection between a MongoDB Atlas project and an AWS VPC, an Azure virtual network or a
    GCP network.
  - An existing connection is found by its identity and adopted, so running the same task again changes nothing.
  - The module returns as soon as Atlas has accepted the request. Before the connection reaches the status C(AVAILABLE),
    someone must act on the other side (see RV(peering.next_action)). Waiting is therefore a separate task, see
    M(atlasops.network.atlas_peering_wait).
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.peering
  - atlasops.network.atlas.replace
  - atlasops.network.atlas.limits
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
options:
  state:
    description:
      - V(present) creates the connection, or updates it in place if Atlas supports that.
      - The task fails before anything is written if a field differs that cannot be changed in place, or if the
        connection has failed or is being deleted. The error explains the reason and the solution.
      - The same applies if a block overlaps with that of the container or those of its other connections, or if a limit
        of the project is exceeded. Other containers of the project are not compared, and a failed connection does not
        count as a conflict. If Atlas decides otherwise, the error names the conflicting connection if it is visible.
      - V(absent) asks Atlas to delete the connection, whatever its status. Its identity or O(peer_id) is sufficient. A
        connection that starts from another container than the given one is not deleted. Atlas lists the connection with
        RV(peering.phase=deleting) until it is gone.
    type: str
    choices: [present, absent]
    default: present
notes:
  - For Azure, the service principal of Atlas must have its role on the virtual network before the connection is
    created.
  - A task that changes nothing makes one request, after one for the digest challenge or the access token, and one more
    if the container is given by its region. A task that creates or updates the connection also reads the containers.
    While a GCP connection waits for the user, one more request reads the container, which RV(peering.next_action)
    names.
seealso:
  - module: atlasops.network.atlas_peering_wait
  - module: atlasops.network.atlas_peering_info
  - name: Atlas Administration API, Network Peering
    description: Reference of the API.
    link: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-network-peering
"""

EXAMPLES = r"""
# Credentials are taken from the environment: MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET of a service
# account, or MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY of an API key.

# An AWS VPC, from start to finish. A second run of these five tasks changes nothing.
- name: Peer an AWS VPC with Atlas and create the container if it does not exist
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

- name: Accept it in AWS if it is not accepted yet
  amazon.aws.ec2_vpc_peering:
    region: "{{ item.accepter_region_name }}"
    peering_id: "{{ item.connection_id }}"
    state: accept
  loop: "{{ requested.peerings | selectattr('phase', 'equalto', 'action_required') }}"

- name: Create the route to Atlas
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

- name: Peer a GCP network with Atlas, with credentials from a vault
  atlasops.network.atlas_peering:
    client_id: "{{ vault_atlas_client_id }}"
    client_secret: "{{ vault_atlas_client_secret }}"
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
    gcp_project_id: my-project-191923
    network_name: default

- name: Change the block that Atlas routes to
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    peer_id: 6112222b3bf99403840e8934
    route_table_cidr_block: 10.16.0.0/16

- name: Peer a VPC and replace the connection if it was not accepted in time
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: AWS
    container_id: 6746ceedaef48d1cb265896b
    accepter_region_name: eu-west-1
    aws_account_id: "123456789012"
    vpc_id: vpc-0a1b2c3d4e5f60718
    route_table_cidr_block: 10.17.0.0/16
    recreate_on: [expired]

- name: Delete a connection that is given by its identity
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
    - The connection after the task, or the predicted one in check mode. Its keys are those of the options, so it can be
      passed to M(atlasops.network.atlas_peering_wait).
    - With RV(peering.phase=absent) it contains only the fields of its identity.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the connection in Atlas, or null if it would be created in check mode.
      type: str
      sample: 6112222b3bf99403840e8934
    project_id:
      description: ID of the Atlas project.
      type: str
      sample: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name:
      description: Cloud provider of the network.
      type: str
      sample: AWS
    container_id:
      description: ID of the Atlas container.
      type: str
      sample: 6746ceedaef48d1cb265896b
    container_region:
      description:
        - Region of the Atlas container, by the name that Atlas uses. Null if the containers were not read. They are
          read if a container is given by its region, or if a connection is to be created or updated.
      returned: provider_name is AWS or AZURE
      type: str
      sample: US_EAST_1
    atlas_cidr_block:
      description:
        - CIDR block of the Atlas container, which the other side routes to. Null if the containers were not read, see
          RV(peering.container_region).
      type: str
      sample: 192.168.248.0/21
    peer_network:
      description: The network on the other side, as one string of the fields that identify it.
      type: str
      sample: 123456789012/vpc-0f1e2d3c4b5a69788
    phase:
      description:
        - Meaning of the status, with the same values for all cloud providers.
        - C(pending) - Atlas or the cloud provider is working on it. C(action_required) - someone must act on the other
          side. C(available) - the connection is up. C(failed) - see RV(peering.error). C(deleting) - Atlas is deleting
          it. C(absent) - it does not exist.
        - For traffic to flow, AWS also requires a route to RV(peering.atlas_cidr_block) in the route tables of the VPC,
          and DNS hostnames and DNS resolution enabled for the VPC. All cloud providers require the addresses of the
          clients in the IP access list of the project, and the private connection string of the cluster.
      type: str
      sample: action_required
    status:
      description: Status reported by Atlas, C(statusName) for AWS and C(status) for the others.
      type: str
      sample: PENDING_ACCEPTANCE
    error:
      description:
        - Reason reported by Atlas for a failed connection in C(errorStateName), C(errorState) or C(errorMessage), or
          null.
      type: str
      sample: null
    next_action:
      description: What a person must do now, in one sentence, or null.
      type: str
      sample: Accept pcx-0f1e2d3c4b5a69788 in AWS account 123456789012, us-east-1, before it expires after 7 days.
    next_command:
      description:
        - Command that does what RV(peering.next_action) asks for, ready to paste, for AWS and GCP connections whose
          phase is C(action_required), or null. It requires credentials of the other side.
        - Null also if a value is unknown, for example the region of an AWS connection that was read without its
          container.
      type: str
      sample: >-
        aws ec2 accept-vpc-peering-connection --region us-east-1 --vpc-peering-connection-id pcx-0f1e2d3c4b5a69788
    accepter_region_name:
      description: AWS region of the VPC.
      returned: provider_name is AWS
      type: str
      sample: us-east-1
    aws_account_id:
      description: ID of the AWS account that owns the VPC.
      returned: provider_name is AWS
      type: str
      sample: "123456789012"
    vpc_id:
      description: ID of the VPC.
      returned: provider_name is AWS
      type: str
      sample: vpc-0f1e2d3c4b5a69788
    route_table_cidr_block:
      description: CIDR block that Atlas routes to.
      returned: provider_name is AWS
      type: str
      sample: 10.15.0.0/16
    connection_id:
      description: ID of the peering connection in AWS, or null until Atlas has requested it.
      returned: provider_name is AWS
      type: str
      sample: pcx-0f1e2d3c4b5a69788
    azure_directory_id:
      description: ID of the Azure directory.
      returned: provider_name is AZURE
      type: str
      sample: 35039750-6ebd-4ad5-bcfe-cb4e5fc2d915
    azure_subscription_id:
      description: ID of the Azure subscription.
      returned: provider_name is AZURE
      type: str
      sample: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
    resource_group_name:
      description: Azure resource group of the virtual network.
      returned: provider_name is AZURE
      type: str
      sample: app-production
    vnet_name:
      description: Name of the Azure virtual network.
      returned: provider_name is AZURE
      type: str
      sample: app-vnet
    gcp_project_id:
      description: ID of the GCP project.
      returned: provider_name is GCP
      type: str
      sample: my-project-191923
    network_name:
      description: Name of the GCP network.
      returned: provider_name is GCP
      type: str
      sample: default
    atlas_gcp_project_id:
      description:
        - ID of the GCP project of the Atlas network, for the reciprocal peering. Null if the containers were not read.
          They are read while the other side can act.
      returned: provider_name is GCP
      type: str
      sample: p-ab12cd34ef56ab12cd34ef56
    atlas_network_name:
      description:
        - Name of the Atlas network, for the reciprocal peering. Null if the containers were not read. They are read
          while the other side can act.
      returned: provider_name is GCP
      type: str
      sample: nt-68b470e5e989e54ca7724068-ab12cd34
failure:
  description: The error as structured data.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - C(InputError), C(PlanError), C(PartialError), C(ApiError), C(TransportError), C(AuthenticationError),
          C(MissingLibraryError) or C(UnexpectedError), an exception that should not occur.
        - Several errors of the same kind have the kind of one. C(PartialError) stands for errors of different kinds.
      type: str
      sample: ApiError
    hint:
      description: The known solution, or null.
      type: str
      sample: Check container_id - it must be one of this project and this cloud.
    status:
      description: HTTP status of the answer of Atlas.
      returned: kind is ApiError
      type: int
      sample: 404
    error_code:
      description: Error code of Atlas.
      returned: kind is ApiError
      type: str
      sample: CLOUD_PROVIDER_CONTAINER_NOT_FOUND
    detail:
      description: Error message of Atlas.
      returned: kind is ApiError
      type: str
      sample: An invalid cloud provider container ID 6746ceedaef48d1cb265896b was specified.
    parameters:
      description: Values that the error message refers to.
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
    traceback:
      description: The functions in which the exception occurred, the innermost last. Contains no values.
      returned: kind is UnexpectedError
      type: list
      elements: str
      sample: [atlasops/network/plugins/modules/atlas_peering.py:383 in run]
    outcome_unknown:
      description:
        - Whether the request may have taken effect although there was no valid answer, because the answer was lost,
          unreadable, or a server error. C(changed) is then V(true), as it also is if something was written before the
          task failed. Run the task again to have the resource found if it exists.
      returned: the outcome of the request is unknown
      type: bool
      sample: true
    problems:
      description:
        - The individual problems, each with C(msg) and C(failure), and with C(connection) if some of many connections
          failed.
      returned: there are several problems
      type: list
      elements: dict
    peering:
      description: The connection that causes the conflict.
      returned: kind is PlanError
      type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import change_options, options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.engine import peerings
from ansible_collections.atlasops.network.plugins.module_utils.engine.project import SyncOptions
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import ProjectResolver
from ansible_collections.atlasops.network.plugins.module_utils.model.connection import parse_connection

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    **options.PROJECT_SPEC,
    **options.PEERING_SPEC,
    **change_options.REPLACE_SPEC,
    **change_options.LIMITS_SPEC,
    **options.STATE_SPEC,
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    present = params["state"] == "present"
    declared = parse_connection(params, ProjectResolver(client).resolve(params), present)
    sync_options = SyncOptions(
        present, check_mode, change_options.replace_policy(params), change_options.limits(params)
    )
    return peerings.sync(client, [declared], sync_options).as_single_result()


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
