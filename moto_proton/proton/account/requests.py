"""Repeated requests: create calls for a name in use, and calls with a client token.

Rules: sections 6.0.1 and 6.0.2 of docs/behaviour.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from moto_proton.proton.exceptions import ConflictError, ValidationError
from moto_proton.recorded_messages import IDEMPOTENT_PARAMETER_MISMATCH

Request: TypeAlias = Mapping[str, Any]
"""The members of a request by their names in snake case, checked against the service model."""

TOKEN_LIFETIME: Final = timedelta(hours=8)


class CreatedByRequest(Protocol):
    """A resource that keeps the request that created it."""

    @property
    def created_by(self) -> Request:
        """The create request."""

    @property
    def modified(self) -> bool:
        """Whether an update or a tag call has changed it since."""

    @property
    def arn(self) -> str:
        """The ARN, for messages."""


class PerhapsCreatedByRequest(Protocol):
    """The same for a resource that may also have been created in another way."""

    @property
    def created_by(self) -> Request | None:
        """The create request, or None when it was another call."""

    @property
    def modified(self) -> bool:
        """Whether an update or a tag call has changed it since."""

    @property
    def arn(self) -> str:
        """The ARN, for messages."""


Resource = TypeVar("Resource", bound=CreatedByRequest)
Taken = TypeVar("Taken", bound=PerhapsCreatedByRequest)


def answer_repeated_create(
    existing: Resource, request: Request, *, leaving: bool = False
) -> Resource:
    """Answer a create call whose name is in use.

    The same parameters for an unchanged resource: the resource as it is now. For a resource that
    was changed, or is being deleted (``leaving``): :class:`ConflictError`. Other parameters:
    :class:`ValidationError`. If both apply, the conflict comes first. A resource that is being
    deleted does not answer a repeat (Rule 6.0.2-9).

    Rules 6.0.2-1 to 6.0.2-4 and 6.0.2-6.
    """
    if leaving:
        raise ConflictError(f"{existing.arn} already exists: it is not deleted yet")
    if existing.modified:
        raise ConflictError(f"{existing.arn} already exists and was modified since its creation")
    if not same_parameters(existing.created_by, request):
        raise _mismatch(f"{existing.arn} already exists with other parameters")
    return existing


def answer_equal_create(existing: Taken, request: Request, *, leaving: bool = False) -> Taken:
    """Answer a create call whose name is in use, for operations without a documented rule.

    The same parameters for a resource that is unchanged and not being deleted (``leaving``): the
    resource as it is now. Anything else: :class:`ConflictError`.

    Rule 6.0.2-8.
    """
    created_by = existing.created_by
    if (
        leaving
        or existing.modified
        or created_by is None
        or not same_parameters(created_by, request)
    ):
        raise ConflictError(f"{existing.arn} already exists")
    return existing


def same_parameters(one: Request, other: Request) -> bool:
    """Whether two requests are equal, apart from the client token and the order of the tags."""
    return _comparable(one) == _comparable(other)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a client token was used for; a digest of the parameters, which may be long."""

    parameters: bytes
    at: datetime
    find: Callable[[], object | None]


class ClientTokens:
    """The client tokens that were used, by operation; each is kept for eight hours.

    Rules 6.0.1-3 and 6.0.1-6.
    """

    def __init__(self) -> None:
        self._uses: dict[tuple[str, str], _Use] = {}

    def replay(self, operation: str, request: Request, now: datetime) -> object | None:
        """The answer to a repeated call: the resource of the first call, as it is now.

        None when the call is no repeat: no token, an unknown or expired one, or a resource that is
        gone. Raises :class:`ValidationError` when the token came with other parameters.

        Rules 6.0.1-1, 6.0.1-2 and 6.0.1-4.
        """
        token = request.get("client_token")
        use = self._uses.get((operation, token)) if token else None
        if use is None or now - use.at >= TOKEN_LIFETIME:
            return None
        resource = use.find()
        if resource is None:
            return None
        if use.parameters != _digest(request):
            raise _mismatch(f"the client token {token} was used with other parameters")
        return resource

    def remember(
        self,
        operation: str,
        request: Request,
        now: datetime,
        resource: object,
        find: Callable[[], object | None],
    ) -> None:
        """Remember a successful call, for as long as ``find`` finds its ``resource``.

        A later resource of the same name does not count.

        Rule 6.0.1-8.
        """
        token = request.get("client_token")
        if not token:
            return
        self._forget_expired(now)
        self._uses.pop((operation, token), None)
        self._uses[operation, token] = _Use(
            _digest(request), now, lambda: resource if find() is resource else None
        )

    def _forget_expired(self, now: datetime) -> None:
        # In the order of their use, so the old ones come first.
        for key, use in list(islice(self._uses.items(), 2)):
            if now - use.at >= TOKEN_LIFETIME:
                del self._uses[key]


def _mismatch(detail: str) -> ValidationError:
    # Rule 6.0.1-7.
    return ValidationError(f"{IDEMPOTENT_PARAMETER_MISMATCH()}: {detail}")


def _digest(request: Request) -> bytes:
    text = json.dumps(_comparable(request), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).digest()


def _comparable(request: Request) -> dict[str, Any]:
    comparable = {name: value for name, value in request.items() if name != "client_token"}
    if "tags" in comparable:
        comparable["tags"] = sorted((tag["key"], tag["value"]) for tag in comparable["tags"])
    return comparable
