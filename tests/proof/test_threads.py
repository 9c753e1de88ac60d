"""Many threads use one mock: nothing is lost, no partial change is visible, and only one thread
wins a race.

Each proof runs in this process, at moto's server in a thread, and at ``moto-proton server`` in a
process of its own. Nobody waits for time to pass: threads are started at a barrier, and a watchdog
turns a deadlock into a failure with all their stacks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from botocore.exceptions import ClientError

from moto_proton.seed import Seed, service_spec

pytestmark = pytest.mark.proof

Client: TypeAlias = Any
Measured: TypeAlias = Callable[[str], None]

THREADS = 8
TIMELESS = {"progression": "manual", "times": 10**9}


def code_of(outcome: object) -> str:
    """``won``, or the code of the error that a call met."""
    if isinstance(outcome, ClientError):
        return str(outcome.response["Error"]["Code"])
    if isinstance(outcome, BaseException):
        raise outcome
    return "won"


def instances_of(client: Client, service: str) -> list[str]:
    """The names of a service's instances, sorted."""
    pages = client.get_paginator("list_service_instances").paginate(serviceName=service)
    return sorted(each["name"] for page in pages for each in page["serviceInstances"])


def spec_of(*names: str) -> str:
    return service_spec(dict.fromkeys(names, "dev"))


