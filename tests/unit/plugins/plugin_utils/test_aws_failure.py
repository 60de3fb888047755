# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of amazon.aws, with what to do about them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.atlasops.network.plugins.plugin_utils.aws_failure import explain


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (
            {"msg": "Failed to import the required Python library (botocore and boto3) on this host."},
            "Install boto3 for the Python that runs the tasks",
        ),
        ({"msg": "The config profile (x) could not be found"}, "Check atlas_peering_aws_profile"),
        ({"msg": "Passing both a profile and access tokens is not supported."}, "Unset AWS_ACCESS_KEY_ID"),
        ({"msg": "Couldn't describe: Unable to locate credentials"}, "Set AWS_ACCESS_KEY_ID"),
        ({"msg": "no", "error": {"code": "ExpiredToken"}}, "have expired. Renew them."),
        ({"msg": "no", "error": {"code": "UnauthorizedOperation"}}, "The credentials lack a permission."),
        ({"msg": "no", "error": {"code": "OperationNotPermitted"}}, "Only the account that owns the VPC may do this"),
        ({"msg": 'Could not connect to the endpoint URL: "https://ec2.x"'}, "Check accepter_region_name"),
        ({"msg": "no", "error": {"code": "RouteAlreadyExists"}}, "Run the play again."),
        ({"msg": "no", "error": {"code": "RouteLimitExceeded"}}, "Ask AWS to raise the limit"),
    ],
)
def test_explain_adds_hint_to_known_error(result: dict[str, Any], expected: str) -> None:
    assert expected in explain(result)


def test_explain_keeps_unknown_error() -> None:
    assert explain({"msg": "Something\n  else."}) == "Something else."
    assert explain({"module_stderr": "Killed"}) == "Killed."


def test_explain_names_failed_items_without_repetition() -> None:
    failed = {"msg": "no", "failed": True, "item": {"name": "AWS app"}}
    done = {"changed": True, "item": {"name": "AWS other"}}
    assert explain({"msg": "One or more items failed", "results": [failed, done, failed]}) == "AWS app: no."
