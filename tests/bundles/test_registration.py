"""Template versions registered from bundles in S3: what Proton reads, and why it may fail."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import WaiterError

from moto_proton.bundle import pack, pack_files

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]
Refused: TypeAlias = Callable[..., str]
Hold: TypeAlias = Callable[..., None]

SCHEMA = "schema/schema.yaml"
ZONES = """type: integer
          minimum: 1
          maximum: 3
          default: 2"""
KEY = {"templateName": "network", "majorVersion": "1", "minorVersion": "0"}


class Registry:
    """Registers versions of the environment template ``network`` from a bucket ``bundles``."""

    def __init__(self, proton: Client, s3: Client) -> None:
        self.proton = proton
        self.s3 = s3
        proton.create_environment_template(name="network")

    def put(self, body: bytes, key: str = "network.tar.gz", bucket: str = "bundles") -> None:
        if bucket not in [each["Name"] for each in self.s3.list_buckets()["Buckets"]]:
            self.s3.create_bucket(Bucket=bucket)
        self.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def create(
        self, key: str = "network.tar.gz", bucket: str = "bundles", **members: Any
    ) -> dict[str, Any]:
        source = {"s3": {"bucket": bucket, "key": key}}
        created = self.proton.create_environment_template_version(
            templateName="network", source=source, **members
        )
        return dict(created["environmentTemplateVersion"])

    def get(self, minor: str = "0") -> dict[str, Any]:
        got = self.proton.get_environment_template_version(**{**KEY, "minorVersion": minor})
        return dict(got["environmentTemplateVersion"])

    def failure(self, minor: str = "0") -> str:
        version = self.get(minor)
        assert version["status"] == "REGISTRATION_FAILED"
        assert "schema" not in version
        message: str = version["statusMessage"]
        return message


@pytest.fixture
def registry(proton: Client, s3: Client) -> Registry:
    return Registry(proton, s3)


def in_directory(directory: Path, name: str) -> bytes:
    """What ``tar -zcvf`` makes of a directory."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(directory, arcname=name)
    return packed.getvalue()


# --- what is registered ---------------------------------------------------------------------------


@pytest.mark.rule("6.4-4", "7.2-1")
def test_a_bundle_in_s3_becomes_a_draft_that_shows_its_schema(
    registry: Registry, bundle: Bundle
) -> None:
    registry.put(pack(bundle("network")))

    created = registry.create()

    assert created["status"] == "REGISTRATION_IN_PROGRESS"
    assert "schema" not in created
    got = registry.get()
    assert (got["status"], got["statusMessage"]) == ("DRAFT", "")
    assert got["schema"] == (bundle("network") / SCHEMA).read_text(encoding="utf-8")


@pytest.mark.rule("8.3-10")
def test_the_schema_keeps_its_comments_and_line_ends(registry: Registry, bundle: Bundle) -> None:
    files = {
        path.relative_to(bundle("network")).as_posix(): path.read_bytes()
        for path in bundle("network").rglob("*.yaml")
    }
    files[SCHEMA] = b"# caf\xc3\xa9\r\n" + files[SCHEMA].replace(b"\n", b"\r\n")
    registry.put(pack_files(files))

    registry.create()

    assert registry.get()["schema"] == files[SCHEMA].decode()


@pytest.mark.rule("8.1-7")
def test_a_bundle_may_be_packed_with_the_directory_around_it(
    registry: Registry, bundle: Bundle
) -> None:
    registry.put(in_directory(bundle("network"), "network-env/v1"))

    registry.create()

    assert registry.get()["status"] == "DRAFT"


def test_a_summary_has_no_schema(registry: Registry, bundle: Bundle) -> None:
    registry.put(pack(bundle("network")))
    registry.create()

    for members in ({}, {"majorVersion": "1"}):
        listed = registry.proton.list_environment_template_versions(
            templateName="network", **members
        )
        (summary,) = listed["templateVersions"]
        assert (summary["status"], "schema" in summary) == ("DRAFT", False)


def test_there_is_no_schema_while_registration_is_in_progress(
    registry: Registry, bundle: Bundle, hold: Hold, let_go: Hold
) -> None:
    hold("environment_template_version")
    registry.put(pack(bundle("network")))
    registry.create()
    got = registry.get()
    assert (got["status"], "schema" in got) == ("REGISTRATION_IN_PROGRESS", False)

    let_go("environment_template_version")

    got = registry.get()
    assert (got["status"], "schema" in got) == ("DRAFT", True)


