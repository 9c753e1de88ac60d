"""What all operations share: a request is read, checked, allowed, handled and answered here, once.

We read and write Proton's JSON 1.0 ourselves, from the service model: moto's own parsing changes
every few releases and takes longer than a handler. From moto's response class we use what decides
account, access and dispatch.
"""

from __future__ import annotations

import gzip
import io
import json
import uuid
import zlib
from abc import ABC, abstractmethod
from typing import Any, Final, TypeAlias
from urllib.parse import urlparse

from moto.core.responses import BaseResponse
from werkzeug.exceptions import HTTPException

from moto_proton import api, bridge, endpoints, workplace
from moto_proton.proton.account.faults import book
from moto_proton.proton.account.locks import request_locks
from moto_proton.proton.authorization.access import Members, accesses
from moto_proton.proton.authorization.policies import Access, permits
from moto_proton.proton.exceptions import AccessDeniedError, ProtonError, ValidationError
from moto_proton.proton.responses.call import Call
from moto_proton.proton.responses.operations import OPERATIONS
from moto_proton.proton.store import ProtonStore
from moto_proton.recorded_messages import NOT_AUTHORIZED

Answer: TypeAlias = tuple[int, dict[str, str], str]

_MAX_BODY: Final = 4 * 1024 * 1024
"""Bytes. JSON may need twelve per character: the largest valid request has about 1.3 million."""


class UnknownRegionError(api.ProtocolError):
    """The request went to a region in which Proton was never available.

    For a real client that host does not exist; the mock answers with an error that says so.
    """

    code = "UnknownEndpoint"

    def __init__(self, region: str) -> None:
        super().__init__(
            f"AWS Proton was never in the region {region}. Set MOTO_ALLOW_NONEXISTENT_REGION=true "
            "to use it all the same."
        )


class UnrecognizedClientError(api.ProtocolError):
    """The access key does not exist. Code and message are those of other AWS JSON services."""

    code = "UnrecognizedClientException"


class InvalidSignatureError(api.ProtocolError):
    """The signature was not made with the secret key."""

    code = "InvalidSignatureException"


class IncompleteSignatureError(api.ProtocolError):
    """The Authorization header is not a complete signature."""

    code = "IncompleteSignatureException"


class MissingAuthenticationTokenError(api.ProtocolError):
    """The request is not signed."""

    code = "MissingAuthenticationTokenException"


_REFUSED_CALLERS: Final[dict[type[bridge.CallerRefusedError], api.ProtocolError]] = {
    bridge.UnknownAccessKeyError: UnrecognizedClientError(
        "The security token included in the request is invalid."
    ),
    bridge.WrongSignatureError: InvalidSignatureError(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method."
    ),
    bridge.IncompleteSignatureError: IncompleteSignatureError(
        "The Authorization header is not a complete AWS Signature Version 4."
    ),
    bridge.UnsignedRequestError: MissingAuthenticationTokenError(
        "The request has no Authorization header."
    ),
}


