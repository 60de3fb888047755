# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options in ``module_utils/azure/settings.py``."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tenant:
    description:
      - ID or domain name of the directory (Microsoft Entra ID) of the subscription, for O(client_id).
      - If unset or empty, the environment variable E(AZURE_TENANT) is used.
    type: str
  client_id:
    description:
      - ID of the application that authenticates with O(secret).
      - If unset or empty, the environment variable E(AZURE_CLIENT_ID) is used.
    type: str
  secret:
    description:
      - A client secret of the application.
      - If unset or empty, the environment variable E(AZURE_SECRET) is used.
    type: str
  access_token:
    description:
      - An access token for Azure Resource Manager, in place of O(client_id) and O(secret), such as that of
        C(az account get-access-token).
      - If unset or empty, the environment variable E(AZURE_ACCESS_TOKEN) is used, unless the task sets O(client_id).
    type: str
  graph_access_token:
    description:
      - An access token for Microsoft Graph, such as that of C(az account get-access-token --resource-type ms-graph).
      - Required with O(access_token), unless the service principal need not be looked up.
      - If unset or empty, the environment variable E(AZURE_GRAPH_ACCESS_TOKEN) is used, unless the task sets
        O(client_id).
    type: str
  authority_url:
    description:
      - Address of Microsoft Entra ID. Only a loopback address may use http, here and in the other two.
      - If unset or empty, the environment variable E(AZURE_AUTHORITY_HOST) is used, then
        V(https://login.microsoftonline.com).
    type: str
  resource_manager_url:
    description:
      - Address of Azure Resource Manager.
      - If unset or empty, the environment variable E(AZURE_RESOURCE_MANAGER_URL) is used, then
        V(https://management.azure.com).
    type: str
  graph_url:
    description:
      - Address of Microsoft Graph.
      - If unset or empty, the environment variable E(AZURE_GRAPH_URL) is used, then V(https://graph.microsoft.com).
    type: str
  timeout:
    description:
      - Seconds that one request may take, from connecting to the last byte of its response.
    type: int
    default: 30
  retry_timeout:
    description:
      - Seconds for which a request is retried, with growing pauses, after connection errors, too many requests and
        errors of the server. The creation of a service principal is looked up instead of being repeated.
      - V(0) sends every request once.
    type: int
    default: 120
  ca_path:
    description:
      - File of CA certificates in PEM format to verify with, instead of the default ones.
      - If unset, E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) may name one.
    type: path
notes:
  - Proxies are taken from the environment variables E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY). An http
    address, which must be a loopback address, is never reached through a proxy.
  - Redirects are not followed, so that the credentials stay with Microsoft.
requirements:
  - python >= 3.9
  - requests >= 2.26
"""
