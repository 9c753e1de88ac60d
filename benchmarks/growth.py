"""Whether a call takes longer when there are more other services.

Two regions of one mock, one with few services and one with many, all of 20 instances; each call is
made in both, in turn. Pages are of ten items, so that both regions answer with as many. The
update of a service is measured twice: at last with all the orders kept that lists have asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import boto3

from benchmarks.measure import Candidate, Row, compared, interleaved
from moto_proton import mock_proton
from moto_proton.seed import ENVIRONMENT_TEMPLATE, SERVICE_TEMPLATE, Seed, service_spec

SECTION: Final = "growth"
GROWTH_BAR: Final = 1.3
"""Choice: how much the time of a call varies on a machine that does other things as well."""
INSTANCES: Final = 20

_FEW_REGION: Final = "us-east-1"
_MANY_REGION: Final = "us-west-2"
_ENVIRONMENTS: Final = tuple(f"env-{number}" for number in range(5))
_QUOTAS: Final = {"services": 10_000, "components": 10_000}
_INPUTS: Final = {"port": 8080, "task_size": "medium"}
_SERVICE: Final = "service-0000"
_PAGE: Final = 10
_VERSION: Final = {"templateName": SERVICE_TEMPLATE, "majorVersion": "1"}
_LISTS: Final[dict[str, dict[str, Any]]] = {
    "by creation": {"sortBy": "createdAt"},
    "by status, last first": {"sortBy": "deploymentStatus", "sortOrder": "DESCENDING"},
    "of an environment": {"filters": [{"key": "environmentName", "value": _ENVIRONMENTS[0]}]},
    "of an environment, by creation": {
        "filters": [{"key": "environmentName", "value": _ENVIRONMENTS[0]}],
        "sortBy": "createdAt",
    },
    "failed": {"filters": [{"key": "deploymentStatus", "value": "FAILED"}]},
    "created long ago, by name": {
        "filters": [{"key": "createdAtBefore", "value": "2000-01-01T00:00:00Z"}],
        "sortBy": "name",
    },
}
_MANIFEST: Final = """\
infrastructure:
  templates:
    - file: cloudformation.yaml
      rendering_engine: jinja
      template_language: cloudformation