def test_the_object_counts_as_it_was_at_the_call(
    registry: Registry, bundle: Bundle, hold: Hold, let_go: Hold
) -> None:
    hold("environment_template_version")
    registry.put(pack(bundle("network")))
    registry.create()
    registry.put(b"something else")

    let_go("environment_template_version")

    assert registry.get()["status"] == "DRAFT"


def test_the_newest_version_of_an_object_is_read(registry: Registry, bundle: Bundle) -> None:
    registry.s3.create_bucket(Bucket="bundles")
    registry.s3.put_bucket_versioning(
        Bucket="bundles", VersioningConfiguration={"Status": "Enabled"}
    )
    registry.put(b"the first attempt")
    registry.put(pack(bundle("network")))

    registry.create()

    assert registry.get()["status"] == "DRAFT"


def test_a_service_bundle_shows_its_schema_too(
    proton: Client, seed: Any, bundle: Bundle, s3: Client
) -> None:
    seed.service_template("shop", pipeline=True, bundle=bundle("shop"))

    got = proton.get_service_template_version(
        templateName="shop", majorVersion="1", minorVersion="0"
    )["serviceTemplateVersion"]

    assert got["schema"] == (bundle("shop") / SCHEMA).read_text(encoding="utf-8")


def test_large_schema_comes_back_whole(registry: Registry, bundle: Bundle) -> None:
    text = (bundle("network") / SCHEMA).read_text(encoding="utf-8")
    text += f"# {'x' * (50_000 - len(text))}\n"
    registry.put(pack(bundle("network", {SCHEMA: text})))

    registry.create()

    assert registry.get()["schema"] == text


# --- what fails -----------------------------------------------------------------------------------


def test_a_missing_bucket_fails_the_registration(registry: Registry) -> None:
    registry.create(bucket="nowhere")

    assert registry.failure() == (
        "The template bundle can't be read: the S3 bucket nowhere does not exist in the account "
        "123456789012"
    )


@pytest.mark.rule("7.2-2")
def test_a_missing_object_fails_the_registration(registry: Registry) -> None:
    registry.put(b"", key="other.tar.gz")

    registry.create()

    assert registry.failure() == (
        "The template bundle can't be read: the S3 bucket bundles has no object network.tar.gz"
    )


def test_a_deleted_object_of_a_versioned_bucket_is_missing(
    registry: Registry, bundle: Bundle
) -> None:
    registry.s3.create_bucket(Bucket="bundles")
    registry.s3.put_bucket_versioning(
        Bucket="bundles", VersioningConfiguration={"Status": "Enabled"}
    )
    registry.put(pack(bundle("network")))
    registry.s3.delete_object(Bucket="bundles", Key="network.tar.gz")

    registry.create()

    assert registry.failure().endswith("the S3 bucket bundles has no object network.tar.gz")


def test_the_bucket_of_another_account_is_not_read(
    registry: Registry, bundle: Bundle, client_of: Callable[..., Client]
) -> None:
    credentials = client_of("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/platform", RoleSessionName="platform"
    )["Credentials"]
    other = client_of("s3", access_key=credentials["AccessKeyId"])
    other.create_bucket(Bucket="theirs")
    other.put_object(Bucket="theirs", Key="network.tar.gz", Body=pack(bundle("network")))

    registry.create(bucket="theirs")

    assert "the S3 bucket theirs does not exist in the account 123456789012" in registry.failure()


def test_the_bucket_of_another_region_is_not_read(
    registry: Registry, bundle: Bundle, client_of: Callable[..., Client]
) -> None:
    there = client_of("s3", "eu-west-1")
    there.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    there.put_object(Bucket="far", Key="network.tar.gz", Body=pack(bundle("network")))

    registry.create(bucket="far")

    assert "the S3 bucket far is in the region eu-west-1, not in us-east-1" in registry.failure()


def test_what_is_no_archive_fails(registry: Registry) -> None:
    registry.put(b"PK\x03\x04 this is a zip")

    registry.create()

    assert registry.failure().startswith("The bundle is not a gzipped tar archive: ")


