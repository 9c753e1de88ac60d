"""ListServiceInstances, page by page: the same as filtering and sorting everything by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter
from types import ModuleType
from typing import Any, Final, TypeAlias

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moto_proton import faults, mock_proton
from moto_proton.seed import Seed, service_spec

Client: TypeAlias = Any
Summary: TypeAlias = dict[str, Any]
Filters: TypeAlias = list[dict[str, str]]

SORTS: Final = (
    "name",
    "deploymentStatus",
    "templateName",
    "serviceName",
    "environmentName",
    "lastDeploymentAttemptedAt",
    "createdAt",
)
VALUES: Final = {
    "name": ["a", "b", "nil"],
    "deploymentStatus": ["SUCCEEDED", "FAILED", "IN_PROGRESS"],
    "templateName": ["web", "books", "nil"],
    "serviceName": ["s1", "s2", "s3", "nil"],
    "environmentName": ["dev", "prod", "nil"],
    "deployedTemplateVersionStatus": ["UP_TO_DATE", "BEHIND_MINOR", "BEHIND_MAJOR", "nil"],
}
TIMES: Final = ("createdAt", "lastDeploymentAttemptedAt")
RECOMMENDED: Final = {"web": (2, 1), "books": (1, 0)}


class Shops:
    """Services that come, change and go, with what the lists say of them."""

    def __init__(self) -> None:
        self.proton: Client = boto3.client("proton", region_name="us-east-1")
        self.seed = Seed(self.proton)
        self.seed.service_template("web", versions=["1.0", "2.0", "2.1"])
        self.seed.service_template("books", versions=["1.0"])
        for environment in ("dev", "prod"):
            self.seed.environment(environment)

    def make(self, service: str, template: str, version: str, placed: dict[str, str]) -> None:
        self.seed.service(
            service, template=template, version=version, instances=placed, may_fail=True
        )

    def all(self) -> list[Summary]:
        summaries: list[Summary] = self.proton.list_service_instances()["serviceInstances"]
        return summaries

    def walk(self, limit: int, **members: Any) -> list[Summary]:
        found: list[Summary] = []
        token: dict[str, str] = {}
        while True:
            answer = self.proton.list_service_instances(**members, **token, maxResults=limit)
            assert len(answer["serviceInstances"]) <= limit
            found += answer["serviceInstances"]
            if "nextToken" not in answer:
                return found
            assert len(answer["serviceInstances"]) == limit
            token = {"nextToken": answer["nextToken"]}


def naive(everything: list[Summary], filters: Filters, sort_by: str, order: str) -> list[str]:
    kept = [each for each in everything if all(passes(each, **entry) for entry in filters)]
    kept.sort(key=itemgetter(sort_by, "serviceName", "name"), reverse=order == "DESCENDING")
    return names(kept)


def names(summaries: list[Summary]) -> list[str]:
    return [f"{each['serviceName']}/{each['name']}" for each in summaries]


def passes(summary: Summary, key: str, value: str) -> bool:
    if key.endswith(("Before", "After")):
        limit = datetime.fromisoformat(value.replace("Z", "+00:00"))
        moment = summary[key.removesuffix("Before").removesuffix("After")]
        return bool(moment < limit if key.endswith("Before") else moment > limit)
    if key == "deployedTemplateVersionStatus":
        return staleness(summary) == value
    return bool(summary[key] == value)


def staleness(summary: Summary) -> str | None:
    if "templateMajorVersion" not in summary:
        return None
    version = int(summary["templateMajorVersion"]), int(summary["templateMinorVersion"])
    best = RECOMMENDED[summary["templateName"]]
    if version[0] < best[0]:
        return "BEHIND_MAJOR"
    return "BEHIND_MINOR" if version < best else "UP_TO_DATE"


def wire_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@st.composite
def questions(draw: st.DrawFn, everything: list[Summary]) -> dict[str, Any]:
    filters = []
    for key in draw(st.lists(st.sampled_from([*VALUES, *TIMES]), max_size=3)):
        if key in TIMES:
            moments = [each[key] for each in everything]
            if moments:
                side = draw(st.sampled_from(("Before", "After")))
                value = wire_time(draw(st.sampled_from(moments)))
                filters.append({"key": key + side, "value": value})
        else:
            filters.append({"key": key, "value": draw(st.sampled_from(VALUES[key]))})
    return {
        "sort_by": draw(st.sampled_from(SORTS)),
        "order": draw(st.sampled_from(("ASCENDING", "DESCENDING"))),
        "filters": filters,
        "limit": draw(st.integers(1, 5)),
    }


def check(
    shops: Shops,
    everything: list[Summary],
    *,
    sort_by: str,
    order: str,
    filters: Filters,
    limit: int,
) -> None:
    members = {"sortBy": sort_by, "sortOrder": order, "filters": filters}
    expected = naive(everything, filters, sort_by, order)

    assert names(shops.walk(limit, **members)) == expected
    for service in sorted({each["serviceName"] for each in everything}):
        of_service = [name for name in expected if name.startswith(f"{service}/")]
        assert names(shops.walk(limit, serviceName=service, **members)) == of_service


def test_a_walk_is_the_list_filtered_and_sorted(proton: Client, faults: ModuleType) -> None:
    shops = Shops()
    shops.make("s2", "web", "1.0", {"b": "dev", "a": "prod"})
    shops.make("s1", "web", "2.0", {"a": "dev", "c": "dev"})
    faults.fail_deployment("service/s3/service-instance/b")
    shops.make("s3", "books", "1.0", {"a": "prod", "b": "prod"})
    shops.make("s0", "web", "2.1", {"b": "prod"})
    proton.update_service_instance(serviceName="s2", name="a", deploymentType="CURRENT_VERSION")
    everything = shops.all()

    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        check(shops, everything, **data.draw(questions(everything)))

    ask()


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_lists_follow_what_happens_between_them(data: st.DataObject) -> None:
    with mock_proton():
        shops = Shops()
        happenings = _happenings(shops)
        questions_asked: list[dict[str, Any]] = [
            {"sort_by": sort_by, "order": "ASCENDING", "filters": wanted, "limit": 2}
            for sort_by in SORTS
            for wanted in ([], [_filter("deploymentStatus", "SUCCEEDED")])
        ]
        happenings[0]("s1", "a")
        for _ in range(data.draw(st.integers(2, 6))):
            happening, *details = data.draw(
                st.tuples(
                    st.sampled_from(happenings),
                    st.sampled_from(("s1", "s2")),
                    st.sampled_from(("a", "b")),
                )
            )
            happening(*details)
            everything = shops.all()
            questions_asked.append(data.draw(questions(everything)))
            # Those asked before, too: they have their orders from then.
            for question in questions_asked:
                check(shops, everything, **question)


def _happenings(shops: Shops) -> list[Callable[[str, str], None]]:
    proton = shops.proton

    def exists(service: str, name: str | None = None) -> bool:
        there = [(each["serviceName"], each["name"]) for each in shops.all()]
        return any(each[0] == service and name in (None, each[1]) for each in there)

    def make(service: str, name: str) -> None:
        if exists(service):
            return
        template, version = ("web", "2.0") if name == "a" else ("books", "1.0")
        shops.make(service, template, version, {"a": "dev", "b": "prod"})

    def fail(service: str, name: str) -> None:
        faults.fail_deployment(f"service/{service}/service-instance/{name}")
        make(service, name)
        redeploy(service, name)

    def redeploy(service: str, name: str) -> None:
        if not exists(service, name):
            return
        instance = proton.get_service_instance(serviceName=service, name=name)["serviceInstance"]
        if "templateMajorVersion" in instance:
            proton.update_service_instance(
                serviceName=service, name=name, deploymentType="MINOR_VERSION"
            )

    def edit(service: str, name: str) -> None:
        if exists(service) and proton.get_service(name=service)["service"]["status"] == "ACTIVE":
            spec = service_spec({name: "dev" if name == "a" else "prod"})
            proton.update_service(name=service, spec=spec)

    def delete(service: str, name: str) -> None:
        proton.delete_service(name=service)

    return [make, make, fail, redeploy, edit, delete]


@pytest.mark.parametrize("order", ["ASCENDING", "DESCENDING"])
@pytest.mark.parametrize("sort_by", SORTS)
def test_a_walk_goes_on_where_it_was_though_instances_come_and_go(
    proton: Client, sort_by: str, order: str
) -> None:
    shops = Shops()
    for number in range(3):
        shops.make(f"s{number}", "web", "2.1", {"a": "dev", "b": "dev", "c": "dev"})
    members = {
        "sortBy": sort_by,
        "sortOrder": order,
        "filters": [_filter("environmentName", "dev")],
    }
    before = names(shops.walk(100, **members))
    first = proton.list_service_instances(**members, maxResults=4)

    seen, left = before[:4], before[4:]
    for name in (seen[3], left[0]):
        service = name.partition("/")[0]
        proton.delete_service(name=service)
    gone = {name.partition("/")[0] for name in (seen[3], left[0])}
    rest = proton.list_service_instances(**members, nextToken=first["nextToken"])

    assert names(first["serviceInstances"]) == seen
    assert names(rest["serviceInstances"]) == [
        name for name in left if name.partition("/")[0] not in gone
    ]


def _filter(key: str, value: str) -> dict[str, str]:
    return {"key": key, "value": value}
