from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from moto_proton.bridge import mock_is_active

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

NOTHING_OF_AWS = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",  # which is asked for credentials over the network
}


@pytest.fixture
def proton() -> Callable[..., ProtonClient]:
    """Makes clients; each test says in which region."""

    def make(region: str = "us-east-1", **options: Any) -> ProtonClient:
        client: ProtonClient = boto3.client("proton", region_name=region, **options)
        return client

    return make


@pytest.fixture
def names(proton: Callable[..., ProtonClient]) -> Callable[..., list[str]]:
    """The names of the environment templates that there are."""

    def of(region: str = "us-east-1", **options: Any) -> list[str]:
        listed = proton(region, **options).list_environment_templates()
        return sorted(template["name"] for template in listed["templates"])

    return of


@pytest.fixture
def create(proton: Callable[..., ProtonClient]) -> Callable[[str], None]:
    """Creates an environment template, as a trace that can be found again."""

    def named(name: str) -> None:
        proton().create_environment_template(name=name)

    return named


@pytest.fixture(autouse=True)
def _nothing_stays_patched() -> Any:
    """Every test leaves moto as it found it."""
    yield
    assert not mock_is_active()


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Runs a script in a new interpreter; answers what it printed, or fails with its traceback."""

    def run(script: str, **environment: str) -> str:
        completed = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            capture_output=True,
            text=True,
            timeout=1200,
            env={**os.environ, **NOTHING_OF_AWS, **environment},
        )
        assert completed.returncode == 0, completed.stderr
        return completed.stdout

    return run
