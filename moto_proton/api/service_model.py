"""Loads Proton's service model from the package's own copy, whatever botocore has.

Always the copy, so that the mock checks and answers in the same way beside every botocore, and
still works when botocore drops Proton. ``scripts/api_facts.py`` makes the copy from botocore's
files and checks it against them. ``constraints``, ``shapes`` and ``conformance`` apply the shapes
to requests and responses. Source of everything here: botocore's service model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from moto_proton.forking import ForkSafeLock

if TYPE_CHECKING:
    from botocore.model import ServiceModel

SERVICE: Final = "proton"

MODEL_PATH: Final = Path(__file__).with_name("data")
"""The folder of our copy, as botocore takes it in ``AWS_DATA_PATH``: service, version, files."""

_load_lock: Final = ForkSafeLock()


class Shape(Protocol):
    """The attributes of a botocore shape that we use; only some types have ``members`` or
    ``member``.
    """

    name: str
    type_name: str
    members: Mapping[str, Shape]
    member: Shape
    required_members: Sequence[str]
    enum: Sequence[str]
    metadata: Mapping[str, Any]


def service_model() -> ServiceModel:
    """Proton's service model, loaded at the first call and then kept."""
    with _load_lock:
        return _loaded_model()


@cache
def _loaded_model() -> ServiceModel:
    # Imported here because importing this module must not import botocore.
    from botocore.model import ServiceModel

    description = (MODEL_PATH / SERVICE / "2020-07-20" / "service-2.json").read_bytes()
    return ServiceModel(json.loads(description), SERVICE)


@cache
def operation_names() -> frozenset[str]:
    """The names of all operations, as they stand in ``X-Amz-Target``."""
    return frozenset(service_model().operation_names)


@cache
def error_codes(operation: str) -> frozenset[str]:
    """The names of the exceptions that the model lists for an operation.

    Raises LookupError for an operation that the model does not have.

    Rules 1.4-17 to 1.4-23.
    """
    return frozenset(shape.name for shape in _operation_model(operation).error_shapes)


def input_shape(operation: str) -> Shape:
    """The structure that a request to the operation carries.

    Raises LookupError for an operation that the model does not have.
    """
    shape: Shape = _operation_model(operation).input_shape
    return shape


def output_shape(operation: str) -> Shape:
    """The structure that a response of the operation carries; it may have no members.

    Raises LookupError for an operation that the model does not have.
    """
    shape: Shape = _operation_model(operation).output_shape
    return shape


def _operation_model(operation: str) -> Any:
    if operation not in operation_names():
        raise LookupError(f"Proton has no operation {operation!r}")
    return service_model().operation_model(operation)
