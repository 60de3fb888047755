# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three ways to authenticate, each as an authentication object of `requests`.

``access_token`` is sent as it is, ``service_account`` is exchanged for one (OAuth 2.0 client
credentials), ``api_key`` answers HTTP Digest challenges.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils.errors import AuthenticationError

try:
    from requests import PreparedRequest, Response
    from requests.auth import AuthBase, HTTPDigestAuth
    from requests.exceptions import RetryError
except ImportError:  # The client reports it; these names only have to exist until then.
    AuthBase = HTTPDigestAuth = object  # type: ignore[assignment, misc]

#: A token is renewed this many seconds before Atlas would refuse it.
RENEWAL_MARGIN = 60

#: Fetches an access token: (client_id, client_secret) -> the token endpoint's answer.
TokenSource = Callable[[str, str], Mapping[str, Any]]


class AccessToken(AuthBase):
    """Send one given access token."""

    def __init__(self, credentials: Mapping[str, str], fetch: TokenSource) -> None:
        self._token = credentials["access_token"]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ServiceAccount(AuthBase):
    """Exchange a service account's id and secret for an access token, and renew it before it expires."""

    def __init__(self, credentials: Mapping[str, str], fetch: TokenSource) -> None:
        self._credentials = credentials
        self._fetch = fetch
        self._token = ""
        self._renew_at = 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if time.monotonic() >= self._renew_at:
            answer = self._fetch(self._credentials["client_id"], self._credentials["client_secret"])
            self._token = answer["access_token"]
            self._renew_at = time.monotonic() + answer["expires_in"] - RENEWAL_MARGIN
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ApiKey(HTTPDigestAuth):
    """Answer HTTP Digest challenges (MD5, or SHA-256 in the government cloud) with an API key."""

    def __init__(self, credentials: Mapping[str, str], fetch: TokenSource) -> None:
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
        try:
            header = super().build_digest_header(method, url)  # type: ignore[no-untyped-call]
        except ValueError:  # hashlib: the algorithm is switched off, as MD5 is in FIPS mode.
            header = None
        if header is None:
            raise AuthenticationError(
                "The API key cannot be used: this Python does not offer the digest algorithm that Atlas asks for "
                "(MD5 is switched off in FIPS mode).",
                "Use a service account instead: client_id and client_secret.",
            )
        return str(header)


def _retries_of(answer: Response) -> Any:
    """Return the client's retry object as it stood when this answer came."""
    return answer.raw.retries


#: Method of `arguments.Credentials` -> the class that presents it.
AUTHENTICATIONS: Mapping[str, Callable[[Mapping[str, str], TokenSource], AuthBase]] = {
    "access_token": AccessToken,
    "service_account": ServiceAccount,
    "api_key": ApiKey,
}
