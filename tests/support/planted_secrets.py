# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets to plant, and all that is made of them on the way."""

from __future__ import annotations

import base64
import re

from simulator import Simulator
from support.tasks import Options

PRIVATE_KEY = "0f7c2a9e-planted-private-key-51d0a7c1e0fa"
CLIENT_SECRET = "mdb_sa_sk_planted_client_secret_7351"
WRONG = {
    "private_key": "wrong-planted-private-key-9a11",
    "client_secret": "wrong_planted_client_secret_4242",
    "access_token": "wrong.planted.access-token",
}
VARIABLES = {
    "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
    "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
    "client_id": "MONGODB_ATLAS_CLIENT_ID",
    "client_secret": "MONGODB_ATLAS_CLIENT_SECRET",
    "access_token": "MONGODB_ATLAS_ACCESS_TOKEN",
}


def kinds(atlas: Simulator) -> dict[str, Options]:
    return {
        "key": {"public_key": atlas.public_key, "private_key": PRIVATE_KEY},
        "account": {"client_id": atlas.client_id, "client_secret": CLIENT_SECRET},
        "token": {"access_token": atlas.issue_token()},
    }


def wrong_kinds(atlas: Simulator) -> dict[str, Options]:
    return {
        "wrong key": {"public_key": atlas.public_key, "private_key": WRONG["private_key"]},
        "wrong account": {"client_id": atlas.client_id, "client_secret": WRONG["client_secret"]},
        "wrong token": {"access_token": WRONG["access_token"]},
    }


def secrets_of(atlas: Simulator, *given: Options) -> set[str]:
    """Return every secret that was planted, handed out, or made of others on the way."""
    found = {PRIVATE_KEY, CLIENT_SECRET, *WRONG.values()}
    found |= {value for options in given for name, value in options.items() if name in ("access_token",)}
    for exchange in atlas.exchanges:
        _scheme, _space, credentials = exchange.request_headers.get("Authorization", "").partition(" ")
        proof = re.search(r'response="(\w+)"', credentials)
        found.add(proof[1] if proof else credentials)
        if exchange.kind == "token" and isinstance(exchange.response_json, dict):
            found.add(str(exchange.response_json.get("access_token", "")))
    found.discard("")
    return found | {base64.b64encode(secret.encode()).decode() for secret in found}
