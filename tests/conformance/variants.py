"""The variants of an operation: requests derived from the service model, and what each must meet.

A variant that the model does not permit must be refused with a ValidationException that names the
member. One that it permits must succeed, unless a rule of ``rules`` says what it is refused with.
"""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final

from moto_proton import api
from tests.conformance.cases import FREE_SHAPES, PADDED, Body, Plan
from tests.conformance.rules import Rule, Tokens, refusal
from tests.conformance.values import (
    Shape,
    beyond,
    boundaries,
    chance,
    permits,
    sample,
    wrong_types,
)

KINDS: Final = ("boundary", "enum", "optional", "required", "type", "random")
RANDOM_PER_OPERATION: Final = 20
SEED: Final = 20200720

DECIDING: Final = frozenset(
    {"ComponentDeploymentUpdateType", "DeploymentUpdateType", "TemplateVersionStatus"}
)
"""Enums that decide what else a request may have: every value meets every case."""

Path = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """A request and what it must meet.

    ``member`` is what a refusal must name, None where the model permits the request; then ``rule``
    is what refuses it all the same, None where it must succeed.
    """

    kind: str
    words: str
    body: Body
    member: str | None = None
    rule: Rule | None = None

    @property
    def expected(self) -> str:
        """The code of the exception, ``OK`` for none."""
        if self.member is not None:
            return "ValidationException"
        return "OK" if self.rule is None else self.rule.code


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a request, or of a structure or list in one."""

    path: Path
    shape: Shape
    required: bool
    of_union: bool = False

    @property
    def shown(self) -> str:
        """The path as refusals have it: elements are counted from one."""
        return _shown(self.path)

    @property
    def shown_whole(self) -> str:
        """What is refused as a whole: the list of plain values, the union that it is in."""
        return _shown(self.path[:-1]) if self.is_element or self.of_union else self.shown

    @property
    def is_element(self) -> bool:
        """Whether it is an element of a list."""
        return isinstance(self.path[-1], int)


class Variants:
    """All variants of one operation."""

    def __init__(self, operation: str, plan: Plan, tokens: Tokens) -> None:
        model: Any = api.service_model().operation_model(operation)
        self.operation = operation
        self._plan = plan
        self._tokens = tokens
        self._shape: Shape = model.input_shape
        self.members = tuple(_members(self._shape, ()))
        self._required = tuple(self._shape.required_members)
        self._optional = tuple(m for m in self._shape.members if m not in self._required)

    def __iter__(self) -> Iterator[Variant]:
        """The variants; but for random ones, none of them twice."""
        return iter(self._derived)

    def again(self) -> Variants:
        """The same, derived anew."""
        return Variants(self.operation, self._plan, self._tokens)

    @cached_property
    def _derived(self) -> list[Variant]:
        seen: set[str] = set()
        derived: list[Variant] = []
        for variant in self._all():
            text = json.dumps(variant.body, sort_keys=True)
            if variant.kind == "random" or text not in seen:
                seen.add(text)
                derived.append(variant)
        return derived

    def _all(self) -> Iterator[Variant]:
        yield from self._boundaries()
        yield from self._enums()
        yield from self._optionals()
        yield from self._left_out()
        yield from self._types()
        yield from self._random()

    # --- the kinds ------------------------------------------------------------------------------

    def _boundaries(self) -> Iterator[Variant]:
        for member in self.members:
            for words, value in boundaries(member.shape):
                yield self._permitted("boundary", member, words, self._limit(member, value))
            for words, value in beyond(member.shape):
                case = self._carrier(member)
                if member.shape.type_name == "list":
                    value = self._elements(member, value)
                elif member.shape.name in PADDED and len(value) > 1:
                    value = _padded(_at(case, member.path), len(value))
                assert not permits(member.shape, value), (member, words)
                body = _with(case, member, value)
                yield self._refused("boundary", member, words, body, member.shown_whole)

    def _enums(self) -> Iterator[Variant]:
        for member in self.members:
            for value in member.shape.enum if member.shape.type_name == "string" else ():
                body = self._case_with(member, value) or _with(self._carrier(member), member, value)
                yield self._permitted("enum", member, value, body)
                if member.shape.name in DECIDING:
                    for number, case in enumerate(self._plan.cases):
                        body = {**copy.deepcopy(case), member.path[-1]: value}
                        yield self._permitted("enum", member, f"{value} in case {number}", body)
            if member.shape.type_name == "string" and member.shape.enum:
                for wrong in ("NO_SUCH_VALUE", member.shape.enum[0].swapcase(), ""):
                    body = _with(self._carrier(member), member, wrong)
                    yield self._refused("enum", member, repr(wrong), body, member.shown_whole)

    def _optionals(self) -> Iterator[Variant]:
        first = self._plan.cases[0]
        yield self._any("optional", "none", {name: first[name] for name in self._required})
        for name in self._optional:
            member = Member((name,), self._shape.members[name], False)
            carrier = self._carrier(member)
            alone = {each: carrier[each] for each in (*self._required, name)}
            yield self._permitted("optional", member, "alone", alone)
            yield self._permitted("optional", member, "with what goes with it", carrier)
            yield self._permitted("optional", member, "null", {**first, name: None})
        for number, case in enumerate(self._plan.cases):
            yield self._any("optional", f"case {number}", case)
        # A page token goes with nothing but what it was issued for.
        largest = max((c for c in self._plan.cases if not c.get("nextToken")), key=len)
        yield self._any("optional", "as many as go together", self._filled(largest))
        everything = {**self._filled(largest)}
        for name in self._optional:
            if name not in everything:
                member = Member((name,), self._shape.members[name], False)
                everything[name] = self._carrier(member)[name]
        yield self._any("optional", "all", everything)
        for member in self.members:
            if len(member.path) > 1 and not member.required and not member.of_union:
                body = _without(self._carrier(member), member.path)
                yield self._permitted("optional", member, "left out", body)

    def _left_out(self) -> Iterator[Variant]:
        for member in self.members:
            if not member.required:
                continue
            case = self._carrier(member)
            named = member.shown_whole if member.of_union else member.shown
            if not member.is_element:
                body = _without(case, member.path)
                yield self._refused("required", member, "left out", body, named)
            yield self._refused("required", member, "null", _with(case, member, None), named)
        if len(self._required) > 1:
            name = min(self._required)
            yield Variant("required", "all left out", {}, name)

    def _types(self) -> Iterator[Variant]:
        for member in self.members:
            for words, value in wrong_types(member.shape):
                body = _with(self._carrier(member), member, value)
                yield self._refused("type", member, words, body, member.shown)

    def _random(self) -> Iterator[Variant]:
        random = Random(SEED + zlib.crc32(self.operation.encode()))
        for number in range(RANDOM_PER_OPERATION):
            case = copy.deepcopy(random.choice(self._plan.cases))
            if not case.get("nextToken"):
                for name in (*case, *self._addable(case)):
                    if name in self._open and random.random() < 0.6:
                        if not set(self._plan.tied) & set(case):
                            case[name] = chance(self._shape.members[name], random)
                    elif self._shape.members[name].name in PADDED and name in case:
                        case[name] += "#" * random.randint(0, 200)
            if random.random() < 0.2:
                case[random.choice(("colour", "Name", "x-1"))] = random.choice([1, "a", [], None])
            yield self._any("random", f"number {number}", case)

    # --- requests -------------------------------------------------------------------------------

    @cached_property
    def _open(self) -> frozenset[str]:
        """Top members of which any valid value will do."""
        return (
            self._plan.open
            | {name for name, shape in self._shape.members.items() if shape.name in FREE_SHAPES}
            - self._plan.tied
        )

    def _addable(self, case: Body) -> list[str]:
        """The members that may join a case, whatever their value."""
        return [
            name
            for name in self._shape.members
            if name in self._open and name not in self._plan.bound and name not in case
        ]

    def _filled(self, case: Body) -> Body:
        added = {name: sample(self._shape.members[name]) for name in self._addable(case)}
        return {**case, **added}

    def _carrier(self, member: Member) -> Body:
        """The first case that has this member, or the first with it added; a copy."""
        for case in self._plan.cases:
            if _has(case, member.path):
                return copy.deepcopy(case)
        case = copy.deepcopy(self._plan.cases[0])
        top = member.path[0]
        for each in self._plan.cases:
            if top in each:
                case = copy.deepcopy(each)
                break
        case[top] = sample(self._shape.members[top])
        return case

    def _case_with(self, member: Member, value: Any) -> Body | None:
        for case in self._plan.cases:
            if _has(case, member.path) and _at(case, member.path) == value:
                return copy.deepcopy(case)
        return None

    def _limit(self, member: Member, value: Any) -> Body:
        """A request with a value at its limit: that of a case, where not just any will do."""
        case = self._carrier(member)
        if member.shape.type_name == "list":
            return _with(case, member, self._elements(member, value))
        if member.shape.name in PADDED and len(value) > 1:
            return _with(case, member, _padded(_at(case, member.path), len(value)))
        if member.path[0] not in self._open or member.path[0] in self._plan.tied:
            for each in self._plan.cases:
                if _has(each, member.path) and len(_at(each, member.path)) == len(value):
                    return copy.deepcopy(each)
        return _with(case, member, value)

    def _elements(self, member: Member, count: int) -> list[Any]:
        """So many elements, all different if they can be; those of a case that has enough."""
        for case in self._plan.cases:
            if _has(case, member.path) and len(_at(case, member.path)) >= count > 1:
                return list(copy.deepcopy(_at(case, member.path)))[:count]
        given = _at(self._carrier(member), member.path)
        more = [sample(member.shape.member, number) for number in range(count)]
        return (list(given) + more)[:count] if member.path[0] not in self._open else more

    # --- expectations ---------------------------------------------------------------------------

    def _any(self, kind: str, words: str, body: Body) -> Variant:
        # A member that the model does not have is ignored.
        known = {name: value for name, value in body.items() if name in self._shape.members}
        return Variant(kind, words, body, None, refusal(self.operation, known, self._tokens))

    def _permitted(self, kind: str, member: Member, words: str, body: Body) -> Variant:
        return self._any(kind, f"{member.shown}: {words}", body)

    def _refused(self, kind: str, member: Member, words: str, body: Body, named: str) -> Variant:
        return Variant(kind, f"{member.shown}: {words}", body, named)


def _members(shape: Shape, path: Path) -> Iterator[Member]:
    required = frozenset(shape.required_members)
    union = bool(shape.metadata.get("union"))
    for name, each in shape.members.items():
        yield Member((*path, name), each, name in required or union, union)
        if each.type_name == "structure":
            yield from _members(each, (*path, name))
        elif each.type_name == "list":
            yield Member((*path, name, 0), each.member, True)
            if each.member.type_name == "structure":
                yield from _members(each.member, (*path, name, 0))


def _shown(path: Path) -> str:
    return ".".join(f"{part + 1}.member" if isinstance(part, int) else part for part in path)


def _has(body: Any, path: Path) -> bool:
    for part in path:
        if isinstance(part, int):
            if len(body) <= part:
                return False
        elif part not in body:
            return False
        body = body[part]
    return True


def _at(body: Any, path: Path) -> Any:
    for part in path:
        body = body[part]
    return body


def _with(body: Body, member: Member, value: Any) -> Body:
    _at(body, member.path[:-1])[member.path[-1]] = value
    return body


def _without(body: Body, path: Path) -> Body:
    del _at(body, path[:-1])[path[-1]]
    return body


def _padded(text: str, length: int) -> str:
    """A document with a comment at its end, so that it has that many characters."""
    return f"{text.rstrip()}\n#".ljust(length, "x")


def members_that_succeed(variants: Iterable[Variant]) -> frozenset[str]:
    """The top members that some variant has with success."""
    return frozenset(
        name
        for variant in variants
        if variant.expected == "OK"
        for name, value in variant.body.items()
        if value is not None
    )
