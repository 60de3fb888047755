# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors as the Compute API words them."""

from __future__ import annotations

from typing import Any

CONFLICT = "There is a peering operation in progress on the local or peer network. Try again later."


class ComputeError(Exception):
    """An error response: HTTP status, Google's reason and sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message

    def view(self) -> dict[str, Any]:
        """Return the body of the response."""
        one = {"message": self.message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.status, "message": self.message, "errors": [one]}}

    def view_in_operation(self) -> dict[str, Any]:
        """Return what an operation shows that ended with this error."""
        return {
            "error": {"errors": [{"code": self.reason, "message": self.message}]},
            "httpErrorStatusCode": self.status,
            "httpErrorMessage": {400: "BAD REQUEST", 403: "FORBIDDEN", 404: "NOT FOUND"}.get(self.status, "ERROR"),
        }


def not_found(path: str) -> ComputeError:
    return ComputeError(404, "notFound", f"The resource '{path}' was not found")


def forbidden(permission: str, path: str) -> ComputeError:
    return ComputeError(403, "forbidden", f"Required '{permission}' permission for '{path}'")
