"""Expressions: values of a template that depend on the stack.

A value of a template is compiled once: a value without functions stays as it is, every other
becomes an :class:`Expression`, which is evaluated for each stack.
:mod:`~moto_proton.provision.loading` checks that the names that expressions refer to exist.

Functions that are plain functions of their arguments are in
:mod:`~moto_proton.provision.functions`; those that refer to something or choose are here. Source:
the CloudFormation user guide (intrinsic function reference). Error messages are CloudFormation's
where users have reported them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from moto_proton.provision.functions import FUNCTIONS, text_of
from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.provision.scope import NO_VALUE, TemplateScope


class Expression(ABC):
    """A value that depends on the stack."""

    __slots__ = ()

    # Whether what it refers to can only be a resource.
    needs_resource: ClassVar[bool] = False

    def refers_to(self) -> str | None:
        """The name of the parameter, pseudo parameter or resource that it refers to."""
        return None

    def asks(self) -> str | None:
        """The name of the condition that it depends on."""
        return None

    @abstractmethod
    def evaluate(self, scope: TemplateScope) -> Any:
        """The value in this scope. ProvisioningError if there is none."""

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        """The values it is made of; if the conditions are known, only those in branches
        that hold.
        """
        return ()


def evaluated(value: Any, scope: TemplateScope) -> Any:
    """The value of an expression, or the constant that it is."""
    return value.evaluate(scope) if isinstance(value, Expression) else value


def expressions_in(
    value: Any, conditions: Mapping[str, bool] | None = None
) -> Iterator[Expression]:
    """Every expression in a compiled value; if the conditions are known, only those in branches
    that hold.
    """
    pending = [value]
    while pending:
        expression = pending.pop()
        if isinstance(expression, Expression):
            yield expression
            pending.extend(expression.parts(conditions))


def compiled(value: Any, block: str) -> Any:
    """The value with expressions in place of functions.

    ``block`` is the section with the value: it decides whether ``Condition`` is a function, and
    errors name it. Raises ProvisioningError for a function that is unknown or ill-formed.
    """
    if isinstance(value, dict):
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name.startswith("Fn::") or name == "Ref":
                return _function(name, argument, block)
            if name == "Condition" and block == "Conditions":
                return _ConditionNamed(_text_argument(argument, _MALFORMED_CONDITION))
        members = {name: compiled(member, block) for name, member in value.items()}
        if any(isinstance(member, Expression) for member in members.values()):
            return _Members(members)
        return value
    if isinstance(value, list):
        items = [compiled(item, block) for item in value]
        return _Items(items) if any(isinstance(item, Expression) for item in items) else value
    return value


@dataclass(frozen=True, slots=True)
class _Members(Expression):
    """A mapping with expressions in it; members of no value are left out."""

    members: Mapping[str, Any]

    def evaluate(self, scope: TemplateScope) -> dict[str, Any]:
        values = {
            name: value.evaluate(scope) if isinstance(value, Expression) else value
            for name, value in self.members.items()
        }
        if NO_VALUE in values.values():
            return {name: value for name, value in values.items() if value is not NO_VALUE}
        return values

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        return self.members.values()


@dataclass(frozen=True, slots=True)
class _Items(Expression):
    """A list with expressions in it; items of no value are left out."""

    items: Sequence[Any]

    def evaluate(self, scope: TemplateScope) -> list[Any]:
        values = [evaluated(item, scope) for item in self.items]
        return [value for value in values if value is not NO_VALUE]

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        return self.items


@dataclass(frozen=True, slots=True)
class _Reference(Expression):
    """``Ref``."""

    target: str
    block: str

    def refers_to(self) -> str:
        return self.target

    def evaluate(self, scope: TemplateScope) -> Any:
        return scope.reference(self.target, self.block)


@dataclass(frozen=True, slots=True)
class _Attribute(Expression):
    """``Fn::GetAtt``; the attribute may be an expression."""

    target: str
    attribute: Any
    block: str
    as_list: bool = False

    needs_resource: ClassVar[bool] = True

    def refers_to(self) -> str:
        return self.target

    def evaluate(self, scope: TemplateScope) -> Any:
        attribute = text_of(evaluated(self.attribute, scope), _MALFORMED_GET_ATT)
        return scope.attribute(self.target, attribute, self.block, as_list=self.as_list)

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        return (self.attribute,)


@dataclass(frozen=True, slots=True)
class _If(Expression):
    condition: str
    then: Any
    otherwise: Any

    def asks(self) -> str:
        return self.condition

    def evaluate(self, scope: TemplateScope) -> Any:
        return evaluated(self.then if scope.conditions[self.condition] else self.otherwise, scope)

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        if conditions is None:
            return (self.then, self.otherwise)
        return (self.then if conditions[self.condition] else self.otherwise,)


@dataclass(frozen=True, slots=True)
class _ConditionNamed(Expression):
    condition: str

    def asks(self) -> str:
        return self.condition

    def evaluate(self, scope: TemplateScope) -> bool:
        return scope.conditions[self.condition]


@dataclass(frozen=True, slots=True)
class _Sub(Expression):
    """``pieces`` are text and names of values in turn, text first.

    ``unused`` are values that the text does not name; what they refer to must exist as well.
    """

    pieces: Sequence[str]
    values: Mapping[str, Any]
    unused: Sequence[Any] = ()

    def evaluate(self, scope: TemplateScope) -> str:
        # Each value is evaluated once, however often it is named: nested ones would take
        # exponential time.
        texts = {
            name: text_of(evaluated(value, scope), _MALFORMED_SUB_VALUE)
            for name, value in self.values.items()
        }
        pieces = [texts[piece] if index % 2 else piece for index, piece in enumerate(self.pieces)]
        scope.spend(sum(map(len, pieces)))
        return "".join(pieces)

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        return (*self.values.values(), *self.unused)


@dataclass(frozen=True, slots=True)
class _Call(Expression):
    """A function of evaluated arguments."""

    function: Callable[[TemplateScope, list[Any]], Any]
    arguments: Sequence[Any]

    def evaluate(self, scope: TemplateScope) -> Any:
        return self.function(scope, [evaluated(argument, scope) for argument in self.arguments])

    def parts(self, conditions: Mapping[str, bool] | None) -> Iterable[Any]:
        return self.arguments


_MALFORMED_REF: Final = "Template format error: Every Ref object must have a single String value."
_MALFORMED_CONDITION: Final = (
    "Template format error: Every Condition object must have a single String value."
)
_MALFORMED_GET_ATT: Final = (
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name "
    "and the resource attribute"
)
_MALFORMED_SUB: Final = (
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
    "Specify a string as first argument, and an optional second argument to specify a mapping of "
    "values to replace in the string"
)
_MALFORMED_SUB_VALUE: Final = "Template error: every value in Fn::Sub must be a String"
_MALFORMED_SUB_NAME: Final = (
    "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
    "underscores, periods, and colons"
)
_MALFORMED_IF: Final = (
    "Template error: Fn::If requires a list argument with the first element being a condition"
)


def _function(name: str, argument: Any, block: str) -> Expression:
    if name in FUNCTIONS:
        return _call(name, argument, block)
    form = _FORMS.get(name)
    if form is None:
        known = ", ".join(sorted((*_FORMS, *FUNCTIONS)))
        raise ProvisioningError(
            f"Template error: Encountered unsupported function: {name[:255]} Supported functions "
            f"are: [{known}]"
        )
    return form(argument, block)


def _text_argument(argument: Any, otherwise: str) -> str:
    if not isinstance(argument, str) or not argument:
        raise ProvisioningError(otherwise)
    return argument


def _ref(argument: Any, block: str) -> Expression:
    return _Reference(_text_argument(argument, _MALFORMED_REF), block)


def _get_att(argument: Any, block: str) -> Expression:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or len(argument) < 2:
        raise ProvisioningError(_MALFORMED_GET_ATT)
    name = _text_argument(argument[0], _MALFORMED_GET_ATT)
    if len(argument) > 2 or not isinstance(argument[1], dict):
        rest = [_text_argument(part, _MALFORMED_GET_ATT) for part in argument[1:]]
        return _Attribute(name, ".".join(rest), block)
    return _Attribute(name, compiled(argument[1], block), block)


_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def _sub(argument: Any, block: str) -> Expression:
    values: dict[str, Any] = {}
    if isinstance(argument, list):
        if len(argument) != 2 or not isinstance(argument[1], dict):
            raise ProvisioningError(_MALFORMED_SUB)
        argument, given = argument
        values = {name: compiled(value, block) for name, value in given.items()}
    if not isinstance(argument, str):
        raise ProvisioningError(_MALFORMED_SUB)
    pieces = [""]
    named: dict[str, Any] = {}
    for index, part in enumerate(_VARIABLE.split(argument)):
        if index % 2 == 0:
            pieces[-1] += part
        elif part.startswith("!"):
            pieces[-1] += f"${{{part[1:]}}}"
        else:
            if part not in named:
                named[part] = _variable(part, values, block)
            pieces += (part, "")
    unused = tuple(value for name, value in values.items() if name not in named)
    return _Sub(tuple(pieces), named, unused)


def _variable(name: str, values: Mapping[str, Any], block: str) -> Any:
    if name in values:
        return values[name]
    if not _VARIABLE_NAME.fullmatch(name):
        raise ProvisioningError(_MALFORMED_SUB_NAME)
    logical_id, dot, attribute = name.partition(".")
    if not dot:
        return _Reference(name, block)
    if not logical_id or not attribute:
        raise ProvisioningError(_MALFORMED_GET_ATT)
    return _Attribute(logical_id, attribute, block)


def _if(argument: Any, block: str) -> Expression:
    if not isinstance(argument, list) or len(argument) != 3:
        raise ProvisioningError(_MALFORMED_IF)
    name = _text_argument(argument[0], _MALFORMED_IF)
    return _If(name, compiled(argument[1], block), compiled(argument[2], block))


def _call(name: str, argument: Any, block: str) -> Expression:
    function = FUNCTIONS[name]
    if not function.most:
        return _Call(function.call, (compiled(argument, block),))
    if not isinstance(argument, list) or not function.least <= len(argument) <= function.most:
        raise ProvisioningError(function.malformed)
    arguments = [compiled(part, block) for part in argument]
    if function.ends_with_list and isinstance(arguments[-1], _Attribute):
        # It is not known for all types which attributes are lists; here it must be one.
        arguments[-1] = replace(arguments[-1], as_list=True)
    return _Call(function.call, tuple(arguments))


def _transform(argument: Any, block: str) -> Expression:
    name = argument.get("Name") if isinstance(argument, dict) else None
    if not isinstance(name, str) or not name:
        raise ProvisioningError("Template format error: every Fn::Transform must have a Name")
    if name == "AWS::Include":
        raise ProvisioningError("Transform AWS::Include failed with: nothing is read from S3 here.")
    raise ProvisioningError(f"No transform named {name[:255]} found.")


_FORMS: Final[Mapping[str, Callable[[Any, str], Expression]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::Sub": _sub,
    "Fn::Transform": _transform,
}
