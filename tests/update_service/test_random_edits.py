"""Random edits that fail in random ways, one after another, against a model of a few lines."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moto_proton import faults, mock_proton
from tests.support.worlds import KeptSeed

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

CURRENT = "${Proton::CURRENT_VAL}"
QUOTA = 4
NAMES = st.sampled_from("abcde")
SOME_NAMES = st.sets(NAMES)
FEW_NAMES: st.SearchStrategy[set[str]] = st.just(set()) | st.sets(NAMES, max_size=2)

INPUTS: st.SearchStrategy[Any] = st.sampled_from([80, 80, "80", True, None, [1, "x"], {"k": 1}])
PIPELINES: st.SearchStrategy[dict[str, Any] | None] = st.none() | st.sampled_from(
    [{"file": "D"}, {"file": 1, "args": ["x"]}, {}]
)

Entry = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """Entries that stay as they are, entries that are written anew, and what fails.

    ``pipeline`` says what is written of the pipeline's inputs; ``none`` leaves the section out.
    Unless it is ``careless``, what is written fits what there is, names and inputs.
    """

    kept: set[str]
    written: list[Entry]
    careless: bool
    backwards: bool
    not_created: set[str]
    not_deleted: set[str]
    not_cleaned_up: set[str]
    pipeline: str
    pipeline_fails: bool


STARTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "environment": st.sampled_from(["env", "env2"]),
            "spec": st.dictionaries(st.sampled_from(["port", "tags"]), INPUTS),
        }
    ),
    min_size=1,
    max_size=QUOTA,
    unique_by=lambda entry: str(entry["name"]),
)
EDITS = st.builds(
    Edit,
    kept=SOME_NAMES,
    written=st.lists(
        st.fixed_dictionaries(
            {
                "name": NAMES,
                "environment": st.sampled_from(["env"] * 4 + ["env2"] * 4 + ["nowhere"]),
                "spec": st.dictionaries(
                    st.sampled_from(["port", "port", "tags"]), INPUTS | st.just(CURRENT)
                ),
            }
        ),
        max_size=2,
    ),
    careless=st.sampled_from([False, False, True]),
    backwards=st.booleans(),
    not_created=FEW_NAMES,
    not_deleted=FEW_NAMES,
    not_cleaned_up=FEW_NAMES,
    pipeline=st.sampled_from(["same"] * 8 + ["current"] * 5 + ["other", "more", "lost", "none"]),
    pipeline_fails=st.sampled_from([False, False, False, True]),
)


@dataclass(frozen=True)
class Model:
    """The service as the model knows it: the spec by name, and what failed to go.

    ``pipeline`` are the pipeline's inputs; None stands for a service without one.
    """

    entries: dict[str, Entry]
    stuck: set[str] = field(default_factory=set)
    status: str = "ACTIVE"
    pipeline: dict[str, Any] | None = None
    pipeline_status: str | None = None

    def proposed(self, edit: Edit) -> list[Entry]:
        kept = {name: entry for name, entry in self.entries.items() if name in edit.kept}
        if edit.careless:
            entries = [*kept.values(), *edit.written]
        else:
            written = {entry["name"]: self.fitting(entry) for entry in edit.written}
            entries = [*{**kept, **written}.values()]
        return entries[::-1] if edit.backwards else entries

    def fitting(self, entry: Entry) -> Entry:
        """An entry that is kept by placeholders where it is there, and has none where it is not."""
        now = self.entries.get(entry["name"])
        if now is not None:
            return {**now, "spec": dict.fromkeys(now["spec"], CURRENT)}
        inputs = {key: value for key, value in entry["spec"].items() if value != CURRENT}
        return {**entry, "spec": inputs}

    def after(self, edit: Edit) -> Model | str:
        """The service after an edit, or the code of its refusal."""
        entries = self.resolved(self.proposed(edit))
        if entries is None or self.changes_pipeline(edit):
            return "ValidationException"
        added = entries.keys() - self.entries.keys()
        if added & self.stuck:
            return "ConflictException"
        if any(entries[name]["environment"] == "nowhere" for name in added):
            return "ResourceNotFoundException"
        if len(entries) + len(self.stuck) > QUOTA:
            return "ServiceQuotaExceededException"
        if added & edit.not_created:
            left = added & edit.not_cleaned_up
            status = "UPDATE_FAILED_CLEANUP_" + ("FAILED" if left else "COMPLETE")
            return replace(self, stuck=self.stuck | left, status=status)
        deleted = self.entries.keys() - entries.keys()
        left = (deleted | self.stuck) & edit.not_deleted
        status = "UPDATE_COMPLETE_CLEANUP_FAILED" if left else "ACTIVE"
        if self.pipeline is not None and edit.pipeline_fails:
            # Nothing is rolled back, and what could not be deleted stays.
            return replace(
                self,
                entries=entries,
                stuck=left,
                status="UPDATE_FAILED",
                pipeline_status="FAILED",
            )
        done = "SUCCEEDED" if self.pipeline is not None else None
        return replace(self, entries=entries, stuck=left, status=status, pipeline_status=done)

    def proposed_pipeline(self, edit: Edit) -> dict[str, Any] | None:
        """The section as it is written, None for none."""
        if self.pipeline is None or edit.pipeline == "none":
            return None
        return {
            "same": self.pipeline,
            "current": dict.fromkeys(self.pipeline, CURRENT),
            "other": dict.fromkeys(self.pipeline, "E"),
            "more": {**self.pipeline, "more": 1},
            "lost": {**self.pipeline, "lost": CURRENT},
        }[edit.pipeline]

    def changes_pipeline(self, edit: Edit) -> bool:
        """Whether the pipeline's inputs would be others, once current values are put in."""
        if not self.pipeline:
            return edit.pipeline in ("more", "lost") and self.pipeline is not None
        return edit.pipeline not in ("same", "current")

    def resolved(self, proposed: list[Entry]) -> dict[str, Entry] | None:
        """The proposed entries by name, with current values; None if they may not be so."""
        entries: dict[str, Entry] = {}
        for entry in proposed:
            name = entry["name"]
            if name in entries:
                return None
            now = self.entries.get(name, {"spec": {}})
            inputs = {
                key: now["spec"].get(key, CURRENT) if value == CURRENT else value
                for key, value in entry["spec"].items()
            }
            entries[name] = {**entry, "spec": inputs}
            if CURRENT in inputs.values():
                return None
            if name in self.entries and as_json(entries[name]) != as_json(now):
                return None
        return entries or None


