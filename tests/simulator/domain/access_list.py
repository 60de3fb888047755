# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of a project's IP access list: their values, status and expiry, and their view in the API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Any

from ..settings import Settings
from .clock import timestamp

SECURITY_GROUP = re.compile(r"(\d{12}/)?sg-([0-9a-f]{8}|[0-9a-f]{17})")  # an id of another account has a prefix
ADDRESS = re.compile(r"[0-9A-Fa-f.:]+(/\d{1,3})?")


@dataclass(frozen=True)
class Entry:
    """An entry; `value` identifies it within its project: a CIDR block or the id of an AWS security group."""

    value: str
    created: float
    comment: str | None = None
    delete_after: float | None = None
    failed: bool = False

    @property
    def is_security_group(self) -> bool:
        return source_of(self.value) == "awsSecurityGroup"

    def is_expired(self, now: float) -> bool:
        return self.delete_after is not None and self.delete_after <= now

    def is_visible(self, now: float, settings: Settings) -> bool:
        """Whether requests other than the one that created it find it already."""
        return now - self.created >= settings.access_list_lag_seconds

    def status(self, now: float, settings: Settings) -> str:
        if self.failed:
            return "FAILED"
        return "ACTIVE" if now - self.created >= settings.access_list_seconds else "PENDING"

    def view(self, settings: Settings) -> dict[str, Any]:
        """Return its attributes; a block of one address is shown as an address too."""
        shown = {
            "awsSecurityGroup": None,
            "cidrBlock": None,
            "comment": self.comment,
            "deleteAfterDate": None if self.delete_after is None else timestamp(self.delete_after),
            "ipAddress": None if self.is_security_group else _only_address(self.value),
            source_of(self.value): self.value,
        }
        return {name: value for name, value in shown.items() if value is not None or settings.access_list_nulls}


def _only_address(block: str) -> str | None:
    interface = ip_interface(block)
    return str(interface.ip) if interface.network.num_addresses == 1 else None


def source_of(text: str) -> str:
    """Return the attribute that such a text belongs to."""
    if SECURITY_GROUP.fullmatch(text):
        return "awsSecurityGroup"
    return "cidrBlock" if "/" in text else "ipAddress"


def entry_value(text: str, settings: Settings) -> str | None:
    """Return the value of the entry that a text names, such as `10.1.0.0/16` for it or `10.1.2.3/32` for `10.1.2.3`.

    None if it is neither an address, a block nor a security group, or if the settings refuse its host bits.
    """
    if source_of(text) == "awsSecurityGroup":
        return text
    if ADDRESS.fullmatch(text) is None:
        return None
    try:
        interface = ip_interface(text)
    except ValueError:
        return None
    if settings.access_list_host_bits == "keep":
        return str(interface)
    clean = interface.ip == interface.network.network_address
    return str(interface.network) if clean or settings.access_list_host_bits == "normalize" else None
