# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the Administration API: code, HTTP status, detail."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


def reason(status: int) -> str:
    """Return the HTTP reason phrase of the status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


ERRORS: dict[str, tuple[int, str]] = {
    "ACCESS_FORBIDDEN": (403, "Access to this resource is forbidden for current user."),
    "ATLAS_INVALID_CIDR_BLOCK": (400, "Atlas CIDR %s must be a /%s block for %s."),
    "ATLAS_INVALID_CIDR_BLOCK_FOR_SMALL_CONTAINER": (
        400,
        "Atlas CIDR must be between /21 and /24 for Google Cloud containers that name their regions.",
    ),
    "ATLAS_INVALID_CIDR_RANGE": (400, "Atlas CIDR %s must be in private range."),
    "ATLAS_NON_CANONICAL_CIDR_BLOCK": (400, "The canonical form for the specified Atlas CIDR %s is %s."),
    "ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED": (
        403,
        "Too many network permission entries. Only %s entries are supported.",
    ),
    "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND": (404, "IP Address %s not on Atlas access list for group %s."),
    "ATTRIBUTE_READ_ONLY": (400, "The attribute %s is read-only and cannot be changed by the user."),
    "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED": (
        400,
        "Please ensure that the account information is correct and that Atlas has the permissions it needs"
        " to create peering connections in your account.",
    ),
    "CANNOT_CHANGE_CONTAINER_REGION": (400, "The region of a cloud provider container cannot be changed."),
    "CANNOT_DELETE_RECENTLY_CREATED_CONTAINER": (
        409,
        "Cannot delete containers created less than 1 second ago. Please try again after %s.",
    ),
    "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION": (
        400,
        "An AWS security group can be an access list entry only with a VPC peering connection.",
    ),
    "CLOUD_PROVIDER_CONTAINER_NOT_FOUND": (404, "An invalid cloud provider container ID %s was specified."),
    "CONTAINERS_IN_USE": (409, "Cannot modify in use containers. %s."),
    "CONTAINER_ALREADY_EXISTS": (409, "A container already exists for group %s."),
    "EXPIRATION_DATE_IN_PAST": (400, "The specified expiration date must be in the future."),
    "GROUP_MISMATCH": (400, "The specified group ID %s does not match the URL."),
    "GROUP_NAME_NOT_FOUND": (404, 'No group with name "%s" exists.'),
    "GROUP_NOT_FOUND": (404, "No group with ID %s exists."),
    "INVALID_ATTRIBUTE": (400, "Invalid attribute %s specified."),
    "INVALID_CIDR_BLOCK": (400, "The cidr block %s must be in valid CIDR notation."),
    "INVALID_ENUM_VALUE": (400, "An invalid enumeration value %s was specified."),
    "INVALID_IP_ADDRESS_OR_CIDR_NOTATION": (400, "The address %s must be in valid IP address or CIDR notation."),
    "INVALID_JSON": (400, "Received JSON does not match expected format."),
    "INVALID_JSON_ATTRIBUTE": (400, "Received JSON for the %s attribute does not match expected format."),
    "INVALID_NETWORK_PERMISSION_COMMENT": (400, "The comment %s must be 80 characters or less."),
    "INVALID_PROVIDER_PARAMETERS": (400, "Invalid parameter combination specified for provider %s."),
    "INVALID_QUERY_PARAMETER": (400, "Invalid query parameter %s specified."),
    "INVALID_REGION": (400, "No region %s exists for provider %s."),
    "INVALID_ROUTE_TABLE_CIDR": (
        400,
        'The address %s must be within the private ranges ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].',
    ),
    "INVALID_VERSION_DATE": (406, "Invalid accept header or version date."),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (403, "IP address %s is not allowed to access this resource."),
    "MALFORMED_JSON": (400, "Received JSON is malformed."),
    "METHOD_NOT_ALLOWED": (405, "Method %s is not allowed."),
    "MISSING_ATTRIBUTE": (400, "The required attribute %s was not specified."),
    "MISSING_ATTRIBUTES": (400, "The required attributes %s were not specified."),
    "MULTIPLE_GROUPS": (409, "Multiple groups exist with the specified name."),
    "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY": (
        400,
        "Should not specify both the IP address and the CIDR block.",
    ),
    "NETWORK_PERMISSION_EXPIRATION_NOT_SUPPORTED": (400, "Expiration dates are only supported for IP addresses."),
    "NOT_IN_GROUP": (401, "The current user is not in the group, or the group does not exist."),
    "NO_CAPACITY": (409, "Cannot find the %s capacity for group %s."),
    "ORG_NOT_FOUND": (404, "No organization with ID %s exists."),
    "OVERLAPPING_ATLAS_CIDR_BLOCK": (409, "The CIDR block %s overlaps with an Atlas CIDR block."),
    "OVERLAPPING_CIDR_BLOCK": (409, "The CIDR block %s overlaps with another peer's CIDR block."),
    "PATH_PARAM_PARSE_ERROR": (400, "One or more path parameter in the request URI %s is malformed."),
    "PEER_ALREADY_EXISTS": (409, "The peer with AWS Account ID %s and VPC ID %s already exists."),
    "PEER_ALREADY_EXISTS_AZURE": (
        409,
        "The peer with Azure Subscription ID %s and Virtual Network name %s already exists.",
    ),
    "PEER_ALREADY_EXISTS_GCP": (409, "The peer with GCP Project ID %s and network name %s already exists."),
    "PEER_ALREADY_REQUESTED_DELETION": (409, "The peer with ID %s has already been requested for deletion."),
    "PEER_INVALID_STATE": (409, "The peer with ID %s in group %s cannot be updated in its current state."),
    "PEER_MAXIMUM_REACHED": (409, "The maximum number of peering connections (%s) has been reached."),
    "PEER_NOT_FOUND": (404, "No peer with ID %s exists in project %s."),
    "RATE_LIMITED": (429, "Resource %s is limited to %s requests every %s minutes."),
    "RATE_LIMITED_TOKEN_BUCKET": (
        429,
        "Rate limit exceeded for %s. Please retry after %s seconds."
        " Request capacity: %s. Refill rate: %s per %s seconds.",
    ),
    "RESOURCE_NOT_FOUND": (404, "Cannot find resource %s."),
    "UNEXPECTED_ERROR": (500, "Unexpected error."),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Media type %s is not supported."),
    "USER_UNAUTHORIZED": (401, "Current user is not authorized to perform this action."),
}


class ApiError(Exception):
    """An error response of the API."""

    def __init__(self, code: str, *parameters: object, headers: dict[str, str] | None = None) -> None:
        self.code = code
        self.parameters = parameters
        self.headers = headers or {}
        self.status, wording = ERRORS[code]
        self.detail = wording % tuple(parameters)
        super().__init__(f"{self.status} {code}: {self.detail}")

    def body(self) -> dict[str, Any]:
        return {
            "detail": self.detail,
            "error": self.status,
            "errorCode": self.code,
            "parameters": list(self.parameters),
            "reason": reason(self.status),
        }
