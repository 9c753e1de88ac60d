"""Service instances one at a time: created, shown, updated, cancelled."""

from __future__ import annotations

from collections.abc import Callable
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


def spec(port: object = 80, **instances: str) -> str:
    """A service spec; environments by instance name."""
    lines = ["proton: ServiceSpec", "instances:"]
    for name, environment in (instances or {"dev": "dev-env", "prod": "prod-env"}).items():
        lines += [f"  - name: {name}", f"    environment: {environment}", "    spec:"]
        lines += [f"      port: {port}"]
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def _shop(seed: Seed) -> None:
    """A service ``shop`` on 1.0 of its template, which has a 1.1, a draft 1.2 and a 2.0."""
    seed.service(
        "shop",
        template="web",
        instances={"dev": "dev-env", "prod": "prod-env"},
        inputs={"port": 80},
    )
    seed.service_template("web", versions=["1.0", "1.1", "2.0"])
    seed._client.create_service_template_version(
        templateName="web",
        majorVersion="1",
        source={"s3": {"bucket": "bundles", "key": "web.tar.gz"}},
        compatibleEnvironmentTemplates=[
            {"templateName": "environment-template", "majorVersion": "1"}
        ],
    )


def get(client: Client, name: str = "dev") -> dict[str, Any]:
    answer = client.get_service_instance(serviceName="shop", name=name)
    return dict(answer["serviceInstance"])


def update(client: Client, kind: str, name: str = "dev", **members: Any) -> dict[str, Any]:
    answer = client.update_service_instance(
        serviceName="shop", name=name, deploymentType=kind, **members
    )
    return dict(answer["serviceInstance"])


def create(client: Client, name: str = "canary", **members: Any) -> dict[str, Any]:
    request = {"spec": spec(**{name: "dev-env"}), **members}
    answer = client.create_service_instance(serviceName="shop", name=name, **request)
    return dict(answer["serviceInstance"])


def number(instance: dict[str, Any]) -> str:
    return f"{instance['templateMajorVersion']}.{instance['templateMinorVersion']}"


# --- get ----------------------------------------------------------------------------------------


@pytest.mark.rule("4.3-8")
def test_an_instance_shows_the_whole_spec_of_its_service(proton: Client) -> None:
    got = get(proton)

    assert got["spec"] == proton.get_service(name="shop")["service"]["spec"]
    assert (got["serviceName"], got["environmentName"]) == ("shop", "dev-env")
    assert number(got) == "1.0"
    assert got["lastDeploymentSucceededAt"] == got["lastDeploymentAttemptedAt"]


@pytest.mark.rule("6.9-6")
@pytest.mark.parametrize(
    ("service", "name", "words"),
    [("nil", "dev", "service nil"), ("shop", "nil", "service instance nil of the service shop")],
)
def test_an_unknown_instance_is_not_found(
    refused: Refused, service: str, name: str, words: str
) -> None:
    key = {"serviceName": service, "name": name}
    refused(RNF, words, "get_service_instance", **key)
    refused(RNF, words, "update_service_instance", **key, deploymentType="NONE")
    cancelled = {"serviceName": service, "serviceInstanceName": name}
    refused(RNF, words, "cancel_service_instance_deployment", **cancelled)


# --- create -------------------------------------------------------------------------------------


@pytest.mark.rule("4.3-13", "6.9-1", "6.9-3", "6.9-5")
def test_an_instance_joins_its_service_and_the_spec_once_deployed(
    proton: Client, hold: Hold, let_go: Hold
) -> None:
    before = proton.get_service(name="shop")["service"]
    hold("service_instance")

    created = create(proton, spec=spec(canary="dev-env", ignored="nowhere"), clientToken="t1")

    assert created["deploymentStatus"] == "IN_PROGRESS"
    assert created["lastClientRequestToken"] == "t1"
    for absent in ("templateMajorVersion", "templateMinorVersion", "spec"):
        assert absent not in created
    assert proton.get_service(name="shop")["service"] == before
    let_go("service_instance")
    assert get(proton, "canary")["deploymentStatus"] == "SUCCEEDED"
    after = proton.get_service(name="shop")["service"]
    assert (after["status"], after["lastModifiedAt"]) == ("ACTIVE", before["lastModifiedAt"])
    assert after["spec"].startswith(before["spec"].rstrip("\n"))
    assert "name: canary" in after["spec"]
    assert "ignored" not in after["spec"]


