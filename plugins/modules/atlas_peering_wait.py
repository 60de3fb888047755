#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_wait
short_description: Wait until network peering connections of MongoDB Atlas are available
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Waits for any number of connections at once and prints their progress - a line whenever something changes, what a
    person must do now, and a summary every O(heartbeat) seconds if nothing does.
  - Fails at once if a connection can no longer reach what is waited for, and at the latest after O(wait_timeout), even
    if Atlas does not answer. The message names each such connection, its phase and its next action. Nothing is
    changed; run the same task again to continue waiting.
  - Waiting continues for the others if a project does not exist or can no longer be read, or if an entry matches
    several connections or names a region that its cloud does not have. The task then fails when all others are
    done, and names each cause once.
  - An entry of O(connections) needs only what identifies the connection, and may also be a result of
    M(atlasops.network.atlas_peering) or M(atlasops.network.atlas_peering_info). If a network has several connections in
    a project, one for each Atlas region, set O(connections[].container_id) or O(connections[].container_region) to
    choose one; the id takes precedence. The output then names the region as well, and the project if several projects
    are connected to the same network.
  - This is an action plugin. It runs on the controller, whatever the task's host, with the controller's environment
    and the task's C(environment).
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.project
  - atlasops.network.atlas.names
  - atlasops.network.atlas.connections
  - atlasops.network.atlas.workers
  - atlasops.network.attributes
attributes:
  action:
    description: Is an action plugin, and so runs on the controller.
    support: full
  async:
    description: Supports the C(async) keyword.
    support: none
    details: The task itself waits, and prints its progress meanwhile.
  check_mode:
    description: >-
      Polls once and returns the current state without waiting. Fails only if a connection cannot be read, be it that
      Atlas does not answer within O(wait_timeout) or that it was asked too often (HTTP 429).
  diff_mode:
    support: N/A
    details: Changes nothing.
options:
  until:
    description:
      - What to wait for.
      - V(available) - the connection is up. More is needed before traffic can flow, see the notes.
      - V(action_required) - the other side can act now, or has already done so; use it before the task that accepts
        the connection.
      - V(absent) - the connection no longer exists.
    type: str
    choices: [available, action_required, absent]
    default: available
  wait_timeout:
    description:
      - Seconds after which the wait gives up. Most connections take minutes; those of Azure may take longer than an
        hour.
      - A poll that begins at the very end may take two seconds more.
    type: int
    default: 7200
  interval:
    description:
      - Maximum polling interval in seconds. Polling backs off from one second to 5% of the elapsed time, up to this
        value.
    type: float
    default: 10
  heartbeat:
    description:
      - Seconds without a line of progress after which a summary is printed.
      - Automation Platform and C(ansible-runner) can be configured to kill a job that has printed nothing for a
        certain time, the idle timeout. Set this to less.
    type: float
    default: 60
  progress:
    description:
      - Whether to print progress, including heartbeats.
      - Progress is printed to standard error if the stdout callback writes JSON (its name begins with C(json), like
        C(ansible.posix.json) and C(ansible.posix.jsonl)), so that standard output remains readable for programs.
      - With C(no_log=true) on the task, progress only counts connections, and names neither them nor projects. The
        message of a failure is then hidden by Ansible, although ansible-core 2.19 and later print it.
    type: bool
    default: true