class ProtonResponse(BaseResponse, ABC):
    """Answers one request; moto creates an instance for each. The backend decides which account it
    is for.
    """

    def __init__(self) -> None:
        super().__init__(service_name="proton")

    def _dispatch(self, request: Any, full_url: Any = None, headers: Any = None) -> Answer:
        # moto: up to 5.2.3 requests come as botocore or werkzeug made them, with their URL and
        # headers beside them; from 5.2.4 on as moto's own kind of werkzeug request.
        url = full_url or request.url
        self._set_up(request, url)
        try:
            status, body = 200, self._answer(request)
        except api.ProtocolError as error:
            status, body = error.status, api.error_body(error.type, str(error))
        except ProtonError as error:
            status, body = error.status, api.error_body(error.code, error.message)
        answer_headers = {
            "Content-Type": api.CONTENT_TYPE,
            "x-amzn-RequestId": str(uuid.uuid4()),
        }
        return status, answer_headers, body

    def _set_up(self, request: Any, url: str) -> None:
        """Set what moto's methods for account and access read."""
        self.headers = request.headers
        self.uri = url
        self.parsed_url = urlparse(url)
        if "host" not in self.headers:
            # botocore adds this header when it sends, and moto's IAM needs it to check a signature.
            if hasattr(request, "environ"):
                request.environ["HTTP_HOST"] = self.parsed_url.netloc
            else:
                self.headers["host"] = self.parsed_url.netloc
        self.path = self.raw_path = self.parsed_url.path
        self.method = request.method
        self.querystring: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.region = self._region(url)
        self.access_key = self.get_access_key()
        self.current_account = self.get_current_account()

    def _region(self, url: str) -> str:
        authorization = _text(self.headers.get("Authorization", ""))
        return (
            endpoints.region_of_url(url)
            or endpoints.region_of_authorization(authorization)
            or self._region_of_user_agent()
            or self.default_region
        )

    def _region_of_user_agent(self) -> str | None:
        match = self.region_from_useragent_regex.search(_text(self.headers.get("User-Agent", "")))
        return match.group("region") if match else None

    def _answer(self, request: Any) -> str:
        # Rules 1.1-2 and 1.4-26.
        if self.method.upper() != "POST":
            raise api.UnknownOperation(f"Operations are called with POST, not with {self.method}")
        operation = api.operation_from_target(_text(self.headers.get("X-Amz-Target", "")) or None)
        handler = OPERATIONS.get(operation)
        if handler is None:
            raise api.UnknownOperation(f"The operation {operation} is not offered")
        raw = _body(request)
        try:
            members = api.read_request(operation, api.decode_body(raw))
        except api.InvalidRequest as error:
            raise ValidationError(str(error)) from error
        caller = self._store()
        self._check_access(caller, operation, members, raw)
        store = self._store_asked(caller, operation, members)
        with request_locks.of(store.scope), workplace.one_request():
            injected = book.take_error(operation)
            if injected is not None:
                raise type(injected)(injected.message)
            store.begin_request()
            with store.shared_by(operation):
                result = handler(Call(operation, members, store, caller.scope.account_id))
                answer = json.dumps(api.write_response(operation, result))
            store.end_request()
            return answer

    def _store(self) -> ProtonStore:
        region = self.region
        if region not in bridge.known_regions() and not bridge.allows_unknown_regions():
            raise UnknownRegionError(region)
        return self.store_of(self.current_account, region)

    def _store_asked(self, caller: ProtonStore, operation: str, members: Members) -> ProtonStore:
        """The account that a request is about: the caller's own, but for one operation.

        What became of a resource is reported from the account that it is provisioned in, to the one
        that has it.

        Rule 15-5.
        """
        if operation != "NotifyResourceDeploymentStatusChange":
            return caller
        account_id = caller.scope.account_of(members["resource_arn"])
        return caller if account_id is None else self.store_of(account_id, caller.scope.region)

    @abstractmethod
    def store_of(self, account_id: str, region: str) -> ProtonStore:
        """The state of an account in a region, created at its first use."""

    def _get_action(self) -> str:
        return self._operation

    def _check_access(
        self, store: ProtonStore, operation: str, members: Members, raw: bytes
    ) -> None:
        """Check the caller with moto's IAM, which accepts every caller and call unless a test turns
        enforcement on.

        Raises AccessDeniedError, or RefusedCallerError for an unknown caller.

        Rule 10.4-7.
        """
        self._operation = operation
        self.body = self.raw_body = raw
        bridge.record_visit(self.current_account, self.access_key, self.region)
        denied: list[Access] = []

        def permit(documents: bridge.PolicyDocuments) -> bool:
            with request_locks.of(store.scope):
                asked = accesses(store, operation, members)
            denied.extend(access for access in asked if not permits(documents, access))
            return not denied

        try:
            self._authenticate_and_authorize_action(bridge.iam_request(permit))  # type: ignore[arg-type]
        except bridge.NoPermissionError as error:
            raise AccessDeniedError(
                NOT_AUTHORIZED(principal=error.principal, action=denied[0].action)
                + f" on resource: {denied[0].resource}"
            ) from error
        except bridge.CallerRefusedError as error:
            raise _REFUSED_CALLERS[type(error)] from error


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _body(request: Any) -> bytes:
    """The body of a request of botocore or werkzeug; raises ``MalformedBody``."""
    try:
        raw = request.body if hasattr(request, "body") else request.get_data()
        if hasattr(raw, "read"):
            raw = raw.read()
    except (OSError, HTTPException) as error:
        # werkzeug: a chunk without a length, a body that is cut off.
        raise api.MalformedBody(f"The body can't be read: {error}") from error
    raw = raw.encode("utf-8") if isinstance(raw, str) else bytes(raw or b"")
    if raw.startswith(b"\x1f\x8b"):
        raw = _gunzipped(raw)
    if len(raw) > _MAX_BODY:
        raise api.MalformedBody(f"The body is larger than {_MAX_BODY} bytes")
    return raw


def _gunzipped(raw: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as unpacked:
            return unpacked.read(_MAX_BODY + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise api.MalformedBody("The body is no valid gzip stream") from error
