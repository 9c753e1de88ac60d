"""Mistakes with what is not Proton's API: looking into the mock, git, services that are hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from moto_proton import faults, git, mock_proton, rendered
from moto_proton.mock import MockProton
from tests.mistakes.rows import Mistake, check, each

ARN = "arn:aws:proton:us-east-1:123456789012:environment/dev"


@each(
    Mistake("rendered", lambda: rendered(ARN), "no mock is active to look into", RuntimeError),
    Mistake(
        "git",
        lambda: git.connect("shop/app", "."),
        "no mock is active to connect to; start mock_proton first",
        RuntimeError,
    ),
    Mistake(
        "error",
        lambda: faults.raise_error("GetService", "ThrottlingException"),
        "no mock is active to inject a fault into",
        RuntimeError,
    ),
    Mistake("stop", lambda: mock_proton().stop(), "stop() before start()", RuntimeError),
)
def test_outside_of_a_mock(mistake: Mistake) -> None:
    check(mistake)


@each(
    Mistake("no ARN", lambda: rendered("dev"), "'dev' is no ARN of AWS Proton", LookupError),
    Mistake("nothing there", lambda: rendered(ARN), f"{ARN} does not exist", LookupError),
    Mistake("misspelt provider", lambda: git.connect("a/b", ".", provider="GITLAB"), "GITLAB"),
    Mistake("name that is none", lambda: git.connect("", "."), "name"),
    Mistake("not connected", lambda: git.disconnect("shop/app"), "'shop/app' is not connected"),
)
def test_in_a_mock(proton_mock: MockProton, mistake: Mistake) -> None:
    check(mistake)


def test_a_directory_is_no_repository(proton_mock: MockProton, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no git repository"):
        git.connect("shop/app", tmp_path)


@pytest.mark.parametrize("outer", [{}, {"core": {"service_whitelist": ["s3"]}}])
@pytest.mark.parametrize("inner", [{}, {"core": {"service_whitelist": ["s3"]}}])
def test_motos_list_of_services_does_not_hide_proton(outer: Any, inner: Any) -> None:
    with mock_aws(config=outer), mock_proton(config=inner):
        proton: Any = boto3.client("proton", region_name="us-east-1")
        assert proton.list_services()["services"] == []