def as_json(value: Any) -> str:
    """A form in which 80 and "80" differ, and the order of keys does not count."""
    return json.dumps(value, sort_keys=True)


def spec_text(entries: list[Entry], pipeline: dict[str, Any] | None) -> str:
    """The text of a service spec; without a pipeline section for None."""
    section = {"pipeline": pipeline} if pipeline is not None else {}
    return str(yaml.safe_dump({"proton": "ServiceSpec", "instances": entries, **section}))


@settings(
    max_examples=100 if os.environ.get("MOTO_PROTON_PROPERTIES") == "thorough" else 15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=st.lists(EDITS, min_size=1, max_size=6), start=STARTS, pipeline=PIPELINES)
def test_a_series_of_edits_has_the_outcome_that_the_model_says(
    session_client: ProtonClient,
    edits: list[Edit],
    start: list[Entry],
    pipeline: dict[str, Any] | None,
) -> None:
    settings = {"quotas": {"service_instances_per_service": QUOTA}, "require_bundles": False}
    config = {"proton": settings}
    with mock_proton(config=config):
        seed = KeptSeed(session_client)
        for environment in ("env", "env2"):
            seed.environment(environment)
        seed.service(
            "svc",
            instances={entry["name"]: entry["environment"] for entry in start},
            pipeline=pipeline is not None,
            spec=spec_text(start, pipeline),
        )
        model = Model(
            {entry["name"]: entry for entry in start},
            pipeline=pipeline,
            pipeline_status="SUCCEEDED" if pipeline is not None else None,
        )
        for edit in edits:
            faults.clear()
            for name in sorted(edit.not_created):
                faults.fail_deployment(f"service/svc/service-instance/{name}")
            for name in sorted(edit.not_deleted):
                faults.fail_deletion(f"service/svc/service-instance/{name}")
            for name in sorted(edit.not_cleaned_up):
                faults.fail_cleanup(f"service/svc/service-instance/{name}")
            if edit.pipeline_fails:
                faults.fail_deployment("service/svc/pipeline/*")
            model = apply(session_client, model, edit)


def apply(client: ProtonClient, model: Model, edit: Edit) -> Model:
    """Make an edit, and compare what became of everything with what should have."""
    expected = model.after(edit)
    spec = spec_text(model.proposed(edit), model.proposed_pipeline(edit))
    before = seen(client)
    service_before = client.get_service(name="svc")["service"]

    if isinstance(expected, str):
        with pytest.raises(ClientError, match=expected):
            client.update_service(name="svc", spec=spec)
        assert seen(client) == before
        assert client.get_service(name="svc")["service"] == service_before
        return model

    client.update_service(name="svc", spec=spec)

    service = client.get_service(name="svc")["service"]
    assert service["status"] == expected.status
    assert service.get("pipeline", {}).get("deploymentStatus") == expected.pipeline_status
    if expected.status.startswith("UPDATE_FAILED_CLEANUP"):
        # The failure of a creation leaves the pipeline alone, and puts the text back.
        assert service.get("pipeline") == service_before.get("pipeline")
        assert service["spec"] == service_before["spec"]
    parsed = yaml.safe_load(service["spec"])
    assert as_json(parsed.get("pipeline") or {}) == as_json(model.pipeline or {})
    written = parsed["instances"]
    # An entry without inputs is written without a spec where placeholders were resolved.
    described = {entry["name"]: {"spec": {}, **entry} for entry in written}
    assert as_json(described) == as_json(expected.entries)
    after = seen(client)
    assert {name: status for name, (status, _, _) in after.items()} == {
        **dict.fromkeys(expected.entries, "SUCCEEDED"),
        **dict.fromkeys(expected.stuck, "DELETE_FAILED"),
    }
    for name, entry in expected.entries.items():
        assert after[name][1] == entry["environment"]
        if name in model.entries:
            assert after[name] == before[name]
    return expected


def seen(client: ProtonClient) -> dict[str, tuple[str, str, str]]:
    """The status, the environment and the last deployment of each instance, by name."""
    listed = client.list_service_instances(serviceName="svc")["serviceInstances"]
    return {
        instance["name"]: (
            instance["deploymentStatus"],
            instance["environmentName"],
            instance["lastAttemptedDeploymentId"],
        )
        for instance in listed
    }