@pytest.mark.rule("8.4-1", "8.4-6")
def test_a_bundle_over_five_megabytes_fails(registry: Registry) -> None:
    registry.put(bytes(5 * 1024 * 1024 + 1))

    registry.create()

    assert registry.failure() == (
        "The template bundle can't be read: the object has 5,242,881 bytes, more than the "
        "5,242,880 allowed"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({SCHEMA: None}, [SCHEMA, "missing"], id="no schema"),
        pytest.param(
            {"infrastructure/manifest.yaml": None},
            ["infrastructure/manifest.yaml", "missing"],
            id="no manifest",
        ),
        pytest.param(
            {"infrastructure/cloudformation.yaml": None},
            ["infrastructure/", "cloudformation.yaml"],
            id="no template file",
        ),
        pytest.param(
            {SCHEMA: ("environment_input_type: NetworkInput", "")},
            ["Environment template schema is not valid: Missing property [environmentInputType]"],
            id="no input type",
        ),
        pytest.param(
            {SCHEMA: ("type: integer", "type: number of zones")},
            [SCHEMA, "zones", "number of zones"],
            id="no such type",
        ),
        pytest.param(
            {
                "infrastructure/cloudformation.yaml": (
                    "{{ environment.name }}.",
                    "{{ environment.name | }}.",
                )
            },
            ["infrastructure/cloudformation.yaml, line 1"],
            id="jinja that is not closed",
        ),
    ],
)
def test_a_broken_bundle_fails_with_what_and_where(
    registry: Registry, bundle: Bundle, changes: Mapping[str, Any], words: list[str]
) -> None:
    registry.put(pack(bundle("network", changes)))

    registry.create()

    message = registry.failure()
    assert [word for word in words if word not in message] == [], message


@pytest.mark.rule("8.1-9")
@pytest.mark.parametrize(
    ("members", "name", "words"),
    [
        pytest.param(
            {"pipelineProvisioning": "CUSTOMER_MANAGED"},
            "shop",
            "pipeline",
            id="a pipeline where there is none",
        ),
        pytest.param({}, "network", "instance_infrastructure", id="an environment's bundle"),
    ],
)
def test_a_bundle_has_to_suit_its_service_template(
    proton: Client, s3: Client, bundle: Bundle, members: Any, name: str, words: str, seed: Any
) -> None:
    seed.environment_template("network", bundle=bundle("network"))
    proton.create_service_template(name="shop", **members)
    s3.create_bucket(Bucket="bundles")
    s3.put_object(Bucket="bundles", Key="shop.tar.gz", Body=pack(bundle(name)))

    proton.create_service_template_version(
        templateName="shop",
        source={"s3": {"bucket": "bundles", "key": "shop.tar.gz"}},
        compatibleEnvironmentTemplates=[{"templateName": "network", "majorVersion": "1"}],
    )

    got = proton.get_service_template_version(
        templateName="shop", majorVersion="1", minorVersion="0"
    )["serviceTemplateVersion"]
    assert got["status"] == "REGISTRATION_FAILED"
    assert words in got["statusMessage"]


def test_an_injected_fault_comes_before_the_bundle(
    registry: Registry, bundle: Bundle, faults: ModuleType
) -> None:
    faults.fail_deployment("environment-template/network:1.0", message="out of order")
    registry.put(pack(bundle("network")))

    registry.create()

    assert registry.failure() == "out of order"


def test_the_waiter_ends_with_the_failure(registry: Registry) -> None:
    registry.create(bucket="nowhere")
    waiter = registry.proton.get_waiter("environment_template_version_registered")

    with pytest.raises(WaiterError) as caught:
        waiter.wait(**KEY, WaiterConfig={"Delay": 0})

    last: Any = caught.value.last_response
    assert last["environmentTemplateVersion"]["status"] == "REGISTRATION_FAILED"


# --- what a failed version is good for ------------------------------------------------------------


@pytest.mark.rule("7.2-1")
def test_a_failed_version_keeps_its_number(registry: Registry, bundle: Bundle) -> None:
    registry.create(bucket="nowhere")
    registry.put(pack(bundle("network")))

    second = registry.create(majorVersion="1")

    assert (second["majorVersion"], second["minorVersion"]) == ("1", "1")
    assert registry.get("1")["status"] == "DRAFT"
    assert registry.failure()


def test_a_failed_version_can_not_be_published(registry: Registry, refused: Refused) -> None:
    registry.create(bucket="nowhere")

    message = refused("update_environment_template_version", **KEY, status="PUBLISHED")

    assert "network:1.0" in message
    assert "failed" in message