def raise_first(outcomes: list[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


def test_edits_of_different_services_are_all_kept(
    place: Any, together: Any, measured: Measured
) -> None:
    client = place.client()
    edits = 4
    for number in range(THREADS):
        Seed(client).service(f"shop-{number}", instances={"first": "dev"})

    def work(number: int) -> Callable[[], None]:
        def edit() -> None:
            names = ["first"]
            for index in range(edits):
                names.append(f"added-{index}")
                client.update_service(name=f"shop-{number}", spec=spec_of(*names))
            client.update_service(name=f"shop-{number}", spec=spec_of(*names[1:]))

        return edit

    raise_first(together([work(number) for number in range(THREADS)]))

    expected = [f"added-{index}" for index in range(edits)]
    for number in range(THREADS):
        assert instances_of(client, f"shop-{number}") == expected
    calls = THREADS * (edits + 1)
    measured(
        f"threads, {place.name}: {THREADS} threads, {calls} update_service of different services "
        f"in {together.seconds:.2f} s, 0 lost"
    )


def test_edits_of_one_service_are_all_kept(place: Any, together: Any, measured: Measured) -> None:
    """Tags, descriptions, instances of their own call: each thread changes its own part."""
    client = place.client()
    Seed(client).service("shop", instances={"first": "dev"})
    arn = client.get_service(name="shop")["service"]["arn"]
    rounds = 5

    def work(number: int) -> Callable[[], None]:
        def edit() -> None:
            for index in range(rounds):
                tag = {"key": f"tag-{number}-{index}", "value": str(number)}
                client.tag_resource(resourceArn=arn, tags=[tag])
                client.tag_resource(resourceArn=arn, tags=[{"key": f"no-{number}", "value": ""}])
                client.untag_resource(resourceArn=arn, tagKeys=[f"no-{number}"])
            client.create_service_instance(
                serviceName="shop", name=f"added-{number}", spec=spec_of(f"added-{number}")
            )

        return edit

    raise_first(together([work(number) for number in range(THREADS)]))

    tags = client.list_tags_for_resource(resourceArn=arn, maxResults=100)["tags"]
    assert sorted(tag["key"] for tag in tags if not tag["key"].startswith("aws:")) == sorted(
        f"tag-{number}-{index}" for number in range(THREADS) for index in range(rounds)
    )
    names = sorted(["first", *(f"added-{number}" for number in range(THREADS))])
    assert instances_of(client, "shop") == names
    spec = client.get_service(name="shop")["service"]["spec"]
    assert all(f"name: {name}" in spec for name in names)
    measured(
        f"threads, {place.name}: {THREADS} threads, {THREADS * (3 * rounds + 1)} edits of one "
        f"service in {together.seconds:.2f} s, 0 lost"
    )


def test_one_edit_of_a_service_wins_while_it_is_under_way(
    place: Any, together: Any, measured: Measured
) -> None:
    client = place.client()
    Seed(client).service("shop", instances={"first": "dev"})
    rounds = 5
    refused = 0
    for index in range(rounds):
        before = instances_of(client, "shop")
        place.set_transition("service_instance", TIMELESS)
        try:
            added = [f"round-{index}-{number}" for number in range(THREADS)]
            specs = [spec_of(*before, name) for name in added]
            outcomes = together(
                [lambda spec=spec: client.update_service(name="shop", spec=spec) for spec in specs]
            )
        finally:
            place.set_transition("service_instance", None)

        codes = [code_of(outcome) for outcome in outcomes]
        assert Counter(codes) == {"won": 1, "ConflictException": THREADS - 1}
        assert instances_of(client, "shop") == sorted([*before, added[codes.index("won")]])
        refused += THREADS - 1
    measured(
        f"threads, {place.name}: {rounds} races of {THREADS} for update_service, {rounds} winners, "
        f"{refused} ConflictException"
    )


def _create_service(client: Client, number: int) -> Any:
    return client.create_service(
        name="shop",
        templateName="web",
        templateMajorVersion="1",
        spec=spec_of("first"),
        description=str(number),
    )


def _create_template(client: Client, number: int) -> Any:
    return client.create_environment_template(name="vpc", description=str(number))


@pytest.mark.parametrize(
    ("act", "lost"),
    [
        (_create_service, {"ConflictException", "ValidationException"}),
        (_create_template, {"ConflictException", "ValidationException"}),
    ],
    ids=["create_service", "create_environment_template"],
)
def test_one_creation_wins(
    place: Any,
    together: Any,
    measured: Measured,
    act: Callable[[Client, int], Any],
    lost: set[str],
) -> None:
    client = place.client()
    seed = Seed(client)
    seed.environment("dev")
    seed.service_template("web")

    outcomes = together([lambda number=number: act(client, number) for number in range(THREADS)])

    codes = Counter(code_of(outcome) for outcome in outcomes)
    assert codes.pop("won") == 1
    assert codes.total() == THREADS - 1
    assert set(codes) <= lost
    measured(f"threads, {place.name}: {THREADS} at {act.__name__.strip('_')}, 1 winner")


def test_one_deletion_finds_what_it_deletes(place: Any, together: Any, measured: Measured) -> None:
    """The others answer as for a service that was never there."""
    client = place.client()
    Seed(client).service("shop", instances={"first": "dev"})

    outcomes = together([lambda: client.delete_service(name="shop")] * THREADS)

    raise_first(outcomes)
    assert sum("service" in outcome for outcome in outcomes) == 1
    assert client.list_services()["services"] == []
    measured(f"threads, {place.name}: {THREADS} at delete_service, 1 winner")


def test_a_repeated_creation_with_one_token_is_one_creation(place: Any, together: Any) -> None:
    client = place.client()
    client.create_environment_template(name="vpc")
    request = {
        "templateName": "vpc",
        "source": {"s3": {"bucket": "bundles", "key": "a"}},
        "clientToken": "t",
    }

    outcomes = together(
        [lambda: client.create_environment_template_version(**request) for _ in range(THREADS)]
    )

    raise_first(outcomes)
    versions = {each["environmentTemplateVersion"]["minorVersion"] for each in outcomes}
    listed = client.list_environment_template_versions(templateName="vpc", majorVersion="1")
    assert (versions, len(listed["templateVersions"])) == ({"0"}, 1)


def test_versions_are_numbered_without_gaps(place: Any, together: Any) -> None:
    client = place.client()
    client.create_environment_template(name="vpc")
    Seed(client).environment_template("vpc", versions=["1.0"])
    source = {"s3": {"bucket": "bundles", "key": "a"}}
    each = 3

    def work() -> list[str]:
        return [
            client.create_environment_template_version(
                templateName="vpc", majorVersion="1", source=source
            )["environmentTemplateVersion"]["minorVersion"]
            for _ in range(each)
        ]

    outcomes = together([work] * THREADS)

    raise_first(outcomes)
    numbers = sorted(int(number) for outcome in outcomes for number in outcome)
    assert numbers == list(range(1, THREADS * each + 1))


def test_a_quota_holds_whoever_comes_at_once(place: Any, together: Any, measured: Measured) -> None:
    client = place.client()
    Seed(client).service("shop", instances={"first": "dev"})
    each = 4

    def work(number: int) -> Callable[[], list[str]]:
        def create() -> list[str]:
            codes = []
            for index in range(each):
                name = f"added-{number}-{index}"
                try:
                    client.create_service_instance(
                        serviceName="shop", name=name, spec=spec_of(name)
                    )
                except ClientError as error:
                    codes.append(code_of(error))
                else:
                    codes.append("won")
            return codes

        return create

    outcomes = together([work(number) for number in range(THREADS)])

    raise_first(outcomes)
    # CreateServiceInstance has no ServiceQuotaExceededException in its list.
    codes = Counter(code for outcome in outcomes for code in outcome)
    assert codes == {"won": 19, "ValidationException": THREADS * each - 19}
    assert len(instances_of(client, "shop")) == 20
    measured(f"threads, {place.name}: {THREADS * each} at a quota of 20, exactly 20 there")


def test_nobody_sees_an_update_half_done(place: Any, together: Any, measured: Measured) -> None:
    """A writer swaps all instances but one; a reader sees either the old ones or the new ones."""
    client = place.client()
    sides = [("kept", *(f"{side}-{index}" for index in range(5))) for side in ("left", "right")]
    Seed(client).service("shop", instances=dict.fromkeys(sides[0], "dev"))
    allowed = {tuple(sorted(side)) for side in sides}
    swaps = 12
    done = threading.Event()
    seen: Counter[tuple[str, ...]] = Counter()
    reads: list[int] = []

    def write() -> None:
        try:
            for index in range(swaps):
                client.update_service(name="shop", spec=spec_of(*sides[(index + 1) % 2]))
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            listed = client.list_service_instances(serviceName="shop")["serviceInstances"]
            service = client.get_service(name="shop")["service"]
            names = tuple(sorted(each["name"] for each in listed))
            assert names in allowed
            assert {each["deploymentStatus"] for each in listed} == {"SUCCEEDED"}
            of_spec = [set(side) for side in sides]
            assert {
                name for side in sides for name in side if f"name: {name}\n" in service["spec"]
            } in of_spec
            assert service["status"] in ("ACTIVE", "UPDATE_COMPLETE")
            seen[names] += 1
            reads.append(1)

    raise_first(together([write, *[read] * 4]))

    assert set(seen) <= allowed
    measured(
        f"threads, {place.name}: 4 readers, {2 * len(reads)} reads during {swaps} update_service "
        f"of 10 instances each, 0 half done"
    )


def test_deletions_and_creations_leave_nothing_behind(place: Any, together: Any) -> None:
    """Each thread makes a service, changes it and deletes it, again and again."""
    client = place.client()
    Seed(client).service("there", instances={"first": "dev"})
    template = client.get_service(name="there")["service"]["templateName"]

    def work(number: int) -> Callable[[], None]:
        def live() -> None:
            name = f"shop-{number}"
            for _ in range(3):
                client.create_service(
                    name=name,
                    templateName=template,
                    templateMajorVersion="1",
                    spec=spec_of("first"),
                )
                client.update_service(name=name, spec=spec_of("first", "second"))
                assert instances_of(client, name) == ["first", "second"]
                client.delete_service(name=name)

        return live

    raise_first(together([work(number) for number in range(THREADS)]))

    assert [each["name"] for each in client.list_services()["services"]] == ["there"]
    everywhere = client.list_service_instances()["serviceInstances"]
    assert [(each["serviceName"], each["name"]) for each in everywhere] == [("there", "first")]
    summary = client.get_resources_summary()["counts"]
    assert (summary["services"]["total"], summary["serviceInstances"]["total"]) == (1, 1)
