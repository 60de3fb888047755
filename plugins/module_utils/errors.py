# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to this collection: semantic versioning does not cover this file, which any release may change.

"""The exception family, and what its messages call the options.

Whatever goes wrong ends as one readable sentence and as data. Modules turn an `AtlasError` into
``fail_json(**error.as_result())``; nothing below them exits. Errors of HTTP are in `api.http_errors`.

Messages name options as users write them: a role passes the names of its variables as ``option_names``, so that
``recreate_on`` reads ``atlas_peering_recreate_on``. The names hold for the whole process, which runs this one task, and
for all of its threads. Names are replaced where a message is composed; values are never searched for them.
"""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

#: Longest quotation in a message, in characters.
_MAX_QUOTED = 500
_LONG_WORD = re.compile(rf"\S{{{_MAX_QUOTED + 1},}}")
_ISSUES = "https://github.com/atlasops/atlasops.network/issues"
#: Where the part of a file's path ends that is a matter of the installation.
_INSTALLED = re.compile(r"/(?:ansible_collections|site-packages|lib/python[\d.]+)/")
#: Exceptions whose messages name attributes, keys and types. Those of others may quote what was sent or received.
_TELLING = (AttributeError, LookupError, NameError, TypeError)
_DOUBT = "Whether it took effect is unknown: run the task again, which finds what exists."

_names: dict[str, str] = {}


class _OptionNames(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return option(name)


def option(name: str) -> str:
    """Return what the user calls an option: ``recreate_on``, or ``atlas_peering_recreate_on`` in the role."""
    return _names.get(name, name)


def format_hint(template: str, **values: str) -> str:
    """Fill in a fixed text whose braces hold the names of options or the keys of `values`.

    Example:
        ``format_hint("Check {project_id} for {reason}.", reason="typos")`` returns ``"Check project_id for typos."``
    """
    return template.format_map(_OptionNames(values))


@contextlib.contextmanager
def option_name_scope(names: Mapping[str, Any] | None) -> Iterator[None]:
    """Rename options in messages within the ``with`` block.

    Args:
        names: Option -> what the user calls it, ``{"recreate_on": "atlas_peering_recreate_on"}``.
    """
    before = dict(_names)
    _names.update({name: str(alias) for name, alias in (names or {}).items()})
    try:
        yield
    finally:
        _names.clear()
        _names.update(before)


class AtlasError(Exception):
    """Base of the family.

    Args:
        message: What was attempted and how it failed, one sentence.
        hint: The known way out, one sentence, or None.
        details: More about the failure, as data: ``status=404``.
    """

    #: The request may have taken effect although no good response came.
    outcome_unknown = False
    #: A retry may succeed without anybody changing anything.
    transient = False

    def __init__(self, message: str, hint: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.message = readable(message, "\n")
        self.hint = hint and readable(hint, "\n")
        self.details = details
        #: Key that groups errors with the same root cause.
        self.cause = self.message
        #: ``failure.kind``, by which playbooks tell errors apart.
        self.kind = type(self).__name__

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def leave_in_doubt(self) -> None:
        """Note that the request may have taken effect, so that the task reports ``changed``."""
        if not self.outcome_unknown:
            self.outcome_unknown, self.hint = True, f"{self.hint or ''} {_DOUBT}".strip()

    def copy(self, **attributes: Any) -> AtlasError:
        """Return a copy with other attributes: ``error.copy(hint="…")``."""
        copy = type(self).__new__(type(self), *self.args)
        copy.__dict__.update(self.__dict__, **attributes)
        copy.message, copy.hint = readable(copy.message, "\n"), copy.hint and readable(copy.hint, "\n")
        return copy

    def as_result(self) -> dict[str, Any]:
        """Return the keywords for ``fail_json``.

        Example:
            ``{"msg": "state is …", "failure": {"kind": "InputError", "hint": None}, "changed": False}``
        """
        doubt = {"outcome_unknown": True} if self.outcome_unknown else {}
        failure = {"kind": self.kind, "hint": self.hint, **doubt, **self.details}
        return {"msg": str(self), "failure": failure, "changed": self.outcome_unknown}


class InputError(AtlasError):
    """An option is wrong; the message names it and how to correct it. Nothing was written."""


class PlanError(AtlasError):
    """What is declared cannot be reconciled with what exists. Nothing was written."""


class PartialError(AtlasError):
    """Some of many resources failed; the others are done.

    `kind` is that of the failures if they share one, otherwise ``PartialError``.

    Args:
        message: How many failed, and why.
        results: The results of all resources, as keywords of the task's result.
        problems: Each failure, as data: ``{"project_id": "…", "failure": {…}}``.
        hint: What is left to do.
    """

    def __init__(
        self,
        message: str,
        results: Mapping[str, Any],
        problems: list[dict[str, Any]],
        hint: str = "Completed changes are kept. Run the task again to retry the rest.",
    ) -> None:
        super().__init__(message, hint, problems=problems)
        self.results = results
        kinds = {problem["failure"]["kind"] for problem in problems}
        self.kind = kinds.pop() if len(kinds) == 1 else self.kind

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), **self.results}


