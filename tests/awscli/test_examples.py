"""The AWS CLI's own examples for Proton, run with the real ``aws`` against the server.

The examples come with the ``awscli`` package: its commands, its files, its outputs. What they say
of names, statuses and versions has to be in the answer, and every member that they show; ids and
times are the mock's own. Where an example has a misprint, ``MISPRINTS`` names it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from moto_proton.seed import Seed

awscli = pytest.importorskip("awscli", reason="the AWS CLI is not installed")
AWS = Path(sys.executable).with_name("aws")
EXAMPLES = Path(awscli.__file__).parent / "examples" / "proton"

MISPRINTS = {
    # Placeholders that are no account and no region.
    "region-id": "us-east-1",
    "account-id": "123456789012",
    "123456789012connection": "123456789012:connection",
    # A blank in a file name.
    'service-spec.yaml "': 'service-spec.yaml"',
    # Members that were renamed since.
    '"environmentArn"': '"environmentName"',
}
# Members whose documented values are the recorded ones, and must come out the same.
SAME_VALUE = {
    "branchName",
    "deploymentStatus",
    "description",
    "name",
    "repositoryId",
    "serviceName",
    "status",
    "templateMajorVersion",
    "templateMinorVersion",
}
INPUTS = {
    "my_sample_service_instance_optional_input": "Ola",
    "my_sample_service_instance_required_input": "Ciao",
}
PIPELINE_INPUTS = {
    "my_sample_pipeline_optional_input": "hello world",
    "my_sample_pipeline_required_input": "pipeline up",
}


@dataclass(frozen=True)
class Example:
    """A command, the files it reads and what it prints."""

    command: list[str]
    files: dict[str, str]
    output: Any


def read_example(operation: str, number: int = 0) -> Example:
    """The example of an operation, or the one of that number where there are several."""
    text = (EXAMPLES / f"{operation}.rst").read_text()
    for wrong, right in MISPRINTS.items():
        text = text.replace(wrong, right)
    blocks = [m[1] for m in re.finditer(r"::\n\n((?:(?: {4}.*)?\n)+)", text)]
    commands = [block for block in blocks if "aws proton" in block]
    outputs = [block for block in blocks if block.lstrip().startswith("{")]
    files = {
        name: _dedent_yaml(contents)
        for name, contents in re.findall(r"Contents of ``(.+?)``::\n\n((?:(?: {4}.*)?\n)+)", text)
    }
    command = shlex.split(commands[number].replace("\\\n", " "))
    return Example(command[1:], files, json.loads(outputs[number]))


def _dedent_yaml(contents: str) -> str:
    """Indent by the blocks that are meant: the examples indent the keys of an entry too far."""
    lines = []
    for line in contents.splitlines():
        depth = (len(line) - len(line.lstrip()) - 4) // 4
        text = line.strip()
        if text.startswith("- "):
            lines.append("  " * depth + text)
        else:
            lines.append("  " * depth + text)
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """``moto-proton server`` in a process of its own; its URL."""
    process = subprocess.Popen(
        [str(AWS.with_name("moto-proton")), "server", "-p", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    yield line.split()[-1]
    process.terminate()
    process.wait(timeout=300)
    process.stdout.close()


@pytest.fixture
def proton(server: str) -> Iterator[Any]:
    """A client of the server, which is empty at the start."""
    requests.post(f"{server}/moto-api/reset", timeout=100)
    yield boto3.client(
        "proton",
        region_name="us-east-1",
        endpoint_url=server,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    for model in ("service_instance", "service_pipeline"):
        requests.post(
            f"{server}/moto-api/state-manager/unset-transition",
            json={"model_name": f"proton::{model}"},
            timeout=100,
        )


def simple_service(proton: Any, version: str = "1.0") -> None:
    """The service that most examples work on."""
    seed = Seed(proton)
    seed.service_template(
        "svc-simple",
        pipeline=True,
        versions=["1.0", "1.1"],
        compatible_with=["simple-env-template:1"],
    )
    seed.environment("simple-env", template="simple-env-template")
    seed.service(
        "simple-svc",
        template="svc-simple",
        version=version,
        instances={"instance-one": "simple-env"},
        pipeline=True,
        inputs=INPUTS,
        pipeline_inputs=PIPELINE_INPUTS,
        description="Edit by updating description",
        branchName="mainline",
        repositoryId="myorg/myapp",
    )


def fargate_template(proton: Any) -> None:
    """What ``create-service`` finds."""
    seed = Seed(proton)
    seed.service_template("fargate-service", pipeline=True)
    seed.environment("ENV_NAME")
    seed.pipeline_roles()


def fargate_service(proton: Any) -> None:
    """The service whose description is edited."""
    fargate_template(proton)
    Seed(proton).service(
        "MySimpleService",
        template="fargate-service",
        pipeline=True,
        branchName="mainline",
        repositoryId="myorg/myapp",
    )


def simple_service_on_minor_1(proton: Any) -> None:
    """The same service, created on the version that some examples show."""
    simple_service(proton, "1.1")


def _hold(proton: Any, model: str) -> None:
    requests.post(
        f"{proton.meta.endpoint_url}/moto-api/state-manager/set-transition",
        json={
            "model_name": f"proton::{model}",
            "transition": {"progression": "manual", "times": 9},
        },
        timeout=100,
    )


def instance_update_under_way(proton: Any) -> None:
    """A deployment to cancel."""
    simple_service_on_minor_1(proton)
    _hold(proton, "service_instance")
    proton.update_service_instance(
        serviceName="simple-svc", name="instance-one", deploymentType="CURRENT_VERSION"
    )


def pipeline_update_under_way(proton: Any) -> None:
    """A deployment to cancel."""
    simple_service_on_minor_1(proton)
    _hold(proton, "service_pipeline")
    proton.update_service_pipeline(
        serviceName="simple-svc",
        spec=proton.get_service(name="simple-svc")["service"]["spec"],
        deploymentType="CURRENT_VERSION",
    )


CASES: dict[str, tuple[str, int, Callable[[Any], None]]] = {
    "create-service": ("create-service", 0, fargate_template),
    "get-service": ("get-service", 0, simple_service_on_minor_1),
    "update-service": ("update-service", 0, fargate_service),
    "delete-service": ("delete-service", 0, simple_service),
    "get-service-instance": ("get-service-instance", 0, simple_service),
    "list-service-instances": ("list-service-instances", 0, simple_service),
    "list-service-instances-one": ("list-service-instances", 1, simple_service),
    "update-service-instance": ("update-service-instance", 0, simple_service),
    "update-service-pipeline": ("update-service-pipeline", 0, simple_service),
    "cancel-service-instance-deployment": (
        "cancel-service-instance-deployment",
        0,
        instance_update_under_way,
    ),
    "cancel-service-pipeline-deployment": (
        "cancel-service-pipeline-deployment",
        0,
        pipeline_update_under_way,
    ),
}


def test_every_example_of_the_package_is_run() -> None:
    """An example that the AWS CLI gains has to be taken in here."""
    assert {path.stem for path in EXAMPLES.glob("*.rst")} == {case[0] for case in CASES.values()}


@pytest.mark.parametrize("case", CASES)
def test_an_example_answers_with_the_documented_members(
    proton: Any, tmp_path: Path, case: str
) -> None:
    """The command works as printed, and prints what the page shows."""
    operation, number, world = CASES[case]
    example = read_example(operation, number)
    world(proton)
    for name, contents in example.files.items():
        (tmp_path / name).write_text(contents)
    if "service-spec.yaml" in " ".join(example.command) and not example.files:
        # One page leaves the file of its neighbour out.
        contents = read_example("update-service-instance").files["service-spec.yaml"]
        (tmp_path / "service-spec.yaml").write_text(contents)

    done = subprocess.run(
        [str(AWS), "--endpoint-url", proton.meta.endpoint_url, *example.command],
        cwd=tmp_path,
        env={
            **os.environ,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_PAGER": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert list(_differences(json.loads(done.stdout), example.output, "")) == []


def _differences(actual: Any, documented: Any, path: str) -> Iterator[str]:
    if isinstance(documented, dict):
        for member, value in documented.items():
            where = f"{path}.{member}"
            if member not in actual:
                yield f"{where} is missing"
            elif isinstance(value, dict | list):
                yield from _differences(actual[member], value, where)
            elif member in SAME_VALUE and actual[member] != value:
                yield f"{where} is {actual[member]!r}, not {value!r}"
    elif isinstance(documented, list):
        if len(actual) != len(documented):
            yield f"{path} has {len(actual)} entries, not {len(documented)}"
        for index, value in enumerate(documented):
            yield from _differences(actual[index], value, f"{path}[{index}]")
