# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""Access tokens of service accounts, cached for the user: one serves all tasks, hosts and forks of a run.

Atlas grants 50 token requests per minute and 100 live tokens per account (Atlas documentation, page "Generate Service
Account Token"), fewer than a run over hundreds of projects has tasks. If the cache is not private, or does not work at
all, that is no error: every task then asks for a token of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Callable

#: Seconds before its expiry at which a token is renewed; half its lifetime if that is less.
RENEWAL_MARGIN = 60
#: Seconds that a token may live. Atlas grants an hour; a response that promises more than a year is not believed.
MAX_LIFETIME = 366 * 24 * 3600
#: Seconds for which a token that replaced a refused one is not replaced itself: Atlas then refuses the account, whose
#: tokens a run over hundreds of hosts would use up.
REPLACEMENT_PAUSE = 60

#: One word of an HTTP header.
_WORD = re.compile(r"[!-~]+")

_FOLDER = "atlasops.network"
#: Characters that a cache file may have: more than any server takes in a header, where the token must fit.
_MAX_SIZE = 256 * 1024
_LOCK_INTERVAL = 0.02  # seconds between two attempts to lock


def is_sendable(value: object) -> bool:
    """Report whether a value can be an access token: one word that a header can hold."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def is_lifetime(value: object) -> bool:
    """Report whether a value can be the number of seconds that a token lives."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_LIFETIME


@dataclass(frozen=True)
class Token:
    """One access token.

    Attributes:
        value: The token itself.
        expires_at: When Atlas begins to refuse it, in seconds since 1970.
        replaced_at: When it replaced a refused one, in seconds since 1970; 0 if it did not.
        margin: Seconds before its expiry at which it is renewed.
    """

    value: str = field(repr=False)
    expires_at: float
    replaced_at: float = 0.0
    margin: float = RENEWAL_MARGIN

    @property
    def is_fresh(self) -> bool:
        return time.time() < self.expires_at - self.margin

    @property
    def is_usable(self) -> bool:
        """Report whether a token read from a file can be sent and is not due for renewal.

        Raises:
            TypeError: A time is not a number.
        """
        now = time.time()
        is_plausible = 0 <= self.margin <= RENEWAL_MARGIN and 0 <= self.replaced_at <= now
        return is_sendable(self.value) and is_plausible and self.expires_at <= now + MAX_LIFETIME and self.is_fresh


class TokenCache:
    """The cached token of one account: a file readable by its owner only, in a folder readable by its owner only.

    Args:
        base_url: The Atlas that issued the token.
        client_id: The account.
        client_secret: Its secret; a token that was issued for another secret is not used.
    """

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        account = f"{base_url} {client_id}".encode()
        self._name = hashlib.sha256(account).hexdigest()
        self._proof = hmac.new(client_secret.encode(), account, hashlib.sha256).hexdigest()

    @contextlib.contextmanager
    def locked(self, timeout: float) -> Iterator[CacheEntry | None]:
        """Lock the cache entry. Yields None if it is not private or the lock is not free within `timeout` seconds."""
        with contextlib.ExitStack() as stack:
            try:
                folder = _private_folder()
                stack.callback(os.close, folder)
                lock = _open_private(f"{self._name}.lock", os.O_RDWR | os.O_CREAT, folder)
                stack.callback(os.close, lock)
                _lock(lock, timeout)
                entry: CacheEntry | None = CacheEntry(folder, f"{self._name}.json", self._proof)
            except OSError:
                entry = None
            yield entry


@dataclass(frozen=True)
class CacheEntry:
    """The cache entry of one account, while it is locked.

    Attributes:
        folder: Descriptor of the folder.
        name: Of the file in it.
        proof: HMAC of the account by its secret; a file with another one is ignored.
    """

    folder: int
    name: str
    proof: str

    def read(self) -> Token | None:
        """Return the token, if it can be used and was issued for the same secret."""
        try:
            with open(_open_private(self.name, os.O_RDONLY, self.folder)) as file:
                content = json.loads(file.read(_MAX_SIZE))
            proof = content.pop("proof")
            token = Token(**content)
            return token if hmac.compare_digest(proof, self.proof) and token.is_usable else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            # missing, not private, or not written by this class
            return None

    def write(self, token: Token) -> None:
        """Store a token, atomically. Does nothing if that is impossible."""
        draft = f"{self.name}.new"
        with contextlib.suppress(OSError):
            with open(_open_private(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, self.folder), "w") as file:
                json.dump({**asdict(token), "proof": self.proof}, file)
            os.replace(draft, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def clear(self) -> None:
        """Delete the token."""
        with contextlib.suppress(OSError):
            os.unlink(self.name, dir_fd=self.folder)


class TokenSource:
    """Provides the token of a service account, from the cache if there is one, otherwise from Atlas.

    Args:
        fetch: Asks Atlas for a token: ``{"access_token": "…", "expires_in": 3600}``.
        cache: Where to cache it; None to ask every time.
        lock_timeout: Seconds to wait for another process that is asking Atlas.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]], cache: TokenCache | None, lock_timeout: float) -> None:
        self._fetch, self._cache, self._lock_timeout = fetch, cache, lock_timeout

    def token(self, refused: str = "") -> Token:
        """Return a token.

        Args:
            refused: A token that Atlas refused; it is returned again only if it is too early to replace it.

        Raises:
            AtlasError: Atlas issues none.
        """
        if self._cache is None:
            return self._fetch_token(refused)
        with self._cache.locked(self._lock_timeout) as entry:
            cached = entry.read() if entry else None
            if cached and (cached.value != refused or time.time() < cached.replaced_at + REPLACEMENT_PAUSE):
                return cached
            token = self._fetch_token(refused)
            if entry:
                entry.write(token)
            return token

    def cached(self) -> Token | None:
        """Return the token in the cache, if there is one."""
        if self._cache is None:
            return None
        with self._cache.locked(self._lock_timeout) as entry:
            return entry.read() if entry else None

    def clear(self) -> None:
        """Delete the token from the cache."""
        if self._cache:
            with self._cache.locked(self._lock_timeout) as entry:
                if entry:
                    entry.clear()

    def _fetch_token(self, refused: str) -> Token:
        response, now = self._fetch(), time.time()
        lifetime = response["expires_in"]
        margin = min(RENEWAL_MARGIN, lifetime / 2)
        return Token(response["access_token"], now + lifetime, now if refused else 0.0, margin)


def _private_folder() -> int:
    """Open the folder in the user's cache directory, creating it if necessary. Raises OSError if it is not private."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isabs(home):
        raise OSError("There is no cache directory.")
    path = os.path.join(home, _FOLDER)
    os.makedirs(path, mode=0o700, exist_ok=True)
    return _private(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW), stat.S_ISDIR)


def _open_private(name: str, flags: int, folder: int) -> int:
    # O_NONBLOCK: do not block on a FIFO planted by another user.
    return _private(os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder), stat.S_ISREG)


def _private(descriptor: int, is_right_type: Callable[[int], bool]) -> int:
    """Return an open descriptor if the file is of its type and private to the user. Raises OSError otherwise."""
    status = os.fstat(descriptor)
    is_private = status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077
    if is_private and is_right_type(status.st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("It is not private.")


def _lock(descriptor: int, timeout: float) -> None:
    """Lock a file. Raises OSError if that is not possible in time."""
    end = time.monotonic() + timeout
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
            time.sleep(_LOCK_INTERVAL)
