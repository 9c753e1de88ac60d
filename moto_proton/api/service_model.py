"""Finds Proton's service model, in one place: the day botocore drops it touches one function.

What the shapes mean for a request or a response is left to ``constraints``, ``shapes`` and
``conformance``. Source of everything here: botocore's service model.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from botocore.model import ServiceModel

SERVICE: Final = "proton"

_load_lock: Final = threading.Lock()


class Shape(Protocol):
    """What we read of a botocore shape; ``members`` and ``member`` where its type has them."""

    name: str
    type_name: str
    members: Mapping[str, Shape]
    member: Shape
    required_members: Sequence[str]
    enum: Sequence[str]
    metadata: Mapping[str, Any]


class ServiceModelMissingError(LookupError):
    """The installed botocore does not know Proton (any more)."""


def service_model() -> ServiceModel:
    """Proton's service model, loaded at the first call and then kept.

    Raises ServiceModelMissingError when botocore has none.
    """
    with _load_lock:
        return _loaded_model()


@cache
def _loaded_model() -> ServiceModel:
    # In the function: importing this room must not cost a botocore import.
    from botocore.exceptions import DataNotFoundError
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    try:
        description = create_loader().load_service_model(SERVICE, "service-2")
    except DataNotFoundError as error:
        raise ServiceModelMissingError(
            "The installed botocore has no service model of AWS Proton; "
            "install a release of botocore that still has it."
        ) from error
    return ServiceModel(description, SERVICE)


@cache
def operation_names() -> frozenset[str]:
    """The names of all operations, as they stand in ``X-Amz-Target``."""
    return frozenset(service_model().operation_names)


@cache
def error_codes(operation: str) -> frozenset[str]:
    """The names of the exceptions that the model lists for an operation.

    Raises LookupError for an operation that the model does not have.
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