notes:
  - A poll sends one request for each project and cloud, whatever the number of connections, for several projects at
    once. A project is not polled again once all of its connections are done. One more request reads the containers of
    a project once if connections are identified by O(connections[].container_region) alone, and at every poll while a
    GCP connection waits until the network of Atlas has names.
  - A connection that is not listed counts as absent once it has been seen, or after a minute, because lists may lag
    behind a creation. If its id is known, it is read by its id before it counts as absent.
  - If Atlas or the network fails temporarily, the wait reports it and continues; a project that has not been read yet
    is given up after O(retry_timeout). If Atlas responds that a project was asked too often (HTTP 429), only that
    project is paused, for as long as Atlas requires. Credentials that worked and are then refused (HTTP 401) are
    retried for a minute.
  - The tokens of a service account are renewed, however long the wait. An O(access_token) is valid for one hour; the
    task warns if it may take longer than that.
  - An available connection is up, but traffic also needs, on AWS, a route to the Atlas block
    (RV(atlasops.network.atlas_peering#module:peering.atlas_cidr_block)) in the route tables of the VPC, and DNS
    hostnames and DNS resolution enabled for it; on every cloud, the addresses of the clients in the IP access list of
    the project, and the private connection string of the cluster.
  - If several hosts of a play wait at once, each line begins with the name of its host.
  - An interrupt or a cancelled job ends the wait at once.
seealso:
  - module: atlasops.network.atlas_peering
  - module: atlasops.network.atlas_peering_info
"""

EXAMPLES = r"""
- name: Declare connections
  atlasops.network.atlas_peering_set:
    connections: "{{ fleet_connections }}"  # each with its own project_id or project_name
  register: fleet

- name: Wait for all of them
  atlasops.network.atlas_peering_wait:
    connections: "{{ fleet.peerings }}"
    wait_timeout: 1800

- name: Wait until an AWS connection can be accepted
  atlasops.network.atlas_peering_wait:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    connections:
      - provider_name: AWS
        aws_account_id: "123456789012"
        vpc_id: vpc-0f1e2d3c4b5a69788
    until: action_required

- name: Wait until an Azure connection is available
  atlasops.network.atlas_peering_wait:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    connections:
      - provider_name: AZURE
        azure_subscription_id: 8dec2d92-478d-bc50-cf99-d31b9e90a1c7
        vnet_name: app-vnet

- name: Delete a GCP connection
  atlasops.network.atlas_peering:
    project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
    provider_name: GCP
    gcp_project_id: my-project-191923
    network_name: default
    state: absent
  register: gcp

- name: Wait until it is gone
  atlasops.network.atlas_peering_wait:
    connections: ["{{ gcp.peering }}"]
    until: absent
"""

RETURN = r"""
peerings:
  description:
    - The connections as last seen, in the order of O(connections), each with the keys of
      RV(atlasops.network.atlas_peering#module:peering) and C(failure), the reason of its failure with the keys of
      RV(failure), or null.
    - A connection that does not exist has the phase C(absent), and a C(next_action) if
      O(connections[].container_region) names a region in which the project has no container. C(phase) is null if the
      connection has never been read. C(error) is the reason if a connection cannot be read.
  returned: unless an option is wrong
  type: list
  elements: dict
  sample:
    - id: 6112222b3bf99403840e8934
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      container_id: 6746ceedaef48d1cb265896b
      container_region: null
      atlas_cidr_block: null
      accepter_region_name: us-east-1
      aws_account_id: "123456789012"
      route_table_cidr_block: 10.15.0.0/16
      vpc_id: vpc-0f1e2d3c4b5a69788
      connection_id: pcx-0f1e2d3c4b5a69788
      peer_network: 123456789012/vpc-0f1e2d3c4b5a69788
      status: AVAILABLE
      phase: available
      error: null
      next_action: null
      next_command: null
      failure: null
until:
  description: What was waited for.
  returned: unless an option is wrong
  type: str
  sample: available
stop_reason:
  description:
    - Why the wait ended - C(reached), C(failure) (a connection has failed, or cannot be read), C(deadline) or
      C(check_mode).
  returned: unless an option is wrong
  type: str
  sample: reached
deadline:
  description: The end of O(wait_timeout), ISO 8601 in UTC.
  returned: unless an option is wrong
  type: str
  sample: "2026-11-23T06:00:00+00:00"
interval:
  description: Maximum polling interval in seconds.
  returned: unless an option is wrong
  type: float
  sample: 10.0
elapsed:
  description: Seconds waited.
  returned: unless an option is wrong
  type: float
  sample: 312.4
polls:
  description: How often Atlas was polled.
  returned: unless an option is wrong
  type: int
  sample: 38
failure:
  description:
    - Why the task failed, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). It is missing
      if Ansible itself refuses the options, because of an unknown one for example.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - C(DeadlineError) - the time is up. C(StateError) - a connection can no longer reach what is waited for. If
          connections cannot be read or options are wrong, one of the kinds of
          RV(atlasops.network.atlas_peering#module:failure.kind), that of the first cause if there are several.
      type: str
      sample: DeadlineError
    hint:
      description: What to do, or null.
      type: str
      sample: "Nothing was changed: run the task again to continue waiting."
    problems:
      description:
        - An entry for each connection that has failed or timed out, but not for those that were only pending when
          another one ended the wait. It has C(connection), C(project_id), C(phase), C(msg), C(cause) and C(failure).
      returned: unless an option is wrong
      type: list
      elements: dict
"""
