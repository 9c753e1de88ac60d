"""The order of resources: the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
from moto_proton.provision.loading import load_template
from moto_proton.provision import StackPlace

queues = [f"Q{number}: {{Type: 'AWS::SQS::Queue'}}" for number in range(9)]
needs = "Z: {Type: 'AWS::SQS::Queue', DependsOn: [Q3, Q1, Q7, Q5, Q2]}"
place = StackPlace("shop", "0-0", "aws", "eu-west-1", "123456789012")
template = load_template(f"Resources: {{{needs}, {', '.join(queues)}}}", place)
print([resource.logical_id for resource in template.resources])
"""


@pytest.mark.parametrize("seed", ["1", "2", "3"])
@pytest.mark.costly
def test_what_is_independent_has_one_order(seed: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert finished.stdout == ("['Q3', 'Q1', 'Q7', 'Q5', 'Q2', 'Q0', 'Q4', 'Q6', 'Q8', 'Z']\n")
