# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways to authenticate, each as an authentication object of `requests`.

``access_token`` is sent as it is, ``service_account`` is exchanged for one (OAuth 2.0 client
credentials), ``api_key`` answers HTTP Digest challenges.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.api.token_cache import (
    REPLACEMENT_PAUSE,
    Token,
    TokenSource,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    STRANGER_CURE,
    AtlasError,
    AuthenticationError,
    shortened,
)
from ansible_collections.atlasops.network.plugins.module_utils.option_names import fill_in

try:
    from requests import PreparedRequest, Response
    from requests.auth import AuthBase, HTTPDigestAuth
    from requests.exceptions import RetryError
except ImportError:  # The client reports it; these names only have to exist until then.
    AuthBase = HTTPDigestAuth = object  # type: ignore[assignment, misc]

# Error codes of a 401 that speak of what the caller may do, not of who it is: another token would change nothing.
_RIGHTS = ("NOT_IN_GROUP", "USER_UNAUTHORIZED")


class AccessToken(AuthBase):
    """Send one given access token."""

    def __init__(self, credentials: Mapping[str, str], source: TokenSource) -> None:
        self._token = credentials["access_token"]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ServiceAccount(AuthBase):
    """Send the account's token, renewed before it expires, and replaced if Atlas refuses it all the same.

    It may be revoked many times in a long run, but one that replaced another is given time: an account that Atlas
    refuses would otherwise use up its tokens.
    """

    def __init__(self, credentials: Mapping[str, str], source: TokenSource) -> None:
        self._source = source
        self._token: Token | None = None
        self._failure: AtlasError | None = None
        self._fails_until = 0.0
        self._replaced_at = float("-inf")
        self._lock = threading.Lock()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        with self._lock:
            if self._token is None or not self._token.is_fresh:
                self._token = self._take()
            request.headers["Authorization"] = _bearer(self._token)
        request.register_hook("response", self._handle_401)
        return request

    def _take(self) -> Token:
        """Take a token.

        An account that Atlas does not know is not presented again and again, and an outage is not waited for again by
        everyone else who needs the token: it counts for as long as it took to find it out.
        """
        began = time.monotonic()
        if self._failure and began < self._fails_until:
            raise self._failure.again()
        try:
            return self._source.token()
        except AtlasError as error:
            now = time.monotonic()
            self._failure = error
            self._fails_until = now + (now - began) if error.transient else float("inf")
            raise

    def _handle_401(self, answer: Response, **kwargs: Any) -> Response:
        """Send a refused request again with another token. It was refused, so it had no effect."""
        if answer.status_code != 401 or answer.headers.get("X-Error-Code") in _RIGHTS:
            return answer
        refused = answer.request.headers["Authorization"]
        other = self._other_than(refused)
        if other == refused:
            return answer
        _read = answer.content  # lets the connection serve again
        request = answer.request.copy()
        request.headers["Authorization"] = other
        second: Response = answer.connection.send(request, **kwargs)
        second.history.append(answer)
        second.request = request
        return second

    def _other_than(self, refused: str) -> str:
        """Return the header of another token than the refused one; of the same one where there is no other."""
        with self._lock:
            token = self._token
            if token is None or _bearer(token) != refused:  # another thread was here first
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

    def __init__(self, credentials: Mapping[str, str], source: TokenSource) -> None:
        super().__init__(credentials["public_key"], credentials["private_key"])

    def handle_401(self, r: Response, **kwargs: Any) -> Response:
        """Answer a challenge, again where a retry has used up the answer.

        A request that urllib3 tries again carries the same nonce and count once more. A server may refuse that with a
        new challenge, which requests would answer only the first time.
        """
        answer: Response = super().handle_401(r, **kwargs)  # type: ignore[no-untyped-call]
        gives_up_at = _retries_of(answer).gives_up_at
        while answer.status_code == 401 and _retries_of(answer).history:
            if time.monotonic() >= gives_up_at:
                # This 401 says only that the answer was used before, not why the request was tried again.
                answer.close()
                status = _retries_of(answer).history[-1].status
                raise RetryError(f"HTTP {status}" if status else "broken connections")
            self._thread_local.num_401_calls = 1  # type: ignore[attr-defined]
            answer = super().handle_401(answer, **kwargs)  # type: ignore[no-untyped-call]
        return answer

    def build_digest_header(self, method: str, url: str) -> str:
        challenge = self._thread_local.chal  # type: ignore[attr-defined]
        if not all(isinstance(challenge.get(name), str) for name in ("realm", "nonce")):
            raise _unanswerable("it lacks its realm or nonce")
        try:
            header = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        except ValueError:  # hashlib: the algorithm is switched off
            raise AuthenticationError(
                "The API key cannot be used: this Python does not offer the digest algorithm that Atlas asks for "
                "(MD5 is switched off in FIPS mode).",
                "Use a service account instead: client_id and client_secret.",
            ) from None
        if header is None:
            asked = ", ".join(f"{name}={challenge[name]}" for name in ("algorithm", "qop") if challenge.get(name))
            raise _unanswerable(f"it asks for {shortened(asked)}")
        return str(header)


def _unanswerable(why: str) -> AuthenticationError:
    """Return the error for a challenge that is not one of Atlas."""
    said = f"The API key cannot be used: the digest challenge is not one that Atlas sends ({why})."
    return AuthenticationError(said, fill_in(STRANGER_CURE))


def _retries_of(answer: Response) -> Any:
    """Return the client's retry object as it stood when this answer came."""
    return answer.raw.retries


#: Method of `arguments.Credentials` -> the class that presents it.
AUTHENTICATIONS: Mapping[str, Callable[[Mapping[str, str], TokenSource], AuthBase]] = {
    "access_token": AccessToken,
    "service_account": ServiceAccount,
    "api_key": ApiKey,
}
