# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Credentials that a server repeats, masked before anything reads the response.

Gateways and debugging pages quote the request that they refuse. Messages and results quote responses, and Ansible masks
only what a task has as an option: no variable of the environment, and no token that was issued meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

MASK = "********"

#: Fields of forms that authenticate, or that are a token to revoke.
_SECRET_FIELDS = ("assertion", "client_secret", "token")
#: Characters of the shortest secret that is masked. All real ones are longer; to mask shorter ones would mask words.
_SHORTEST = 8
#: The part of an answer to a Digest challenge that proves the knowledge of the key.
_PROOF = re.compile(r'\bresponse="?(\w+)')


def mask_echoes(response: Response) -> None:
    """Mask what a response repeats of the credentials of its request, in its headers and its content."""
    requests = [one.request for one in (*response.history, response)]
    secrets = {secret for request in requests for secret in _secrets(request) if len(secret) >= _SHORTEST}
    for spelling in sorted({spelling for secret in secrets for spelling in _spellings(secret)}, key=len, reverse=True):
        for name, value in response.headers.items():
            if spelling in value:
                response.headers[name] = value.replace(spelling, MASK)
        if spelling.encode() in response.content:
            response._content = response.content.replace(spelling.encode(), MASK.encode())


def _secrets(request: PreparedRequest) -> Iterator[str]:
    """Yield the secrets that a request contains."""
    _scheme, _space, credentials = str(request.headers.get("Authorization", "")).partition(" ")
    proof = _PROOF.search(credentials)
    yield proof[1] if proof else credentials
    if request.headers.get("Content-Type") == "application/x-www-form-urlencoded":
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        form = parse_qs(body)
        yield from (value for name in _SECRET_FIELDS for value in form.get(name, ()))


def _spellings(secret: str) -> set[str]:
    """Return how a secret may be written in a page, in JSON or in a URL; without its padding, which JSON may escape."""
    bare = secret.rstrip("=")
    return {bare, bare.replace("/", "\\/"), quote(bare), quote(bare, safe="")}
