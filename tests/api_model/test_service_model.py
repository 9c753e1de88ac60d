"""The one place that finds the service model, and the promise that nothing is loaded before."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from moto_proton.api import (
    error_codes,
    operation_names,
    service_model,
    snake_case,
)
from moto_proton.api import service_model as service_model_function
from moto_proton.api.service_model import Shape, input_shape, output_shape


def test_the_model_has_the_87_operations_of_the_last_api_version() -> None:
    assert len(operation_names()) == 87
    assert service_model().api_version == "2020-07-20"


def test_the_model_is_loaded_once_however_many_threads_ask() -> None:
    with ThreadPoolExecutor(8) as pool:
        models = list(pool.map(lambda _: service_model_function(), range(16)))
    assert len({id(model) for model in models}) == 1


@pytest.mark.rule("1.4-17", "1.4-18", "1.4-19", "1.4-20", "1.4-21", "1.4-22", "1.4-23")
def test_an_operation_lists_its_error_codes() -> None:
    assert error_codes("ListServices") == {
        "AccessDeniedException",
        "InternalServerException",
        "ThrottlingException",
        "ValidationException",
    }


def test_an_operation_that_does_not_exist_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="CreateEverything"):
        error_codes("CreateEverything")


def test_the_model_is_the_package_s_own_beside_every_botocore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from botocore import loaders

    from moto_proton.api.service_model import _loaded_model

    monkeypatch.setattr(loaders, "Loader", None)
    assert len(_loaded_model.__wrapped__().operation_names) == 87


@pytest.mark.parametrize("module", ["moto_proton.api", "moto_proton.api.constraints"])
def test_importing_the_room_imports_no_botocore(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "heavy = {'botocore', 'boto3', 'moto', 'yaml'} & set(sys.modules)\n"
        "print(*sorted(heavy))"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (finished.stdout.split(), finished.stderr) == ([], "")


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("name", "name"),
        ("s3", "s3"),
        ("templateMajorVersion", "template_major_version"),
        ("codebuildRoleArn", "codebuild_role_arn"),
        ("lastDeploymentSucceededAt", "last_deployment_succeeded_at"),
    ],
)
def test_member_names_become_snake_case(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_each_snake_case_name_leads_back_to_its_member() -> None:
    for shape in all_structures():
        for name in shape.members:
            first, *rest = snake_case(name).split("_")
            assert first + "".join(word.capitalize() for word in rest) == name, shape.name


def all_structures() -> list[Shape]:
    waiting = [input_shape(name) for name in operation_names()]
    waiting += [output_shape(name) for name in operation_names()]
    found: dict[str, Shape] = {}
    while waiting:
        shape = waiting.pop()
        if shape.type_name == "list":
            waiting.append(shape.member)
        elif shape.type_name == "structure" and shape.name not in found:
            found[shape.name] = shape
            waiting.extend(shape.members.values())
    return list(found.values())
