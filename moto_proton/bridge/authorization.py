"""Who is calling, as moto's IAM knows it: its signature check, and the policies of the caller.

Moto finds the access key, checks the signature and collects the policies. The caller of this module
evaluates the policies, as moto evaluates no conditions of requests (up to 5.2.5) and checks one
resource only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias

PolicyDocuments: TypeAlias = Sequence[Mapping[str, Any]]


class CallerRefusedError(Exception):
    """The caller is unknown, or has no permission; a subclass for each case."""


class NoPermissionError(CallerRefusedError):
    """The policies of the caller, whose ARN is ``principal``, do not permit the call."""

    def __init__(self, principal: str) -> None:
        self.principal = principal
        super().__init__(principal)


class UnknownAccessKeyError(CallerRefusedError):
    """Moto's IAM and STS know no such access key, or its session token is another."""


class WrongSignatureError(CallerRefusedError):
    """The signature was not made with the secret of the access key."""


class UnsignedRequestError(CallerRefusedError):
    """The request has no signature at all."""


class IncompleteSignatureError(CallerRefusedError):
    """The request has an Authorization header that is no whole signature."""


def iam_request(permits: Callable[[PolicyDocuments], bool]) -> Callable[..., Any]:
    """The class from which moto's responses make the request that they pass to moto's IAM.

    ``permits`` judges the policy documents of the caller. Raises CallerRefusedError when used.
    """

    def make(**facts: Any) -> Any:
        return _request_class()(permits, **facts)

    return make


@lru_cache(maxsize=1)
def _request_class() -> type:
    from moto.iam.access_control import IAMPolicy, IAMRequest

    class Request(IAMRequest):
        def __init__(self, permits: Callable[[PolicyDocuments], bool], **facts: Any) -> None:
            self._permits = permits
            if not facts["headers"].get("Authorization"):
                raise UnsignedRequestError
            try:
                super().__init__(**facts)
            except (LookupError, ValueError) as error:
                raise IncompleteSignatureError from error

        def check_signature(self) -> None:
            try:
                super().check_signature()
            except (LookupError, ValueError) as error:
                raise IncompleteSignatureError from error

        def check_action_permitted(self, resource: str) -> None:
            policies: Any = self._access_key.collect_policies()
            if not self._permits([IAMPolicy(policy)._policy_json for policy in policies]):
                raise NoPermissionError(self._access_key.arn)

        def _raise_invalid_access_key(self, _: str) -> NoReturn:
            raise UnknownAccessKeyError

        def _raise_signature_does_not_match(self) -> NoReturn:
            raise WrongSignatureError

    return Request
