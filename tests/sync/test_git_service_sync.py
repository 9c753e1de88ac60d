"""Pushes that create and update service instances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from moto_proton import faults
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
FollowOpsFile: TypeAlias = Callable[..., None]

REPOSITORY = "shop/infrastructure"
BRANCH = {"repositoryName": REPOSITORY, "repositoryProvider": "GITHUB", "branch": "main"}
ARN = "arn:aws:proton:us-east-1:123456789012:"


def ops(service: str = "shop", **instances: tuple[str, str]) -> str:
    lines = ["sync:", "  services:", f"    {service}:"]
    for name, (branch, path) in instances.items():
        lines += [f"      {name}:", f"        branch: {branch}", f"        spec: {path}"]
    return "\n".join(lines) + "\n"


def inputs(proton: Client, instance: str = "dev") -> str:
    key = {"serviceName": "shop", "name": instance}
    text: str = proton.get_service_instance(**key)["serviceInstance"]["spec"]
    return text


def names(proton: Client) -> list[str]:
    listed = proton.list_service_instances(serviceName="shop")["serviceInstances"]
    return [instance["name"] for instance in listed]


def status(proton: Client, instance: str = "dev") -> dict[str, Any]:
    answer = proton.get_service_instance_sync_status(
        serviceName="shop", serviceInstanceName=instance
    )
    return {member: value for member, value in answer.items() if member != "ResponseMetadata"}


def failure(proton: Client, instance: str = "dev") -> str:
    attempt = status(proton, instance)["latestSync"]
    assert attempt["status"] == "FAILED"
    message: str = attempt["events"][-1]["event"]
    return message


def repository_sync(proton: Client, branch: str = "main") -> dict[str, Any]:
    answer = proton.get_repository_sync_status(
        **{**BRANCH, "branch": branch}, syncType="SERVICE_SYNC"
    )
    attempt: dict[str, Any] = answer["latestSync"]
    return attempt


@pytest.fixture
def shop(seed: Seed, linked: Any, follow_ops_file: FollowOpsFile) -> str:
    """A service with the instance dev, port 80, that follows ops.yaml."""
    seed.environment("prod")
    seed.service("shop", inputs={"port": 80})
    follow_ops_file("shop")
    return "shop"


@pytest.mark.rule("15-1")
def test_a_push_makes_the_first_instance_of_a_service_without_any(
    proton: Client, seed: Seed, linked: Any, follow_ops_file: FollowOpsFile
) -> None:
    seed.environment("dev")
    empty = "proton: ServiceSpec\npipeline:\n  test: make test\ninstances: []\n"
    seed.service("shop", template="web", pipeline=True, spec=empty)
    follow_ops_file("shop")

    spec = service_spec({"dev": "dev"}, inputs={"port": 80})
    linked.commit({"ops.yaml": ops(dev=("main", "dev.yaml")), "dev.yaml": spec})

    assert names(proton) == ["dev"]
    assert inputs(proton) == spec


def test_an_instance_with_other_inputs_is_updated(proton: Client, shop: str, linked: Any) -> None:
    spec = service_spec({"dev": "dev"}, inputs={"port": 8080})

    sha = linked.commit({"ops.yaml": ops(dev=("main", "./specs/dev.yaml")), "specs/dev.yaml": spec})

    assert inputs(proton) == spec
    revision = {**BRANCH, "directory": "specs", "sha": sha}
    seen = status(proton)
    assert seen["desiredState"] == revision
    attempt = seen["latestSync"]
    assert attempt == seen["latestSuccessfulSync"]
    assert attempt["target"] == f"{ARN}service/shop/service-instance/dev"
    assert attempt["targetRevision"] == attempt["initialRevision"] == revision
    assert [event["externalId"] for event in attempt["events"]] == [sha]
    service = proton.get_service(name="shop")["service"]
    assert service["spec"] == spec
    assert service["status"] == "ACTIVE"


@pytest.mark.rule("11.3-7", "10.4-9")
def test_an_instance_that_is_not_there_is_created(proton: Client, shop: str, linked: Any) -> None:
    spec = service_spec({"prod": "prod", "other": "prod"})

    linked.commit({"ops.yaml": ops(prod=("main", "prod.yaml")), "prod.yaml": spec})

    assert names(proton) == ["dev", "prod"]
    assert status(proton, "prod")["latestSync"]["status"] == "SUCCEEDED"
    revision = status(proton, "prod")["desiredState"]
    assert revision["directory"] == "/"


def test_what_a_sync_does_blocks_no_sync(proton: Client, shop: str, linked: Any) -> None:
    spec = service_spec({"dev": "dev", "prod": "prod"}, inputs={"port": 1})
    linked.commit({"ops.yaml": ops(dev=("main", "s"), prod=("main", "s")), "s": spec})
    assert names(proton) == ["dev", "prod"]

    for instance in names(proton):
        summary = proton.get_service_sync_blocker_summary(
            serviceName="shop", serviceInstanceName=instance
        )["serviceSyncBlockerSummary"]
        assert summary["latestBlockers"] == []


@pytest.mark.rule("11.3-7")
def test_instances_that_the_ops_file_does_not_name_stay(
    proton: Client, shop: str, linked: Any
) -> None:
    text = ops(prod=("main", "prod.yaml")) + "    other:\n      x: {branch: main, spec: none}\n"

    linked.commit({"ops.yaml": text, "prod.yaml": service_spec({"prod": "prod", "dev": "prod"})})

    assert names(proton) == ["dev", "prod"]
    assert inputs(proton) == service_spec({"dev": "dev"}, inputs={"port": 80})
    assert status(proton) == {}


@pytest.mark.rule("11.3-12")
def test_each_instance_follows_its_own_branch(proton: Client, shop: str, linked: Any) -> None:
    for branch in ("beta", "1.0"):
        linked.commit({"s": service_spec({"dev": "dev", "prod": "prod"})}, branch=branch)
    linked.commit({"ops.yaml": ops(dev=("beta", "s"), prod=("1.0", "s"))})
    names(proton)

    sha = linked.commit(
        {"s": service_spec({"dev": "dev", "prod": "prod"}, inputs={"port": 5})}, branch="1.0"
    )

    assert "port: 5" in inputs(proton, "prod")
    assert "port" not in inputs(proton)
    assert status(proton, "prod")["latestSync"]["targetRevision"]["sha"] == sha
    assert status(proton, "prod")["latestSync"]["initialRevision"]["sha"] != sha
    assert repository_sync(proton, "1.0")["events"][-1]["externalId"] == sha
    assert repository_sync(proton, "beta")["status"] == "SUCCEEDED"


@pytest.mark.rule("11.3-11")
def test_an_entry_that_did_not_change_is_not_deployed_again(
    proton: Client, shop: str, linked: Any
) -> None:
    both = {"dev": "dev", "prod": "prod"}
    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": service_spec({"dev": "dev"})})
    key = {"serviceName": "shop", "name": "dev"}
    before = proton.get_service_instance(**key)["serviceInstance"]

    sha = linked.commit({"s": service_spec(both)})

    assert proton.get_service_instance(**key)["serviceInstance"] == before
    assert status(proton)["latestSuccessfulSync"]["targetRevision"]["sha"] == sha


def test_a_placeholder_keeps_the_current_value(proton: Client, shop: str, linked: Any) -> None:
    spec = service_spec({"dev": "dev"}, inputs={"port": "${Proton::CURRENT_VAL}", "size": 2})

    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": spec})

    assert inputs(proton) == service_spec({"dev": "dev"}, inputs={"port": 80, "size": 2})


@pytest.mark.rule("11.3-13")
def test_a_blocked_instance_is_synced_when_its_blocker_is_resolved(
    proton: Client, shop: str, linked: Any
) -> None:
    by_hand = service_spec({"dev": "dev"}, inputs={"port": 1})
    proton.update_service_instance(
        serviceName="shop", name="dev", deploymentType="CURRENT_VERSION", spec=by_hand
    )
    spec = service_spec({"dev": "dev", "prod": "prod"}, inputs={"port": 2})
    sha = linked.commit({"ops.yaml": ops(dev=("main", "s"), prod=("main", "s")), "s": spec})
    assert inputs(proton) == by_hand
    assert names(proton) == ["dev", "prod"]
    assert status(proton)["desiredState"]["sha"] == sha
    assert "latestSync" not in status(proton)
    summary = proton.get_service_sync_blocker_summary(serviceName="shop", serviceInstanceName="dev")
    (blocker,) = summary["serviceSyncBlockerSummary"]["latestBlockers"]

    proton.update_service_sync_blocker(id=blocker["id"], resolvedReason="merged")

    assert inputs(proton) == spec
    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"


@pytest.mark.rule("11.4-2")
def test_a_blocked_service_syncs_none_of_its_instances(
    proton: Client, seed: Seed, linked: Any, follow_ops_file: FollowOpsFile
) -> None:
    seed.service("shop", instances={"dev": "dev", "prod": "dev"})
    follow_ops_file("shop")
    proton.update_service(name="shop", spec=service_spec({"dev": "dev"}))
    spec = service_spec({"dev": "dev"}, inputs={"port": 2})

    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": spec})

    assert inputs(proton) == service_spec({"dev": "dev", "prod": "dev"})
    summary = proton.get_service_sync_blocker_summary(serviceName="shop")
    (blocker,) = summary["serviceSyncBlockerSummary"]["latestBlockers"]
    proton.update_service_sync_blocker(id=blocker["id"], resolvedReason="meant so")
    assert inputs(proton) == spec


@pytest.mark.rule("11.3-13")
def test_a_busy_instance_is_synced_when_it_is_idle(
    proton: Client, shop: str, linked: Any, hold: Callable[[str], None]
) -> None:
    from moto.moto_api import state_manager

    hold("service_instance")
    first = service_spec({"dev": "dev"}, inputs={"port": 1})
    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": first})
    assert status(proton)["latestSync"]["status"] == "IN_PROGRESS"
    second = service_spec({"dev": "dev"}, inputs={"port": 2})
    sha = linked.commit({"s": second})
    waiting = status(proton)
    assert waiting["latestSync"]["status"] == "IN_PROGRESS"
    assert waiting["desiredState"]["sha"] == sha

    state_manager.unset_transition("proton::service_instance")

    assert inputs(proton) == second
    assert status(proton)["latestSuccessfulSync"]["targetRevision"]["sha"] == sha


def test_a_failed_deployment_fails_the_sync(proton: Client, shop: str, linked: Any) -> None:
    faults.fail_deployment("service/shop/service-instance/dev", message="no addresses")

    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": service_spec({"dev": "dev"})})

    assert failure(proton) == "no addresses"
    assert "latestSuccessfulSync" not in status(proton)


def test_a_later_deployment_changes_nothing_about_a_sync(
    proton: Client, shop: str, linked: Any
) -> None:
    spec = service_spec({"dev": "dev"})
    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": spec})
    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"
    faults.fail_deployment("service/shop/service-instance/dev")

    proton.update_service_instance(
        serviceName="shop", name="dev", deploymentType="CURRENT_VERSION", spec=spec
    )

    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        pytest.param(None, "no file s", id="no file"),
        pytest.param("proton: no", "not correctly formatted", id="no spec"),
        pytest.param(service_spec({"prod": "prod"}), "no entry", id="no entry"),
        pytest.param(service_spec({"dev": "prod"}), "can't move", id="another environment"),
        pytest.param(service_spec({"dev": "dev"}) + "#" * 51_200, "'spec'", id="too long"),
    ],
)
def test_a_spec_that_is_wrong_fails_the_sync_of_its_instance(
    proton: Client, shop: str, linked: Any, spec: str | None, words: str
) -> None:
    files = {"ops.yaml": ops(dev=("main", "s"), prod=("main", "good"))}
    if spec is not None:
        files["s"] = spec

    linked.commit({**files, "good": service_spec({"prod": "prod"})})

    assert words in failure(proton)
    assert inputs(proton) == service_spec({"dev": "dev"}, inputs={"port": 80})
    assert names(proton) == ["dev", "prod"]


def test_a_branch_that_is_not_there_fails_the_sync_until_it_is(
    proton: Client, shop: str, linked: Any
) -> None:
    linked.commit({"ops.yaml": ops(dev=("beta", "s"))})
    assert "no branch beta" in failure(proton)

    linked.commit({"s": service_spec({"dev": "dev"})}, branch="beta")

    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(None, "has no ops file ops.yaml", id="missing"),
        pytest.param("a: [", "is not YAML", id="no YAML"),
        pytest.param("[" * 5000, "nested deeper than 100 levels", id="too deep"),
        pytest.param("", "has no sync", id="empty"),
        pytest.param("sync: {}", "has no sync.services", id="no services"),
        pytest.param(ops("other", dev=("main", "s")), "no sync.services.shop", id="other service"),
        pytest.param("sync: {services: {shop: x}}", "names no", id="no instances"),
        pytest.param("sync: {services: {shop: {dev: x}}}", "no service instance", id="no entry"),
        pytest.param("sync: {services: {shop: {dev: {spec: s}}}}", "no branch", id="no branch"),
        pytest.param("sync: {services: {shop: {dev: {branch: m}}}}", "no spec", id="no spec"),
    ],
)
def test_an_ops_file_that_is_wrong_fails_the_sync_of_the_repository(
    proton: Client, shop: str, linked: Any, text: str | None, words: str
) -> None:
    linked.commit({"README.md": "a", **({} if text is None else {"ops.yaml": text})})

    attempt = repository_sync(proton)

    assert attempt["status"] == "FAILED"
    assert words in attempt["events"][-1]["event"]
    assert status(proton) == {}


def test_a_config_without_a_commit_has_no_sync(proton: Client, shop: str) -> None:
    assert status(proton) == {}
    with pytest.raises(proton.exceptions.ResourceNotFoundException, match="never synced"):
        repository_sync(proton)


# --- pipelines ----------------------------------------------------------------------------------


@pytest.fixture
def with_pipeline(seed: Seed, linked: Any, follow_ops_file: FollowOpsFile) -> str:
    """A service with a pipeline that follows ops.yaml."""
    seed.service("shop", pipeline=True, pipeline_inputs={"file": "a"})
    follow_ops_file("shop")
    return "shop"


def pipeline(proton: Client) -> dict[str, Any]:
    found: dict[str, Any] = proton.get_service(name="shop")["service"]["pipeline"]
    return found


def test_other_pipeline_inputs_update_the_pipeline(
    proton: Client, with_pipeline: str, linked: Any
) -> None:
    spec = service_spec({"dev": "dev"}, pipeline={"file": "b"})

    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": spec})

    assert pipeline(proton)["spec"] == spec
    assert pipeline(proton)["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.parametrize("inputs", [None, {"file": "a"}], ids=["none", "the same"])
def test_no_other_pipeline_inputs_leave_the_pipeline_alone(
    proton: Client, with_pipeline: str, linked: Any, inputs: dict[str, str] | None
) -> None:
    before = pipeline(proton)
    spec = service_spec({"dev": "dev"}, inputs={"port": 1}, pipeline=inputs)

    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": spec})

    assert pipeline(proton) == before
    assert status(proton)["latestSync"]["status"] == "SUCCEEDED"


def test_a_busy_pipeline_is_synced_when_it_is_idle(
    proton: Client, with_pipeline: str, linked: Any, hold: Callable[[str], None]
) -> None:
    from moto.moto_api import state_manager

    hold("service_pipeline")
    first = service_spec({"dev": "dev"}, pipeline={"file": "b"})
    linked.commit({"ops.yaml": ops(dev=("main", "s")), "s": first})
    assert pipeline(proton)["deploymentStatus"] == "IN_PROGRESS"
    second = service_spec({"dev": "dev"}, pipeline={"file": "c"})
    linked.commit({"s": second})
    assert pipeline(proton)["deploymentStatus"] == "IN_PROGRESS"

    state_manager.unset_transition("proton::service_pipeline")

    assert pipeline(proton)["spec"] in (first, second)
    assert pipeline(proton)["spec"] == second


def test_a_pipeline_that_cannot_be_updated_fails_the_sync_of_the_repository(
    proton: Client, seed: Seed, linked: Any, follow_ops_file: FollowOpsFile
) -> None:
    faults.fail_deployment("service/shop/pipeline/*")
    seed.service("shop", pipeline=True)
    follow_ops_file("shop")

    linked.commit(
        {
            "ops.yaml": ops(dev=("main", "s")),
            "s": service_spec({"dev": "dev"}, pipeline={"file": "b"}),
        }
    )

    attempt = repository_sync(proton)
    assert attempt["status"] == "FAILED"
    assert "pipeline of the service shop can't be updated" in attempt["events"][-1]["event"]
