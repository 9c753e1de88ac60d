"""Bundles that are odd: they register and deploy, and a warning says so. Rule 15-3."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

import moto_proton
from moto_proton import BundleWarning
from moto_proton.bundle import pack
from moto_proton.seed import Seed

Client: TypeAlias = Any
Bundle: TypeAlias = Callable[..., Path]

SCHEMA = "schema/schema.yaml"
MANIFEST = "infrastructure/manifest.yaml"
ODD = {
    "a default": {SCHEMA: ("type: string", "type: string, minLength: 90, default: a")},
    "a file": {MANIFEST: ("file: cloudformation.yaml", "file: ./cloudformation.yaml")},
}
SOURCE = {"s3": {"bucket": "bundles", "key": "odd.tar.gz"}}


@pytest.fixture
def stored(proton: Client, s3: Client) -> Callable[[Path], None]:
    """Puts a bundle to where the template ``odd`` takes its next version from."""

    def store(directory: Path) -> None:
        proton.create_environment_template(name="odd")
        s3.create_bucket(Bucket="bundles")
        s3.put_object(Bucket="bundles", Key="odd.tar.gz", Body=pack(directory))

    return store


@pytest.fixture
def odd(bundle: Bundle) -> Path:
    """A bundle whose manifest names its file with ``./``."""
    return bundle("network", ODD["a file"])


def versions(proton: Client) -> list[Any]:
    return list(proton.list_environment_template_versions(templateName="odd")["templateVersions"])


def test_it_registers_with_a_warning(
    proton: Client, stored: Callable[[Path], None], odd: Path
) -> None:
    stored(odd)

    with pytest.warns(BundleWarning) as told:
        proton.create_environment_template_version(templateName="odd", source=SOURCE)

    assert [str(each.message) for each in told] == [
        f"the environment template odd: {MANIFEST}, line 3: the file "
        '"./cloudformation.yaml" is taken for cloudformation.yaml, which is its name'
    ]
    (version,) = versions(proton)
    assert (version["status"], version["statusMessage"]) == ("DRAFT", "")


def test_where_warnings_are_errors_nothing_is_made(
    proton: Client, stored: Callable[[Path], None], odd: Path
) -> None:
    stored(odd)
    request = {"templateName": "odd", "source": SOURCE, "clientToken": "token"}

    with pytest.raises(BundleWarning):
        proton.create_environment_template_version(**request)

    assert versions(proton) == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BundleWarning)
        created = proton.create_environment_template_version(**request)
    assert created["environmentTemplateVersion"]["minorVersion"] == "0"


def test_a_replay_does_not_warn_again(
    proton: Client, stored: Callable[[Path], None], odd: Path
) -> None:
    stored(odd)
    request = {"templateName": "odd", "source": SOURCE, "clientToken": "token"}
    with pytest.warns(BundleWarning):
        proton.create_environment_template_version(**request)

    proton.create_environment_template_version(**request)

    assert len(versions(proton)) == 1


def test_a_bundle_that_is_wrong_as_well_fails_without_a_warning(
    proton: Client, stored: Callable[[Path], None], bundle: Bundle
) -> None:
    stored(bundle("network", {**ODD["a file"], "infrastructure/cloudformation.yaml": "- a"}))

    proton.create_environment_template_version(templateName="odd", source=SOURCE)

    (version,) = versions(proton)
    assert version["status"] == "REGISTRATION_FAILED"


def test_a_default_that_breaks_its_schema_is_what_is_rendered(
    proton: Client, seed: Seed, bundle: Bundle
) -> None:
    odd = "        odd: {type: boolean, default: perhaps}\n"
    properties = ("        tier:\n", f"{odd}        tier:\n")
    template = ("Outputs:\n", "Outputs:\n  Odd:\n    Value: {{ environment.inputs.odd }}\n")
    changes = {SCHEMA: properties, "infrastructure/cloudformation.yaml": template}
    with pytest.warns(BundleWarning, match="breaks its own schema: must be true or false"):
        seed.environment_template("odd", bundle=bundle("network", changes))

    environment = seed.environment("dev", template="odd", inputs={"cidr": "10.0.0.0/16"})

    assert environment["deploymentStatus"] == "SUCCEEDED"
    assert "Value: perhaps" in moto_proton.rendered(environment["arn"]).template


@pytest.mark.usefixtures("proton")
def test_a_component_warns_before_it_is_made(proton: Client, shop: Any) -> None:
    shop.network()
    manifest = (
        "infrastructure:\n  templates:\n  - file: ./a.yaml\n    rendering_engine: jinja\n"
        "    template_language: cloudformation\n"
    )
    request = {
        "name": "cache",
        "environmentName": "dev",
        "manifest": manifest,
        "templateFile": "Resources:\n  A: {Type: AWS::SNS::Topic}\n",
    }

    with pytest.raises(BundleWarning, match=r"the component cache: manifest\.yaml, line 3"):
        proton.create_component(**request)

    assert proton.list_components()["components"] == []
    with pytest.warns(BundleWarning):
        proton.create_component(**request)
    component = proton.get_component(name="cache")["component"]
    assert component["deploymentStatus"] == "SUCCEEDED"
