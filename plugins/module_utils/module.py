# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main of every module: the only place that talks to AnsibleModule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import METHODS, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, option_name_scope


def run_module(
    spec: dict[str, Any],
    run: Callable[[Mapping[str, Any], bool, Client], dict[str, Any]],
    methods: Collection[str] = tuple(METHODS),
    secret: bool = False,
) -> None:
    """Build the client, run, and turn the one exception family into a failure.

    Args:
        spec: The module's argument spec.
        run: Takes the options, whether it is check mode, and the client; returns the result.
        methods: Ways to authenticate that may be used.
        secret: The result holds a secret, so the task must keep it to itself.
    """
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    error = None
    try:
        if secret and not module.no_log:
            raise InputError("The result holds a secret. Set no_log: true on the task.")
        with option_name_scope(module.params.get("option_names")):
            settings = parse_settings(module.params, methods)
            with Client(settings, workers=options.workers(module.params)) as client:
                result = run(module.params, module.check_mode, client)
    except AtlasError as caught:
        error, result = caught, caught.as_result()
    for text in result.pop("warnings", []):
        module.warn(text)
    # Ansible repeats the options in the result; thousands of connections would come with all that they do not say.
    result["invocation"] = {"module_args": _given(module.params)}
    if error:
        module.fail_json(**result)
    module.exit_json(**result)


def _given(value: Any) -> Any:
    """Return options without those that are not given."""
    if isinstance(value, dict):
        return {name: _given(one) for name, one in value.items() if one is not None}
    return [_given(one) for one in value] if isinstance(value, list) else value