"""


def growth_rows(*, few: int, many: int, rounds: int) -> list[Row]:
    """Each call with ``many`` services against the same with ``few``."""
    with mock_proton(config={"proton": {"quotas": _QUOTAS}}):
        worlds = {"few": _World(_FEW_REGION, few), "many": _World(_MANY_REGION, many)}
        few_calls, many_calls = (dict(_calls(world)) for world in worlds.values())
        rows = []
        for name, call in many_calls.items():
            times = interleaved({"few": few_calls[name], "many": call}, rounds=rounds)
            rows.append(
                compared(
                    SECTION,
                    name,
                    f"{many} and {few} services",
                    times["many"],
                    times["few"],
                    bar=GROWTH_BAR,
                )
            )
        return rows


@dataclass(slots=True)
class _World:
    """A region with so many services, and names for more of everything."""

    region: str
    services: int
    proton: Any = field(init=False)
    seed: Seed = field(init=False)
    _numbers: Iterator[int] = field(default_factory=itertools.count, init=False)

    def __post_init__(self) -> None:
        self.proton = boto3.client("proton", region_name=self.region)
        self.seed = Seed(self.proton)
        self.seed.service_template()
        for environment in _ENVIRONMENTS:
            self.seed.environment(environment)
        for number in range(self.services):
            self.create_service(f"service-{number:04}")

    def new_name(self) -> str:
        return f"new-{next(self._numbers)}"

    def settle(self) -> None:
        """Make a call, with which everything in progress ends at the latest."""
        self.proton.get_account_settings()

    def create_service(self, name: str) -> None:
        self.proton.create_service(
            name=name,
            templateName=SERVICE_TEMPLATE,
            templateMajorVersion="1",
            spec=spec_text(),
        )

    def create_component(self, name: str) -> None:
        self.proton.create_component(
            name=name,
            environmentName=_ENVIRONMENTS[0],
            manifest=_MANIFEST,
            templateFile="Resources: {}\n",
        )


def spec_text(*, last: str = "last") -> str:
    """A spec of 20 instances, spread over the environments."""
    names = [*(f"instance-{number:02}" for number in range(INSTANCES - 1)), last]
    return _text(tuple(names))


def _text(names: tuple[str, ...]) -> str:
    if names not in _texts:
        placed = dict(zip(names, itertools.cycle(_ENVIRONMENTS)))
        _texts[names] = service_spec(placed, inputs=_INPUTS)
    return _texts[names]


_texts: dict[tuple[str, ...], str] = {}


def _calls(world: _World) -> Iterator[tuple[str, Candidate]]:
    proton = world.proton
    instance = {"name": "instance-00", "serviceName": _SERVICE}
    specs = itertools.cycle((spec_text(last="canary"), spec_text()))
    arn = proton.get_service(name=_SERVICE)["service"]["arn"]

    yield "update_service", _just(lambda: proton.update_service(name=_SERVICE, spec=next(specs)))
    yield (
        "update_service, description",
        _just(lambda: proton.update_service(name=_SERVICE, description="The shop")),
    )
    yield from _creations(world)
    yield "get_service", _just(lambda: proton.get_service(name=_SERVICE))
    yield "get_service_instance", _just(lambda: proton.get_service_instance(**instance))
    yield (
        "update_service_instance",
        _just(lambda: proton.update_service_instance(**instance, deploymentType="CURRENT_VERSION")),
    )
    yield (
        "list_service_instances, one service",
        _just(lambda: proton.list_service_instances(serviceName=_SERVICE, maxResults=_PAGE)),
    )
    yield (
        "list_service_instances, all services",
        _just(lambda: proton.list_service_instances(maxResults=_PAGE)),
    )
    for name, members in _LISTS.items():
        yield (
            f"list_service_instances, {name}",
            _just(partial(proton.list_service_instances, maxResults=_PAGE, **members)),
        )
    yield (
        "update_service, lists sorted",
        _just(lambda: proton.update_service(name=_SERVICE, spec=next(specs))),
    )
    yield "list_services", _just(lambda: proton.list_services(maxResults=_PAGE))
    yield "get_environment", _just(lambda: proton.get_environment(name=_ENVIRONMENTS[0]))
    yield (
        "update_environment",
        _just(
            lambda: proton.update_environment(
                name=_ENVIRONMENTS[0], description="Shared", deploymentType="NONE"
            )
        ),
    )
    yield "list_environments", _just(lambda: proton.list_environments(maxResults=_PAGE))
    yield "list_components", _just(lambda: proton.list_components(maxResults=_PAGE))
    yield "list_tags_for_resource", _just(lambda: proton.list_tags_for_resource(resourceArn=arn))
    yield (
        "tag_resource",
        _just(
            lambda: proton.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "shop"}])
        ),
    )
    yield (
        "get_service_template_version",
        _just(lambda: proton.get_service_template_version(**_VERSION, minorVersion="0")),
    )
    yield "delete_service_template_version", _deleting_a_version(world)


def _deleting_a_version(world: _World) -> Candidate:
    """Deletes a version that no service uses; each round makes one."""
    minors: list[str] = []

    def make() -> None:
        made = world.proton.create_service_template_version(
            **_VERSION,
            source={"s3": {"bucket": "template-bundles", "key": "service.tar.gz"}},
            compatibleEnvironmentTemplates=[
                {"templateName": ENVIRONMENT_TEMPLATE, "majorVersion": "1"}
            ],
        )
        minors.append(made["serviceTemplateVersion"]["minorVersion"])
        world.settle()

    def delete() -> None:
        world.proton.delete_service_template_version(**_VERSION, minorVersion=minors[-1])

    return Candidate(act=delete, before=make)


def _creations(world: _World) -> Iterator[tuple[str, Candidate]]:
    """Calls that create and delete; what one creates, another deletes outside of the timing."""
    proton = world.proton
    services, environments, components = (_Names(world) for _ in range(3))

    def create_environment(name: str) -> None:
        proton.create_environment(
            name=name,
            templateName=ENVIRONMENT_TEMPLATE,
            templateMajorVersion="1",
            protonServiceRoleArn="arn:aws:iam::123456789012:role/proton",
            spec="proton: EnvironmentSpec\nspec: {}\n",
        )

    def delete_service(name: str) -> None:
        proton.delete_service(name=name)

    def delete_environment(name: str) -> None:
        proton.delete_environment(name=name)

    def delete_component(name: str) -> None:
        proton.delete_component(name=name)

    for noun, names, create, delete in (
        ("service", services, world.create_service, delete_service),
        ("environment", environments, create_environment, delete_environment),
        ("component", components, world.create_component, delete_component),
    ):
        yield f"create_{noun}", names.creating(create, delete)
        yield f"delete_{noun}", names.deleting(create, delete)


class _Names:
    """Names of resources that live for one call."""

    def __init__(self, world: _World) -> None:
        self._world = world
        self._name = ""

    def creating(self, create: Callable[[str], None], delete: Callable[[str], None]) -> Candidate:
        return Candidate(
            act=lambda: create(self._name),
            before=self._choose,
            after=lambda: self._settled(delete),
        )

    def deleting(self, create: Callable[[str], None], delete: Callable[[str], None]) -> Candidate:
        def made() -> None:
            self._choose()
            self._settled(create)

        return Candidate(act=lambda: delete(self._name), before=made, after=self._world.settle)

    def _choose(self) -> None:
        self._name = self._world.new_name()

    def _settled(self, act: Callable[[str], None]) -> None:
        act(self._name)
        self._world.settle()


def _just(act: Callable[[], object]) -> Candidate:
    return Candidate(act)
