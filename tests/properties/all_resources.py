"""Calls on resources of every kind, in any order: what must hold after each of them.

A state machine of hypothesis makes the calls, two accounts among them, with faults in their way and
statuses held where they are. It has no model of the rules: it looks at everything that can be seen
after each call, and knows what can never be. MOTO_PROTON_PROPERTIES=thorough tries much more.
"""

from __future__ import annotations

import copy
import os
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from moto.core.config import default_user_config
from moto.moto_api import state_manager

import moto_proton.proton.responses  # noqa: F401  # moto is there before clients are made
from moto_proton import faults, git, install_model, mock_proton
from moto_proton.proton.backend import proton_backends
from moto_proton.proton.snapshots import Snapshot
from moto_proton.proton.state import fingerprint, restore, snapshot
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, SyncType
from moto_proton.seed import SERVICE_TEMPLATE, Seed
from tests.properties.calls import (
    BRANCH,
    CART_CALLS,
    COMPONENT_CALLS,
    CONNECTION_CALLS,
    ENVIRONMENT_CALLS,
    FAULTY,
    HELD_BY,
    OTHER,
    OTHER_CALLS,
    OWN,
    SERVICE_CALLS,
    SYNC_CALLS,
    TEMPLATE_CALLS,
    Call,
    any_of,
    spec_of,
    update_of,
)
from tests.properties.invariants import PREFIX, check
from tests.properties.lists import check_lists
from tests.properties.looking import Account, Seen, everything, of_kind
from tests.support.refusals import told_apart_by
from tests.sync.conftest import Repository

Client: TypeAlias = Any

