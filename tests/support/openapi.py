# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds exchanges against the official OpenAPI description of the Atlas Administration API.

The description's licence keeps it out of the project: the environment variable ATLAS_OPENAPI names the file.
Without it nothing is checked, which ``test_contract.py`` says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator import Exchange
from support.openapi_deviations import MEDIA_TYPE, adapt, correct

if TYPE_CHECKING:
    from openapi_core import OpenAPI

VARIABLE = "ATLAS_OPENAPI"
HOST = "https://cloud.mongodb.com"


@lru_cache(maxsize=1)
def description() -> Mapping[str, Any] | None:
    """Return the OpenAPI document, or None where nobody names one."""
    path = os.environ.get(VARIABLE)
    return json.loads(Path(path).read_text(encoding="utf-8")) if path else None


@lru_cache(maxsize=1)
def _api() -> OpenAPI:
    from openapi_core import Config, OpenAPI  # noqa: PLC0415 (the smoke tests run without it)

    config = Config(extra_media_type_deserializers={MEDIA_TYPE: _parse})
    return OpenAPI.from_dict({**correct(description() or {}), "servers": [{"url": HOST}]}, config)


def _parse(body: bytes, **_parameters: str) -> Any:
    return json.loads(body)


@dataclass
class _Request:
    """A request as openapi-core wants it."""

    exchange: Exchange

    def __post_init__(self) -> None:
        from openapi_core.datatypes import RequestParameters  # noqa: PLC0415
        from werkzeug.datastructures import Headers, ImmutableMultiDict  # noqa: PLC0415

        self.parameters = RequestParameters(
            query=ImmutableMultiDict(self.exchange.query), header=Headers(dict(self.exchange.request_headers))
        )
        self.host_url = HOST
        self.path = self.exchange.path
        self.method = self.exchange.method.lower()
        self.content_type = self.exchange.request_headers.get("Content-Type", "").lower()
        self.body = self.exchange.request_body or None


@dataclass
class _Response:
    """An answer as openapi-core wants it."""

    exchange: Exchange

    def __post_init__(self) -> None:
        self.status_code = self.exchange.status or 0
        self.headers = dict(self.exchange.response_headers)
        self.content_type = self.exchange.response_headers.get("Content-Type", "").lower()
        self.data = self.exchange.response_body or None


def check_exchanges(exchanges: Iterable[Exchange]) -> list[str]:
    """Return what contradicts the description; nothing where there is none, or nothing to check with."""
    if description() is None or find_spec("openapi_core") is None:
        return []
    alike = {_content(exchange): exchange for exchange in exchanges}  # a wait asks the same again and again
    return [problem for exchange in alike.values() for problem in _check(exchange)]


def _content(exchange: Exchange) -> tuple[Any, ...]:
    """Return all of an exchange that is described, so that exchanges alike are checked once."""
    sent, received = exchange.request_headers, exchange.response_headers
    described = [sent.get("Authorization", "").partition(" ")[0], sent.get("Accept"), sent.get("Content-Type")]
    answered = [received.get("Content-Type"), exchange.faulty, exchange.status, exchange.response_body]
    return (exchange.method, exchange.url, *described, exchange.request_body, *answered)


def _check(exchange: Exchange) -> list[str]:
    adapted = adapt(exchange)
    where = f"{exchange.number}. {exchange.method} {exchange.path} -> {exchange.status}"
    request = _Request(adapted.exchange)
    errors = list(_api().iter_request_errors(request)) if adapted.check_request else []
    if adapted.check_response:
        errors += _api().iter_response_errors(request, _Response(adapted.exchange))
    accepted = adapted.exchange.request_headers.get("Accept")
    if exchange.kind == "api" and accepted != MEDIA_TYPE:  # which openapi-core does not look at
        errors.append(ValueError(f"Accept is {accepted}"))
    return [f"{where}: {_explain(error)}" for error in errors]


def _explain(error: BaseException) -> str:
    """Return what lies at the bottom of an error."""
    causes = list(getattr(error, "schema_errors", ()) or getattr(error, "context", None) or ())
    if error.__cause__ is not None:
        causes.append(error.__cause__)
    return "; ".join(map(_explain, causes)) or f"{type(error).__name__}: {getattr(error, 'message', error)}"
