# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's rules for saved launch configurations: what a schedule or a workflow node sets in the template it starts.

awx/api/serializers.py, LaunchConfigurationBaseSerializer.validate, which calls the template:
_accept_or_ignore_job_kwargs in awx/main/models/jobs.py, workflow.py and (all others) unified_jobs.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import surveys
from .errors import bad_request
from .fields import Json

#: Field -> the template's flag that allows to set it; get_ask_mapping in awx/main/models/unified_jobs.py.
PROMPT_FLAGS = {
    name: f"ask_{name}_on_launch"
    for name in (
        "inventory",
        "scm_branch",
        "job_type",
        "skip_tags",
        "limit",
        "diff_mode",
        "verbosity",
        "execution_environment",
        "forks",
        "job_slice_count",
        "timeout",
    )
} | {"job_tags": "ask_tags_on_launch", "extra_data": "ask_variables_on_launch"}
WITH_SURVEY = ("job_template", "workflow_job_template")
NOT_PROMPTED = "Field is not configured to prompt on launch."


def check(template: Json, config: Json, *, required: bool) -> None:
    """Check a launch configuration against its template. Raises ApiError.

    Args:
        template: The template that is started.
        config: The schedule or workflow node.
        required: Whether it must answer the required questions: a schedule must, a node need not
            (`exclude_errors` of WorkflowJobTemplateNodeSerializer).
    """
    given = {name: config[name] for name in PROMPT_FLAGS if config[name] not in (None, {})}
    if template["type"] not in WITH_SURVEY:
        if given:
            raise bad_request(**dict.fromkeys(given, "Field is not allowed on launch."))
        return
    errors: dict[str, Any] = {
        name: NOT_PROMPTED
        for name, value in given.items()
        if name != "extra_data" and template.get(PROMPT_FLAGS[name]) is False and value != template[name]
    }
    errors.update(_variable_errors(template, config["extra_data"], required))
    if errors:
        raise bad_request(**errors)


def _variable_errors(template: Json, answers: Mapping[str, Any], required: bool) -> dict[str, Any]:
    """Return the errors of the variables: _accept_or_ignore_variables in awx/main/models/mixins.py."""
    questions = template.get("survey_spec", {}).get("spec", []) if template["survey_enabled"] else []
    errors: dict[str, Any] = {}
    found = [text for one in questions for text in surveys.answer_problems(one, answers, required=required)]
    if found:
        errors["variables_needed_to_start"] = found
    others = set(answers) - {question["variable"] for question in questions}
    if others and not template["ask_variables_on_launch"]:
        kind = template["type"].replace("_", " ").title()
        errors["extra_data"] = (
            f"Variables {', '.join(sorted(others))} are not allowed on launch. Check the Prompt on Launch setting on "
            f"the {kind} to include Extra Variables."
        )
    return errors
