"""The intrinsic functions that are plain functions of their arguments.

Source: the CloudFormation user guide (intrinsic function reference). Error messages are
CloudFormation's where users have reported them.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moto_proton.provision.provisioner import ProvisioningError
from moto_proton.provision.scope import TemplateScope

MAX_SUBNETS: Final = 256
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the number of its arguments.

    If ``most`` is zero, it takes one argument that is not in a list. ``malformed`` is the message
    for a wrong number of arguments.
    """

    call: Callable[[TemplateScope, list[Any]], Any]
    least: int = 1
    most: int = 0
    malformed: str = ""
    ends_with_list: bool = False


def text_of(value: Any, what: str) -> str:
    """A scalar as CloudFormation writes it; ProvisioningError with ``what`` for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise ProvisioningError(what)


_MALFORMED_JOIN: Final = (
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
    "(2) a list of strings to be joined or a function that returns a list of strings (such as "
    "Fn::GetAZs) to be joined."
)
_MALFORMED_SPLIT: Final = (
    "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and "
    "(2) a string to be split or a function that returns a string to be split."
)
_MALFORMED_SELECT: Final = (
    "Template error: Fn::Select requires a list argument with two elements: an integer index and "
    "a list"
)
_MALFORMED_FIND_IN_MAP: Final = (
    "Template error: every Fn::FindInMap object requires three parameters, the map name, map key "
    "and the attribute for return value"
)
_MALFORMED_BASE64: Final = "Template error: every Fn::Base64 object must have a String-typed value."
_MALFORMED_CIDR: Final = (
    "Template error: every Fn::Cidr object requires two parameters, (1) an IP address block and "
    f"(2) a number of blocks from 1 to {MAX_SUBNETS}, and may have (3) the number of subnet bits"
)
_MALFORMED_GET_AZS: Final = (
    "Template error: every Fn::GetAZs object must have a String-typed value."
)
_MALFORMED_IMPORT: Final = (
    "Template error: the attribute in Fn::ImportValue must not be empty and must be a String"
)
_MALFORMED_EQUALS: Final = (
    "Template error: every Fn::Equals object requires a list of 2 string parameters."
)
_MALFORMED_NOT: Final = "Template error: every Fn::Not object requires one boolean parameter."
_MALFORMED_AND: Final = (
    "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean "
    "parameters."
)
_MALFORMED_OR: Final = _MALFORMED_AND.replace("Fn::And", "Fn::Or")


def _join(scope: TemplateScope, arguments: list[Any]) -> str:
    delimiter, values = arguments
    if not isinstance(delimiter, str) or not isinstance(values, list):
        raise ProvisioningError(_MALFORMED_JOIN)
    texts = [text_of(value, _MALFORMED_JOIN) for value in values]
    scope.spend(sum(map(len, texts)) + len(delimiter) * len(texts))
    return delimiter.join(texts)


def _split(scope: TemplateScope, arguments: list[Any]) -> list[str]:
    delimiter, given = arguments
    if not isinstance(delimiter, str) or not delimiter:
        raise ProvisioningError(_MALFORMED_SPLIT)
    text = text_of(given, _MALFORMED_SPLIT)
    scope.spend(len(text))
    return text.split(delimiter)


def _select(scope: TemplateScope, arguments: list[Any]) -> Any:
    given, values = arguments
    index = text_of(given, _MALFORMED_SELECT)
    if not index.isascii() or not index.isdigit() or not isinstance(values, list):
        raise ProvisioningError(_MALFORMED_SELECT)
    if len(index) > _MOST_DIGITS or int(index) >= len(values):
        raise ProvisioningError(
            f"Template error: Fn::Select cannot select nonexistent value at index {index[:20]}"
        )
    return values[int(index)]


def _find_in_map(scope: TemplateScope, arguments: list[Any]) -> Any:
    names = [text_of(argument, _MALFORMED_FIND_IN_MAP) for argument in arguments[:3]]
    map_name, first, second = names
    try:
        value = scope.mappings[map_name][first][second]
    except KeyError:
        pass
    else:
        scope.spend_on(value)
        return value
    if len(arguments) == 4 and isinstance(arguments[3], dict) and "DefaultValue" in arguments[3]:
        return arguments[3]["DefaultValue"]
    raise ProvisioningError(
        f"Template error: Unable to get mapping for {'::'.join(name[:255] for name in names)}"
    )


def _base64(scope: TemplateScope, arguments: list[Any]) -> str:
    text = text_of(arguments[0], _MALFORMED_BASE64)
    scope.spend(2 * len(text))
    return base64.b64encode(text.encode()).decode()


def _cidr(scope: TemplateScope, arguments: list[Any]) -> list[str]:
    block, *numbers = (text_of(argument, _MALFORMED_CIDR) for argument in arguments)
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        raise ProvisioningError(_MALFORMED_CIDR)
    count = int(numbers[0])
    try:
        network = ipaddress.ip_network(block, strict=False)
    except ValueError:
        raise ProvisioningError(
            f"Template error: Fn::Cidr: {block[:60]!r} is not an IP address block"
        ) from None
    bits = int(numbers[1]) if len(numbers) > 1 else 8
    prefix = network.max_prefixlen - bits
    if not 1 <= count <= MAX_SUBNETS or bits < 1:
        raise ProvisioningError(_MALFORMED_CIDR)
    if prefix < network.prefixlen or count > 2 ** (prefix - network.prefixlen):
        raise ProvisioningError(
            f"Template error: Fn::Cidr: {block[:60]} does not hold {count} blocks of {bits} bits"
        )
    scope.spend(count * 20)
    subnets = network.subnets(new_prefix=prefix)
    return [str(next(subnets)) for _ in range(count)]


def _get_azs(scope: TemplateScope, arguments: list[Any]) -> list[str]:
    region = text_of(arguments[0], _MALFORMED_GET_AZS)
    place = scope.place
    return list(scope.surroundings.availability_zones(place, region[:255] or place.region))


def _import_value(scope: TemplateScope, arguments: list[Any]) -> str:
    name = text_of(arguments[0], _MALFORMED_IMPORT)
    if not name:
        raise ProvisioningError(_MALFORMED_IMPORT)
    return scope.surroundings.exported(scope.place, name)


def _boolean(value: Any, otherwise: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise ProvisioningError(otherwise)


def _equals(scope: TemplateScope, arguments: list[Any]) -> bool:
    left, right = (
        value if isinstance(value, (list, dict)) else text_of(value, _MALFORMED_EQUALS)
        for value in arguments
    )
    return left == right


def _not(scope: TemplateScope, arguments: list[Any]) -> bool:
    return not _boolean(arguments[0], _MALFORMED_NOT)


def _and(scope: TemplateScope, arguments: list[Any]) -> bool:
    # Every argument is evaluated, even if the first ones decide the result.
    booleans = [_boolean(argument, _MALFORMED_AND) for argument in arguments]
    return all(booleans)


def _or(scope: TemplateScope, arguments: list[Any]) -> bool:
    booleans = [_boolean(argument, _MALFORMED_OR) for argument in arguments]
    return any(booleans)


def _length(scope: TemplateScope, arguments: list[Any]) -> int:
    if not isinstance(arguments[0], list):
        raise ProvisioningError("Template error: every Fn::Length object requires a list")
    return len(arguments[0])


def _to_json_string(scope: TemplateScope, arguments: list[Any]) -> str:
    if not isinstance(arguments[0], (dict, list)):
        raise ProvisioningError(
            "Template error: every Fn::ToJsonString object requires an object or a list"
        )
    pieces = []
    for piece in json.JSONEncoder(separators=(",", ":")).iterencode(arguments[0]):
        scope.spend(len(piece))
        pieces.append(piece)
    return "".join(pieces)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "Fn::And": Function(_and, 2, 10, _MALFORMED_AND),
    "Fn::Base64": Function(_base64),
    "Fn::Cidr": Function(_cidr, 2, 3, _MALFORMED_CIDR),
    "Fn::Equals": Function(_equals, 2, 2, _MALFORMED_EQUALS),
    "Fn::FindInMap": Function(_find_in_map, 3, 4, _MALFORMED_FIND_IN_MAP),
    "Fn::GetAZs": Function(_get_azs),
    "Fn::ImportValue": Function(_import_value),
    "Fn::Join": Function(_join, 2, 2, _MALFORMED_JOIN, ends_with_list=True),
    "Fn::Length": Function(_length),
    "Fn::Not": Function(_not, 1, 1, _MALFORMED_NOT),
    "Fn::Or": Function(_or, 2, 10, _MALFORMED_OR),
    "Fn::Select": Function(_select, 2, 2, _MALFORMED_SELECT, ends_with_list=True),
    "Fn::Split": Function(_split, 2, 2, _MALFORMED_SPLIT),
    "Fn::ToJsonString": Function(_to_json_string),
}
