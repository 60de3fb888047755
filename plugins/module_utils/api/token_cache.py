# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access tokens of service accounts, kept in the user's cache: one serves all tasks, hosts and forks of a run.

Atlas grants 50 token requests a minute and 100 live tokens per account, fewer than a run over hundreds of
projects has tasks. Whatever keeps the cache from being private, or from working at all, is no error: every
task then asks for a token of its own.
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

#: A token is renewed this many seconds before Atlas would refuse it, or halfway if it does not live much longer.
RENEWAL_MARGIN = 60
#: Atlas says an hour; a token that pretends to live for ages is none.
LONGEST_LIFE = 366 * 24 * 3600
#: Seconds during which a token that replaced a refused one is not replaced in its turn: it is the account that
#: Atlas refuses then, and a run of hundreds of hosts would use its tokens up.
REPLACEMENT_PAUSE = 60

#: What an HTTP header can hold as one word.
_WORD = re.compile(r"[!-~]+")

_FOLDER = "atlasops.network"
_LOCK_PAUSE = 0.02


def is_sendable(value: object) -> bool:
    """Tell whether this can be an access token: a text that a header can hold."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


@dataclass(frozen=True)
class Token:
    """One access token.

    Attributes:
        value: What is sent.
        expires_at: When Atlas begins to refuse it, in seconds since 1970.
        replaced_at: When it replaced a refused one; 0 unless it did.
        margin: How many seconds before its end it is renewed.
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
        """Tell whether it can be sent and will be accepted, wherever it comes from. Raises TypeError for no times."""
        now = time.time()
        makes_sense = 0 <= self.margin <= RENEWAL_MARGIN and 0 <= self.replaced_at <= now
        return is_sendable(self.value) and makes_sense and self.expires_at <= now + LONGEST_LIFE and self.is_fresh


class TokenCache:
    """The place of one account's token: a file for its owner alone, in a folder for its owner alone.

    Args:
        base_url: The Atlas that the token belongs to.
        client_id: The account.
        client_secret: Its secret; a token that was got with another one is not used.
    """

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        account = f"{base_url} {client_id}".encode()
        self._name = hashlib.sha256(account).hexdigest()
        self._proof = hmac.new(client_secret.encode(), account, hashlib.sha256).hexdigest()

    @contextlib.contextmanager
    def opened(self, patience: float) -> Iterator[CacheEntry | None]:
        """Hold the account's place alone; None where it is not private or not to be had within `patience` seconds."""
        with contextlib.ExitStack() as stack:
            try:
                folder = _private_folder()
                stack.callback(os.close, folder)
                lock = _open_private(f"{self._name}.lock", os.O_RDWR | os.O_CREAT, folder)
                stack.callback(os.close, lock)
                _lock(lock, patience)
                slot: CacheEntry | None = CacheEntry(folder, f"{self._name}.json", self._proof)
            except OSError:
                slot = None
            yield slot


@dataclass(frozen=True)
class CacheEntry:
    """An account's place while nobody else has it."""

    folder: int
    name: str
    proof: str

    def read(self) -> Token | None:
        """Return the token that is kept here, if it can be used and was got with the same secret."""
        try:
            with open(_open_private(self.name, os.O_RDONLY, self.folder), encoding="utf-8") as file:
                content = json.load(file)
            proof = content.pop("proof")
            token = Token(**content)
            return token if hmac.compare_digest(proof, self.proof) and token.is_usable else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            # not there, not private, or not ours
            return None

    def write(self, token: Token) -> None:
        """Keep a token: whole, or not at all."""
        draft = f"{self.name}.new"
        with contextlib.suppress(OSError):
            with open(_open_private(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, self.folder), "w") as file:
                json.dump({**asdict(token), "proof": self.proof}, file)
            os.replace(draft, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def forget(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self.name, dir_fd=self.folder)


class TokenSource:
    """Where the token of a service account comes from: the cache where there is one, else Atlas.

    Args:
        fetch: Asks Atlas for a token.
        cache: The place to keep it in; None to ask every time.
        patience: Seconds to wait for another process that is asking Atlas.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]], cache: TokenCache | None, patience: float) -> None:
        self._fetch, self._cache, self._patience = fetch, cache, patience

    def token(self, refused: str = "") -> Token:
        """Return a token; the one that Atlas refused only where it is too early for another."""
        if self._cache is None:
            return self._fetched(refused)
        with self._cache.opened(self._patience) as slot:
            kept = slot.read() if slot else None
            if kept and (kept.value != refused or time.time() < kept.replaced_at + REPLACEMENT_PAUSE):
                return kept
            token = self._fetched(refused)
            if slot:
                slot.write(token)
            return token

    def kept(self) -> Token | None:
        """Return the token in the cache, if there is one."""
        if self._cache is None:
            return None
        with self._cache.opened(self._patience) as slot:
            return slot.read() if slot else None

    def forget(self) -> None:
        """Take the token out of the cache."""
        if self._cache:
            with self._cache.opened(self._patience) as slot:
                if slot:
                    slot.forget()

    def _fetched(self, refused: str) -> Token:
        answer, now = self._fetch(), time.time()
        life = answer["expires_in"]
        margin = min(RENEWAL_MARGIN, life / 2)
        return Token(answer["access_token"], now + life, now if refused else 0.0, margin)


def _private_folder() -> int:
    """Open the folder in the user's cache directory, made if it is missing. Raises OSError where it is not private."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isabs(home):
        raise OSError("There is no cache directory.")
    path = os.path.join(home, _FOLDER)
    os.makedirs(path, mode=0o700, exist_ok=True)
    return _private(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW))


def _open_private(name: str, flags: int, folder: int) -> int:
    # O_NONBLOCK: something else than a file, put there by someone else, must not hold anybody up.
    return _private(os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder))


def _private(descriptor: int) -> int:
    """Return what is open if it is the caller's and nobody else's. Raises OSError otherwise."""
    status = os.fstat(descriptor)
    if status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077:
        return descriptor
    os.close(descriptor)
    raise OSError("It is not private.")


def _lock(descriptor: int, patience: float) -> None:
    """Lock a file. Raises OSError where that cannot be done in time."""
    end = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
            time.sleep(_LOCK_PAUSE)
