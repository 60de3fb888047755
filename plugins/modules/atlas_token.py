#!/usr/bin/python
# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: atlas_token
short_description: Request or revoke an access token of a MongoDB Atlas service account
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Exchanges the client ID and the secret of a service account for an access token, which C(module_defaults) can pass
    to later tasks, or revokes a token.
  - This module is rarely needed, because all modules share their tokens, see O(token_cache). Use it if tasks run on
    hosts that must not know the secret of the service account, or if no cache may be written.
  - The result contains a secret, so the task must set C(no_log=true). The module refuses to run without it.
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.attributes
  - atlasops.network.attributes.in_process
attributes:
  check_mode:
    support: partial
    details: A token is also requested in check mode, because later tasks need it to predict their results.
  diff_mode:
    support: none
options:
  access_token:
    description:
      - Token to revoke with O(state=revoked). By default, the one in the cache is revoked.
      - Must not be set with O(state=present). It is never taken from the environment.
    type: str
  state:
    description:
      - V(present) returns the token in the cache if there is one and O(token_cache) allows it, or else a new one.
      - V(revoked) revokes a token and removes it from the cache. Nothing changes if it is unknown or has expired.
    type: str
    choices: [present, revoked]
    default: present
seealso:
  - name: Atlas Administration API, service accounts
    description: How to get programmatic access to Atlas.
    link: https://www.mongodb.com/docs/atlas/configure-api-access/
"""

EXAMPLES = r"""
- name: Request a token for all following tasks of the play
  atlasops.network.atlas_token:
    client_id: "{{ vault_atlas_client_id }}"
    client_secret: "{{ vault_atlas_client_secret }}"
  register: token
  no_log: true

- name: Use the token
  module_defaults:
    group/atlasops.network.atlas:
      access_token: "{{ token.access_token }}"
      project_id: 5f1a2b3c4d5e6f7a8b9c0d1e
  block:
    - name: Read the connections
      atlasops.network.atlas_peering_info:

- name: Revoke the token
  atlasops.network.atlas_token:
    client_id: "{{ vault_atlas_client_id }}"
    client_secret: "{{ vault_atlas_client_secret }}"
    access_token: "{{ token.access_token }}"
    state: revoked
  no_log: true
"""

RETURN = r"""
access_token:
  description: The access token, which is a secret.
  returned: state is present
  type: str
expires_at:
  description: Time when the token expires, in ISO 8601 format, in UTC.
  returned: state is present
  type: str
  sample: "2026-11-23T06:00:00+00:00"
failure:
  description: The error as structured data, with the keys of RV(atlasops.network.atlas_peering#module:failure).
  returned: failure
  type: dict
"""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.atlas_module import run_module
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError

SPEC: dict[str, Any] = {
    **options.CONNECTION_SPEC,
    "state": {"type": "str", "choices": ["present", "revoked"], "default": "present"},
}


def run(params: Mapping[str, Any], check_mode: bool, client: Client) -> dict[str, Any]:
    """Return the module's result. Raises AtlasError."""
    if params["state"] == "revoked":
        return _revoke(params["access_token"], check_mode, client)
    if params["access_token"]:
        # Ansible would mask the same value in the result.
        raise InputError("access_token is for state: revoked only. Remove it to get a token.")
    cached = client.tokens.cached()
    token = client.tokens.token()
    expires_at = datetime.fromtimestamp(int(token.expires_at), timezone.utc).isoformat()
    return {"changed": token != cached, "access_token": token.value, "expires_at": expires_at}


def _revoke(given: str | None, check_mode: bool, client: Client) -> dict[str, Any]:
    """Revoke the given token, otherwise the cached one."""
    cached = client.tokens.cached()
    token = given or (cached.value if cached else "")
    alive = bool(token) and client.is_token_alive(token)
    if alive and not check_mode:
        client.token_endpoint.revoke(token)
    if cached and token == cached.value and not check_mode:
        client.tokens.clear()
    return {"changed": alive}


def main() -> None:
    run_module(SPEC, run, methods=("service_account",), secret=True)


if __name__ == "__main__":
    main()
