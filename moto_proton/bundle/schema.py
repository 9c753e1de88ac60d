"""Reads schema.yaml, which declares the types of a template's inputs.

The types themselves are read by :mod:`~moto_proton.bundle.schema_objects`. Rules: section 8.3 of
docs/behaviour.md. Choices: unknown keys are refused, any patch release of OpenAPI 3.0 is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from moto_proton.bundle.documents import MAX_SCHEMA_BYTES, Document, ValuePath, check_size
from moto_proton.bundle.errors import BundleError, Doubt, SchemaError
from moto_proton.bundle.inputs import InputSchema
from moto_proton.bundle.schema_objects import SchemaObjects
from moto_proton.recorded_messages import MISSING_PROPERTY
from moto_proton.spec.values import Value, shown

_Kind = Literal["Environment", "Service"]

ENVIRONMENT_INPUT_TYPE: Final = "environment_input_type"
SERVICE_INPUT_TYPE: Final = "service_input_type"
PIPELINE_INPUT_TYPE: Final = "pipeline_input_type"
_INPUT_TYPES: Final = (ENVIRONMENT_INPUT_TYPE, SERVICE_INPUT_TYPE, PIPELINE_INPUT_TYPE)

_HEADER: Final[ValuePath] = ("schema",)
_TYPES: Final[ValuePath] = ("schema", "types")
_OPENAPI = re.compile(r"3\.0\.[0-9]+")
# Without quotes a number; published bundles have it so.
_MEANT_FOR_OPENAPI: Final = frozenset({"3", "3.0"})


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A schema.yaml: its unchanged text, and the types of the inputs, None where it declares none.

    Rule 8.3-10.
    """

    text: str
    environment_inputs: InputSchema | None = None
    service_inputs: InputSchema | None = None
    pipeline_inputs: InputSchema | None = None
    doubts: tuple[Doubt, ...] = ()


def read_environment_schema(text: str, file: str) -> Schema:
    """The schema of an environment template. Raises SchemaError."""
    return _read(text, file, "Environment", [ENVIRONMENT_INPUT_TYPE])


def read_customer_managed_schema(text: str, file: str) -> Schema:
    """The schema of a customer managed environment template: strings alone, no defaults.

    Raises SchemaError.

    Rule 8.3-7.
    """
    schema = read_environment_schema(text, file)
    assert schema.environment_inputs is not None
    for name, each in schema.environment_inputs.schema["properties"].items():
        if each.get("type") != "string":
            raise SchemaError(
                "Environment",
                f"the property {shown(name)} must be of type string, as all properties of a "
                "customer managed environment template",
                file=file,
            )
        if "default" in each:
            raise SchemaError(
                "Environment",
                f"the property {shown(name)} has a default, which a customer managed environment "
                "template cannot have",
                file=file,
            )
    return schema


def read_service_schema(text: str, file: str, *, has_pipeline: bool) -> Schema:
    """The schema of a service template. Raises SchemaError."""
    expected = [SERVICE_INPUT_TYPE, *([PIPELINE_INPUT_TYPE] if has_pipeline else [])]
    return _read(text, file, "Service", expected)


def _read(text: str, file: str, kind: _Kind, expected: Sequence[str]) -> Schema:
    try:
        check_size(text, file, MAX_SCHEMA_BYTES)
        document = Document(text, file)
        types = _types(document, kind, expected)
    except BundleError as error:
        raise SchemaError(kind, error.detail, file=error.file, line=error.line) from None
    return Schema(
        text,
        environment_inputs=types.get(ENVIRONMENT_INPUT_TYPE),
        service_inputs=types.get(SERVICE_INPUT_TYPE),
        pipeline_inputs=types.get(PIPELINE_INPUT_TYPE),
        doubts=tuple(document.doubts),
    )


def _types(document: Document, kind: _Kind, expected: Sequence[str]) -> dict[str, InputSchema]:
    """The input types of the file, by their key in its header (Rule 8.3-1)."""
    top = document.mapping(document.value, (), "the schema file")
    header = document.mapping(_required(top, "schema"), _HEADER, "schema")
    document.refuse_unknown(top, ["schema"], (), "a schema file")
    for key in _INPUT_TYPES:
        if key in header and key not in expected:
            detail = f"{key} has no place here: {_why(kind, key)}"
            raise document.error((*_HEADER, key), detail, of_key=True)
    document.refuse_unknown(header, ["format", *expected, "types"], _HEADER, "schema")
    format_path = (*_HEADER, "format")
    format_ = document.mapping(_required(header, "format"), format_path, "format")
    openapi = _required(format_, "openapi")
    if not isinstance(openapi, str) or not _OPENAPI.fullmatch(openapi):
        detail = f'openapi must be "3.0.0", not {shown(openapi)}'
        if isinstance(openapi, bool) or str(openapi) not in _MEANT_FOR_OPENAPI:
            raise document.error((*format_path, "openapi"), detail)
        document.doubt((*format_path, "openapi"), f"{detail}, which is taken for it")
    names = {key: document.string(_required(header, key), (*_HEADER, key), key) for key in expected}
    types = document.mapping(_required(header, "types"), _TYPES, "types")
    for key, name in names.items():
        if name not in types:
            raise document.error(
                (*_HEADER, key), f"{key} names {shown(name)}, which is not among the types"
            )
    objects = SchemaObjects(document, types, _TYPES)
    read = {name: objects.type(name) for name in types}
    for key, name in names.items():
        _check_input_type(document, key, name, read[name])
    return {key: InputSchema(name, read[name]) for key, name in names.items()}


def _required(mapping: Mapping[str, Value], key: str) -> Value:
    if mapping.get(key) is None:
        first, *others = key.split("_")
        raise BundleError(MISSING_PROPERTY(name=first + "".join(map(str.title, others))))
    return mapping[key]


def _why(kind: _Kind, key: str) -> str:
    if kind == "Service" and key == PIPELINE_INPUT_TYPE:
        return "the pipeline of this service template is customer managed"
    return (
        f"this is the schema of {'a service' if kind == 'Service' else 'an environment'} template"
    )


def _check_input_type(document: Document, key: str, name: str, schema: dict[str, Any]) -> None:
    path = (*_TYPES, name)
    if schema.get("type") != "object":
        raise document.error(path, f"the type {name} of {key} must be an object", of_key=True)
    if not schema.get("properties"):
        raise document.error(
            path, f"the type {name} of {key} must have at least one property", of_key=True
        )
