# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""What every module's ``main()`` calls: the only user of AnsibleModule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.atlasops.network.plugins.module_utils.errors import (
    AtlasError,
    InputError,
    UnexpectedError,
    option_name_scope,
)


class Writer(Protocol):
    """What every client tells about itself."""

    #: Whether it has sent a request that may have changed something.
    has_written: bool


AnyClient = TypeVar("AnyClient", bound=Writer)


def run_with_client(
    spec: dict[str, Any],
    run: Callable[[Mapping[str, Any], bool, AnyClient], dict[str, Any]],
    connect: Callable[[Mapping[str, Any]], AbstractContextManager[AnyClient]],
    secret: bool = False,
) -> None:
    """Check the options, connect, run the module, and exit with its result or its error.

    Args:
        spec: The module's argument spec.
        run: Takes the options, whether check mode is on, and the client; returns the result, which has failed if
            its ``failed`` is true, or raises AtlasError if there is nothing else to report.
        connect: Takes the options and returns the client, which is closed in the end.
        secret: Whether the result contains a secret, so that the task must set ``no_log``.
    """
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    client: AnyClient | None = None
    try:
        if secret and not module.no_log:
            raise InputError("The result contains a secret. Set no_log: true on the task.")
        with option_name_scope(module.params.get("option_names")), connect(module.params) as client:
            result = run(module.params, module.check_mode, client)
    except AtlasError as error:
        result = {"failed": True, **error.as_result()}
    except Exception as error:
        in_doubt = client is not None and client.has_written
        result = {"failed": True, **UnexpectedError(error, in_doubt).as_result()}
    for text in result.pop("warnings", []):
        module.warn(text)
    # Ansible repeats the options in the result; for thousands of connections all unset ones would be repeated, too.
    result["invocation"] = {"module_args": _given(module.params)}
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _given(value: Any) -> Any:
    """Return options without those that are unset, at any depth."""
    if isinstance(value, dict):
        return {name: _given(item) for name, item in value.items() if item is not None}
    return [_given(item) for item in value] if isinstance(value, list) else value