def test_no_environment_can_be_made_of_a_failed_version(
    registry: Registry, refused: Refused, environment_spec: Callable[..., str]
) -> None:
    registry.create(bucket="nowhere")

    message = refused(
        "create_environment",
        name="dev",
        templateName="network",
        templateMajorVersion="1",
        templateMinorVersion="0",
        protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
        spec=environment_spec(cidr="10.0.0.0/16"),
    )

    assert "network:1.0" in message


def test_a_failed_version_can_be_deleted(registry: Registry) -> None:
    registry.create(bucket="nowhere")

    deleted = registry.proton.delete_environment_template_version(**KEY)

    assert deleted["environmentTemplateVersion"]["status"] == "REGISTRATION_FAILED"
    listed = registry.proton.list_environment_template_versions(templateName="network")
    assert listed["templateVersions"] == []


# --- minor versions -------------------------------------------------------------------------------


@pytest.mark.rule("7.3-1")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(("default: small", "title: Tier"), None, id="a default less, not required"),
        pytest.param(("enum: [small, large]", "enum: [small]"), "tier", id="an enum loses a value"),
        pytest.param(("maximum: 3", "maximum: 2"), "zones", id="a tighter bound"),
        pytest.param(("required: [cidr]", "required: [cidr, subnets]"), "subnets", id="required"),
        pytest.param((ZONES, "type: string"), "zones", id="another type"),
        pytest.param(("maximum: 3", "maximum: 6"), None, id="a looser bound"),
    ],
)
def test_a_minor_version_has_to_take_the_specs_of_its_major(
    registry: Registry, bundle: Bundle, change: tuple[str, str], words: str | None
) -> None:
    registry.put(pack(bundle("network")))
    registry.create()
    registry.get()
    registry.put(pack(bundle("network", {SCHEMA: change})))

    registry.create(majorVersion="1")

    if words is None:
        assert registry.get("1")["status"] == "DRAFT"
    else:
        message = registry.failure("1")
        assert message.startswith("The schema is not backward compatible with version 1")
        assert words in message


def test_a_new_major_version_may_break_with_the_old_one(registry: Registry, bundle: Bundle) -> None:
    registry.put(pack(bundle("network")))
    registry.create()
    registry.put(pack(bundle("network", {SCHEMA: ("maximum: 3", "maximum: 2")})))

    created = registry.create()

    assert created["majorVersion"] == "2"
    got = registry.proton.get_environment_template_version(**{**KEY, "majorVersion": "2"})
    assert got["environmentTemplateVersion"]["status"] == "DRAFT"


@pytest.mark.rule("7.3-2")
def test_a_version_that_failed_is_no_measure_for_later_ones(
    registry: Registry, bundle: Bundle
) -> None:
    registry.put(pack(bundle("network", {"infrastructure/manifest.yaml": None})))
    registry.create()
    assert registry.failure()
    registry.put(pack(bundle("network", {SCHEMA: ("maximum: 3", "maximum: 2")})))

    registry.create(majorVersion="1")

    assert registry.get("1")["status"] == "DRAFT"


def test_versions_registered_at_once_are_compared_all_the_same(
    registry: Registry, bundle: Bundle, hold: Hold, let_go: Hold
) -> None:
    hold("environment_template_version")
    registry.put(pack(bundle("network")))
    registry.create()
    registry.put(pack(bundle("network", {SCHEMA: ("maximum: 3", "maximum: 2")})))
    registry.create(majorVersion="1")

    let_go("environment_template_version")

    assert registry.get()["status"] == "DRAFT"
    assert "zones" in registry.failure("1")


# --- without bundles ------------------------------------------------------------------------------


@pytest.mark.proton(config={"require_bundles": False})
def test_without_bundles_a_version_registers_and_takes_any_inputs(
    registry: Registry, environment_spec: Callable[..., str]
) -> None:
    registry.create(bucket="nowhere")
    registry.proton.update_environment_template_version(**KEY, status="PUBLISHED")

    registry.proton.create_environment(
        name="dev",
        templateName="network",
        templateMajorVersion="1",
        protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
        spec=environment_spec(whatever=[1, {"a": None}]),
    )

    got = registry.get()
    assert (got["status"], "schema" in got) == ("PUBLISHED", False)
    environment = registry.proton.get_environment(name="dev")["environment"]
    assert environment["deploymentStatus"] == "SUCCEEDED"
    listed = registry.proton.list_environment_outputs(environmentName="dev")
    assert listed["outputs"] == []
