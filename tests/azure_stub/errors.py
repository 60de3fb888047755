# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors as Microsoft's services word them."""

from __future__ import annotations

from typing import Any


class AzureError(Exception):
    """An error response of Azure Resource Manager or Microsoft Graph: HTTP status, code and sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def view(self) -> dict[str, Any]:
        """Return the body of the response."""
        return {"error": {"code": self.code, "message": self.message}}


class TokenError(AzureError):
    """An error response of the token endpoint: its code is OAuth's word for it, its message begins with a number."""

    def view(self) -> dict[str, Any]:
        number = self.message.partition(":")[0].removeprefix("AADSTS")
        details = "Trace ID: 0\r\nCorrelation ID: 0\r\nTimestamp: 2026-11-23 06:00:00Z"
        return {
            "error": self.code,
            "error_description": f"{self.message}\r\n{details}",
            "error_codes": [int(number)],
        }


def unauthorized(principal: str, action: str, scope: str) -> AzureError:
    return AzureError(
        403,
        "AuthorizationFailed",
        f"The client '{principal}' with object id '{principal}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials.",
    )


def denied(message: str = "Insufficient privileges to complete the operation.") -> AzureError:
    return AzureError(403, "Authorization_RequestDenied", message)
