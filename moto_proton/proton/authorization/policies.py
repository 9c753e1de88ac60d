"""What IAM policies permit: statements, wildcards, and the conditions on Proton's condition keys.

Pure functions on policy documents as JSON values. Identity-based policies only: Proton has no
resource-based ones. Not evaluated are policy variables, permissions boundaries and policies of
organizations. What is not evaluated never refuses a call (choice): a condition with another key or
operator than those here, or with a policy variable, counts as met where it allows, as moto has it,
and as not met where it denies; so does a resource with a policy variable. Source: IAM user guide,
"Policy evaluation logic", "Condition operators", "Single-valued vs. multivalued context keys", "AWS
global condition context keys".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

ContextValues: TypeAlias = Mapping[str, tuple[str, ...]]
"""Values of condition keys; a key that the request does not have is not in it."""

_VARIABLE: Final = re.compile(r"\$\{[^*?$]")
"""IAM: ``${*}``, ``${?}`` and ``${$}`` are not variables but the characters themselves."""
_EVALUATED_KEYS: Final = (
    "aws:requestedregion",
    "aws:requesttag/",
    "aws:resourceaccount",
    "aws:resourcetag/",
    "aws:securetransport",
    "aws:tagkeys",
    "proton:environmenttemplate",
    "proton:servicetemplate",
)


@dataclass(frozen=True, slots=True)
class Access:
    """One access of a call: an action (``proton:GetService``) on the ARN of a resource,
    or ``*``.
    """

    action: str
    resource: str
    context: ContextValues = field(default_factory=dict)


def permits(documents: Iterable[Mapping[str, Any]], access: Access) -> bool:
    """Whether a statement allows the access, and none denies it."""
    allowed = False
    for statement in _statements(documents):
        if _concerns(statement, access):
            if statement.get("Effect") != "Allow":
                return False
            allowed = True
    return allowed


def _statements(documents: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        yield from _listed(document.get("Statement", ()))


def _concerns(statement: Mapping[str, Any], access: Access) -> bool:
    allows = statement.get("Effect") == "Allow"
    return (
        _element_matches(statement, "Action", access.action, unknown=allows, ignore_case=True)
        and _element_matches(statement, "Resource", access.resource, unknown=allows)
        and _conditions_met(statement.get("Condition", {}), access.context, unknown=allows)
    )


def _element_matches(
    statement: Mapping[str, Any],
    element: str,
    value: str,
    *,
    unknown: bool,
    ignore_case: bool = False,
) -> bool:
    """Whether the element, or its opposite, applies to a value.

    ``unknown`` is the result if that depends on a pattern with a policy variable.
    """
    is_opposite = f"Not{element}" in statement
    patterns = _listed(statement.get(f"Not{element}" if is_opposite else element, ()))
    named = [str(each).lower() if ignore_case else str(each) for each in patterns]
    value = value.lower() if ignore_case else value
    if any(_like(each, value) for each in named if not _VARIABLE.search(each)):
        return not is_opposite
    return unknown if any(map(_VARIABLE.search, named)) else is_opposite


def _like(pattern: str, value: str) -> bool:
    """Whether the value fits the pattern: ``*`` stands for any text, ``?`` for any character.

    Each part between two stars is matched at its first occurrence, without backtracking, because a
    hostile pattern must not take long.
    """
    (first, _), *others = _parts(pattern)
    if not others:
        return first.fullmatch(value) is not None
    *between, (last, length) = others
    found = first.match(value)
    for part, _ in between:
        if found is None:
            return False
        found = part.search(value, found.end())
    start = len(value) - length
    return found is not None and start >= found.end() and last.fullmatch(value, start) is not None


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[tuple[re.Pattern[str], int], ...]:
    """The parts between the stars of a pattern, each with the length of the text it matches."""
    return tuple(
        (re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL), len(part))
        for part in pattern.split("*")
    )


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


# Conditions


def _conditions_met(
    conditions: Mapping[str, Mapping[str, Any]], context: ContextValues, *, unknown: bool
) -> bool:
    """Whether all operators hold for all their keys; condition keys are not case sensitive.

    ``unknown`` is the result for those that are not evaluated.
    """
    folded = {key.lower(): values for key, values in context.items()}
    held = (
        _condition_met(operator, _strings(wanted), folded.get(key.lower()))
        if key.lower().startswith(_EVALUATED_KEYS)
        else None
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )
    return all(unknown if each is None else each for each in held)


def _strings(wanted: Any) -> list[str]:
    # JSON's true and false are those of Null and Bool.
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in _listed(wanted)]


def _condition_met(
    operator: str, wanted: Sequence[str], values: tuple[str, ...] | None
) -> bool | None:
    """Whether an operator holds for a key; None if that is not evaluated."""
    if any(_VARIABLE.search(each) for each in wanted):
        return None
    quantifier, colon, name = operator.rpartition(":")
    if name.lower() == "null":
        return any(each.lower() == str(values is None).lower() for each in wanted)
    if_exists = name.lower().endswith("ifexists")
    name = name[: -len("IfExists")] if if_exists else name
    comparison = _COMPARISONS.get(name.lower())
    if comparison is None:
        return None
    matches, negated = comparison

    def met(value: str) -> bool:
        return any(matches(each, value) for each in wanted) is not negated

    if values is None:
        if colon:
            return quantifier.lower() == "forallvalues" or if_exists
        return negated or if_exists
    if quantifier.lower() == "forallvalues":
        return all(map(met, values))
    if quantifier.lower() == "foranyvalue" or not negated:
        return any(map(met, values))
    return all(map(met, values))


def _arn_like(pattern: str, value: str) -> bool:
    """Each of the six parts of an ARN by itself: a wildcard does not match across a colon."""
    patterns, parts = pattern.split(":", 5), value.split(":", 5)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


def _equal(wanted: str, value: str) -> bool:
    return wanted == value


def _equal_ignoring_case(wanted: str, value: str) -> bool:
    return wanted.lower() == value.lower()


_COMPARISONS: Final[Mapping[str, tuple[Callable[[str, str], bool], bool]]] = {
    # The comparison of an operator, and whether the operator negates it.
    "bool": (_equal_ignoring_case, False),
    "stringequals": (_equal, False),
    "stringnotequals": (_equal, True),
    "stringequalsignorecase": (_equal_ignoring_case, False),
    "stringnotequalsignorecase": (_equal_ignoring_case, True),
    "stringlike": (_like, False),
    "stringnotlike": (_like, True),
    # IAM: ArnEquals and ArnLike are the same.
    "arnequals": (_arn_like, False),
    "arnlike": (_arn_like, False),
    "arnnotequals": (_arn_like, True),
    "arnnotlike": (_arn_like, True),
}
