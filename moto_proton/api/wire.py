"""Speaks AWS JSON 1.0: which operation a request means, its body as a dict, an error as a body.

``constraints`` checks the members of the body, ``shapes`` writes the body of an answer. Rules:
sections 1.1 and 1.4 of docs/behaviour.md; for the two errors below, which the model does not have,
the behaviour of other AWS JSON services.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final, NoReturn

from moto_proton import nesting
from moto_proton.api.service_model import operation_names
from moto_proton.endpoints import TARGET_PREFIX

# Rules 1.1-1 and 1.1-4.
CONTENT_TYPE: Final = "application/x-amz-json-1.0"
MODELLED_NAMESPACE: Final = "com.amazonaws.proton.v20200720#"
PROTOCOL_NAMESPACE: Final = "com.amazon.coral.service#"

# Choice: a message quotes this much of a wrong header.
_SHOWN_CHARACTERS: Final = 200
# Choice: no member of the API takes more than three.
_MOST_DIGITS: Final = 400


class ProtocolError(Exception):
    """A request that was refused before its operation was called.

    ``code`` is the error's bare name, ``type`` what ``__type`` says on the wire.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

    @property
    def type(self) -> str:
        """The code in the namespace of AWS's own framework."""
        return PROTOCOL_NAMESPACE + self.code


class UnknownOperation(ProtocolError):
    """The target header is missing or names no operation of Proton."""

    code = "UnknownOperationException"


class MalformedBody(ProtocolError):
    """The body is not one JSON object."""

    code = "SerializationException"


def operation_from_target(target: str | None) -> str:
    """The operation that an ``X-Amz-Target`` header names; upper and lower case count.

    Raises UnknownOperation. The messages are a choice.

    Rule 1.1-3.
    """
    if not target:
        raise UnknownOperation("The request has no X-Amz-Target header")
    prefix, _, operation = target.partition(".")
    if prefix != TARGET_PREFIX or operation not in operation_names():
        raise UnknownOperation(f"Unknown operation: {target[:_SHOWN_CHARACTERS]}")
    return operation


def decode_body(body: bytes | str | None) -> dict[str, Any]:
    """The JSON object in a request body; no body counts as an empty object.

    If a key occurs twice, the last one counts, as in most JSON readers. Raises MalformedBody; the
    messages are a choice.

    Rule 1.1-5.
    """
    if not body:
        return {}
    try:
        text = body.decode() if isinstance(body, bytes) else body
        nesting.check_json(text)
        value = json.loads(text, parse_int=_integer, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise MalformedBody("The request body is not UTF-8") from None
    except nesting.TooDeep:
        raise MalformedBody("The request body is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedBody(f"The request body is not JSON ({where})") from None
    except ValueError:
        # NaN, Infinity, or an integer of too many digits.
        raise MalformedBody("The request body has a number that is not allowed") from None
    if not isinstance(value, dict):
        raise MalformedBody("The request body is not a JSON object")
    return value


def error_body(error_type: str, message: str) -> str:
    """The JSON text of an error; a bare name gets the namespace that Proton's own errors carry.

    Rules 1.4-1 and 1.4-2.
    """
    if "#" not in error_type:
        error_type = MODELLED_NAMESPACE + error_type
    return json.dumps({"__type": error_type, "message": message})


def _integer(digits: str) -> int:
    # Python's own limit differs between releases and can be switched off.
    if len(digits) > _MOST_DIGITS:
        raise ValueError(digits)
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
