"""Calls of Proton on a service of 20 instances, against calls of moto's own services.

An update adds one instance and deletes another, and with the state manager's ``immediate``
progression the whole workflow runs within the call, so it is in the numbers. Texts are "known"
where two of them alternate, so that each has been read before; "fresh" ones never come twice,
and "fresh JSON" is the same in another style.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any, Final

import boto3
import yaml
from botocore.stub import Stubber

from benchmarks.measure import Candidate, Row, compared, interleaved
from moto_proton import mock_proton
from moto_proton.seed import Seed, service_spec

SECTION: Final = "calls"
INSTANCES: Final = 20
UPDATE_BAR: Final = 1.0
FRESH_BAR: Final = 1.0
"""A text is new once, and a test that brings one makes the client that sends it, too."""

_REGION: Final = "us-east-1"
_INPUTS: Final = {"port": 8080, "desired_count": 2, "task_size": "medium", "public": True}
_OURS: Final = (
    "update_service, known texts",
    "update_service, fresh texts",
    "update_service, fresh JSON",
    "get_service",
    "list_service_instances",
)
_BASES: Final = ("ecs.update_service", "ssm.put_parameter", "boto3.client", "Stubber")
_BARS: Final = {
    ("update_service, known texts", "ecs.update_service"): UPDATE_BAR,
    ("update_service, fresh texts", "boto3.client"): FRESH_BAR,
}


def call_rows(*, rounds: int, repeats: int) -> list[Row]:
    """Every call of ours against every call of others."""
    with mock_proton():
        times = interleaved(dict(_candidates()), rounds=rounds, repeats=repeats)
    return [
        compared(
            SECTION,
            name,
            base,
            times[name],
            times[f"{base} of {name}" if base == "Stubber" else base],
            bar=_BARS.get((name, base)),
        )
        for name in _OURS
        for base in _BASES
    ]


def _candidates() -> Iterator[tuple[str, Candidate]]:
    proton = boto3.client("proton", region_name=_REGION)
    texts = _alternating_texts()
    for service in ("known", "fresh", "fresh-json"):
        Seed(proton).service(service, instances=_placed(INSTANCES), inputs=_INPUTS)
    answers = _Answers(proton, texts[0])

    known = itertools.cycle(reversed(texts))
    yield (
        "update_service, known texts",
        Candidate(lambda: proton.update_service(name="known", spec=next(known))),
    )
    # A comment makes a text that was never seen before of a spec that means one of the two.
    fresh = (f"{text}# {number}\n" for number, text in enumerate(itertools.cycle(reversed(texts))))
    yield (
        "update_service, fresh texts",
        Candidate(lambda: proton.update_service(name="fresh", spec=next(fresh))),
    )
    written = [json.dumps(yaml.safe_load(text)) for text in texts]
    fresh_json = (
        f"{text} # {number}\n" for number, text in enumerate(itertools.cycle(reversed(written)))
    )
    yield (
        "update_service, fresh JSON",
        Candidate(lambda: proton.update_service(name="fresh-json", spec=next(fresh_json))),
    )
    yield "get_service", Candidate(lambda: proton.get_service(name="known"))
    yield (
        "list_service_instances",
        Candidate(lambda: proton.list_service_instances(serviceName="known")),
    )
    yield "ecs.update_service", Candidate(_ecs_update())
    yield "ssm.put_parameter", Candidate(_ssm_put())
    yield "boto3.client", Candidate(lambda: boto3.client("proton", region_name=_REGION))
    yield "Stubber of update_service, known texts", answers.of_update_service()
    yield "Stubber of update_service, fresh texts", answers.of_update_service()
    yield "Stubber of update_service, fresh JSON", answers.of_update_service()
    yield "Stubber of get_service", answers.of_get_service()
    yield "Stubber of list_service_instances", answers.of_list_service_instances()


def _placed(count: int, *, last: str | None = None) -> dict[str, str]:
    names = [f"instance-{number:02}" for number in range(count)]
    if last is not None:
        names[-1] = last
    return dict.fromkeys(names, "dev")


def _alternating_texts() -> tuple[str, str]:
    """Two specs of 20 instances that differ in the name of one."""
    return (
        service_spec(_placed(INSTANCES), inputs=_INPUTS),
        service_spec(_placed(INSTANCES, last="canary"), inputs=_INPUTS),
    )


def _ecs_update() -> Any:
    ecs = boto3.client("ecs", region_name=_REGION)
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(
        family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 128}]
    )
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="web", desiredCount=1)
    counts = itertools.cycle((1, 2))
    return lambda: ecs.update_service(cluster="shop", service="web", desiredCount=next(counts))


def _ssm_put() -> Any:
    ssm = boto3.client("ssm", region_name=_REGION)
    values = itertools.cycle(("one", "two"))
    return lambda: ssm.put_parameter(
        Name="/shop/web", Value=next(values), Type="String", Overwrite=True
    )


class _Answers:
    """botocore's Stubber, the least a mocked call can cost, answering what Proton answers."""

    def __init__(self, proton: Any, spec: str) -> None:
        self._service = _without_metadata(proton.get_service(name="known"))
        self._instances = _without_metadata(proton.list_service_instances(serviceName="known"))
        self._spec = spec

    def of_update_service(self) -> Candidate:
        return self._candidate("update_service", self._service, name="known", spec=self._spec)

    def of_get_service(self) -> Candidate:
        return self._candidate("get_service", self._service, name="known")

    def of_list_service_instances(self) -> Candidate:
        return self._candidate("list_service_instances", self._instances, serviceName="known")

    def _candidate(self, operation: str, answer: dict[str, Any], **request: Any) -> Candidate:
        client = boto3.client("proton", region_name=_REGION)
        stubber = Stubber(client)
        stubber.activate()
        return Candidate(
            act=lambda: getattr(client, operation)(**request),
            before=lambda: stubber.add_response(operation, answer, request),
        )


def _without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}
