from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import moto_proton


@pytest.fixture(autouse=True)
def _on_request_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what the suite's conftest asked for: here botocore gets the model under a mock alone."""
    # Outside of a mock botocore looks for credentials, also on the network.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    moto_proton.uninstall_model()
    yield
    moto_proton.install_model()


@pytest.fixture
def session() -> Any:
    """A session that has listed the services before any mock, so that its loader remembers."""
    made = boto3.Session(
        region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    assert "s3" in made.get_available_services()
    return made
