"""What Proton refuses: one class for each error shape of its service model.

The packages of ``proton`` raise these; :mod:`moto_proton.proton.responses.base` turns them into
HTTP responses. What happened is in the message alone, because a response has no other member for it
(service model: each error shape has just ``message``).
"""

from __future__ import annotations

from typing import ClassVar


class ProtonError(Exception):
    """Base of all refusals; not raised itself.

    ``code`` is the name of the error shape, ``status`` the HTTP status. Only
    InternalServerException has another status than 400.

    Rules 1.4-3 to 1.4-9.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ValidationError(ProtonError):
    """The input is not valid, by itself or against what it refers to."""

    code = "ValidationException"


class ResourceNotFoundError(ProtonError):
    """The named resource does not exist in this account and region."""

    code = "ResourceNotFoundException"


class ConflictError(ProtonError):
    """The state of a resource forbids the request now."""

    code = "ConflictException"


class ServiceQuotaExceededError(ProtonError):
    """The request would go over a quota of the account and region."""

    code = "ServiceQuotaExceededException"


class AccessDeniedError(ProtonError):
    """The caller may not do this."""

    code = "AccessDeniedException"


class ThrottlingError(ProtonError):
    """Too many requests; only ever injected, the mock has no rate (Rule 5.10-105)."""

    code = "ThrottlingException"


class InternalServerError(ProtonError):
    """Proton's own fault; only ever injected (Rule 5.10-106)."""

    code = "InternalServerException"
    status = 500


ERRORS_BY_CODE: dict[str, type[ProtonError]] = {
    error.code: error
    for error in (
        ValidationError,
        ResourceNotFoundError,
        ConflictError,
        ServiceQuotaExceededError,
        AccessDeniedError,
        ThrottlingError,
        InternalServerError,
    )
}
