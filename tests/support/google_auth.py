# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google's authentication, for tests of what sends requests to Google where google-auth is not installed."""

from __future__ import annotations

from typing import Any


class Bearer:
    """Authenticates as google-auth does with an access token."""

    def __init__(self, settings: Any, session: Any) -> None:
        self._token = settings.access_token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
