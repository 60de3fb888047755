# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options in ``module_utils/gcp/settings.py``."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  auth_kind:
    description:
      - How to authenticate to Google. V(application) uses the application default credentials, V(machineaccount) the
        service account of the virtual machine that the task runs on, V(serviceaccount) the key of a service account,
        V(accesstoken) an access token.
      - If unset, the environment variable E(GCP_AUTH_KIND) is used. If that is unset too, the first one decides that is
        set of O(access_token), O(service_account_contents) and O(service_account_file), options before environment
        variables, then V(application).
    type: str
    choices: [application, machineaccount, serviceaccount, accesstoken]
  service_account_file:
    description:
      - Path of the key of a service account in JSON.
      - If unset or empty, the environment variable E(GCP_SERVICE_ACCOUNT_FILE) is used.
    type: path
  service_account_contents:
    description:
      - The key itself, in place of O(service_account_file).
      - If unset or empty, the environment variable E(GCP_SERVICE_ACCOUNT_CONTENTS) is used.
    type: jsonarg
  service_account_email:
    description:
      - Which of the service accounts of the virtual machine to use with O(auth_kind=machineaccount); its default one
        unless set.
      - If unset or empty, the environment variable E(GCP_SERVICE_ACCOUNT_EMAIL) is used.
    type: str
  access_token:
    description:
      - An OAuth 2.0 access token.
      - If unset or empty, the environment variable E(GCP_ACCESS_TOKEN) is used.
    type: str
  impersonate_service_account:
    description:
      - Email address of a service account to act as. The credentials need the role Service Account Token Creator on it.
      - If unset or empty, the environment variable E(GOOGLE_IMPERSONATE_SERVICE_ACCOUNT) is used.
    type: str
  base_url:
    description:
      - Address of the Compute API. Only a loopback address may use http.
      - If unset or empty, the environment variable E(CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE) is used, then
        V(https://compute.googleapis.com).
    type: str
  timeout:
    description:
      - Seconds that one request may take, from connecting to the last byte of its response.
    type: int
    default: 30
  retry_timeout:
    description:
      - Seconds for which a request is retried, with growing pauses, after connection errors, too many requests and
        errors of the server. A change carries an ID by which Google recognizes the repetition.
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
  - Redirects are not followed, so that the credentials stay with Google.
requirements:
  - python >= 3.9
  - requests >= 2.26
  - google-auth >= 2.0
"""
