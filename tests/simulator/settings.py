# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a simulator. What is not known about Atlas is a setting."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable

PROJECT_ID = "64a1f0c35b7e2d4198c3e001"
PROJECT_NAME = "peering-playground"
ORG_ID = "64a1f0c35b7e2d4198c3e0ff"
ORG_NAME = "simulated-organization"
CONTAINER_IDS = {
    "AWS": "64a1f0c35b7e2d4198c3ea01",
    "AZURE": "64a1f0c35b7e2d4198c3ea02",
    "GCP": "64a1f0c35b7e2d4198c3ea03",
}
CHOICES = {  # the values of settings that are enumerations
    "conflict_scope": ("container", "project"),
    "access_list_host_bits": ("normalize", "keep", "refuse"),
    "access_list_repeat": ("replace", "merge", "ignore"),
    "access_list_reply": ("all", "named"),
    "security_groups_need": ("same_region", "available", "connection"),
}


@dataclass(frozen=True)
class Settings:
    """The defaults imitate Atlas; time spans are seconds."""

    port: int = 0
    pace: float = 1.0  # duration of an automatic status transition
    act_after: float | None = None  # the other side acts this long after it can; None: never
    latency: float = 0.0  # of every API request
    tls_cert: str | None = None
    tls_key: str | None = None
    clock: Callable[[], float] = time.time

    # Credentials that own every project. They have the form of real ones, but are of no use anywhere else.
    public_key: str = "simulatr"
    private_key: str = "5d0a7c1e-0000-4000-8000-51d0a7c1e0fa"
    client_id: str = "mdb_sa_id_64a1f0c35b7e2d4198c3eb01"
    client_secret: str = "mdb_sa_sk_simulator_only_0000000000000000000000"

    # Digest: the lifetime of a nonce is inferred from the form of the challenge.
    digest_algorithm: str = "MD5"  # the government cloud uses SHA-256
    nonce_uses: int = 1023
    nonce_seconds: float = 60.0
    announce_stale: bool = True

    # Service accounts
    token_seconds: int = 3600
    token_limit: int = 100  # live access tokens per account
    token_requests_per_minute: int = 50

    # Token bucket of the network peering endpoints, per project
    rate_capacity: int = 2000
    rate_refill: int = 1000
    rate_seconds: int = 60
    access_list_rate_capacity: int = 1200  # that of the access list endpoints
    access_list_rate_refill: int = 500

    # Network peering
    max_peers: int = 50
    max_pending_peers: int = 25
    create_status: int = 200  # the specification says 200; recorded answers of other resources have 201
    container_delete_status: int = 204  # as specified; recorded answers of other resources have 202 and {}
    role_error: str = "ACCESS_FORBIDDEN"  # or USER_UNAUTHORIZED: the error for a role that is too low
    manager_may_read: bool = True  # the role Project Network Access Manager includes reading
    # Where natural keys must be unique and blocks must not overlap.
    conflict_scope: str = "container"
    patch_needs_all: bool = False  # PATCH must send every attribute of a creation
    patch_reinitiates: bool = True  # PATCH with account and VPC restarts the connection even if both stay the same
    updatable_statuses: tuple[str, ...] = ("PENDING_ACCEPTANCE", "AVAILABLE", "FAILED")
    failed_peer_blocks: bool = True  # a FAILED peer still counts for conflicts
    reject_unknown_attributes: bool = True
    azure_access_granted: bool = True  # False: Atlas' service principal lacks its role in the subscription
    regions_without_capacity: tuple[str, ...] = ()  # where creating a container is refused

    # The other side of connections, if it is to be in simulated clouds outside, such as a server of moto for AWS
    aws_endpoint: str = ""  # its URL
    aws_account_id: str = "111122223333"  # Atlas' own account there
    gcp_endpoint: str = ""  # the URL of a simulated Compute API, such as the stub in tests/compute_stub
    gcp_token: str = "atlas"  # Atlas' own access token there
    azure_endpoint: str = ""  # the URL of a simulated Azure Resource Manager, such as the stub in tests/azure_stub
    azure_token: str = "atlas"  # the access token with which Atlas' service principal acts there

    # IP access list
    max_access_list_entries: int = 200
    access_list_create_status: int = 201  # as recorded; 200 is specified
    access_list_reply: str = "all"  # POST answers with the whole list, or with the entries that it named
    access_list_repeat: str = "replace"  # what POST does to an existing entry; merge keeps what was not sent
    access_list_atomic: bool = True  # POST adds nothing if it is refused; False: it adds what precedes the bad entry
    access_list_host_bits: str = "normalize"  # what becomes of 10.1.2.3/16
    access_list_nulls: bool = False  # attributes without a value are null, not missing
    security_groups_need: str = "same_region"  # an AVAILABLE AWS peer of one region, of any, or one of any status

    # Delays
    provision_seconds: float = 0.0  # from a container's first peer until its network has names
    connection_id_seconds: float = 0.0  # from PENDING_ACCEPTANCE until connectionId is shown
    list_lag_seconds: float = 0.0  # from a creation until LIST has it; GET by id has it at once
    access_list_seconds: float = 0.0  # from the creation of an access list entry until it is ACTIVE
    access_list_lag_seconds: float = 0.0  # from its creation until LIST and GET have it
    clear_up_seconds: float = 0.0  # from the removal of a container's last peer or cluster until it is no longer in use

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}")
