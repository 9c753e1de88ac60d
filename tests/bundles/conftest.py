"""What the tests with real bundles share: clients, bundles of a shop, worlds made of them.

``data/`` holds the bundles as directories. ``network`` and ``shop`` are CloudFormation: a network,
and a service with a pipeline whose outputs tell which values they were made of.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest
import yaml

from moto_proton.mock import MockProton
from moto_proton.seed import Seed
from tests.support import clients, refusals
from tests.support.clients import Client
from tests.support.worlds import KeptSeed

Bundle: TypeAlias = Callable[..., Path]
Change: TypeAlias = "str | tuple[str, str] | None"

DATA = Path(__file__).with_name("data")
NETWORK = {"cidr": "10.0.0.0/16"}
SHOP = {"image": "shop/web:1"}
BUILD = {"dockerfile": "Dockerfile"}


@pytest.fixture(scope="session")
def client_of() -> Callable[..., Client]:
    """Makes clients that do not retry, each (service, region, access key) once."""
    return lambda service, region="us-east-1", access_key="key": clients.client_of(
        service, region, access_key=access_key
    )


@pytest.fixture
def proton(client_of: Callable[..., Client], proton_mock: MockProton) -> Client:
    """A client in us-east-1, on an account with nothing in it."""
    return client_of("proton")


@pytest.fixture
def s3(client_of: Callable[..., Client], proton_mock: MockProton) -> Client:
    return client_of("s3")


@pytest.fixture
def seed(proton: Client) -> Seed:
    """Makes worlds."""
    return KeptSeed(proton)


@pytest.fixture
def faults(proton_faults: ModuleType) -> ModuleType:
    """Injects faults."""
    return proton_faults


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """The directory of a bundle in ``data/``, or of a copy with changed files.

    A change is the new text of a file, a pair of what to replace in it by what, or None to remove
    it.
    """
    copies = iter(range(100))

    def directory(name: str, changes: Mapping[str, Change] | None = None) -> Path:
        if changes is None:
            return DATA / name
        copy = tmp_path / f"{name}-{next(copies)}"
        shutil.copytree(DATA / name, copy)
        for path, change in changes.items():
            file = copy / path
            if change is None:
                file.unlink()
            elif isinstance(change, tuple):
                text = file.read_text(encoding="utf-8")
                assert change[0] in text
                file.write_text(text.replace(*change), encoding="utf-8")
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(change, encoding="utf-8")
        return copy

    return directory


class Shop:
    """The environment ``dev`` of the bundle ``network``, and services of ``shop`` in it."""

    def __init__(self, proton: Client, seed: Seed, bundle: Bundle) -> None:
        self.proton = proton
        self.seed = seed
        self.bundle = bundle

    def network(self, name: str = "dev", *, version: str = "1.0", **members: Any) -> dict[str, Any]:
        """An environment of the template ``network``."""
        self._make_sure("environment", "network", version)
        return self.seed.environment(
            name, template="network", version=version, **{"inputs": NETWORK, **members}
        )

    def _make_sure(self, kind: str, template: str, version: str) -> None:
        """Register a version from the bundle as it is, unless the test has done so from another."""
        major, minor = version.split(".")
        key = {"templateName": template, "majorVersion": major, "minorVersion": minor}
        try:
            getattr(self.proton, f"get_{kind}_template_version")(**key)
        except self.proton.exceptions.ResourceNotFoundException:
            {"environment": self.network_version, "service": self.version}[kind](version)

    def network_version(
        self, version: str = "1.0", changes: Mapping[str, Change] | None = None
    ) -> None:
        """A version of the template ``network``, of the bundle with these changes."""
        self.seed.environment_template(
            "network", versions=[version], bundle=self.bundle("network", changes)
        )

    def version(self, version: str = "1.0", changes: Mapping[str, Change] | None = None) -> None:
        """A version of the template ``shop``, of the bundle with these changes."""
        self._make_sure("environment", "network", "1.0")
        self.seed.service_template(
            "shop",
            pipeline=True,
            versions=[version],
            compatible_with=["network:1"],
            bundle=self.bundle("shop", changes),
        )

    def open(self, *instances: str, **members: Any) -> dict[str, Any]:
        """The service ``shop`` with these instances, ``web`` if none is named, in ``dev``."""
        self.network()
        self._make_sure("service", "shop", "1.0")
        return self.seed.service(
            "shop",
            **{
                "instances": dict.fromkeys(instances or ("web",), "dev"),
                "template": "shop",
                "pipeline": True,
                "inputs": SHOP,
                "pipeline_inputs": BUILD,
                **members,
            },
        )

    def spec(self, *, pipeline: Any = BUILD, **instances: Mapping[str, Any]) -> str:
        """A service spec: inputs by the name of the instance, all in ``dev``."""
        entries = [
            {"name": name, "environment": "dev", "spec": dict(inputs)}
            for name, inputs in instances.items()
        ]
        return yaml_of({"proton": "ServiceSpec", "pipeline": pipeline, "instances": entries})

    def environment(self, name: str = "dev") -> dict[str, Any]:
        return dict(self.proton.get_environment(name=name)["environment"])

    def service(self) -> dict[str, Any]:
        return dict(self.proton.get_service(name="shop")["service"])

    def instance(self, name: str = "web") -> dict[str, Any]:
        got = self.proton.get_service_instance(serviceName="shop", name=name)
        return dict(got["serviceInstance"])

    def outputs(self, kind: str, deployment: str | None = None, **names: str) -> dict[str, str]:
        """The outputs of an environment, service_instance, service_pipeline or component."""
        more = {} if deployment is None else {"deploymentId": deployment}
        listed = getattr(self.proton, f"list_{kind}_outputs")(**names, **more)["outputs"]
        return {output["key"]: output["valueString"] for output in listed}

    def environment_outputs(self, name: str = "dev", **more: str) -> dict[str, str]:
        return self.outputs("environment", environmentName=name, **more)

    def instance_outputs(self, name: str = "web", **more: str) -> dict[str, str]:
        return self.outputs(
            "service_instance", serviceName="shop", serviceInstanceName=name, **more
        )

    def pipeline_outputs(self, **more: str) -> dict[str, str]:
        return self.outputs("service_pipeline", serviceName="shop", **more)


def yaml_of(data: Any) -> str:
    return str(yaml.safe_dump(data, sort_keys=False))


@pytest.fixture
def shop(proton: Client, seed: Seed, bundle: Bundle) -> Shop:
    """Opens shops."""
    return Shop(proton, seed, bundle)


@pytest.fixture
def environment_spec() -> Callable[..., str]:
    """Writes environment specs."""
    return lambda **inputs: yaml_of({"proton": "EnvironmentSpec", "spec": inputs})


@pytest.fixture
def refused(proton: Client) -> Callable[..., str]:
    """Asserts that a call is refused with this code and changes nothing; answers the message."""
    return lambda operation, code="ValidationException", **request: refusals.refused(
        proton, operation, code, **request
    )


# --- worlds of any method ---------------------------------------------------------------------


@pytest.fixture
def notify(proton: Client) -> Callable[..., None]:
    """Reports on a deployment; outputs by name."""

    def report(
        arn: str, status: str | None, outputs: dict[str, str] | None = None, **members: str
    ) -> None:
        if outputs is not None:
            listed = [{"key": key, "valueString": value} for key, value in outputs.items()]
            members = {**members, "outputs": listed}  # type: ignore[dict-item]
        if status is not None:
            members["status"] = status
        proton.notify_resource_deployment_status_change(resourceArn=arn, **members)

    return report


@pytest.fixture
def network(proton: Client, seed: Seed, bundle: Bundle) -> Callable[..., dict[str, Any]]:
    """Makes the environment ``dev`` of one of the bundles."""

    def make(template: str, **members: Any) -> dict[str, Any]:
        seed.environment_template(template, bundle=bundle(template))
        return seed.environment("dev", **{"template": template, "inputs": NETWORK, **members})

    return make


@pytest.fixture
def shop_of(proton: Client, seed: Seed, bundle: Bundle) -> Callable[..., dict[str, Any]]:
    """Makes the service ``shop`` of one of the bundles in ``dev``."""

    def make(template: str, network: str, **members: Any) -> dict[str, Any]:
        seed.service_template(
            template, pipeline=True, compatible_with=[f"{network}:1"], bundle=bundle(template)
        )
        return seed.service(
            "shop",
            **{"template": template, "pipeline": True, "instances": {"web": "dev"}, **members},
        )

    return make