COMPONENT_FILES = {
    "manifest": "infrastructure:\n  templates:\n    - file: c.yaml\n      rendering_engine: jinja\n"
    "      template_language: cloudformation\n",
    "templateFile": "Resources: {Store: {Type: 'AWS::S3::Bucket'}}\n"
    "Outputs: {Name: {Value: !Ref Store}}\n",
}
TIMELESS = 10**9
HOLDABLE = ("service", "service_instance", "service_pipeline", "environment", "component")
THOROUGH = os.environ.get("MOTO_PROTON_PROPERTIES") == "thorough"
EXAMPLES = int(os.environ.get("MOTO_PROTON_EXAMPLES", "300"))
"""How many sequences of calls a thorough run tries; two seconds each."""
PROFILE = settings(
    max_examples=EXAMPLES if THOROUGH else 6,
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
        self.blockers: list[str] = []
        self.self_managed: set[str] = set()
        self.remembered: tuple[Snapshot, Any] | None = None
        self.repository: Repository | None = None
        self.folder = tempfile.TemporaryDirectory()
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

    @initialize(
        pipeline=st.booleans(),
        synced=st.sampled_from([True, True, True, False]),
        waits=st.sampled_from(["", "pipeline", "environment"]),
        bundles=st.booleans(),
        pushed=st.sampled_from([False, False, True]),
    )
    def open_shop(
        self, pipeline: bool, synced: bool, waits: str, bundles: bool, pushed: bool
    ) -> None:
        """``waits`` is what is self-managed, and so waits for notifications."""
        if bundles:
            config: Any = default_user_config  # moto types what it has itself
            config["proton"] = {"require_bundles": True}
        seed = Seed(self.client)
        seed.service_template()
        seed.service_template(pipeline=True)
        seed.pipeline_roles()
        seed.repository()
        self.client.create_environment_template(name="own", provisioning="CUSTOMER_MANAGED")
        placed = {"dev": "dev-env", "prod": "dev-env"}
        seed.service("shop", instances=placed, pipeline=pipeline)
        if synced or pushed:
            self.follow_shop()
        if pushed:
            folder = Path(tempfile.mkdtemp(dir=self.folder.name))
            self.repository = Repository(folder / "shop.git")
            git.connect("shop/infrastructure", self.repository.path)
            # Each account takes note of the connection with its first call.
            for account in (self.mine, self.theirs):
                account("get_account_settings")
        self.seen: Seen = {}
        self.fingerprint: Snapshot | None = None
        if waits == "environment":
            self.self_managed.add(seed.environment("waiting", self_managed=True)["arn"])
        self.look()
        if waits == "pipeline" and not bundles:
            self.open_cart()

    def follow_shop(self) -> None:
        """Let the shop and its templates follow a repository with a push; block one instance."""
        branch = FollowedBranch("GITHUB", "shop/infrastructure", BRANCH)
        of = {
            "repositoryProvider": branch.repository_provider,
            "repositoryName": branch.repository_name,
            "branch": branch.branch,
        }
        self.client.create_service_sync_config(serviceName="shop", filePath="ops.yaml", **of)
        for kind, name in (("ENVIRONMENT", "environment-template"), ("SERVICE", SERVICE_TEMPLATE)):
            self.client.create_template_sync_config(templateType=kind, templateName=name, **of)
        by_hand = {"serviceName": "shop", "name": "dev", "deploymentType": "CURRENT_VERSION"}
        self.client.update_service_instance(**by_hand)
        syncs = proton_backends[OWN]["us-east-1"].store.repository_syncs
        for sync_type in SyncType:
            syncs.start(branch, sync_type, "0" * 40)

    def open_cart(self) -> None:
        """Make a service whose pipeline waits for notifications: it is self-managed."""
        for made in CART_CALLS:
            self.make_a_call(made)
        assert self.self_managed, "its pipeline has no role"

    # A rule for each kind: hypothesis makes as many calls of one as of another.

    @rule(made=any_of(SERVICE_CALLS))
    def call_on_services(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(ENVIRONMENT_CALLS))
    def call_on_environments(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(COMPONENT_CALLS))
    def call_on_components(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(TEMPLATE_CALLS))
    def call_on_templates(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(SYNC_CALLS))
    def call_on_syncs(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(CONNECTION_CALLS))
    def call_on_connections(self, made: Call) -> None:
        self.make_a_call(made)

    @rule(made=any_of(OTHER_CALLS))
    def call_on_anything(self, made: Call) -> None:
        self.make_a_call(made)

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
            request = {**COMPONENT_FILES, **request}
        self.take_pushes()
        before = fingerprint()
        try:
            getattr(client, operation)(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            assert code != "InternalServerException"
            after = fingerprint()
            assert after == before, f"{operation} was refused: {told_apart_by(before, after)}"
            if THOROUGH:
                assert everything(self.mine, self.theirs) == self.seen, f"{operation} changed more"
            return
        self.fingerprint = before
        if operation == "delete_deployment":
            self.deleted.add(request["id"])
        if operation == "create_service":
            self.note_who_manages(request["name"])
        self.look()

    def note_who_manages(self, service: str) -> None:
        """A pipeline made without a role for it waits for notifications, for all its life."""
        roles = {"pipelineServiceRoleArn", "pipelineCodebuildRoleArn"}
        arn = f"{PREFIX}service/{service}"
        if arn not in self.seen:
            self.self_managed.discard(arn)
            if not roles & self.seen["settings"].keys():
                self.self_managed.add(arn)

    @rule(
        kind=st.sampled_from(["environment", "service-instance", "pipeline", "component"]),
        number=st.integers(0, 9),
        cancelled=st.booleans(),
        finished=st.booleans(),
    )
    def update_what_is_there(self, kind: str, number: int, cancelled: bool, finished: bool) -> None:
        """An update of something that there is, cancelled while it is held or not."""
        noun = "service" if kind == "pipeline" else kind
        there = [each for _, each in sorted(of_kind(self.seen, noun).items())]
        if kind == "pipeline":
            there = [service for service in there if "pipeline" in service]
        if not there:
            return
        update, cancel = update_of(kind, there[number % len(there)])
        if cancelled or not finished:
            self.hold(HELD_BY[kind])
        self.make_a_call(update)
        if cancelled:
            self.make_a_call(cancel)
        if finished:
            self.let_go()

    @precondition(lambda self: self.self_managed)
    @rule(
        number=st.integers(0, 9),
        status=st.sampled_from(["SUCCEEDED", "SUCCEEDED", "FAILED", "IN_PROGRESS"]),
        output=st.sampled_from("ab"),
    )
    def notify_what_waits(self, number: int, status: str, output: str) -> None:
        """A report on something self-managed, which may wait for one."""
        waiting = sorted(arn for arn in self.self_managed if ":environment/" in arn)
        if waiting:
            report = {
                "resourceArn": waiting[number % len(waiting)],
                "status": status,
                "outputs": [{"key": output, "valueString": status}],
            }
            self.make_a_call(("notify_resource_deployment_status_change", report))

    @precondition(lambda self: self.repository is not None)
    @rule(port=st.integers(1, 3), bundle=st.sampled_from("ab"))
    def push(self, port: int, bundle: str) -> None:
        """A commit to the repository that the shop and its templates follow."""
        assert self.repository is not None
        ops = "sync: {services: {shop: {dev: {branch: main, spec: dev.yaml}}}}"
        self.repository.commit(
            {
                "ops.yaml": ops,
                "dev.yaml": spec_of({"dev": ("dev-env", port)}),
                "environment-template/v1/schema/schema.yaml": bundle,
            }
        )
        self.take_pushes()

    def take_pushes(self) -> None:
        """Let what was pushed, or had to wait, be synced, so that no other call does it."""
        if self.repository is not None:
            for _ in range(2):
                self.client.get_account_settings()
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
        self.take_pushes()
        self.look()

    # A repository goes on when the state goes back.
    @precondition(lambda self: self.repository is None)
    @rule()
    def remember(self) -> None:
        """Take a snapshot, with what there is to be seen and what is known beside it."""
        known = self.seen, self.deleted, self.self_managed, frozenset(self.held)
        self.remembered = snapshot(), copy.deepcopy(known)

    @precondition(lambda self: self.remembered is not None)
    @rule()
    def go_back(self) -> None:
        """Whatever was called in between, each get and list answers as it did then."""
        assert self.remembered is not None
        taken, known = self.remembered
        seen, self.deleted, self.self_managed, held = copy.deepcopy(known)
        restore(taken)
        if held == self.held:
            assert everything(self.mine, self.theirs) == seen
        self.seen = seen
        self.look()

    def look(self) -> None:
        before = fingerprint()
        seen = everything(self.mine, self.theirs)
        after = fingerprint()
        assert after == before, f"looking changed something: {told_apart_by(before, after)}"
        if seen != self.seen:
            assert before != self.fingerprint, "a change that can be seen is not in the fingerprint"
        self.fingerprint = before
        waiting = frozenset(self.self_managed)
        check(self.seen, seen, deleted=self.deleted, at_rest=not self.held, waiting=waiting)
        # After each step, and so before the next one.
        check_lists(self.mine, self.theirs, seen)
        self.seen = seen
        for key, summary in seen.items():
            if key.startswith("blockers of "):
                found = [each["id"] for each in summary["latestBlockers"]]
                self.blockers += [each for each in found if each not in self.blockers]

    def with_ids(self, operation: str, members: dict[str, Any]) -> dict[str, Any] | None:
        """The request, with what there is in place of numbers; None if there is nothing."""
        request = dict(members)
        for member, value in members.items():
            if isinstance(value, bool) or not isinstance(value, int):
                continue
            there = self.there(operation, member)
            if not there:
                return None
            request[member] = there[value % len(there)]
        return request

    def there(self, operation: str, member: str) -> list[str]:
        """What a number can stand for."""
        if member == "resourceArn":
            pipelines = [
                service["pipeline"]["arn"]
                for service in of_kind(self.seen, "service").values()
                if "pipeline" in service
            ]
            # As often as all the others: only they may wait for a notification.
            waiting = [*pipelines, *(self.self_managed & self.seen.keys())]
            waiting *= 20 if operation.startswith("notify") else 1
            return sorted([*(key for key in self.seen if key.startswith(PREFIX)), *waiting])
        if operation == "update_service_sync_blocker":
            return self.blockers
        kind = "environment-account-connection"
        if operation == "delete_deployment":
            kind = "deployment"
        return [arn.rpartition("/")[2] for arn in sorted(of_kind(self.seen, kind))]

    def teardown(self) -> None:
        for model in self.held:
            state_manager.unset_transition(f"proton::{model}")
        faults.clear()
        self.mock.stop()
        self.folder.cleanup()


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
