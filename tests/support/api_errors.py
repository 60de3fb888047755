# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error of the API looks like."""

from __future__ import annotations


def refusal(response):
    """Return status and code of an error after checking that it has the shape of one."""
    body = response.json()
    assert set(body) == {"detail", "error", "errorCode", "parameters", "reason"}
    assert body["error"] == response.status_code
    assert response.headers["X-Error-Code"] == body["errorCode"]
    assert response.headers["Content-Type"] == "application/json"
    assert "%" not in body["detail"]
    return response.status_code, body["errorCode"]
