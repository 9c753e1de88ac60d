"""Mistakes with faults, by whichever door they come."""

from __future__ import annotations

from typing import Any

import pytest

from moto_proton import fault_route, faults
from moto_proton.mock import MockProton
from tests.mistakes.rows import Mistake, check, each


def resource(name: str, pattern: Any, sentence: str) -> Mistake:
    return Mistake(name, lambda: faults.fail_deployment(pattern), sentence)


SERVICE = "what can fail is called service/NAME/service-instance/NAME, service/NAME/pipeline/ID"
KINDS = "a pattern starts with one of component/, environment/, environment-template/, service/,"


@each(
    resource("part of no service", "service/shop/instance/prod", f"no resource; {SERVICE}"),
    resource("service without a name", "service/", SERVICE),
    resource("name that is none", "service/my shop/service-instance/dev", SERVICE),
    resource("slash at the end", "service/shop/service-instance/dev/", SERVICE),
    resource("service by a wildcard", "service/sho?", SERVICE),
    resource("part of an environment", "environment/dev/x", "is called environment/NAME"),
    resource("template without a version", "service-template/web", "service-template/NAME:1.0"),
    resource("major version alone", "environment-template/net:1", "environment-template/NAME:1.0"),
    resource("class of no letter", "component/[!-_a-zA-Z0-9]", "is called component/NAME"),
    resource("plain service", "service/shop", "no service is deployed by itself; a fault takes"),
    resource("ARN", "arn:aws:proton:us-east-1:123456789012:environment/dev", "is an ARN; a fault"),
    resource("misspelt kind", "enviroment/dev", f"{KINDS} service-template/; did you mean 'env"),
    resource("kind alone", "environment", KINDS),
    resource("what is never deployed", "repository/github:shop/app", KINDS),
    resource("no string", None, "a resource is a string, not None"),
    resource("endless", "environment/" + "a" * 1000, "a resource has at most 1,000 characters"),
    Mistake(
        "cleanup of an environment",
        lambda: faults.fail_cleanup("environment/dev"),
        "is never cleaned up; fail_cleanup takes the parts of a service",
    ),
    Mistake(
        "deletion of a version",
        lambda: faults.fail_deletion("service-template/web:1.0"),
        "is deleted at once or not at all; raise_error('DeleteServiceTemplateVersion', ...)",
    ),
    Mistake(
        "no times",
        lambda: faults.fail_deployment("environment/dev", times=0),
        "times must be a whole number, one or more; got 0",
    ),
    Mistake(
        "operation in Python's writing",
        lambda: faults.raise_error("update_service", "ThrottlingException"),
        "Proton has no operation 'update_service'",
    ),
    Mistake(
        "misspelt operation",
        lambda: faults.raise_error("UpdateServices", "ThrottlingException"),
        "did you mean 'UpdateService'?",
    ),
    Mistake(
        "error that the operation never raises",
        lambda: faults.raise_error("ListServices", "ConflictException"),
        "ListServices never raises 'ConflictException'; its exceptions are AccessDeniedException,",
    ),
    Mistake(
        "no mock",
        lambda: faults.fail_deployment("environment/dev"),
        "no mock is active to inject a fault into; start mock_proton first",
        RuntimeError,
    ),
    Mistake(
        "pattern that comes over the wire",
        lambda: fault_route.from_json(
            '{"kind": "deployment", "pattern": "service/", "message": "no", "remaining": 1}'
        ),
        f"'service/' fits no resource; {SERVICE}",
    ),
)
def test_it_is_said(mistake: Mistake) -> None:
    check(mistake)


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "*/dev",
        "*dev",
        "service/*",
        "service/*/prod",
        "service/shop*",
        "service/shop/*/*",
        "service/shop/pipeline",
        "serv*/pipeline",
        "*-template/*",
        "*:1.?",
        "[es]*/[!a]*",
        "environment/pipeline",
        "component/?",
    ],
)
def test_a_pattern_that_can_fit_a_resource_is_taken(proton_mock: MockProton, pattern: str) -> None:
    faults.fail_deployment(pattern)


def test_a_fault_of_an_environment_called_pipeline_is_its_own(proton_mock: MockProton) -> None:
    from moto_proton import seed

    faults.fail_deployment("environment/pipeline", message="no more addresses")

    failed = seed.environment("pipeline", may_fail=True)

    assert failed["deploymentStatusMessage"] == "no more addresses"
