# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The methods of authentication, each as an authentication object of `requests`.

`AccessToken` sends a token unchanged, `ServiceAccount` exchanges id and secret for one (OAuth 2.0 client credentials),
`ApiKey` answers HTTP Digest challenges. Their options and names are in `settings.METHODS`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import (
    NOT_ATLAS_HINT,
    AuthenticationError,
)
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Credentials
from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import (
    REPLACEMENT_PAUSE,
    Token,
    TokenSource,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, format_hint, shortened

try:
    from requests import PreparedRequest, Response
    from requests.auth import AuthBase, HTTPDigestAuth
    from requests.exceptions import RetryError
except ImportError:  # The session reports it; these names only have to exist until then.
    AuthBase = HTTPDigestAuth = object  # type: ignore[assignment, misc]

#: Digest algorithms that Atlas asks for.
_ALGORITHMS = ("MD5", "SHA-256")
#: Error codes of a 401 about what the principal may do, not who it is: another token would not help.
_PERMISSION_CODES = ("NOT_IN_GROUP", "USER_UNAUTHORIZED")


class AccessToken(AuthBase):
    """Send one given access token."""

    def __init__(self, credentials: Credentials, source: TokenSource) -> None:
        self._token = credentials.values["access_token"]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ServiceAccount(AuthBase):
    """Send the account's token, renewed before it expires, and replaced if Atlas refuses it earlier.

    Tokens may be revoked several times in a long run. A replacement is not replaced for `REPLACEMENT_PAUSE` seconds,
    because an account that Atlas refuses would otherwise use up its tokens.
    """

    def __init__(self, credentials: Credentials, source: TokenSource) -> None:
        self._source = source
        self._token: Token | None = None
        self._failure: AtlasError | None = None
        self._fails_until = 0.0
        self._replaced_at = float("-inf")
        self._lock = threading.Lock()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        with self._lock:
            if self._token is None or not self._token.is_fresh:
                self._token = self._get_token()
            request.headers["Authorization"] = _bearer(self._token)
        request.register_hook("response", self._handle_401)
        return request

    def _get_token(self) -> Token:
        """Get a token.

        A failure is remembered, so that an account unknown to Atlas is presented once only. That of an outage is
        remembered for as long as it took to occur, so that not every thread waits for the outage in turn.
        """
        began = time.monotonic()
        if self._failure and began < self._fails_until:
            raise self._failure
        try:
            return self._source.token()
        except AtlasError as error:
            now = time.monotonic()
            self._failure = error
            self._fails_until = now + (now - began) if error.transient else float("inf")
            raise

    def _handle_401(self, response: Response, **kwargs: Any) -> Response:
        """Repeat a refused request, which had no effect, with another token."""
        if response.status_code != 401 or response.headers.get("X-Error-Code") in _PERMISSION_CODES:
            return response
        _read = response.content  # frees the connection, also if there is no other token
        refused = response.request.headers["Authorization"]
        other = self._other_than(refused)
        if other == refused:
            return response
        request = response.request.copy()
        request.headers["Authorization"] = other
        second: Response = response.connection.send(request, **kwargs)
        second.history.append(response)
        return second

    def _other_than(self, refused: str) -> str:
        """Return the header of a token other than the refused one, or of the same one if there is no other."""
        with self._lock:
            token = self._token
            if token is None or _bearer(token) != refused:  # another thread replaced it already
                return _bearer(token) if token else refused
            if time.monotonic() >= self._replaced_at + REPLACEMENT_PAUSE:
                try:
                    token = self._token = self._source.token(refused=token.value)
                finally:
                    self._replaced_at = time.monotonic()
            return _bearer(token)


def _bearer(token: Token) -> str:
    return f"Bearer {token.value}"


class ApiKey(HTTPDigestAuth):
    """Answer HTTP Digest challenges (MD5, or SHA-256 in the government cloud) with an API key."""

    def __init__(self, credentials: Credentials, source: TokenSource) -> None:
        super().__init__(credentials.values["public_key"], credentials.values["private_key"])

    def handle_401(self, r: Response, **kwargs: Any) -> Response:
        """Answer a challenge, also a new one after a retry.

        A request that urllib3 retries repeats its nonce and count. A server may refuse that with a new challenge, which
        requests would answer only the first time.
        """
        response: Response = super().handle_401(r, **kwargs)  # type: ignore[no-untyped-call]
        deadline = _retries_of(response).deadline
        while response.status_code == 401 and _retries_of(response).history:
            if time.monotonic() >= deadline:
                # This 401 refuses only the repeated nonce; why the request was retried is in the history.
                response.close()
                status = _retries_of(response).history[-1].status
                raise RetryError(f"HTTP {status}" if status else "broken connections")
            self._thread_local.num_401_calls = 1  # type: ignore[attr-defined]
            response = super().handle_401(response, **kwargs)  # type: ignore[no-untyped-call]
        return response

    def build_digest_header(self, method: str, url: str) -> str:
        challenge = self._thread_local.chal  # type: ignore[attr-defined]
        if not all(isinstance(challenge.get(name), str) for name in ("realm", "nonce")):
            raise _challenge_error("it lacks its realm or nonce")
        if not _is_of_atlas(challenge):
            asked = [f"{name}={challenge[name]}" for name in ("algorithm", "qop") if challenge.get(name)]
            without = "" if challenge.get("qop") else " without qop"
            raise _challenge_error(f"it asks for {shortened(', '.join(asked)) or 'an answer'}{without}")
        try:
            header = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        except ValueError:  # from hashlib: the algorithm is disabled
            raise AuthenticationError(
                "The API key cannot be used: this Python does not offer the digest algorithm that Atlas asks for "
                "(MD5 is disabled in FIPS mode).",
                "Use a service account instead: client_id and client_secret.",
            ) from None
        return str(header)


def _is_of_atlas(challenge: Mapping[str, Any]) -> bool:
    """Report whether a challenge asks for what Atlas asks for, an answer that is not for its nonce alone."""
    algorithm = str(challenge.get("algorithm") or "MD5").upper()  # the default of RFC 7616
    return algorithm in _ALGORITHMS and "auth" in str(challenge.get("qop")).split(",")


def _challenge_error(why: str) -> AuthenticationError:
    """Return the error for a challenge that does not come from Atlas."""
    message = f"The API key cannot be used: the digest challenge is not one that Atlas sends ({why})."
    return AuthenticationError(message, format_hint(NOT_ATLAS_HINT))


def _retries_of(response: Response) -> Any:
    """Return the `TimeBoundedRetry` as it was when this response came."""
    return response.raw.retries


#: Key of `settings.METHODS` -> the class that presents its credentials.
AUTHENTICATIONS: Mapping[str, Callable[[Credentials, TokenSource], AuthBase]] = {
    "access_token": AccessToken,
    "service_account": ServiceAccount,
    "api_key": ApiKey,
}
