# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What a task of amazon.aws says when it fails, as one sentence with the cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

#: What to do, by a pattern of AWS' error code or of the message. The first that is found counts.
_HINTS: tuple[tuple[str, str], ...] = (
    (
        r"Failed to import the required Python library|boto3 is required",
        "Install boto3 for the Python that runs the tasks (pip install boto3), or let ansible_python_interpreter name "
        "a Python that has it.",
    ),
    (
        r"config profile \(.*\) could not be found",
        "Check atlas_peering_aws_profile and the file ~/.aws/config of the machine that runs the tasks.",
    ),
    (
        r"both a profile and access tokens",
        "Unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN where the tasks run, or leave out "
        "atlas_peering_aws_profile.",
    ),
    (
        r"Unable to locate credentials|NoCredentials",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, atlas_peering_aws_profile or atlas_peering_aws_role_arn.",
    ),
    (
        r"ExpiredToken|RequestExpired|InvalidClientTokenId|AuthFailure|SignatureDoesNotMatch|UnrecognizedClient",
        "The credentials for AWS are wrong or have expired. Renew them.",
    ),
    (
        r"OperationNotPermitted",
        "Only the account that owns the VPC may do this, in the region of the VPC. Check atlas_peering_aws_role_arn or "
        "atlas_peering_aws_profile, and aws_account_id and accepter_region_name of the connection.",
    ),
    (
        r"UnauthorizedOperation|AccessDenied",
        "The credentials lack a permission. Give them the policy that the README of the role atlas_peering_aws shows, "
        "or name a role that has it in atlas_peering_aws_role_arn.",
    ),
    (
        r"Could not connect to the endpoint|EndpointConnectionError|InvalidEndpoint|Invalid endpoint",
        "Check accepter_region_name of the connection, and the way to AWS from the machine that runs the tasks.",
    ),
    (
        r"InvalidVpcPeeringConnectionI[Dd]\.NotFound|InvalidVpcPeeringConnectionId",
        "AWS does not know the connection: it has expired or was deleted. Run the play from its beginning.",
    ),
    (r"RouteAlreadyExists", "Somebody has just created a route to the same block. Run the play again."),
    (r"LimitExceeded", "Ask AWS to raise the limit, or remove what is no longer used."),
)
_PARAGRAPH = re.compile(r"\s+")


def explain(result: Mapping[str, Any]) -> str:
    """Return what went wrong in a task, one sentence or two for each item that failed.

    Args:
        result: The result of a task that failed, or of one that was registered in spite of it; of a loop too.
    """
    return " ".join(dict.fromkeys(_sentence(one) for one in _failures(result)))


def _failures(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the results of the items that failed; a task without a loop is one item."""
    items = result.get("results")
    if not isinstance(items, list):
        yield result
        return
    yield from (one for one in items if one.get("failed") or one.get("msg"))


def _sentence(result: Mapping[str, Any]) -> str:
    message = _PARAGRAPH.sub(" ", str(result.get("msg") or result.get("module_stderr") or "unknown error")).strip()
    item = result.get("item")
    name = f"{item['name']}: " if isinstance(item, Mapping) and item.get("name") else ""
    error = result.get("error")
    code = str(error.get("code", "")) if isinstance(error, Mapping) else ""
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, f"{code} {message}")), "")
    return f"{name}{message if message.endswith('.') else f'{message}.'} {hint}".strip()
