"""What the backend asks moto, through the bridge."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends
from moto.moto_api import state_manager

from moto_proton import bridge, mock_proton

pytestmark = pytest.mark.usefixtures("no_network")


def test_the_account_is_moto_s() -> None:
    assert bridge.DEFAULT_ACCOUNT_ID == DEFAULT_ACCOUNT_ID


@pytest.mark.parametrize("model_name", bridge.TRANSITION_MODELS)
def test_statuses_move_at_once_unless_a_user_says_otherwise(model_name: str) -> None:
    assert model_name in state_manager.get_registered_models()
    assert bridge.get_transition(model_name) == {"progression": "immediate"}
    state_manager.set_transition(model_name, {"progression": "manual", "times": 2})
    try:
        assert bridge.get_transition(model_name) == {"progression": "manual", "times": 2}
    finally:
        state_manager.unset_transition(model_name)


@pytest.mark.parametrize("mock", [mock_proton, mock_aws])
def test_the_configuration_reaches_the_backend(mock: Any) -> None:
    quotas = {"quotas": {"services": 3}}
    with mock(config={"proton": quotas}):
        assert bridge.user_config() == quotas
    assert bridge.user_config() == {}


def test_a_mock_is_active_between_start_and_stop() -> None:
    assert not bridge.mock_is_active()
    with mock_aws():
        assert bridge.mock_is_active()
    assert not bridge.mock_is_active()


def test_the_mode_is_moto_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_SERVER_MODE_ENDPOINT", "http://server.example:5000")
    assert bridge.is_server_mode() is False
    assert bridge.server_endpoint() == "http://server.example:5000"


def test_unknown_regions_are_moto_s_to_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bridge.allows_unknown_regions() is False
    monkeypatch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    assert bridge.allows_unknown_regions() is True


@mock_proton
def test_the_state_of_a_key_is_that_in_kms() -> None:
    kms = boto3.client("kms", region_name="eu-west-1")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/proton", TargetKeyId=key["KeyId"])
    alias = key["Arn"].rpartition(":")[0] + ":alias/proton"

    def states() -> set[str | None]:
        return {
            bridge.kms_key_state(arn, DEFAULT_ACCOUNT_ID, "eu-west-1")
            for arn in (key["Arn"], alias)
        }

    assert states() == {"Enabled"}
    kms.disable_key(KeyId=key["KeyId"])
    assert states() == {"Disabled"}
    kms.schedule_key_deletion(KeyId=key["KeyId"])
    assert states() == {"PendingDeletion"}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
        "arn:aws:kms:us-east-1:123456789012:alias/aws/s3",
        "arn:aws:s3:us-east-1:123456789012:key/bucket",
        "no arn",
    ],
)
@mock_proton
def test_asking_for_an_unknown_key_creates_nothing(arn: str) -> None:
    assert bridge.kms_key_state(arn, DEFAULT_ACCOUNT_ID, "us-east-1") is None
    assert dict(kms_backends) == {}
    assert kms_backends not in vars(BackendDict)["_instances"]

    boto3.client("kms", region_name="us-east-1").list_keys()
    assert bridge.kms_key_state(arn, DEFAULT_ACCOUNT_ID, "us-east-1") is None
    assert boto3.client("kms", region_name="us-east-1").list_keys()["Keys"] == []
