"""Services: created, shown, listed, deleted. How they are updated has tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from moto_proton.seed import Seed

Client: TypeAlias = Any
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

VE = "ValidationException"
CE = "ConflictException"
RNF = "ResourceNotFoundException"
PREFIX = "arn:aws:proton:us-east-1:123456789012:"
CONNECTION = "arn:aws:codestar-connections:us-east-1:123456789012:connection/shop"
REPOSITORY = {
    "repositoryConnectionArn": CONNECTION,
    "repositoryId": "shop/app",
    "branchName": "main",
}
MALFORMED = (
    "The provided Service Spec file was not correctly formatted. Please check that it is valid "
    "yaml according to the Spec definition."
)
SPEC = """\
proton: ServiceSpec

instances:
  - name: "dev"
    environment: "dev-env"
    spec:
      port: 80
  - name: "prod"
    environment: "prod-env"
"""
PIPELINE_SPEC = SPEC.replace("instances:", 'pipeline:\n  test: "make test"\n\ninstances:')
SHOP = {
    "name": "shop",
    "templateName": "web",
    "templateMajorVersion": "1",
    "spec": SPEC,
}
PIPED = {**SHOP, "templateName": "piped", "spec": PIPELINE_SPEC, **REPOSITORY}


@pytest.fixture(autouse=True)
def _templates_and_environments(seed: Seed) -> None:
    """Templates ``web`` (a draft 1.2, a draft 2.0) and ``piped``, two environments."""
    seed.environment("dev-env")
    seed.environment("prod-env")
    seed.service_template("web", versions=["1.0", "1.1"])
    for more in ({"majorVersion": "1"}, {}):
        seed._client.create_service_template_version(
            templateName="web",
            source={"s3": {"bucket": "bundles", "key": "web.tar.gz"}},
            compatibleEnvironmentTemplates=[
                {"templateName": "environment-template", "majorVersion": "1"}
            ],
            **more,
        )


@pytest.fixture
def piped(seed: Seed) -> None:
    seed.service_template("piped", pipeline=True)
    seed.pipeline_roles()


def get(client: Client, name: str = "shop") -> dict[str, Any]:
    return dict(client.get_service(name=name)["service"])


def instances(client: Client, name: str = "shop") -> dict[str, dict[str, Any]]:
    listed = client.list_service_instances(serviceName=name)["serviceInstances"]
    return {instance["name"]: instance for instance in listed}


# --- creation -----------------------------------------------------------------------------------


@pytest.mark.rule("3.2-2", "3.7-1", "3.7-18", "6.8-1", "2-8", "5.7-6")
def test_a_create_answers_that_it_is_under_way(proton: Client) -> None:
    created = proton.create_service(**SHOP, description="The shop")["service"]

    created_at = created["createdAt"]
    assert created == {
        "arn": f"{PREFIX}service/shop",
        "createdAt": created_at,
        "description": "The shop",
        "lastModifiedAt": created_at,
        "name": "shop",
        "spec": SPEC,
        "status": "CREATE_IN_PROGRESS",
        "templateName": "web",
    }


@pytest.mark.rule("2-9", "6.9-15")
def test_instances_are_made_where_the_spec_says(proton: Client) -> None:
    proton.create_service(**SHOP)

    assert get(proton)["status"] == "ACTIVE"
    made = instances(proton)
    assert {name: each["environmentName"] for name, each in made.items()} == {
        "dev": "dev-env",
        "prod": "prod-env",
    }
    for name, instance in made.items():
        assert instance["arn"] == f"{PREFIX}service/shop/service-instance/{name}"
        assert instance["deploymentStatus"] == "SUCCEEDED"
        assert (instance["templateMajorVersion"], instance["templateMinorVersion"]) == ("1", "1")
    assert get(proton)["lastModifiedAt"] >= get(proton)["createdAt"]


@pytest.mark.rule("6.8-9", "6.8-11", "2-10", "4.3-7")
@pytest.mark.usefixtures("piped")
def test_a_pipeline_comes_with_its_service(proton: Client) -> None:
    created = proton.create_service(**PIPED)["service"]
    assert created["pipeline"]["deploymentStatus"] == "IN_PROGRESS"
    assert {name: created[name] for name in REPOSITORY} == REPOSITORY

    pipeline = get(proton)["pipeline"]

    assert pipeline["arn"].startswith(f"{PREFIX}service/shop/pipeline/")
    assert pipeline["arn"] == created["pipeline"]["arn"]
    assert pipeline["deploymentStatus"] == "SUCCEEDED"
    assert (pipeline["templateName"], pipeline["templateMajorVersion"]) == ("piped", "1")
    assert pipeline["spec"] == PIPELINE_SPEC == get(proton)["spec"]


@pytest.mark.rule("6.8-10")
@pytest.mark.usefixtures("piped")
def test_the_pipeline_waits_for_the_instances(proton: Client, hold: Hold, let_go: Hold) -> None:
    hold("service_instance", "service_pipeline")
    proton.create_service(**PIPED)
    let_go("service_pipeline")

    assert get(proton)["status"] == "CREATE_IN_PROGRESS"
    assert get(proton)["pipeline"]["deploymentStatus"] == "IN_PROGRESS"
    let_go("service_instance")
    assert get(proton)["status"] == "ACTIVE"


@pytest.mark.rule("3.2-4")
def test_a_failed_instance_stays_with_a_failed_service(proton: Client, faults: ModuleType) -> None:
    faults.fail_deployment("service/shop/service-instance/dev", message="no such image")
    proton.create_service(**SHOP)

    service = get(proton)
    assert service["status"] == "CREATE_FAILED"
    assert "dev" in service["statusMessage"]
    made = instances(proton)
    assert made["dev"]["deploymentStatus"] == "FAILED"
    assert made["dev"]["deploymentStatusMessage"] == "no such image"
    assert "templateMajorVersion" not in made["dev"]
    assert made["prod"]["deploymentStatus"] == "SUCCEEDED"


@pytest.mark.rule("5.6-12")
@pytest.mark.usefixtures("piped")
def test_failed_instances_cancel_the_pipeline(proton: Client, faults: ModuleType) -> None:
    faults.fail_deployment("service/shop/service-instance/dev")
    proton.create_service(**PIPED)

    pipeline = get(proton)["pipeline"]
    assert pipeline["deploymentStatus"] == "FAILED"
    assert pipeline["deploymentStatusMessage"] == (
        f"Service Instance(s): [{PREFIX}service/shop/service-instance/dev] failed to deploy - "
        "canceling pipeline deployment"
    )


@pytest.mark.rule("6.0.5-1")
@pytest.mark.parametrize(
    ("members", "number"),
    [
        pytest.param({}, "1.1", id="the recommended minor"),
        pytest.param({"templateMinorVersion": "0"}, "1.0", id="an older minor"),
        pytest.param({"templateMinorVersion": "2"}, "1.2", id="a draft by name"),
    ],
)
def test_the_version_is_the_one_named_or_recommended(
    proton: Client, members: dict[str, str], number: str
) -> None:
    proton.create_service(**SHOP, **members)

    made = instances(proton)["dev"]
    assert f"{made['templateMajorVersion']}.{made['templateMinorVersion']}" == number


@pytest.mark.rule("6.8-5", "6.8-6", "6.8-8")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(VE, "'name'", {"name": None}, id="no name"),
        pytest.param(VE, "'name'", {"name": "shop/1"}, id="name with a slash"),
        pytest.param(VE, "'spec'", {"spec": ""}, id="empty spec"),
        pytest.param(VE, "51200", {"spec": "x" * 51_201}, id="long spec"),
        pytest.param(VE, MALFORMED, {"spec": "proton: ServiceSpec"}, id="no instances"),
        pytest.param(
            VE, MALFORMED, {"spec": "proton: ServiceSpec\ninstances: {}"}, id="instances mapped"
        ),
        pytest.param(VE, MALFORMED, {"spec": "instances: [\n"}, id="no YAML"),
        pytest.param(VE, "dev", {"spec": SPEC.replace("prod", "dev")}, id="a name twice"),
        pytest.param(
            VE,
            "CURRENT_VAL",
            {"spec": SPEC.replace("80", "${Proton::CURRENT_VAL}")},
            id="current value of nothing",
        ),
        pytest.param(VE, "'templateMajorVersion'", {"templateMajorVersion": "v1"}, id="version"),
        pytest.param(RNF, "template nil", {"templateName": "nil"}, id="template"),
        pytest.param(
            RNF,
            "The requested service template version does not exist: "
            f"{PREFIX}service-template/web:3",
            {"templateMajorVersion": "3"},
            id="major",
        ),
        pytest.param(RNF, "web:1.9", {"templateMinorVersion": "9"}, id="minor"),
        pytest.param(VE, "no published minor", {"templateMajorVersion": "2"}, id="no published"),
        pytest.param(
            RNF, "environment nil", {"spec": SPEC.replace("prod-env", "nil")}, id="environment"
        ),
        pytest.param(
            VE,
            "the service template web has no pipeline",
            {"spec": PIPELINE_SPEC},
            id="inputs of a pipeline that is not there",
        ),
        *(
            pytest.param(VE, name, {name: value}, id=f"{name} without a pipeline")
            for name, value in REPOSITORY.items()
        ),
        pytest.param(VE, "aws:x", {"tags": [{"key": "aws:x", "value": ""}]}, id="reserved tag"),
    ],
)
def test_a_create_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    refused(code, words, "create_service", **{**SHOP, **members})


@pytest.mark.rule("4.1-5")
def test_pipeline_inputs_of_an_empty_mapping_are_tolerated(proton: Client) -> None:
    spec = SPEC.replace("instances:", "pipeline: {}\ninstances:")

    proton.create_service(**{**SHOP, "spec": spec})

    assert get(proton)["status"] == "ACTIVE"


@pytest.mark.rule("6.8-2", "6.8-3", "4.1-4")
@pytest.mark.parametrize("missing", REPOSITORY)
@pytest.mark.usefixtures("piped")
def test_a_pipeline_needs_its_repository(refused: Refused, missing: str) -> None:
    refused(VE, missing, "create_service", **{**PIPED, missing: None})


@pytest.mark.rule("6.1-8", "6.8-4")
def test_a_pipeline_needs_a_role_or_a_repository(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    seed.service_template("piped", pipeline=True)
    words = "Operation cannot be run until pipeline roles have been configured"
    assert refused(VE, words, "create_service", **PIPED) == words
    branch = {**seed.repository(), "branch": "main"}
    proton.update_account_settings(pipelineProvisioningRepository=branch)

    created = proton.create_service(**PIPED)["service"]

    assert created["status"] == "CREATE_IN_PROGRESS"
    arn = created["pipeline"]["arn"]
    assert get(proton)["status"] == "CREATE_IN_PROGRESS"
    proton.notify_resource_deployment_status_change(resourceArn=arn, status="SUCCEEDED")
    assert get(proton)["status"] == "ACTIVE"


@pytest.mark.rule("7.6-1")
def test_an_environment_must_be_compatible(proton: Client, seed: Seed, refused: Refused) -> None:
    seed.environment("elsewhere", template="other")

    spec = SPEC.replace("prod-env", "elsewhere")
    refused(VE, "other:1", "create_service", **{**SHOP, "spec": spec})


@pytest.mark.rule("3.3-11")
@pytest.mark.parametrize("held", [True, False], ids=["not yet deployed", "failed to deploy"])
def test_an_environment_must_be_deployed(
    proton: Client, seed: Seed, refused: Refused, hold: Hold, faults: ModuleType, held: bool
) -> None:
    if held:
        hold("environment")
    else:
        faults.fail_deployment("environment/new")
    seed.environment("new")

    spec = SPEC.replace("prod-env", "new")
    refused(CE, "environment new", "create_service", **{**SHOP, "spec": spec})


@pytest.mark.rule("3.3-11")
def test_an_environment_on_its_way_out_takes_nothing_in(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    hold("environment")
    proton.delete_environment(name="prod-env")

    refused(CE, "prod-env", "create_service", **SHOP)


def test_an_environment_that_is_updated_takes_instances_in(proton: Client, hold: Hold) -> None:
    hold("environment")
    proton.update_environment(name="dev-env", deploymentType="CURRENT_VERSION")

    assert proton.create_service(**SHOP)["service"]["status"] == "CREATE_IN_PROGRESS"


# --- get and list -------------------------------------------------------------------------------


@pytest.mark.rule("4.3-12", "6.8-14")
def test_a_summary_lacks_spec_pipeline_and_repository(
    proton: Client, seed: Seed, piped: None
) -> None:
    proton.create_service(**PIPED, description="The shop")
    got = get(proton)

    (summary,) = proton.list_services()["services"]

    hidden = {"spec", "pipeline", *REPOSITORY}
    assert summary == {name: got[name] for name in got if name not in hidden}


def test_a_list_is_newest_first(proton: Client) -> None:
    for name in ("a", "c", "b"):
        proton.create_service(**{**SHOP, "name": name})

    listed = proton.list_services()["services"]

    assert [service["name"] for service in listed] == ["b", "c", "a"]


@pytest.mark.rule("6.8-13")
def test_an_unknown_service_is_not_found(refused: Refused) -> None:
    refused(RNF, "service shop", "get_service", name="shop")


# --- deletion -----------------------------------------------------------------------------------


@pytest.mark.rule("6.0.3-2", "6.8-16")
@pytest.mark.usefixtures("piped")
def test_a_delete_takes_instances_and_pipeline_along(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    proton.create_service(**PIPED)
    before = get(proton)
    hold("service", "service_instance", "service_pipeline")

    deleting = proton.delete_service(name="shop")["service"]

    assert deleting["status"] == "DELETE_IN_PROGRESS"
    assert deleting["pipeline"]["deploymentStatus"] == "DELETE_IN_PROGRESS"
    assert deleting["lastModifiedAt"] > before["lastModifiedAt"]
    statuses = {each["deploymentStatus"] for each in instances(proton).values()}
    assert statuses == {"DELETE_IN_PROGRESS"}
    assert proton.delete_service(name="shop")["service"] == deleting
    for call, members in BLOCKED_BY_DELETION.items():
        refused(CE, "shop", call, **members)
    let_go("service", "service_instance", "service_pipeline")
    refused(RNF, "service shop", "get_service", name="shop")
    refused(RNF, "service shop", "list_service_instances", serviceName="shop")
    assert set(proton.delete_service(name="shop")) == {"ResponseMetadata"}


BLOCKED_BY_DELETION: dict[str, dict[str, Any]] = {
    "update_service": {"name": "shop", "description": "x"},
    "create_service_instance": {"serviceName": "shop", "name": "new", "spec": SPEC},
    "update_service_instance": {
        "serviceName": "shop",
        "name": "dev",
        "deploymentType": "CURRENT_VERSION",
    },
    "cancel_service_instance_deployment": {"serviceName": "shop", "serviceInstanceName": "dev"},
    "update_service_pipeline": {
        "serviceName": "shop",
        "deploymentType": "CURRENT_VERSION",
        "spec": PIPELINE_SPEC,
    },
    "cancel_service_pipeline_deployment": {"serviceName": "shop"},
}


@pytest.mark.rule("3.2-16", "3.2-17")
@pytest.mark.parametrize("part", ["service-instance/dev", "pipeline/*"])
@pytest.mark.usefixtures("piped")
def test_a_failed_deletion_can_be_tried_again(
    proton: Client, refused: Refused, faults: ModuleType, part: str
) -> None:
    proton.create_service(**PIPED)
    faults.fail_deletion(f"service/shop/{part}", message="a bucket is not empty")
    proton.delete_service(name="shop")

    assert get(proton)["status"] == "DELETE_FAILED"
    refused(CE, "DELETE_FAILED", "update_service", name="shop", spec=PIPELINE_SPEC)
    proton.delete_service(name="shop")
    refused(RNF, "service shop", "get_service", name="shop")


@pytest.mark.rule("3.3-9", "6.8-15")
def test_a_service_with_an_attached_component_stays(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    proton.create_service(**SHOP)
    seed.component("cache", attach_to=("shop", "prod"))

    words = "the component cache is attached to its service instance prod"
    refused(CE, words, "delete_service", name="shop")


@pytest.mark.rule("6.8-15")
@pytest.mark.usefixtures("piped")
@pytest.mark.parametrize("busy", ["service", "service_instance", "service_pipeline"])
def test_a_busy_service_stays(proton: Client, refused: Refused, hold: Hold, busy: str) -> None:
    proton.create_service(**PIPED)
    hold(busy)
    if busy == "service":
        proton.update_service(name="shop", spec=PIPELINE_SPEC)
    elif busy == "service_instance":
        proton.update_service_instance(
            serviceName="shop", name="dev", deploymentType="CURRENT_VERSION"
        )
    else:
        proton.update_service_pipeline(
            serviceName="shop", deploymentType="CURRENT_VERSION", spec=PIPELINE_SPEC
        )

    refused(CE, "shop", "delete_service", name="shop")


@pytest.mark.rule("3.3-1")
def test_a_service_under_creation_is_left_alone(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    hold("service", "service_instance")
    proton.create_service(**SHOP)

    refused(CE, "CREATE_IN_PROGRESS", "delete_service", name="shop")
    for call, members in BLOCKED_BY_DELETION.items():
        if "pipeline" not in call:
            refused(CE, "shop", call, **members)


@pytest.mark.rule("3.3-5")
def test_a_failed_service_can_only_be_deleted(
    proton: Client, refused: Refused, faults: ModuleType
) -> None:
    faults.fail_deployment("service/shop/service-instance/dev")
    proton.create_service(**SHOP)

    refused(CE, "CREATE_FAILED", "update_service", name="shop", spec=SPEC)
    new = {"serviceName": "shop", "name": "new", "spec": SPEC}
    refused(CE, "CREATE_FAILED", "create_service_instance", **new)
    proton.delete_service(name="shop")
    assert proton.list_services()["services"] == []


# --- the samples --------------------------------------------------------------------------------

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize(
    ("environment_spec", "service_spec", "environment"),
    [
        pytest.param(
            "environment-templates/fargate-env/spec/spec.yaml",
            f"service-templates/{name}/spec/spec.yaml",
            "fargate-env-prod",
            id=name,
        )
        for name in ("load-balanced-fargate-svc", "backend-fargate-svc")
    ]
    + [
        pytest.param(
            "lambda-multi-svc/specs/env-spec.yaml",
            "lambda-multi-svc/specs/svc-spec.yaml",
            "multi-svc-beta",
            id="lambda-multi-svc",
        )
    ],
)
@pytest.mark.usefixtures("piped")
def test_the_sample_specs_create_and_update(
    proton: Client, seed: Seed, environment_spec: str, service_spec: str, environment: str
) -> None:
    of_environment = (SAMPLES / environment_spec).read_text()
    of_service = (SAMPLES / service_spec).read_text()
    seed.environment(environment, spec=of_environment)
    assert proton.get_environment(name=environment)["environment"]["spec"] == of_environment
    proton.create_service(**{**PIPED, "spec": of_service})
    assert (get(proton)["status"], get(proton)["spec"]) == ("ACTIVE", of_service)
    (first,) = instances(proton)

    more = f"{of_service.rstrip()}\n  - name: canary\n    environment: {environment}\n"
    proton.update_service(name="shop", spec=more)

    assert (get(proton)["status"], get(proton)["spec"]) == ("ACTIVE", more)
    assert set(instances(proton)) == {first, "canary"}
    proton.update_service(name="shop", spec=of_service)
    assert get(proton)["status"] == "ACTIVE"
    assert set(instances(proton)) == {first}
