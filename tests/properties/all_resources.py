"""Calls on resources of every kind, in any order: what must hold after each of them.

A state machine of hypothesis makes the calls, two accounts among them, with faults in their way and
statuses held where they are. It has no model of the rules: it looks at everything that can be seen
after each call, and knows what can never be. MOTO_PROTON_PROPERTIES=thorough tries much more.
"""

from __future__ import annotations

import os
from typing import Any, TypeAlias

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from moto.moto_api import state_manager

import moto_proton.proton.responses  # noqa: F401  # moto is there before clients are made
from moto_proton import faults, install_model, mock_proton
from moto_proton.seed import Seed
from tests.properties.calls import CALLS, FAULTY, OTHER, OWN, Call
from tests.properties.invariants import PREFIX, check
from tests.properties.looking import Account, everything, of_kind

Client: TypeAlias = Any

COMPONENT_FILES = {
    "manifest": "infrastructure:\n  templates:\n    - file: c.yaml\n      rendering_engine: jinja\n"
    "      template_language: cloudformation\n",
    "templateFile": "Resources: {Store: {Type: 'AWS::S3::Bucket'}}\n",
}
TIMELESS = 10**9
HOLDABLE = ("service", "service_instance", "service_pipeline", "environment", "component")
THOROUGH = os.environ.get("MOTO_PROTON_PROPERTIES") == "thorough"
PROFILE = settings(
    max_examples=300 if THOROUGH else 10,
    stateful_step_count=60 if THOROUGH else 20,
    # The ordinary run is the same each time; new ground is for the thorough one.
    derandomize=not THOROUGH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # To make a finding small takes many more examples than to find it.
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if THOROUGH else [])],
)


class AllResources(RuleBasedStateMachine):
    """Two accounts, and calls on everything in them."""

    client: Client
    other: Client

    def __init__(self) -> None:
        super().__init__()
        self.held: set[str] = set()
        self.deleted: set[str] = set()
        self.mine, self.theirs = Account(OWN), Account(OTHER)
        self.mock = mock_proton(config={"proton": {"require_bundles": False}})
        self.mock.start()
        session = boto3.session.Session()
        credentials = session.client("sts", region_name="us-east-1").assume_role(
            RoleArn=f"arn:aws:iam::{OTHER}:role/other", RoleSessionName="other"
        )["Credentials"]
        self.other = session.client(
            "proton",
            region_name="us-east-1",
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
        )

    @initialize(pipeline=st.booleans())
    def open_shop(self, pipeline: bool) -> None:
        seed = Seed(self.client)
        seed.service_template()
        seed.service_template(pipeline=True)
        seed.pipeline_roles()
        seed.repository()
        self.client.create_environment_template(name="own", provisioning="CUSTOMER_MANAGED")
        placed = {"dev": "dev-env", "prod": "dev-env"}
        seed.service("shop", instances=placed, pipeline=pipeline)
        self.seen = everything(self.mine, self.theirs)

    @rule(made=CALLS)
    def make_a_call(self, made: Call) -> None:
        operation, members = made
        request = self.with_ids(operation, members)
        if request is None:
            return
        by_other = operation.endswith("account_connection") and not operation.startswith(
            ("accept", "reject")
        )
        client = self.other if by_other else self.client
        if operation == "create_component":
            request = {
                **Seed(self.client)._component_files({"environmentName": "dev-env"}),
                **request,
            }
        try:
            getattr(client, operation)(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code != "InternalServerException"
            assert everything(self.mine, self.theirs) == self.seen, f"{operation} changed something"
            return
        if operation == "delete_deployment":
            self.deleted.add(request["id"])
        self.look()

    @rule(kind=st.sampled_from(["deployment", "deletion", "cleanup"]), resource=FAULTY)
    def inject_a_fault(self, kind: str, resource: str) -> None:
        if kind == "cleanup" and not resource.startswith("service/"):
            return
        getattr(faults, f"fail_{kind}")(resource)

    @rule()
    def forget_faults(self) -> None:
        faults.clear()

    @rule(model=st.sampled_from(HOLDABLE))
    def hold(self, model: str) -> None:
        state_manager.set_transition(
            f"proton::{model}", {"progression": "manual", "times": TIMELESS}
        )
        self.held.add(model)

    @rule()
    def let_go(self) -> None:
        for model in self.held:
            state_manager.unset_transition(f"proton::{model}")
        self.held.clear()
        self.client.get_account_settings()
        self.look()

    def look(self) -> None:
        seen = everything(self.mine, self.theirs)
        check(self.seen, seen, deleted=self.deleted, at_rest=not self.held)
        self.seen = seen

    def with_ids(self, operation: str, members: dict[str, Any]) -> dict[str, Any] | None:
        """The request, with what there is in place of numbers; None if there is nothing."""
        request = dict(members)
        for member, value in members.items():
            if not isinstance(value, int):
                continue
            if member == "resourceArn":
                arns = sorted(key for key in self.seen if key.startswith(PREFIX))
            elif operation == "delete_deployment":
                arns = sorted(of_kind(self.seen, "deployment"))
            else:
                arns = sorted(of_kind(self.seen, "environment-account-connection"))
            if not arns:
                return None
            arn = arns[value % len(arns)]
            request[member] = arn if member == "resourceArn" else arn.rpartition("/")[2]
        return request

    def teardown(self) -> None:
        for model in self.held:
            state_manager.unset_transition(f"proton::{model}")
        faults.clear()
        self.mock.stop()


def main() -> None:
    """Run the machine; raises what it finds."""
    install_model()  # the client is made outside of a mock
    session = boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")
    AllResources.client = session.client(
        "proton",
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
    )
    run_state_machine_as_test(AllResources, settings=PROFILE)


if __name__ == "__main__":
    main()
