# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP Digest in the form of Atlas' challenge: qop=auth, MD5 or SHA-256, no opaque."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ..domain.clock import Clock
from ..settings import Settings
from .messages import Request

REALM = "MMS Public API"
HASHES = {"MD5": "md5", "SHA-256": "sha256"}
NEEDED = ("username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce")
MAX_NONCES = 1000


@dataclass
class Nonce:
    """An issued nonce and the counts it was used with."""

    issued: float
    counts: set[int] = field(default_factory=set)


class NonceUse(Enum):
    """The outcome of using a nonce."""

    GOOD = "good"
    REPLAYED = "replayed"
    STALE = "stale"


class DigestAuthenticator:
    """Issues nonces and verifies the credentials made with them."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._nonces: dict[str, Nonce] = {}

    def challenge(self, stale: bool) -> str:
        """Return a challenge with a fresh nonce."""
        value = base64.b64encode(secrets.token_bytes(24)).decode()
        self._nonces[value] = Nonce(self._clock.now())
        while len(self._nonces) > MAX_NONCES:
            del self._nonces[next(iter(self._nonces))]
        said = "true" if stale and self._settings.announce_stale else "false"
        algorithm = self._settings.digest_algorithm
        return f'Digest realm="{REALM}", domain="", nonce="{value}", algorithm={algorithm}, qop="auth", stale={said}'

    def forget(self) -> None:
        """Let all nonces be stale that have been issued."""
        self._nonces.clear()

    def verifies(self, fields: Mapping[str, str], request: Request, secret: str) -> bool:
        """Whether these fields prove knowledge of the secret for this request."""
        algorithm = self._settings.digest_algorithm
        if any(not fields.get(name) for name in NEEDED) or fields.get("algorithm", algorithm) != algorithm:
            return False
        if fields["realm"] != REALM or fields["qop"] != "auth" or fields["uri"] != request.target:
            return False
        if re.fullmatch("[0-9a-f]{8}", fields["nc"], re.IGNORECASE) is None:
            return False
        identity = self._hash(f"{fields['username']}:{REALM}:{secret}")
        subject = self._hash(f"{request.method}:{request.target}")
        middle = ":".join(fields[name] for name in ("nonce", "nc", "cnonce", "qop"))
        return hmac.compare_digest(self._hash(f"{identity}:{middle}:{subject}"), fields["response"])

    def use_nonce(self, fields: Mapping[str, str]) -> NonceUse:
        """Use the nonce once; it is stale if it is unknown, used up or too old."""
        nonce, count = self._nonces.get(fields["nonce"]), int(fields["nc"], 16)
        if nonce is None or self._clock.now() - nonce.issued >= self._settings.nonce_seconds:
            return NonceUse.STALE
        if count > self._settings.nonce_uses:
            return NonceUse.STALE
        if count in nonce.counts:
            return NonceUse.REPLAYED
        nonce.counts.add(count)
        return NonceUse.GOOD

    def _hash(self, text: str) -> str:
        algorithm = HASHES[self._settings.digest_algorithm]
        return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
