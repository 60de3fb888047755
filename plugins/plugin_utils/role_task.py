# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The first task of the role atlas_peering: from the variables of the role to the task atlas_peering_set and back.

One task does what would be four: read the variables, declare the connections, see whether there is anything to wait
for, and publish the result. For each host of a fleet, each task takes a worker of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from ansible_collections.atlasops.network.plugins.module_utils.model.admission import KEY
from ansible_collections.atlasops.network.plugins.plugin_utils.host_key import host_key
from ansible_collections.atlasops.network.plugins.plugin_utils.other_side import atlas_part
from ansible_collections.atlasops.network.plugins.plugin_utils.targets import TARGETS
from ansible_collections.atlasops.network.plugins.plugin_utils.variables import check, is_default

#: Documented in the module atlas_peering_role.
OPTIONS: Mapping[str, Any] = {
    **options.CONNECTION_SPEC,
    "other_side_checked": {"type": "bool", "default": False},
}

#: The variables of the role that hold the type of each other one, and what options are called.
SPEC, NAMES = "__atlas_peering_spec", "__atlas_peering_option_names"

_PREFIX = "atlas_peering_"


class RoleTask:
    """One run of the task.

    Args:
        task_vars: The variables of the host, as Ansible passes them to action plugins.
        template: Evaluates a variable.
        check_mode: Whether changes are only predicted.
        other_side_checked: Whether nothing is left to do on the other side before the connections are declared.
    """

    def __init__(
        self, task_vars: Mapping[str, Any], template: Callable[[Any], Any], check_mode: bool, other_side_checked: bool
    ) -> None:
        self._host: str = task_vars["inventory_hostname"]
        self._check_mode, self._other_side_checked = check_mode, other_side_checked
        #: Option of a module -> variable of the role.
        self.names: Mapping[str, str] = task_vars[NAMES]
        spec = task_vars[SPEC]
        # Templating costs more than everything else, and most variables have their default.
        given = {
            name: template(task_vars.get(name))
            for name, one in spec.items()
            if not is_default(task_vars.get(name), one)
        }
        self._variables, self._problems = check(given, spec)

    def validate(self) -> None:
        """Check the variables, before anything is written.

        Raises:
            InputError: One of them is wrong.
        """
        if self._problems:
            raise InputError(" ".join(self._problems))
        if self._waits:
            for name in ("wait_timeout", "interval", "heartbeat"):
                options.positive_seconds({name: self._variables[self.names[name]]}, name)

    @property
    def is_deferred(self) -> bool:
        """Whether what is done beside declaring has to be checked first, or removed."""
        return self._does_more and not self._other_side_checked

    @property
    def _does_more(self) -> bool:
        """Whether the role acts on the other side, or lets networks in."""
        asked = self._variable("other_side") or self._variable("access_list")
        return bool(asked) or any(KEY in one for one in self._variable("connections") or ())

    def module_options(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of the module that declares the connections, which has this argument spec."""
        named = {name: self.names[name] for name in spec if self.names.get(name) in self._variables}
        values = {name: self._variables[variable] for name, variable in named.items()}
        return {**values, "connections": atlas_part(values["connections"]), "option_names": dict(self.names)}

    def finish(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result of the module, whether anything is left to do, and the artifact if nothing is."""
        left = self._is_something_left(result)
        artifact = {} if left or not self._variable("stats") else {"ansible_stats": self._artifact(result)}
        return {**result, "follow_up": left, **artifact}

    def _artifact(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """Return what set_stats would."""
        content = {
            "state": self._variable("state"),
            "changed": result["changed"],
            "failed": False,
            "msg": "",
            "peerings": result["peerings"],
        }
        key = _PREFIX + host_key(self._host)
        return {"data": {key: content}, "per_host": False, "aggregate": False}

    def _is_something_left(self, result: Mapping[str, Any]) -> bool:
        """Report whether there is a failure to publish, a container to handle, or a connection to wait for."""
        if result.get("failed"):
            return bool(self._variable("stats"))
        if self._does_more or self._variable("state") == "absent":
            return True
        target = TARGETS[self._variable("until")]
        return self._waits and not all(target.is_met_by(record) for record in result["peerings"])

    @property
    def _waits(self) -> bool:
        return bool(self._variable("wait")) and not self._check_mode

    def _variable(self, name: str) -> Any:
        return self._variables[_PREFIX + name]
