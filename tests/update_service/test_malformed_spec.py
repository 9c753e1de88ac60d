"""Rows 32 to 47: texts that are not a service spec."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

NOT_CORRECTLY_FORMATTED = (
    "The provided Service Spec file was not correctly formatted. "
    "Please check that it is valid yaml according to the Spec definition."
)

A = "\n  - name: a\n    environment: env\n"


def spec_of(instances: str, head: str = "proton: ServiceSpec\n") -> str:
    return f"{head}instances:{instances}"


@pytest.mark.rule("5.2-4")
@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        pytest.param("{", "not YAML", id="row-32-not-yaml"),
        pytest.param("proton: ServiceSpec\n\tinstances: []\n", "line 2", id="row-32-tab"),
        pytest.param("ServiceSpec", "proton", id="row-33-scalar"),
        pytest.param("- proton: ServiceSpec", "proton", id="row-33-list"),
        pytest.param("# nothing", "empty", id="row-33-only-a-comment"),
        pytest.param(spec_of(A, head=""), "proton", id="row-34-no-header"),
        pytest.param(
            spec_of(A, head="proton: EnvironmentSpec\n"), "EnvironmentSpec", id="row-35-environment"
        ),
        pytest.param(
            spec_of(A, head="proton: ServiceSpec\nservices: {}\n"), "services", id="row-37-top-key"
        ),
        pytest.param("proton: ServiceSpec\n", "instances", id="row-38-no-instances"),
        pytest.param(spec_of(" []"), "at least one instance", id="row-39-empty-list"),
        pytest.param(spec_of(" {}"), "must be a list", id="row-40-mapping"),
        pytest.param(spec_of(" {}", head=""), "proton", id="row-40-recorded-text"),
        pytest.param(spec_of(f"{A}  - environment: env"), "[1].name", id="row-41-no-name"),
        pytest.param(
            spec_of("\n  - name: 123\n    environment: env"), "123", id="row-41-name-is-a-number"
        ),
        pytest.param(spec_of(A.replace("a\n", "my.a\n")), "my.a", id="row-42-dot"),
        pytest.param(spec_of(A.replace("a\n", "a" * 101 + "\n")), "1 to 100", id="row-42-too-long"),
        pytest.param(spec_of(A + A[1:]), "'a'", id="row-43-name-twice"),
        pytest.param(spec_of("\n  - name: a\n"), "[0].environment", id="row-44-no-environment"),
        pytest.param(spec_of(f"{A}    inputs: {{}}\n"), "inputs", id="row-45-unknown-key"),
        pytest.param(spec_of(f"{A}    spec: [1]\n"), "[0].spec", id="row-46-inputs-are-a-list"),
        pytest.param(spec_of(f"{A}    spec: 80\n"), "[0].spec", id="row-46-inputs-are-a-scalar"),
        pytest.param(spec_of(f"{A}---\n{spec_of(A)}"), "document", id="row-47-two-documents"),
    ],
)
@pytest.mark.usefixtures("proton")
def test_it_is_refused_in_the_recorded_words(
    refused: Callable[..., None], text: str, culprit: str
) -> None:
    refused(
        "update_service",
        "ValidationException",
        NOT_CORRECTLY_FORMATTED,
        culprit,
        name="svc",
        spec=text,
        description="new",
    )


@pytest.mark.row(36)
@pytest.mark.usefixtures("proton")
def test_a_quoted_header_is_the_same_yaml(
    update: Callable[..., dict[str, Any]],
    get: Callable[[], dict[str, Any]],
    spec: Callable[..., str],
) -> None:
    quoted = spec("a", "b").replace("proton: ServiceSpec", 'proton: "ServiceSpec"')

    assert update(spec=quoted)["status"] == "UPDATE_IN_PROGRESS"

    assert get()["spec"] == quoted
