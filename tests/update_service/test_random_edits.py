"""Random edits, one after another, against a model of a few lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moto_proton import mock_proton
from moto_proton.seed import Seed

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

CURRENT = "${Proton::CURRENT_VAL}"
QUOTA = 3

VALUES = st.sampled_from([80, "80", CURRENT])
ENTRIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from("abcde"),
        "environment": st.sampled_from(["env", "env", "env", "env2", "nowhere"]),
        "spec": st.dictionaries(st.sampled_from(["port"]), VALUES),
    }
)
NEW_ENTRIES = st.lists(ENTRIES, max_size=2)
KEPT = st.sets(st.sampled_from("abcde"))

Entry = dict[str, Any]
State = dict[str, Entry]


def outcome(state: State, entries: list[Entry]) -> State | str:
    """What an edit makes of a state (instances by name), or the code of its refusal."""
    names = [entry["name"] for entry in entries]
    if not names or len(set(names)) < len(names):
        return "ValidationException"
    after: State = {}
    for entry in entries:
        now = state.get(entry["name"])
        kept = now["spec"] if now else {}
        inputs = dict(entry["spec"])
        for key, value in entry["spec"].items():
            if value == CURRENT:
                if key not in kept:
                    return "ValidationException"
                inputs[key] = kept[key]
        after[entry["name"]] = {**entry, "spec": inputs}
        if now is not None and as_json(after[entry["name"]]) != as_json(now):
            return "ValidationException"
    if any(e["environment"] == "nowhere" for e in after.values()):
        return "ResourceNotFoundException"
    if len(after) > QUOTA:
        return "ServiceQuotaExceededException"
    return after


def as_json(value: Any) -> str:
    """A form in which 80 and "80" differ, and the order of keys does not count."""
    return json.dumps(value, sort_keys=True)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=st.lists(st.tuples(KEPT, NEW_ENTRIES, st.booleans()), min_size=1, max_size=6))
def test_a_series_of_edits_has_the_outcome_that_the_model_says(
    session_client: ProtonClient, edits: list[tuple[set[str], list[Entry], bool]]
) -> None:
    config = {"proton": {"quotas": {"service_instances_per_service": QUOTA}}}
    with mock_proton(config=config):
        seed = Seed(session_client)
        seed.environment("env2")
        seed.service("svc", instances={"a": "env", "b": "env2"}, inputs={"port": 80})
        state: State = {
            "a": {"name": "a", "environment": "env", "spec": {"port": 80}},
            "b": {"name": "b", "environment": "env2", "spec": {"port": 80}},
        }
        for kept, new, backwards in edits:
            entries = [entry for name, entry in state.items() if name in kept] + new
            state = apply(session_client, state, entries[::-1] if backwards else entries)


def apply(client: ProtonClient, state: State, entries: list[Entry]) -> State:
    """Make an edit, and compare what became of everything with what should have."""
    expected = outcome(state, entries)
    before = deployed(client)
    spec = yaml.safe_dump({"proton": "ServiceSpec", "instances": entries})

    if isinstance(expected, str):
        with pytest.raises(ClientError, match=expected):
            client.update_service(name="svc", spec=spec)
        assert deployed(client) == before
        return state

    client.update_service(name="svc", spec=spec)

    service = client.get_service(name="svc")["service"]
    assert service["status"] == "ACTIVE"
    written = yaml.safe_load(service["spec"])["instances"]
    assert as_json({entry["name"]: entry for entry in written}) == as_json(expected)
    after = deployed(client)
    assert {name: where for name, (where, _) in after.items()} == {
        name: entry["environment"] for name, entry in expected.items()
    }
    stayed = expected.keys() & state.keys()
    assert {name: after[name] for name in stayed} == {name: before[name] for name in stayed}
    assert not {after[name][1] for name in expected.keys() - stayed} & {
        deployment for _, deployment in before.values()
    }
    return expected


def deployed(client: ProtonClient) -> dict[str, tuple[str, str]]:
    """The environment and the deployment of each instance, by name."""
    listed = client.list_service_instances(serviceName="svc")["serviceInstances"]
    assert {instance["deploymentStatus"] for instance in listed} == {"SUCCEEDED"}
    return {
        instance["name"]: (instance["environmentName"], instance["lastSucceededDeploymentId"])
        for instance in listed
    }
