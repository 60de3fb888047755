# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are none: contents, heads and encodings that Atlas does not send."""

from __future__ import annotations

import zlib
from typing import Any

from support import samples

ID, OTHER_ID = samples.PEER, samples.OTHER_PEER
Details = dict[str, Any]


def nulls(name: str, **known: Any) -> Details:
    return {**dict.fromkeys(samples.answer(name)), **known}


def _ok(body: Any, status: int = 200) -> Details:
    return {"status": status, "body": body}


#: Successes that are no answer to any of the requests, as details of a fault of the simulator.
FOREIGN: dict[str, Details] = {
    "an empty object": _ok({}),
    "nothing": _ok(b""),
    "no content": {"status": 204},
    "another object": _ok({"status": "ok"}),
    "a page": _ok("<html>Welcome</html>"),
    "a list": _ok([]),
    "null": _ok(b"null"),
    "a number": _ok(b"7"),
    "a text": _ok(b'"ok"'),
    "not a number": _ok(b"NaN"),
    "no UTF-8": _ok(b'{"results": ["\xff\xfe"]}'),
    "UTF-16": _ok('{"id": "x"}'.encode("utf-16")),
    "a number of 5000 digits": _ok(b'{"totalCount": ' + b"9" * 5000 + b"}"),
    "a hundred thousand brackets": _ok(b"[" * 100_000),
    "half an object": _ok(b'{"id": "5'),
    "two objects": _ok(b"{}{}"),
    "escapes of a terminal": _ok(b"\x1b[2J\x1b]0;title\x07"),
    "nulls": _ok(nulls("AWS")),
    "nulls with an id": _ok(nulls("AWS", id=ID)),
    "objects in place of texts": _ok(samples.answer("AWS", vpc_id={"a": 1}, id=ID), 201),
    "somebody else's": _ok(samples.answer("AWS", vpc_id="vpc-0bbbbbbbbbbbbbbbb", id=OTHER_ID)),
    "of another cloud": _ok(samples.answer("GCP", id=ID)),
    "of no cloud": _ok({"id": ID, "providerName": "TENANT"}),
    "an id that is none": _ok(samples.answer("AWS", id="../x")),
    "results that are null": _ok({"results": None}),
    "a null among the results": _ok({"results": [None]}),
    "a text among the results": _ok({"results": ["x"]}),
    "results without an id": _ok({"results": [{"providerName": "AWS"}]}),
    "results of nulls": _ok({"results": [nulls("AWS", id=ID)]}),
    "results of objects": _ok({"results": [samples.answer("AWS", vpc_id=["x"])]}),
    "results of another cloud": _ok({"results": [samples.answer("GCP", id=ID)], "totalCount": 1}),
    "fewer results than are counted": _ok({"results": [], "totalCount": 1}),
    "an empty list that states no count": _ok({"results": []}),
    "links of nulls": _ok({"results": [], "links": [None]}),
    "a success of another protocol": {"status": 226, "body": "<html>"},
}

#: What a fault of the simulator does to a true answer.
SPOILED: dict[str, Details] = {
    "a cut in the head": {"cut": 60},
    "a cut in the status": {"cut": 5},
    "a cut after the status": {"cut": 17},
    "a cut in the body": {"truncate": True},
    "too large": {"padding": 17},
    "too large when it is unpacked": {"gzip": True, "padding": 17},
    "packed": {"gzip": True},
}

_OK = b"HTTP/1.1 200 OK\r\n"
_END = b"Content-Length: 2\r\n\r\n{}"
_PACKED = zlib.compress(b'{"results": []}' * 99)

#: Whole answers with heads that no client can make sense of, or must not.
DAMAGED_HEADS: dict[str, bytes] = {
    "no HTTP at all": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "a body without a head": b'{"results": [], "totalCount": 0}',
    "binary": bytes(range(256)) * 4,
    "only an end": b"\r\n\r\n",
    "a status that is no number": b"HTTP/1.1 OK 200\r\n" + _END,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + _END,
    "a version of the future": b"HTTP/9.9 200 OK\r\n" + _END,
    "a negative length": _OK + b"Content-Length: -5\r\n\r\n{}",
    "a length that is no number": _OK + b"Content-Length: two\r\n\r\n{}",
    "a length that is too large": _OK + b"Content-Length: 999\r\n\r\n{}",
    "two lengths": _OK + b"Content-Length: 2\r\nContent-Length: 900\r\n\r\n{}",
    "a line without an end": _OK + b"X: " + b"x" * 70_000,
    "two hundred headers": _OK + b"X-Y: z\r\n" * 200 + _END,
    "a header without a colon": _OK + b"nonsense\r\n" + b"\r\n<html>",
    "a chunk of no size": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk of negative size": _OK + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "chunks without an end": _OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "packed in an unknown way": _OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\n\x0b\x01\x80",
    "said to be packed": _OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "half a pack": _OK + b"Content-Encoding: deflate\r\n\r\n" + _PACKED[:20],
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    "an interim answer and no other": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
}