@pytest.mark.rule("6.0.5-2")
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, "1.1", id="recommended minor of the major of the service"),
        pytest.param({"templateMajorVersion": "2"}, "2.0", id="recommended minor of a major"),
        pytest.param(
            {"templateMajorVersion": "1", "templateMinorVersion": "0"}, "1.0", id="by name"
        ),
        pytest.param(
            {"templateMajorVersion": "1", "templateMinorVersion": "2"}, "1.2", id="draft by name"
        ),
    ],
)
def test_the_version_of_a_new_instance(
    proton: Client, members: dict[str, str], expected: str
) -> None:
    create(proton, **members)

    assert number(get(proton, "canary")) == expected


@pytest.mark.rule("6.9-4")
@pytest.mark.parametrize(
    ("code", "words", "members"),
    [
        pytest.param(RNF, "service nil", {"serviceName": "nil"}, id="service"),
        pytest.param(CE, "dev", {"name": "dev", "spec": spec(port=81)}, id="name taken"),
        pytest.param(VE, "canary", {"spec": spec(other="dev-env")}, id="no entry"),
        pytest.param(RNF, "environment nil", {"spec": spec(canary="nil")}, id="environment"),
        pytest.param(VE, "Service Spec", {"spec": "instances: {}\n"}, id="bad spec"),
        pytest.param(
            VE,
            "CURRENT_VAL",
            {"spec": spec("${Proton::CURRENT_VAL}", canary="dev-env")},
            id="current value of nothing",
        ),
        pytest.param(
            VE, "needs templateMajorVersion", {"templateMinorVersion": "1"}, id="minor alone"
        ),
        pytest.param(RNF, "web:7", {"templateMajorVersion": "7"}, id="major"),
        pytest.param(VE, "'name'", {"name": "a b"}, id="name with a space"),
    ],
)
def test_a_new_instance_is_refused(
    refused: Refused, code: str, words: str, members: dict[str, Any]
) -> None:
    request = {"serviceName": "shop", "name": "canary", "spec": spec(canary="dev-env")}
    refused(code, words, "create_service_instance", **{**request, **members})


@pytest.mark.rule("7.6-1")
def test_a_new_instance_needs_a_compatible_environment(seed: Seed, refused: Refused) -> None:
    seed.environment("elsewhere", template="other")

    refused(
        VE,
        "elsewhere",
        "create_service_instance",
        serviceName="shop",
        name="canary",
        spec=spec(canary="elsewhere"),
    )


def test_a_failed_creation_leaves_the_spec_alone(proton: Client, faults: ModuleType) -> None:
    before = proton.get_service(name="shop")["service"]
    faults.fail_deployment("service/shop/service-instance/canary", message="no image")
    create(proton)

    got = get(proton, "canary")
    assert (got["deploymentStatus"], got["deploymentStatusMessage"]) == ("FAILED", "no image")
    assert proton.get_service(name="shop")["service"] == before


