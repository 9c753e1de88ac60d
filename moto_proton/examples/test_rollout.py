"""`make demo` runs this: a shop is rolled out to new environments, and one edit is refused."""

from __future__ import annotations

import boto3
from rollout import Rollout, roll_out

from moto_proton import mock_proton, seed

SPEC = """\
proton: ServiceSpec
pipeline:
  unit_test_command: make test
instances:
  - name: dev
    environment: dev-env
    spec: {port: 80}
  - name: prod
    environment: prod-env
    spec: {port: 80}
"""

# `prod` stays as it is, `dev` makes way for a canary.
SPEC_WITH_CANARY = """\
proton: ServiceSpec
pipeline:
  unit_test_command: "${Proton::CURRENT_VAL}"
instances:
  - name: prod
    environment: prod-env
    spec: {port: "${Proton::CURRENT_VAL}"}
  - name: canary
    environment: prod-env
    spec: {port: 8080}
"""


@mock_proton
def test_a_shop_is_rolled_out() -> None:
    proton = boto3.client("proton", region_name="us-east-1")
    seed.Seed(proton).service(
        "shop",
        instances={"dev": "dev-env", "prod": "prod-env"},
        inputs={"port": 80},
        pipeline=True,
        pipeline_inputs={"unit_test_command": "make test"},
    )

    print("\n\n1. The same spec again, written by hand:")
    same = roll_out(proton, "shop", SPEC)
    print(same)
    assert same == Rollout(added=[], deleted=[], kept=["dev", "prod"])

    print("\n2. `canary` comes, `dev` goes:")
    canary = roll_out(proton, "shop", SPEC_WITH_CANARY)
    print(canary)
    assert canary == Rollout(added=["canary"], deleted=["dev"], kept=["prod"])

    print("\n3. A new port for `canary` is nothing that update_service can do:")
    refused = roll_out(proton, "shop", SPEC_WITH_CANARY.replace("8080", "9090"))
    print(refused)
    assert refused.kept == ["canary", "prod"]
    assert refused.refused is not None
    assert "instances[canary].spec.port" in refused.refused
