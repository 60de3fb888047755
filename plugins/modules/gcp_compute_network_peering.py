#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gcp_compute_network_peering
short_description: Create, change or delete a peering of a GCP network
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Declares one peering of a VPC network on GCP with another network. GCP connects two networks once each has a peering
    to the other; for a connection with MongoDB Atlas, this is the half that Atlas waits for.
  - A network has at most one peering to another network, so an existing one is found by the network that it leads to,
    whatever its name.
  - It does not need Atlas, and its credentials are Google's. The collection google.cloud has no such module.
extends_documentation_fragment:
  - atlasops.network.gcp
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  action_group:
    description: Use C(group/atlasops.network.gcp) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - atlasops.network.gcp
  check_mode:
    description: Can run in check mode and return a predicted result without writing to GCP.
    support: full
  diff_mode:
    description: Returns the differences of the peering with RV(ignore:before) and RV(ignore:after).
    support: full
options:
  project:
    description:
      - ID of the GCP project of the network.
      - If unset or empty, the environment variable E(GCP_PROJECT) is used.
    type: str
  network:
    description:
      - Name of the VPC network that gets the peering, or its self link, which names the project too.
      - Put it in quotes if YAML reads it as a boolean, such as C(no).
    type: raw
    required: true
  peer_project:
    description:
      - ID of the project of the network that the peering leads to. For Atlas, C(atlas_gcp_project_id) of the connection
        in RV(atlasops.network.atlas_peering#module:peering).
      - Required together with O(peer_network), unless O(state=absent) and O(name) is set.
    type: str
  peer_network:
    description:
      - Name of the network that the peering leads to, or its self link. For Atlas, C(atlas_network_name)
        of the connection.
    type: raw
  name:
    description:
      - Name of the peering. If unset, an existing peering to O(peer_network) keeps its name, and a new one is named
        C(atlas-) and O(peer_network), cut to 63 characters.
      - GCP cannot rename a peering. If the existing peering to O(peer_network) has another name, or the peering of this
        name leads to another network, the module fails.
    type: raw
  export_custom_routes:
    description:
      - Whether the other network may import the static and dynamic routes of this one.
      - If this or one of the other three is unset, an existing peering keeps its setting.
      - GCP creates a peering with V(false).
    type: bool
  import_custom_routes:
    description:
      - Whether to import the static and dynamic routes that the other network exports.
      - GCP creates a peering with V(false).
    type: bool
  export_subnet_routes_with_public_ip:
    description:
      - Whether the other network may import the routes to subnets of this one with privately used public addresses.
      - GCP creates a peering with V(true).
    type: bool
  import_subnet_routes_with_public_ip:
    description:
      - Whether to import the routes to subnets with privately used public addresses that the other network exports.
      - GCP creates a peering with V(false).
    type: bool
  state:
    description:
      - V(present) creates the peering or changes its routes.
      - V(absent) deletes it. A network that does not exist has no peering.
    type: str
    choices: [present, absent]
    default: present
  wait_timeout:
    description:
      - Seconds for which the module waits until other peering operations on either network are over, and then as many
        until its own is done. GCP runs one at a time.
    type: int
    default: 600
notes:
  - Changing peerings requires the role Compute Network Admin (C(roles/compute.networkAdmin)) in O(project), check mode
    Compute Network Viewer (C(roles/compute.networkViewer)). Nothing is needed in O(peer_project).
seealso:
  - module: atlasops.network.atlas_peering
  - name: VPC Network Peering
    description: What Google's peerings exchange, and their limits.
    link: https://cloud.google.com/vpc/docs/vpc-peering
"""

EXAMPLES = r"""
- name: Peer a network with that of an Atlas connection
  atlasops.network.gcp_compute_network_peering:
    project: my-project-191923
    network: default
    peer_project: p-ab12cd34ef56ab12cd34ef56
    peer_network: nt-68b470e5e989e54ca7724068-ab12cd34

- name: Let Atlas reach what is connected to the network by VPN
  atlasops.network.gcp_compute_network_peering:
    project: my-project-191923
    network: default
    peer_project: p-ab12cd34ef56ab12cd34ef56
    peer_network: nt-68b470e5e989e54ca7724068-ab12cd34
    export_custom_routes: true

- name: Delete the peering
  atlasops.network.gcp_compute_network_peering:
    project: my-project-191923
    network: default
    peer_project: p-ab12cd34ef56ab12cd34ef56
    peer_network: nt-68b470e5e989e54ca7724068-ab12cd34
    state: absent
"""

RETURN = r"""
peering:
  description:
    - The peering after the task, in check mode as predicted; after its deletion only what identifies it.
  returned: success
  type: dict
  contains:
    project:
      description: ID of the GCP project of the network.
      type: str
      sample: my-project-191923
    network:
      description: Name of the network.
      type: str
      sample: default
    name:
      description: Name of the peering; null if there is none to delete and the task does not name it.
      type: str
      sample: atlas-nt-68b470e5e989e54ca7724068-ab12cd34
    peer_project:
      description: ID of the project of the network that the peering leads to.
      type: str
      sample: p-ab12cd34ef56ab12cd34ef56
    peer_network:
      description: Name of the network that the peering leads to.
      type: str
      sample: nt-68b470e5e989e54ca7724068-ab12cd34
    state:
      description: V(ACTIVE) once both networks have a peering to the other, otherwise V(INACTIVE); null in check mode
        before the peering exists.
      returned: the peering exists
      type: str
      sample: ACTIVE
    state_details:
      description: Google's sentence about the state.
      returned: the peering exists
      type: str
      sample: "[2026-11-23T06:00:00.000-08:00]: Connected."
    export_custom_routes:
      description: Whether the other network may import custom routes.
      returned: the peering exists
      type: bool
      sample: false
    import_custom_routes:
      description: Whether custom routes of the other network are imported.
      returned: the peering exists
      type: bool
      sample: false
    export_subnet_routes_with_public_ip:
      description: Whether the other network may import routes to subnets with privately used public addresses.
      returned: the peering exists
      type: bool
      sample: true
    import_subnet_routes_with_public_ip:
      description: Whether such routes of the other network are imported.
      returned: the peering exists
      type: bool
      sample: false
failure:
  description:
    - What went wrong, as data, with the keys of RV(atlasops.network.atlas_peering#module:failure). C(kind) is
      C(ComputeApiError) if Google answered with an error.
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils.gcp.client import ComputeClient
from ansible_collections.atlasops.network.plugins.module_utils.gcp.ensure import ensure
from ansible_collections.atlasops.network.plugins.module_utils.gcp.options import PEERING_SPEC, parse_desired
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import CONNECTION_SPEC, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.module import run_with_client

SPEC: dict[str, Any] = {**CONNECTION_SPEC, **PEERING_SPEC}


def run(params: Mapping[str, Any], check_mode: bool, client: ComputeClient) -> dict[str, Any]:
    """Return the module's result; whatever goes wrong is raised as an AtlasError."""
    return ensure(client, parse_desired(params), params["state"] == "present", check_mode)


def connect(params: Mapping[str, Any]) -> ComputeClient:
    """Return the client that the options describe."""
    return ComputeClient(parse_settings(params), params["wait_timeout"])


def main() -> None:
    run_with_client(SPEC, run, connect)


if __name__ == "__main__":
    main()
