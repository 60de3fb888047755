# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options in ``module_utils/arguments.py``."""

from __future__ import annotations


class ModuleDocFragment:
    # The connection to Atlas.
    DOCUMENTATION = r"""
options:
  access_token:
    description:
      - An access token of a service account, valid for one hour from its creation.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is used.
      - Of several ways to authenticate, one that is given by options goes before one of the environment,
        and then O(access_token) before O(client_id) before O(public_key).
    type: str
  client_id:
    description:
      - Client id of a service account, such as V(mdb_sa_id_1234567890abcdef12345678). Needs O(client_secret).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  public_key:
    description:
      - Public part of an API key, the user name of HTTP Digest authentication. Needs O(private_key).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY) is used, then
        E(MONGODB_ATLAS_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - Private part of the API key.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY) is used, then
        E(MONGODB_ATLAS_PRIVATE_KEY).
    type: str
  token_cache:
    description:
      - Whether the access token of a service account is kept for other tasks, hosts and forks until shortly before it
        expires, in a file that only its owner can read, below C(atlasops.network) in the user's cache directory
        (E(XDG_CACHE_HOME), else C(~/.cache)). Atlas grants 50 token requests a minute and 100 live tokens per account.
      - Where no private folder can be had there, each task takes a token of its own.
      - If unset, the environment variable E(MONGODB_ATLAS_TOKEN_CACHE) is used, then V(true).
    type: bool
  base_url:
    description:
      - Address of Atlas, without a path. Only a loopback address may use http.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_BASE_URL) is used, then
        V(https://cloud.mongodb.com). The government cloud is V(https://cloud.mongodbgov.com).
    type: str
  api_version:
    description:
      - Version of the Atlas Administration API. Both give the same results.
    type: str
    choices: [v2, v1.0]
    default: v2
  timeout:
    description:
      - Seconds that one request to Atlas may take, from connecting to the last byte of its answer. One that is tried
        again has as long each time, see O(retry_timeout).
      - It does not bound how long the system takes to look up the address. If the name has several addresses, each that
        does not answer may take this long.
      - An answer of more than 16 MiB, as it comes or unpacked, is refused; the largest of Atlas have less than one.
    type: int
    default: 30
  retry_timeout:
    description:
      - Seconds during which one failed request is tried again, with growing pauses or as Atlas asks by C(Retry-After).
      - Requests that only read or delete are tried again after connection errors, answers that break off, and the HTTP
        statuses 429, 500, 502 to 504 and 520 to 524, those that create or change only where Atlas certainly did not act
        (no connection, or 429).
      - The last attempt begins within this time, so that a request that gets no answer fails after O(retry_timeout) and
        O(timeout) seconds at most, and an outage is waited for once by all requests of a task. A request that has to
        take an access token first may take twice as long.
      - V(0) tries everything once.
    type: int
    default: 120
  validate_certs:
    description:
      - Whether to verify the TLS certificate of Atlas or of a proxy that replaces it.
    type: bool
    default: true
  ca_path:
    description:
      - File of CA certificates in PEM format to verify with, in place of the default ones.
      - If unset, E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) may name one.
    type: path
notes:
  - Proxies are taken from the environment variables E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY).
  - Redirects are not followed, since the credentials would go along.
requirements:
  - python >= 3.9
  - requests >= 2.26
"""

    # The project.
    PROJECT = r"""
options:
  project_id:
    description:
      - Id of the Atlas project, 24 hexadecimal characters. The API calls a project a group.
      - If unset or empty, and O(project_name) is too, the environment variable E(MONGODB_ATLAS_PROJECT_ID) is used;
        one of them is required.
    type: str
    aliases: [group_id]
  project_name:
    description:
      - Name of the Atlas project, in place of O(project_id). It is looked up by one more request.
      - In quotes if YAML takes it for a boolean or a number, as it does C(no), C(1.10) and C(0123).
    type: raw
"""

    # What a role calls the options.
    NAMES = r"""
options:
  option_names:
    description:
      - For roles that use this module - a dictionary of options and of what the role's users set in their place, such
        as C(recreate_on) and C(atlas_peering_recreate_on). Messages name the latter, so that a hint can be followed as
        it reads.
    type: dict
"""

    # Several projects, for modules that read.
    PROJECTS = r"""
options:
  project_ids:
    description:
      - Ids of the projects to read, in place of O(project_id) and O(project_name), which are ignored then.
      - Several projects are read at once. Results come in the order of O(project_ids), then of O(project_names).
      - An empty list names no project, and nothing is read.
      - If one of several projects cannot be read, the task fails in the end, names each cause once, and returns what
        the others have.
    type: list
    elements: str
  project_names:
    description:
      - Names of the projects to read, like O(project_ids). Each is looked up by one more request.
    type: list
    elements: str
"""

    # The fields of a peering connection, as options of a module.
    PEERING = r"""
options:
  provider_name:
    description:
      - The cloud on the other side. Required unless O(peer_id) alone says which connection should be absent.
    type: str
    choices: [AWS, AZURE, GCP]
  peer_id:
    description:
      - Id of the peering connection in Atlas, 24 hexadecimal characters.
      - If unset, the connection is found by what tells connections apart - O(aws_account_id) and O(vpc_id) for V(AWS),
        O(azure_subscription_id) and O(vnet_name) for V(AZURE), O(gcp_project_id) and O(network_name) for V(GCP), and
        the container, if O(container_id) or O(container_region) names one. The same network may be connected to the
        containers of several regions. If it is and no container is named, the task fails and lists the connections.
    type: str
    aliases: [id]
  container_id:
    description:
      - Id of the Atlas network container that the connection starts from, 24 hexadecimal characters.
      - It belongs to the same project and the same cloud, and to what identifies the connection. A connection of the
        same network that starts from another container is another connection.
      - O(container_region) may stand in its place. If both are given, they must mean the same container.
      - Not needed on V(GCP), where a project has one container.
    type: str
  container_region:
    description:
      - Region of the Atlas network container, in place of O(container_id). The container is found by one more request.
      - Spelled as its cloud does, such as V(us-east-1), V(northeurope) or V(us-east1), or as Atlas does, such as
        V(US_EAST_1), V(EUROPE_NORTH) or V(EASTERN_US). Regions too new for this collection to know are spelled as Atlas
        does. Results spell them as Atlas does.
      - If the connection should be absent, a region without a container has no connection either.
      - On V(GCP) a project has one container for all regions, so it need not be named. The region matters only if
        O(atlas_cidr_block) asks for a small container, which is limited to it.
    type: str
  atlas_cidr_block:
    description:
      - CIDR block of the container that O(container_region) names, with which it is created if it does not exist. On
        V(GCP) it needs no O(container_region).
      - Where the container has another block, it is used as it is and a warning says so.
    type: str
  accepter_region_name:
    description:
      - AWS region of the VPC, such as V(us-east-1); V(US_EAST_1) is treated as the same. It cannot be changed in place.
      - May be left out if it is the region of the container. Atlas answers null then; the declared value is returned,
        or the container's region if the container was read.
    type: str
  aws_account_id:
    description:
      - AWS account that owns the VPC, 12 digits, in quotes if it begins with 0.
    type: str
  route_table_cidr_block:
    description:
      - CIDR block of the VPC, or the part of it that Atlas routes to,
        within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
      - It is the one field that Atlas changes in place. If Atlas insists on being sent all fields with the change, the
        connection may start anew - its status is returned, and the owner may have to accept it again.
      - It must not overlap with the block of the container, nor with those of its other connections.
    type: str
  vpc_id:
    description:
      - Id of the VPC, such as V(vpc-0f1e2d3c4b5a69788).
    type: str
  azure_directory_id:
    description:
      - Id of the Azure directory (tenant), a UUID. It cannot be changed in place.
    type: str
  azure_subscription_id:
    description:
      - Id of the Azure subscription that holds the virtual network, a UUID.
    type: str
  resource_group_name:
    description:
      - Azure resource group of the virtual network. Upper and lower case are the same. It cannot be changed in place.
      - In quotes if YAML takes it for a boolean or a number, as it does C(no), C(1.10) and C(0123).
    type: raw
  vnet_name:
    description:
      - Name of the Azure virtual network. Upper and lower case are the same. In quotes like O(resource_group_name).
    type: raw
  gcp_project_id:
    description:
      - Id of the GCP project that holds the network. May be left out if O(network_name) is a self link.
    type: str
  network_name:
    description:
      - Name of the GCP VPC network, or its self link, such as V(projects/my-project/global/networks/default) with or
        without C(https://www.googleapis.com/compute/v1/) before it.
      - In quotes if YAML takes the name for a boolean, as it does C(no) and C(on).
    type: raw
"""

    # The fields of a container, as options of a module.
    CONTAINER = r"""
options:
  provider_name:
    description:
      - The cloud. Required unless an id is enough.
    type: str
    choices: [AWS, AZURE, GCP]
  container_id:
    description:
      - Id of the container, 24 hexadecimal characters.
      - If unset, the container is found by its cloud and O(region), on V(GCP) by the cloud alone.
    type: str
    aliases: [id]
  region:
    description:
      - Region of V(AWS) or V(AZURE), spelled as the cloud does, such as V(us-east-1) or V(northeurope), or as Atlas
        does, such as V(US_EAST_1) or V(EUROPE_NORTH). A container cannot move to another region.
    type: str
  regions:
    description:
      - Regions of V(GCP) that the container is limited to; without them it is in all. They cannot be changed in place.
      - Spelled as GCP does, such as V(us-east1), or as Atlas does, such as V(EASTERN_US).
      - A block of /21 has room for 8 regions, /22 for 4, /23 for 2 and /24 for 1.
    type: list
    elements: str
  atlas_cidr_block:
    description:
      - CIDR block of Atlas' network, within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. It must not overlap with the
        networks it will be peered with.
      - From /21 to /24 on V(AWS), V(AZURE) and on V(GCP) with O(regions); /18 or larger on V(GCP) without them.
      - On V(AWS) Atlas chooses one if it is unset when the container is created; elsewhere that needs it.
    type: str
"""

    # A list of connections.
    CONNECTIONS = r"""
options:
  connections:
    description:
      - The connections, each with the options of M(atlasops.network.atlas_peering) for its cloud.
    type: list
    elements: dict
    required: true
    suboptions:
      project_id:
        description:
          - Project of this connection, if it is another than the task's.
        type: str
        aliases: [group_id]
      project_name:
        description:
          - Name of the project of this connection, if it is another than the task's.
        type: raw
      provider_name:
        description:
          - The cloud on the other side. Required unless O(connections[].peer_id) alone says which connection should be
            absent or is waited for.
        type: str
        choices: [AWS, AZURE, GCP]
      peer_id:
        description:
          - Id of the connection, if it is to be chosen by id.
        type: str
        aliases: [id]
      container_id:
        description:
          - Id of the Atlas container.
        type: str
      container_region:
        description:
          - Region of the Atlas container, in place of its id.
        type: str
      atlas_cidr_block:
        description:
          - CIDR block of the container, with which it is created if it is not there.
        type: str
      accepter_region_name:
        description:
          - AWS region of the VPC.
        type: str
      aws_account_id:
        description:
          - AWS account of the VPC.
        type: str
      route_table_cidr_block:
        description:
          - CIDR block of the VPC.
        type: str
      vpc_id:
        description:
          - Id of the VPC.
        type: str
      azure_directory_id:
        description:
          - Azure directory of the virtual network.
        type: str
      azure_subscription_id:
        description:
          - Azure subscription of the virtual network.
        type: str
      resource_group_name:
        description:
          - Azure resource group of the virtual network.
        type: raw
      vnet_name:
        description:
          - Name of the Azure virtual network.
        type: raw
      gcp_project_id:
        description:
          - GCP project of the network.
        type: str
      network_name:
        description:
          - Name of the GCP network.
        type: raw
"""

    # What Atlas allows in one project.
    LIMITS = r"""
options:
  peer_limit:
    description:
      - How many connections Atlas allows in one project. Raise it where MongoDB has raised it for yours.
    type: int
    default: 50
  pending_limit:
    description:
      - How many pending connections Atlas allows in one project.
    type: int
    default: 25
"""

    # How much is done at once.
    WORKERS = r"""
options:
  max_workers:
    description:
      - How many requests may be under way at once. There is never more than one in a project, so that more workers
        than projects bring nothing.
      - With an API key each worker has to answer a challenge of HTTP Digest authentication, one more request.
    type: int
    default: 16
"""

    # When a connection may be replaced.
    HEALING = r"""
options:
  recreate_on:
    description:
      - Reasons for which C(state=present) replaces an existing connection - deletes it, waits until it is gone, and
        creates it anew, once. Empty by default, so that nobody who refused is asked again by every scheduled run.
      - V(rejected) - the owner of the AWS account rejected it. V(expired) - nobody accepted it within 7 days.
        V(failed) - it failed for any other reason. V(changed) - a field differs that cannot be changed in place.
    type: list
    elements: str
    choices: [failed, expired, rejected, changed]
    default: []
  recreate_timeout:
    description:
      - Seconds that the deletion of a connection which is being replaced may take.
    type: int
    default: 600
"""
