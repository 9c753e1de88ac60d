"""Mistakes in the configuration of a mock."""

from __future__ import annotations

from typing import Any

import pytest
from moto import mock_aws

from moto_proton import bridge, mock_proton, settings
from tests.mistakes.rows import Mistake, check, each


def configured(name: str, config: Any, sentence: str) -> Mistake:
    return Mistake(name, lambda: mock_proton(config=config), sentence)


def proton(name: str, part: Any, sentence: str) -> Mistake:
    return configured(name, {"proton": part}, sentence)


@each(
    configured("no mapping", ["proton"], "config must be a mapping, not list"),
    configured("misspelt proton", {"protn": {}}, "config has no 'protn'; did you mean 'proton'?"),
    configured("misspelt key of moto's", {"cor": {}}, "config has no 'cor'; did you mean 'core'?"),
    configured(
        "settings at the top",
        {"quotas": {"services": 1}},
        "config has no 'quotas'; settings of moto_proton go under 'proton': "
        "config={'proton': {'quotas': ...}}",
    ),
    configured("unknown key", {"zzz": 1}, "config has no 'zzz'; known are batch, core, iam,"),
    proton("proton twice", {"proton": {}}, "leave out the 'proton' around them"),
    proton("settings that are none", ["quotas"], "config['proton'] must be a mapping, not list"),
    proton("misspelt setting", {"quotaz": {}}, "has no 'quotaz'; did you mean 'quotas'?"),
    proton("misspelt quota", {"quotas": {"service": 1}}, "did you mean 'services'?"),
    proton(
        "quota as text",
        {"quotas": {"services": "9"}},
        "config['proton']['quotas']['services'] must be a whole number, zero or more; got '9'",
    ),
    proton("quota below zero", {"quotas": {"services": -1}}, "zero or more; got -1"),
    proton("quotas as a list", {"quotas": ["services"]}, "a mapping from quota name to number"),
    proton("flag as text", {"require_bundles": "no"}, "must be True or False; got 'no'"),
    proton(
        "resources without what makes them",
        {"require_resources": True},
        "has no meaning without the provisioner 'cloudformation'",
    ),
    proton("unknown provisioner", {"provisioner": "terraform"}, "one of default, cloudformation"),
    proton("class of a provisioner", {"provisioner": dict}, "with the methods deploy and delete"),
)
def test_it_is_said(mistake: Mistake) -> None:
    check(mistake)


def test_keys_of_motos_own_are_taken() -> None:
    mock_proton(config={"core": {"reset_boto3_session": True}, "iam": {}, "proton": {}})


def test_a_wrong_configuration_of_mock_aws_is_said_when_it_is_read() -> None:
    """moto takes any configuration; the backend reads ours as this does, at the first call."""
    config: Any = {"proton": {"quota": {"services": 1}}}
    with (
        mock_aws(config=config),
        pytest.raises(ValueError, match="has no 'quota'; did you mean 'quotas'"),
    ):
        settings.check(bridge.user_config())
