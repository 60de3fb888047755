#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_peering_wait
short_description: Wait until network peering connections of MongoDB Atlas are available
version_added: 0.1.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Waits for any number of connections at once and says on the way where they stand - a line whenever something
    changes, what a person must do now, and every O(heartbeat) seconds a line in between.
  - Stops at once when a connection cannot get there any more, and at the latest after O(wait_timeout), also while Atlas
    does not answer. The failure names each connection, its phase and its next action. Nothing is undone; the same task
    again goes on waiting.
  - A project that can no longer be asked, or cannot be found, does not end the wait for the others, nor does an entry
    that fits several connections or names no region of its cloud. The task fails when the others are there, or cannot
    get there, and names each cause once.
  - An entry of O(connections) needs only what identifies the connection, and may as well be what
    M(atlasops.network.atlas_peering) or M(atlasops.network.atlas_peering_info) returned. Where one network has several
    connections in a project, one for each Atlas region, O(connections[].container_id) or
    O(connections[].container_region) says which is meant; if both are given, the id takes precedence. Lines and
    failures then name the region, and the project if the same network is in several.
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
    details: It waits by itself, and its lines appear while it does.
  check_mode:
    description: >-
      Looks once and returns what is there, without waiting. Fails only if some of it cannot be looked at, be it that
      Atlas does not answer within O(wait_timeout), or was asked too often (HTTP 429).
  diff_mode:
    support: N/A
    details: Changes nothing.
options:
  until:
    description:
      - What to wait for.
      - V(available) - the connection is up. For traffic to flow it takes more, see the notes.
      - V(action_required) - the other side can act now, or has acted already; use it before the task that accepts
        the connection.
      - V(absent) - the connection is gone.
    type: str
    choices: [available, action_required, absent]
    default: available
  wait_timeout:
    description:
      - Seconds until the wait gives up. Most connections take minutes; those of Azure may take longer than an hour.
      - A look that begins at the very end has two seconds more.
    type: int
    default: 7200
  interval:
    description:
      - Longest pause between two looks, in seconds. The pause is a twentieth of the time waited so far, at least
        one second, so what changes soon is seen soon.
    type: float
    default: 10
  heartbeat:
    description:
      - Seconds of silence after which the wait says again where things stand.
      - The Automation Platform and C(ansible-runner) kill a job that says nothing for as long as their idle timeout,
        if somebody has set one. This must be below it.
    type: float
    default: 60
  progress:
    description:
      - Whether to print lines of progress, heartbeats among them.
      - They appear on standard error where the stdout callback writes JSON (its name begins with C(json), like
        C(ansible.posix.json) and C(ansible.posix.jsonl)), so that standard output remains readable for programs.
      - With C(no_log=true) on the task they only count connections, and name neither these nor projects. The message
        of a task that fails is then hidden by Ansible, whose versions from 2.19 on print it nevertheless.
    type: bool
    default: true
notes:
  - Each look makes one request for each project and cloud, whatever the number of connections, for several projects at
    once. A project is not asked again when all of its connections are there. One request more asks for the containers
    of a project once, if connections are named by O(connections[].container_region) alone, and at every look while a
    connection of GCP waits for Atlas' network to get its names.
  - A connection that is not listed is absent for good once it has been seen, or after a minute; lists may lag behind a
    creation. One whose id is known is asked for by its id before it counts as absent.
  - When Atlas or the network fails for a while, the wait says so and goes on; where nothing has been seen yet, it gives
    the project up after O(retry_timeout). When Atlas says that a project was asked too often (HTTP 429), that project
    alone is left for as long as Atlas wants. Credentials that worked and are refused (HTTP 401) are tried again for a
    minute.
  - The tokens of a service account are renewed in a wait of any length. An O(access_token) lives for an hour from its
    creation; the wait warns at its start if it may take longer than that.
  - An available connection is up, but for traffic to flow it also takes, on AWS, a route to the Atlas block
    (RV(atlasops.network.atlas_peering#module:peering.atlas_cidr_block)) in the route tables of the VPC, and its DNS
    hostnames and DNS resolution enabled; everywhere the clients' addresses in the IP access list of the project, and
    the private connection string of the cluster.
  - Where several hosts of a play wait at once, each line begins with the name of its host.
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
      RV(atlasops.network.atlas_peering#module:peering) and C(failure), why it is not there, with the keys of
      RV(failure), or null.
    - A connection that does not exist has the phase C(absent), and a C(next_action) if
      O(connections[].container_region) names a region in which the project has no container. C(phase) is null where
      Atlas could not be asked what is there. Where a connection cannot be looked at, C(error) says why.
  returned: unless the options are wrong
  type: list
  elements: dict
  sample:
    - id: 6112222b3bf99403840e8934
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
      provider_name: AWS
      container_id: 6746ceedaef48d1cb265896b
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
      failure: null
until:
  description: What was waited for.
  returned: unless the options are wrong
  type: str
  sample: available
stopped:
  description:
    - Why the wait ended - C(reached), C(failure) of a connection or of asking for it, C(deadline) or C(check_mode).
  returned: unless the options are wrong
  type: str
  sample: reached
deadline:
  description: When the wait would have given up, ISO 8601 in UTC.
  returned: unless the options are wrong
  type: str
  sample: "2026-11-23T06:00:00+00:00"
interval:
  description: Longest pause between two looks, in seconds.
  returned: unless the options are wrong
  type: float
  sample: 10.0
elapsed:
  description: Seconds waited.
  returned: unless the options are wrong
  type: float
  sample: 312.4
looks:
  description: How often Atlas was asked.
  returned: unless the options are wrong
  type: int
  sample: 38
failure:
  description:
    - Why the task failed, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). Options that
      Ansible itself refuses, such as an unknown one, have none.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - C(DeadlineError) - the time was up. C(StateError) - a connection cannot get there. One of the kinds of
          RV(atlasops.network.atlas_peering#module:failure.kind) where connections cannot be looked at, that of the
          first cause if there are several, and where the options are wrong.
      type: str
      sample: DeadlineError
    hint:
      description: What to do, or null.
      type: str
      sample: "Everything is left as it is: run it again to go on waiting."
    problems:
      description:
        - An entry for each connection that is not there, except those that merely were not done yet when another one
          ended the wait. It has C(connection), C(project_id), C(phase), C(msg), C(cause) and C(failure).
      returned: unless the options are wrong
      type: list
      elements: dict
"""
