# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and responses, independent of sockets."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Callable
from urllib.parse import parse_qsl, urlsplit

from ..errors import ApiError


class Headers(Mapping[str, str]):
    """Header names are case-insensitive."""

    def __init__(self, items: Mapping[str, str] | None = None) -> None:
        self._items = {name.lower(): (name, value) for name, value in (items or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _value in self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass
class Request:
    """One request; `principal` is filled in once it is authenticated."""

    method: str
    target: str  # path and query as sent
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    client: str = "127.0.0.1"
    principal: str | None = None

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def flag(self, name: str, default: bool = False) -> bool:
        return self.query.get(name, str(default)).lower() == "true"

    def document(self) -> dict[str, Any]:
        """Return the JSON object in the body. Raises ApiError."""
        document = self._content()
        if not isinstance(document, dict):
            raise ApiError("INVALID_JSON")
        return document

    def documents(self) -> list[dict[str, Any]]:
        """Return the JSON array of objects in the body. Raises ApiError."""
        documents = self._content()
        if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
            raise ApiError("INVALID_JSON")
        return documents

    def _content(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            raise ApiError("MALFORMED_JSON") from None


@dataclass
class Response:
    """One response.

    `dropped`: not sent; `truncated`: half of its body is sent; `cut`: so many bytes are sent, including the head;
    `drip`: seconds before each byte; `sender`: sends something in its place, before the connection is closed; `faulty`:
    changed by a fault.
    """

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=Headers)
    dropped: bool = False
    truncated: bool = False
    cut: int | None = None
    drip: float = 0
    sender: Callable[[socket.socket], object] | None = None
    faulty: bool = False


def json_response(
    status: int, content: Any, headers: Mapping[str, str] | None = None, pretty: bool = False
) -> Response:
    """Return the content as JSON; plain `application/json` unless the headers say otherwise."""
    layout: dict[str, Any] = {"indent": 2, "separators": (",", " : ")} if pretty else {"separators": (",", ":")}
    body = json.dumps(content, **layout)
    return Response(status, body.encode(), Headers({"Content-Type": "application/json", **(headers or {})}))


_MEBIBYTE_OF_BLANKS = b" " * 1024 * 1024


def pad(response: Response, mebibytes: int) -> Response:
    """Return the response with so many MiB of blanks appended, which JSON ignores."""
    return replace(response, body=response.body + mebibytes * _MEBIBYTE_OF_BLANKS) if mebibytes else response


def pack(response: Response, mebibytes: int) -> Response:
    """Return the padded response compressed by gzip; the padding is never held uncompressed."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    pieces = [packer.compress(response.body), *(packer.compress(_MEBIBYTE_OF_BLANKS) for _number in range(mebibytes))]
    headers = Headers({**response.headers, "Content-Encoding": "gzip"})
    return replace(response, body=b"".join([*pieces, packer.flush()]), headers=headers)


def parse_json(body: bytes) -> Any:
    """Return the bytes parsed as JSON, else as text, or None if there are none."""
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
