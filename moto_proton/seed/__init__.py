"""Resources for tests in one call, created through Proton's own API.

Each function creates what is missing on the way (bundles in S3, templates, published versions,
environments) and answers with what the API says of the result, as soon as it is deployed. Tests use
it for everything that they need but do not test.

What is there already is never changed: a call for something else than what is there is refused, as
is one outside of a mock, unless its client has an endpoint of its own.

The functions work in the region that boto3 finds in its configuration, us-east-1 if it finds none;
:class:`Seed` takes a client of your own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from moto_proton import bridge
from moto_proton.seed.asked import check_place
from moto_proton.seed.outcomes import DeploymentFailedError
from moto_proton.seed.specs import service_spec
from moto_proton.seed.templates import (
    ENVIRONMENT_TEMPLATE,
    SERVICE_TEMPLATE,
    SERVICE_TEMPLATE_WITH_PIPELINE,
)
from moto_proton.seed.worlds import Seed

__all__ = [
    "ENVIRONMENT_TEMPLATE",
    "SERVICE_TEMPLATE",
    "SERVICE_TEMPLATE_WITH_PIPELINE",
    "DeploymentFailedError",
    "Seed",
    "component",
    "environment",
    "environment_template",
    "pipeline_roles",
    "repository",
    "service",
    "service_spec",
    "service_template",
]

_P = ParamSpec("_P")
_Answer = TypeVar("_Answer")


def _default() -> Seed:
    import boto3

    region = boto3.session.Session().region_name or "us-east-1"
    if not bridge.mock_is_active():
        # A client looks for credentials when it is made, if need be on the network.
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        check_place(boto3.client("proton", region_name=region, **keys))
    return Seed(boto3.client("proton", region_name=region))


def _with_default_client(
    method: Callable[Concatenate[Seed, _P], _Answer],
) -> Callable[_P, _Answer]:
    """The method as a function of this module."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _Answer:
        return method(_default(), *args, **kwargs)

    of_method = inspect.signature(method)
    parameters = list(of_method.parameters.values())[1:]
    call.__signature__ = of_method.replace(parameters=parameters)  # type: ignore[attr-defined]
    return call


environment_template = _with_default_client(Seed.environment_template)
service_template = _with_default_client(Seed.service_template)
environment = _with_default_client(Seed.environment)
service = _with_default_client(Seed.service)
component = _with_default_client(Seed.component)
repository = _with_default_client(Seed.repository)
pipeline_roles = _with_default_client(Seed.pipeline_roles)
