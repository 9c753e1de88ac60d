"""Proton's service model as functions: check a request, write a response, page through a list.

It knows the shapes and the wording of messages, but no behaviour. Importing it imports no botocore;
the model is loaded when the first function asks for it.

Internal: no part of the public API.
"""

from __future__ import annotations

from moto_proton.api.conformance import check_response
from moto_proton.api.constraints import InvalidRequest, read_request
from moto_proton.api.naming import snake_case
from moto_proton.api.pages import DEFAULT_PAGE_SIZE, InvalidToken, decode_token, encode_token
from moto_proton.api.service_model import (
    MODEL_PATH,
    error_codes,
    operation_names,
    service_model,
)
from moto_proton.api.shapes import write_response
from moto_proton.api.wire import (
    CONTENT_TYPE,
    MalformedBody,
    ProtocolError,
    UnknownOperation,
    decode_body,
    error_body,
    operation_from_target,
)
from moto_proton.endpoints import TARGET_PREFIX

__all__ = [
    "CONTENT_TYPE",
    "DEFAULT_PAGE_SIZE",
    "MODEL_PATH",
    "TARGET_PREFIX",
    "InvalidRequest",
    "InvalidToken",
    "MalformedBody",
    "ProtocolError",
    "UnknownOperation",
    "check_response",
    "decode_body",
    "decode_token",
    "encode_token",
    "error_body",
    "error_codes",
    "operation_from_target",
    "operation_names",
    "read_request",
    "service_model",
    "snake_case",
    "write_response",
]
