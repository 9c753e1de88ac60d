"""What calls to other services cost with moto_proton registered, against moto alone.

Registration holds for a whole process, so each round asks a process with and one without, which
time nothing but the calls. A ratio of 1.00 means that other services do not notice.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from benchmarks.measure import Row, compared

SECTION: Final = "other services"
OTHERS_BAR: Final = 1.05

_CALLS: Final = ("s3.put_object", "sqs.send_message", "ssm.put_parameter", "ecs.list_clusters")
_TIMED: Final = """\
import json, sys, time
import boto3
from moto import mock_aws
if sys.argv[1] == "with":
    import moto_proton.bridge
    import moto_proton.proton.responses
    moto_proton.bridge.register()

def timed(call, repeats):
    call()
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats

repeats = int(sys.argv[2])
with mock_aws():
    s3, sqs, ssm, ecs = (
        boto3.client(name, region_name="us-east-1") for name in ("s3", "sqs", "ssm", "ecs"))
    s3.create_bucket(Bucket="shop")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    calls = {
        "s3.put_object": lambda: s3.put_object(Bucket="shop", Key="key", Body=b"x"),
        "sqs.send_message": lambda: sqs.send_message(QueueUrl=url, MessageBody="x"),
        "ssm.put_parameter": lambda: ssm.put_parameter(
            Name="/shop", Value="x", Type="String", Overwrite=True),
        "ecs.list_clusters": lambda: ecs.list_clusters(),
    }
    print(json.dumps({name: timed(call, repeats) for name, call in calls.items()}))
"""


def other_rows(*, rounds: int, repeats: int) -> list[Row]:
    """Calls of other services with ours registered against the same with moto alone."""
    series: dict[str, dict[str, list[float]]] = {
        mode: {name: [] for name in _CALLS} for mode in ("with", "without")
    }
    for number in range(rounds):
        # In turns, so that neither is always the first.
        for mode in ("with", "without") if number % 2 else ("without", "with"):
            for name, seconds in _times(mode, repeats).items():
                series[mode][name].append(seconds)
    return [
        compared(
            SECTION,
            name,
            "without moto_proton",
            series["with"][name],
            series["without"][name],
            bar=OTHERS_BAR,
        )
        for name in _CALLS
    ]


def _times(mode: str, repeats: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, mode, str(repeats)],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return {name: float(seconds) for name, seconds in answer.items()}
