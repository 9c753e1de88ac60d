"""What calls to other services cost with moto_proton registered, against moto alone.

A call of another service only uses one thing of ours: our entry in moto's index of URLs. The
comparison calls are made without that entry, as in moto without moto_proton. A ratio of 1.00 means
that other services are not affected.
"""

from __future__ import annotations

from typing import Any, Final

import boto3
from moto import mock_aws
from moto.backend_index import backend_url_patterns

import moto_proton.proton.responses  # noqa: F401  # our backend is loaded, too
from benchmarks.measure import Action, Candidate, Row, compared, interleaved
from moto_proton import bridge

SECTION: Final = "other services"
OTHERS_BAR: Final = 1.05

_REGION: Final = "us-east-1"


def other_rows(*, rounds: int, repeats: int) -> list[Row]:
    """Calls of other services with ours registered against the same with moto alone."""
    bridge.register()
    ours: Any = backend_url_patterns[0]
    assert ours[0] == "proton"
    with mock_aws():
        calls = _calls()
        candidates = {}
        for name, call in calls.items():
            candidates[f"{name} with"] = Candidate(call)
            candidates[f"{name} without"] = Candidate(
                call,
                before=lambda: backend_url_patterns.remove(ours),
                after=lambda: backend_url_patterns.insert(0, ours),
            )
        times = interleaved(candidates, rounds=rounds, repeats=repeats)
    return [
        compared(
            SECTION,
            name,
            "without moto_proton",
            times[f"{name} with"],
            times[f"{name} without"],
            bar=OTHERS_BAR,
        )
        for name in calls
    ]


def _calls() -> dict[str, Action]:
    s3, sqs, ssm, ecs = (
        boto3.client(name, region_name=_REGION) for name in ("s3", "sqs", "ssm", "ecs")
    )
    s3.create_bucket(Bucket="shop")
    sqs.create_queue(QueueName="orders")
    return {
        "s3.put_object": lambda: s3.put_object(Bucket="shop", Key="key", Body=b"x"),
        "sqs.get_queue_url": lambda: sqs.get_queue_url(QueueName="orders"),
        "ssm.put_parameter": lambda: ssm.put_parameter(
            Name="/shop", Value="x", Type="String", Overwrite=True
        ),
        "ecs.list_clusters": lambda: ecs.list_clusters(),
    }