class MissingLibraryError(AtlasError):
    """A Python library is missing on the host that runs the task.

    Args:
        message: Which one, and how to install it.
        traceback: The traceback of the failed import.
    """

    def __init__(self, message: str, traceback: str | None) -> None:
        super().__init__(message)
        self.traceback = traceback

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "exception": self.traceback}


class UnexpectedError(AtlasError):
    """An exception that nobody foresaw.

    Args:
        error: The exception.
        in_doubt: Whether something may have been written.
    """

    def __init__(self, error: Exception, in_doubt: bool) -> None:
        what = _described(error)
        frames = traceback.extract_tb(error.__traceback__)
        # Not format_exception(), which has the messages of all exceptions, and paths of whoever runs the task.
        self.traceback = [f"{_INSTALLED.split(one.filename)[-1]}:{one.lineno} in {one.name}" for one in frames]
        hint = f"Report it with failure.traceback at {_ISSUES}."
        super().__init__(f"An unexpected error occurred: {what}.", hint, traceback=self.traceback)
        if in_doubt:
            self.leave_in_doubt()

    def as_result(self) -> dict[str, Any]:
        # From ansible-core 2.19 on, exception is shown only if tracebacks are to be displayed.
        return {**super().as_result(), "exception": "\n".join(self.traceback)}


def _described(error: Exception) -> str:
    """Return the type of an exception, with its message if that contains no secret."""
    message = f" ({shortened(error)})" if isinstance(error, _TELLING) and not isinstance(error, UnicodeError) else ""
    return type(error).__name__ + message


def shortened(quoted: Any) -> Any:
    """Return a quotation unchanged, or its first 500 characters as a string if it is longer."""
    text = str(quoted)
    if len(text) <= _MAX_QUOTED:
        return quoted
    return f"{text[:_MAX_QUOTED]} (and {len(text) - _MAX_QUOTED} more)"


def readable(text: str, kept: str = "") -> str:
    """Return a text with escapes in place of what controls a terminal, and words of at most 500 characters."""
    escaped = (one if one.isprintable() or one in kept else one.encode("unicode_escape").decode() for one in text)
    return _LONG_WORD.sub(lambda word: str(shortened(word[0])), text if text.isprintable() else "".join(escaped))


def group_by_cause(errors: Iterable[AtlasError]) -> dict[str, list[AtlasError]]:
    """Group errors by root cause, in the order in which the causes first occur."""
    groups: dict[str, list[AtlasError]] = {}
    for error in errors:
        groups.setdefault(error.cause, []).append(error)
    return groups


def summarize(errors: Iterable[AtlasError]) -> str:
    """Return each root cause once, worded as its first error, with the number of errors it caused."""
    groups = group_by_cause(errors).values()
    return " ".join(str(alike[0]) + (f" ({len(alike)} times)" if len(alike) > 1 else "") for alike in groups)


def raise_all(problems: Sequence[AtlasError], scope: str = "") -> None:
    """Raise a single problem unchanged, and several as one error that lists them. Do nothing if there are none.

    Args:
        problems: What was found.
        scope: Where, to follow "2 problems found": ``" in project …; no changes were made there"``.

    Raises:
        InputError: All problems are wrong options.
        PlanError: There are several problems, of different kinds.
    """
    if len(problems) == 1:
        raise problems[0]
    if problems:
        listed = " ".join(f"({number}) {problem}" for number, problem in enumerate(problems, start=1))
        of_input = all(isinstance(problem, InputError) for problem in problems)
        raise (InputError if of_input else PlanError)(
            f"{len(problems)} problems found{scope}: {listed}",
            problems=[problem.as_result() for problem in problems],
        )
