# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that several modules share, one fragment for each argument spec."""

from __future__ import annotations


class ModuleDocFragment:
    # The connection to Atlas.
    DOCUMENTATION = r"""
options:
  access_token:
    description:
      - Access token of a service account, valid for one hour from its creation.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is used.
      - If several credentials are set, options take precedence over the environment, and then O(access_token) over
        O(client_id) over O(public_key).
    type: str
  client_id:
    description:
      - Client ID of a service account, such as V(mdb_sa_id_1234567890abcdef12345678). Requires O(client_secret).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the service account. Requires O(client_id).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
  public_key:
    description:
      - Public part of an API key, which is the user name for HTTP Digest authentication. Requires O(private_key).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY) is used, then
        E(MONGODB_ATLAS_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - Private part of the API key. Requires O(public_key).
      - If unset or empty, the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY) is used, then
        E(MONGODB_ATLAS_PRIVATE_KEY).
    type: str
  token_cache:
    description:
      - Whether to cache the access token of a service account for other tasks, hosts and forks until shortly before it
        expires. The cache file is readable only by its owner and lies below C(atlasops.network) in the user's cache
        directory (E(XDG_CACHE_HOME), or C(~/.cache) if that is not set).
      - Atlas allows 50 token requests per minute and 100 live tokens per service account.
      - If a private directory cannot be created there, each task requests a token of its own.
      - If unset, the environment variable E(MONGODB_ATLAS_TOKEN_CACHE) is used, then V(true).
    type: bool
  base_url:
    description:
      - Address of Atlas, without a path. Plain http is allowed only for a loopback address.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_BASE_URL) is used, then
        V(https://cloud.mongodb.com). The address of Atlas for Government is V(https://cloud.mongodbgov.com).
    type: str
  api_version:
    description:
      - Version of the Atlas Administration API. The results are the same for both.
    type: str
    choices: [v2, v1.0]
    default: v2
  timeout:
    description:
      - Maximum duration of one request to Atlas in seconds, from connecting to the last byte of the answer. It applies
        to each attempt separately, see O(retry_timeout).
      - It does not limit how long the system takes to resolve the host name. If the name has several addresses, each
        one that does not answer may take this long.
      - An answer of more than 16 MiB, compressed or uncompressed, is rejected. The largest answers of Atlas are smaller
        than 1 MiB.
    type: int
    default: 30
  retry_timeout:
    description:
      - Time in seconds during which a failed request is retried, with increasing pauses or as Atlas asks in
        C(Retry-After).
      - Requests that read or delete are retried after connection errors, incomplete answers, and the HTTP statuses 429,
        500, 502 to 504 and 520 to 524. Requests that create or change something are retried only if Atlas certainly did
        not process them, which means if there was no connection or the status is 429.
      - The last attempt starts within this time, so a request that gets no answer fails after at most O(retry_timeout)
        plus O(timeout) seconds. All requests of a task wait out the same outage together. A request that first needs an
        access token may take twice as long.
      - With V(0), nothing is retried.
    type: int
    default: 120
  validate_certs:
    description:
      - Whether to verify the TLS certificate of Atlas, or of a proxy that intercepts TLS.
    type: bool
    default: true
  ca_path:
    description:
      - File with the CA certificates to verify against, in PEM format, in place of the default ones.
      - If unset, the environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used.
    type: path
notes:
  - Proxies are taken from the environment variables E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY). An http
    address, which must be a loopback address, is never reached through a proxy.
  - Redirects are not followed, because that would send the credentials to another address.
requirements:
  - python >= 3.9
  - requests >= 2.26
"""

    # The project.
    PROJECT = r"""
options:
  project_id:
    description:
      - ID of the Atlas project, 24 hexadecimal characters. The API calls a project a group.
      - If neither O(project_id) nor O(project_name) is set, or both are empty, the environment variable
        E(MONGODB_ATLAS_PROJECT_ID) is used. One of the three is required.
    type: str
    aliases: [group_id]
  project_name:
    description:
      - Name of the Atlas project. Mutually exclusive with O(project_id). Looking it up takes one more request.
      - Quote a name that YAML would read as a boolean or a number, such as C("no"), C("1.10") or C("0123").
    type: raw
"""

    # What a role calls the options.
    NAMES = r"""
options:
  option_names:
    description:
      - For roles that use this module. A dictionary that maps options to the variables of the role that set them, such
        as C(recreate_on) to C(atlas_peering_recreate_on). Messages then name the variables, so that users of the role
        can follow hints literally.
    type: dict
"""

    # Several projects, for modules that read.
    PROJECTS = r"""
options:
  project_ids:
    description:
      - IDs of the projects to read. If O(project_ids) or O(project_names) is set, O(project_id) and O(project_name) are
        ignored.
      - Projects are read in parallel. Results are in the order of O(project_ids), followed by that of O(project_names).
      - With an empty list, no project is read.
      - If some of several projects cannot be read, the task fails after reading the others. It reports each cause once
        and returns what it has read.
    type: list
    elements: str
  project_names:
    description:
      - Names of the projects to read, see O(project_ids). Looking up each name takes one more request.
    type: list
    elements: str
  all_projects:
    description:
      - Whether to read all projects that the credentials can access, in the order of their names. O(project_id) and
        O(project_name) are ignored then. Cannot be combined with O(project_ids) and O(project_names).
    type: bool
    default: false
"""

    # The fields of a peering connection, as options of a module.
    PEERING = r"""
options:
  provider_name:
    description:
      - Cloud provider of the network to peer with.
      - Required unless O(state=absent) and O(peer_id) is the only other field.
    type: str
    choices: [AWS, AZURE, GCP]
  peer_id:
    description:
      - ID of the peering connection in Atlas, 24 hexadecimal characters. If it is set, no other field is required but
        O(provider_name).
      - If unset, the connection is found by its identity - O(aws_account_id) and O(vpc_id) for V(AWS),
        O(azure_subscription_id) and O(vnet_name) for V(AZURE), O(gcp_project_id) and O(network_name) for V(GCP) - and
        by its container, if O(container_id) or O(container_region) is set. One network can be peered with the
        containers of several regions. If it is, and no container is given, the task fails and lists the connections.
    type: str
    aliases: [id]
  container_id:
    description:
      - ID of the Atlas network container that the connection starts from, 24 hexadecimal characters.
      - The container must belong to the same project and cloud provider. It is part of the identity of the connection.
        A connection of the same network that starts from another container is another connection.
      - Required if O(state=present) and O(provider_name=AWS) or O(provider_name=AZURE), unless O(container_region) is
        set. If both are set, they must refer to the same container.
      - Optional if O(provider_name=GCP), because a project has only one container there.
    type: str
  container_region:
    description:
      - Region of the Atlas network container, as an alternative to O(container_id). Finding the container takes one
        more request.
      - Use the name that the cloud provider uses, such as V(us-east-1), V(northeurope) or V(us-east1), or the name that
        Atlas uses, such as V(US_EAST_1), V(EUROPE_NORTH) or V(EASTERN_US). For a region that is too new for this
        collection, use the name that Atlas uses. Results always contain the name that Atlas uses.
      - With O(state=absent), a connection is treated as absent if the region has no container.
      - If O(provider_name=GCP), a project has one container for all regions, so the region is optional. It only matters
        if O(atlas_cidr_block) requests a small container, which is then limited to this region.
    type: str
  atlas_cidr_block:
    description:
      - CIDR block of the container in O(container_region). The container is created with this block if it does not
        exist. If O(provider_name=GCP), O(container_region) is not needed.
      - If the container exists with another block, it is used unchanged and the task issues a warning.
    type: str
  accepter_region_name:
    description:
      - AWS region of the VPC, such as V(us-east-1). V(US_EAST_1) is treated as the same. It cannot be changed in place.
      - Used only if O(provider_name=AWS). Optional if the VPC is in the region of the container. Atlas then returns
        null; the result contains the declared value, or the region of the container if the container was read.
    type: str
  aws_account_id:
    description:
      - ID of the AWS account that owns the VPC, 12 digits. Quote an ID that begins with 0.
      - Required if O(provider_name=AWS).
    type: str
  route_table_cidr_block:
    description:
      - CIDR block of the VPC, or the part of it that Atlas routes to, within 10.0.0.0/8, 172.16.0.0/12 or
        192.168.0.0/16.
      - Required if O(provider_name=AWS) and O(state=present).
      - This is the only field that Atlas changes in place. If Atlas requires all fields for the change, the connection
        may start over. Its new status is returned, and the owner of the VPC may have to accept it again.
      - It must not overlap with the block of the container, or with those of the container's other connections.
    type: str
  vpc_id:
    description:
      - ID of the VPC, such as V(vpc-0f1e2d3c4b5a69788).
      - Required if O(provider_name=AWS).
    type: str
  azure_directory_id:
    description:
      - ID of the Azure directory (tenant), a UUID. It cannot be changed in place.
      - Required if O(provider_name=AZURE) and O(state=present).
    type: str
  azure_subscription_id:
    description:
      - ID of the Azure subscription that contains the virtual network, a UUID.
      - Required if O(provider_name=AZURE).
    type: str
  resource_group_name:
    description:
      - Azure resource group of the virtual network, case-insensitive. It cannot be changed in place.
      - Required if O(provider_name=AZURE) and O(state=present).
      - Quote a name that YAML would read as a boolean or a number, such as C("no"), C("1.10") or C("0123").
    type: raw
  vnet_name:
    description:
      - Name of the Azure virtual network, case-insensitive. Quote it like O(resource_group_name).
      - Required if O(provider_name=AZURE).
    type: raw
  gcp_project_id:
    description:
      - ID of the GCP project that contains the network.
      - Required if O(provider_name=GCP), unless O(network_name) is a self link.
    type: str
  network_name:
    description:
      - Name of the GCP VPC network, or its self link, such as V(projects/my-project/global/networks/default) with or
        without the prefix C(https://www.googleapis.com/compute/v1/).
      - Required if O(provider_name=GCP).
      - Quote a name that YAML would read as a boolean, such as C("no") or C("on").
    type: raw
"""

    # The fields of a container, as options of a module.
    CONTAINER = r"""
options:
  provider_name:
    description:
      - Cloud provider of the container.
      - Required unless O(state=absent) and O(container_id) is the only other field.
    type: str
    choices: [AWS, AZURE, GCP]
  container_id:
    description:
      - ID of the container, 24 hexadecimal characters. If it is set, no other field is required but O(provider_name).
      - If unset, the container is found by O(provider_name) and O(region), or by O(provider_name) alone for V(GCP).
    type: str
    aliases: [id]
  region:
    description:
      - Region of the container. Use the name that the cloud provider uses, such as V(us-east-1) or V(northeurope), or
        the name that Atlas uses, such as V(US_EAST_1) or V(EUROPE_NORTH). It cannot be changed in place.
      - Required if O(provider_name=AWS) or O(provider_name=AZURE).
    type: str
  regions:
    description:
      - Regions that the container is limited to, only if O(provider_name=GCP). By default it covers all regions. They
        cannot be changed in place.
      - Use the names that GCP uses, such as V(us-east1), or those that Atlas uses, such as V(EASTERN_US).
      - A /21 block has room for 8 regions, /22 for 4, /23 for 2 and /24 for 1.
    type: list
    elements: str
  atlas_cidr_block:
    description:
      - CIDR block of the Atlas network, within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. It must not overlap with
        the networks it will be peered with.
      - From /21 to /24 for V(AWS) and V(AZURE), and for V(GCP) with O(regions). /18 or larger for V(GCP) without
        O(regions).
      - Required to create a container, except if O(provider_name=AWS), where Atlas chooses a block by default.
    type: str
"""

    # Entries of the IP access list.
    ENTRIES = r"""
options:
  entries:
    description:
      - List of entries. Each has exactly one of O(entries[].cidr_block), O(entries[].ip_address) and
        O(entries[].aws_security_group), which identifies it.
    type: list
    elements: dict
    required: true
    suboptions:
      cidr_block:
        description:
          - Block of addresses that may connect to the clusters of the project, such as V(10.15.0.0/16). Its host bits
            must be zero.
        type: str
      ip_address:
        description:
          - A single address that may connect. V(203.0.113.7) is the same entry as V(203.0.113.7/32) in
            O(entries[].cidr_block).
        type: str
      aws_security_group:
        description:
          - ID of an AWS security group whose members may connect, such as V(sg-0f1e2d3c4b5a69788). A group of another
            account than that of the VPC has the account as a prefix, such as V(123456789012/sg-0f1e2d3c4b5a69788).
          - Atlas accepts a security group only if the project has a peering connection of AWS.
        type: str
      comment:
        description:
          - What the entry is for, at most 80 characters. Quote a comment that YAML would read as a boolean or a number.
          - If unset or empty, the comment of an existing entry is kept.
        type: raw
      delete_after_date:
        description:
          - Date and time at which Atlas deletes the entry, in ISO 8601, such as V(2026-12-24T18:00:00Z). It is treated
            as UTC if it names no time zone. It must be in the future, and at most a week away.
          - If unset or empty, that of an existing entry is kept.
          - Not available with O(entries[].aws_security_group).
        type: str
"""

    # A list of connections.
    CONNECTIONS = r"""
options:
  connections:
    description:
      - List of connections, each with the options of M(atlasops.network.atlas_peering) for its cloud provider.
      - Connections that the collection has returned can be given as they are. What is only a result in them, such as
        C(status) and C(phase), is ignored.
    type: list
    elements: dict
    required: true
    suboptions:
      project_id:
        description:
          - ID of the project of this connection, if it differs from that of the task.
        type: str
        aliases: [group_id]
      project_name:
        description:
          - Name of the project of this connection, if it differs from that of the task.
        type: raw
      provider_name:
        description:
          - Cloud provider of the network to peer with. Required, except if the connection is to be deleted or waited
            for and O(connections[].peer_id) is the only other field.
        type: str
        choices: [AWS, AZURE, GCP]
      peer_id:
        description:
          - ID of the connection, to select it by ID.
        type: str
        aliases: [id]
      container_id:
        description:
          - ID of the Atlas container.
        type: str
      container_region:
        description:
          - Region of the Atlas container, as an alternative to its ID.
        type: str
      atlas_cidr_block:
        description:
          - CIDR block that the container is created with if it does not exist.
        type: str
      accepter_region_name:
        description:
          - AWS region of the VPC.
        type: str
      aws_account_id:
        description:
          - ID of the AWS account that owns the VPC.
        type: str
      route_table_cidr_block:
        description:
          - CIDR block of the VPC.
        type: str
      vpc_id:
        description:
          - ID of the VPC.
        type: str
      azure_directory_id:
        description:
          - ID of the Azure directory of the virtual network.
        type: str
      azure_subscription_id:
        description:
          - ID of the Azure subscription of the virtual network.
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
          - ID of the GCP project of the network.
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
      - Maximum number of connections that Atlas allows in one project. Raise it if MongoDB has raised your limit.
    type: int
    default: 50
  pending_limit:
    description:
      - Maximum number of pending connections that Atlas allows in one project.
    type: int
    default: 25
"""

    # How much is done at once.
    WORKERS = r"""
options:
  max_workers:
    description:
      - Maximum number of concurrent requests. There is never more than one per project, so more workers than projects
        have no effect.
      - With an API key, each worker makes one more request, to answer the challenge of HTTP Digest authentication.
    type: int
    default: 16
"""

    # When a connection may be replaced.
    REPLACE = r"""
options:
  recreate_on:
    description:
      - Reasons for which O(state=present) replaces an existing connection - it deletes the connection, waits until it
        is gone, and creates it again, once. Empty by default, so that a scheduled run does not ask an owner who has
        refused again and again.
      - V(rejected) - the owner of the AWS account has rejected it. V(expired) - it was not accepted within 7 days.
        V(failed) - it has failed for any other reason. V(changed) - a field differs that cannot be changed in place.
    type: list
    elements: str
    choices: [failed, expired, rejected, changed]
    default: []
  recreate_timeout:
    description:
      - Maximum time in seconds to wait for the deletion of a connection that is being replaced.
    type: int
    default: 600
"""