def test_no_instance_joins_a_service_that_is_edited(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    hold("service")
    proton.update_service(name="shop", spec=spec())

    refused(
        CE,
        "UPDATE_IN_PROGRESS",
        "create_service_instance",
        serviceName="shop",
        name="canary",
        spec=spec(canary="dev-env"),
    )


# --- update -------------------------------------------------------------------------------------


@pytest.mark.rule("3.1-21", "3.1-22")
def test_an_update_shows_the_old_state_until_it_succeeds(proton: Client) -> None:
    before = get(proton)

    updated = update(proton, "MINOR_VERSION", spec=spec(port=81), clientToken="t1")

    changed = {"deploymentStatus", "lastDeploymentAttemptedAt", "lastAttemptedDeploymentId"}
    assert {n for n in updated if updated[n] != before.get(n)} == {
        *changed,
        "lastClientRequestToken",
    }
    assert updated["deploymentStatus"] == "IN_PROGRESS"
    after = get(proton)
    assert (after["deploymentStatus"], number(after)) == ("SUCCEEDED", "1.1")
    assert after["spec"] == spec(port=81)
    assert after["lastDeploymentSucceededAt"] == updated["lastDeploymentAttemptedAt"]
    assert after["lastClientRequestToken"] == "t1"


@pytest.mark.rule("4.3-13", "6.9-8")
def test_only_the_entry_of_the_instance_goes_into_the_service_spec(proton: Client) -> None:
    before = proton.get_service(name="shop")["service"]

    update(proton, "CURRENT_VERSION", spec=spec(port=81, prod="elsewhere", dev="dev-env"))

    service = proton.get_service(name="shop")["service"]
    assert get(proton)["deploymentStatus"] == "SUCCEEDED"
    service = proton.get_service(name="shop")["service"]
    assert service["spec"] == before["spec"].replace("port: 80", "port: 81", 1)
    assert service["lastModifiedAt"] == before["lastModifiedAt"]
    assert get(proton, "prod")["spec"] == before["spec"]


@pytest.mark.rule("6.0.5-3", "6.0.5-4", "6.0.5-5", "6.9-7")
@pytest.mark.parametrize(
    ("kind", "members", "expected"),
    [
        pytest.param("CURRENT_VERSION", {}, "1.0", id="present version"),
        pytest.param("MINOR_VERSION", {}, "1.1", id="recommended minor"),
        pytest.param("MINOR_VERSION", {"templateMinorVersion": "2"}, "1.2", id="draft by name"),
        pytest.param("MAJOR_VERSION", {}, "2.0", id="recommended version"),
        pytest.param("MAJOR_VERSION", {"templateMajorVersion": "2"}, "2.0", id="major by name"),
    ],
)
def test_the_deployment_type_decides_the_version(
    proton: Client, kind: str, members: dict[str, str], expected: str
) -> None:
    update(proton, kind, **members)

    assert number(get(proton)) == expected
    assert number(get(proton, "prod")) == "1.0"


@pytest.mark.rule("6.9-14")
def test_none_changes_nothing(proton: Client) -> None:
    before = get(proton)

    update(proton, "NONE")

    after = get(proton)
    after.pop("lastClientRequestToken")
    assert after == before


@pytest.mark.rule("6.9-9")
@pytest.mark.parametrize(
    ("code", "words", "kind", "members"),
    [
        pytest.param(VE, "NONE", "NONE", {"spec": spec()}, id="none with a spec"),
        pytest.param(VE, "NONE", "NONE", {"templateMajorVersion": "1"}, id="none with a version"),
        pytest.param(
            VE,
            "CURRENT_VERSION",
            "CURRENT_VERSION",
            {"templateMinorVersion": "0"},
            id="current with a version",
        ),
        pytest.param(
            VE, "is 2", "MINOR_VERSION", {"templateMajorVersion": "2"}, id="minor of another major"
        ),
        pytest.param(
            VE, "not higher", "MAJOR_VERSION", {"templateMajorVersion": "1"}, id="same major"
        ),
        pytest.param(
            RNF,
            f"The requested service template version does not exist: {PREFIX}"
            "service-template/web:1.7",
            "MINOR_VERSION",
            {"templateMinorVersion": "7"},
            id="minor",
        ),
        pytest.param(VE, "dev", "CURRENT_VERSION", {"spec": spec(prod="prod-env")}, id="no entry"),
        pytest.param(VE, "prod-env", "CURRENT_VERSION", {"spec": spec(dev="prod-env")}, id="moved"),
        pytest.param(
            VE, "Service Spec", "CURRENT_VERSION", {"spec": "instances: {}"}, id="bad spec"
        ),
        pytest.param(VE, "deploymentType", "LATER", {}, id="type"),
        pytest.param(VE, "'clientToken'", "NONE", {"clientToken": "t" * 65}, id="long token"),
    ],
)
def test_an_update_is_refused(
    refused: Refused, code: str, words: str, kind: str, members: dict[str, Any]
) -> None:
    key = {"serviceName": "shop", "name": "dev", "deploymentType": kind}
    refused(code, words, "update_service_instance", **key, **members)


@pytest.mark.rule("4.4-3", "4.4-9")
def test_the_current_value_keeps_an_input_with_its_type(proton: Client) -> None:
    update(proton, "CURRENT_VERSION", spec=spec("${Proton::CURRENT_VAL}", dev="dev-env"))

    assert "port: 80\n" in get(proton)["spec"]
    assert "CURRENT_VAL" not in get(proton)["spec"]


@pytest.mark.rule("6.9-10")
def test_without_a_spec_an_instance_is_deployed_as_it_is(proton: Client) -> None:
    before = get(proton)

    update(proton, "MINOR_VERSION")

    after = get(proton)
    assert number(after) == "1.1"
    assert after["spec"] == before["spec"]


@pytest.mark.rule("6.9-13", "7.6-2")
def test_a_major_version_must_go_with_the_environment(
    proton: Client, seed: Seed, refused: Refused
) -> None:
    seed.service_template("web", versions=["3.0"], compatible_with=["other:1"])

    refused(
        VE,
        "dev-env",
        "update_service_instance",
        serviceName="shop",
        name="dev",
        deploymentType="MAJOR_VERSION",
    )


@pytest.mark.rule("3.1-25", "6.9-11")
def test_an_instance_that_was_never_deployed_has_no_version_to_update(
    proton: Client, refused: Refused, faults: ModuleType
) -> None:
    faults.fail_deployment("service/shop/service-instance/canary")
    create(proton)

    key = {"serviceName": "shop", "name": "canary", "deploymentType": "CURRENT_VERSION"}
    refused(VE, "no template version", "update_service_instance", **key)


def test_a_failed_update_keeps_what_was_there(proton: Client, faults: ModuleType) -> None:
    before = get(proton)
    faults.fail_deployment("service/shop/service-instance/dev", message="no image")

    update(proton, "MINOR_VERSION", spec=spec(port=81))

    after = get(proton)
    assert (after["deploymentStatus"], after["deploymentStatusMessage"]) == ("FAILED", "no image")
    for name in ("spec", "templateMinorVersion", "lastDeploymentSucceededAt"):
        assert after[name] == before[name]
    assert proton.get_service(name="shop")["service"]["status"] == "ACTIVE"


@pytest.mark.rule("3.3-7", "6.9-12")
def test_a_busy_instance_or_component_is_not_updated(
    proton: Client, seed: Seed, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    hold("service_instance")
    update(proton, "CURRENT_VERSION")
    key = {"serviceName": "shop", "name": "dev", "deploymentType": "CURRENT_VERSION"}
    refused(CE, "dev", "update_service_instance", **key)
    let_go("service_instance")
    hold("component")
    seed.component("cache", attach_to=("shop", "dev"))
    refused(CE, "cache", "update_service_instance", **key)


# --- cancel -------------------------------------------------------------------------------------


@pytest.mark.rule("6.9-17", "3.1-7")
def test_a_cancelled_update_is_taken_back(
    proton: Client, refused: Refused, hold: Hold, let_go: Hold
) -> None:
    before = get(proton)
    hold("service_instance")
    update(proton, "MINOR_VERSION", spec=spec(port=81))
    key = {"serviceName": "shop", "serviceInstanceName": "dev"}

    cancelling = proton.cancel_service_instance_deployment(**key)["serviceInstance"]

    assert (cancelling["deploymentStatus"], cancelling["spec"]) == ("CANCELLING", before["spec"])
    refused(CE, "CANCELLING", "cancel_service_instance_deployment", **key)
    let_go("service_instance")
    after = get(proton)
    assert after["deploymentStatus"] == "CANCELLED"
    assert after["deploymentStatusMessage"] == "User initiated cancellation."
    for name in ("spec", "templateMinorVersion", "lastDeploymentSucceededAt"):
        assert after[name] == before[name]


@pytest.mark.rule("3.3-17")
def test_only_an_update_under_way_can_be_cancelled(
    proton: Client, refused: Refused, hold: Hold
) -> None:
    call = "cancel_service_instance_deployment"
    refused(CE, "SUCCEEDED", call, serviceName="shop", serviceInstanceName="dev")
    hold("service_instance")
    create(proton)
    refused(CE, "canary", call, serviceName="shop", serviceInstanceName="canary")


def test_a_new_instance_ignores_placeholders_in_other_entries(proton: Client) -> None:
    text = (
        "proton: ServiceSpec\n"
        "instances:\n"
        "- {name: dev, environment: dev-env, spec: {other: '${Proton::CURRENT_VAL}'}}\n"
        "- {name: gone, environment: none, spec: {port: '${Proton::CURRENT_VAL}'}}\n"
        "- {name: new, environment: dev-env, spec: {port: 7}}\n"
    )

    proton.create_service_instance(serviceName="shop", name="new", spec=text)

    assert get(proton, "new")["deploymentStatus"] == "SUCCEEDED"
    shown = get(proton, "new")["spec"]
    assert "port: 7" in shown
    assert "CURRENT_VAL" not in shown
    assert "port: 80" in get(proton)["spec"]


@pytest.mark.rule("4.4-7")
def test_a_new_instance_has_no_current_values(proton: Client, refused: Refused) -> None:
    text = spec(port="'${Proton::CURRENT_VAL}'", new="dev-env")

    refused(
        VE,
        "instances[new].spec.port",
        "create_service_instance",
        serviceName="shop",
        name="new",
        spec=text,
    )
