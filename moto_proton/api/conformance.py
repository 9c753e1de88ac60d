"""Checks a response against the service model.

Only tests use it. Sources: the service model; the two tables below list required members that
responses leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from moto_proton.api.left_out import LEFT_OUT
from moto_proton.api.service_model import Shape, output_shape

_UNTIL_FIRST_SUCCESS: Final = frozenset(
    {"lastDeploymentSucceededAt", "templateMajorVersion", "templateMinorVersion"}
)

# Proton: these members are required in the model, yet recorded responses lack them until the first
# deployment succeeds. Rules 3.1-20 and 3.1-26.
ABSENT_UNTIL_FIRST_SUCCESS: Final[Mapping[str, frozenset[str]]] = {
    "Environment": _UNTIL_FIRST_SUCCESS,
    "EnvironmentSummary": _UNTIL_FIRST_SUCCESS,
    "ServiceInstance": _UNTIL_FIRST_SUCCESS,
    "ServiceInstanceSummary": _UNTIL_FIRST_SUCCESS,
    "ServicePipeline": _UNTIL_FIRST_SUCCESS,
}

# The model requires roleArn in the output and not in the input: absent where it was never given,
# and the connection has a codebuildRoleArn alone. Rule 6.7-5. A pipeline's deployment runs in no
# environment; where its service has no instance either, there is none to name (choice).
ABSENT_WHERE_NOT_GIVEN: Final[Mapping[str, frozenset[str]]] = {
    "Deployment": frozenset({"environmentName"}),
    "DeploymentSummary": frozenset({"environmentName"}),
    "EnvironmentAccountConnection": frozenset({"roleArn"}),
    "EnvironmentAccountConnectionSummary": frozenset({"roleArn"}),
}


def check_response(operation: str, wire: object) -> list[str]:
    """The problems of a response's JSON value, each with its path; none when the model accepts it.

    Reports members that are missing though required, unknown, null, of a wrong type, outside their
    enum, or there though the operation's answers leave them out. Lengths and patterns are rules for
    requests and not checked. An empty object is a valid answer to deleting something that is
    already gone, since no delete output requires a member. Raises LookupError for an unknown
    operation.
    """
    return [*_problems(output_shape(operation), wire, ""), *_kept(operation, wire)]


def _kept(operation: str, wire: object) -> Iterator[str]:
    """What the answer shows though no recorded answer of the operation does."""
    if not isinstance(wire, dict):
        return
    for name, resource in wire.items():
        for member in LEFT_OUT.get(operation, frozenset()):
            if isinstance(resource, dict) and member in resource:
                yield f"{name}.{member}: the answers of {operation} leave it out"


def _problems(shape: Shape, value: object, path: str) -> Iterator[str]:
    where = path or "response"
    if value is None:
        yield f"{where}: null"
    elif not _JSON_TYPES[shape.type_name](value):
        yield f"{where}: not a {shape.type_name}: {value!r:.100}"
    elif isinstance(value, dict):
        yield from _structure_problems(shape, value, path)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _problems(shape.member, item, f"{where}[{position}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{where}: not one of {', '.join(shape.enum)}: {value!r:.100}"


def _structure_problems(shape: Shape, value: dict[str, object], path: str) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    excused = ABSENT_UNTIL_FIRST_SUCCESS.get(shape.name, frozenset())
    # After its first success a resource has all of these members.
    if value.get("deploymentStatus") == "SUCCEEDED" or "lastDeploymentSucceededAt" in value:
        excused = frozenset()
    excused |= ABSENT_WHERE_NOT_GIVEN.get(shape.name, frozenset())
    for name in shape.required_members:
        if name not in value and name not in excused:
            yield f"{prefix}{name}: required by {shape.name}, but missing"
    if shape.metadata.get("union") and len(value) != 1:
        yield f"{path or 'response'}: one member of the union {shape.name} must be set"
    for name, item in value.items():
        member = shape.members.get(name)
        if member is None:
            yield f"{prefix}{name}: {shape.name} has no such member"
        else:
            yield from _problems(member, item, f"{prefix}{name}")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_JSON_TYPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "structure": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "string": lambda value: type(value) is str,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "timestamp": lambda value: _is_integer(value) or isinstance(value, float),
}
