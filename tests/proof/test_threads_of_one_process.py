"""Threads that share a process with the mock: faults, mocks, stacks, and everybody's first call."""

from __future__ import annotations

import os
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.config import default_user_config

from moto_proton import bridge, faults, git, mock_proton, rendered
from moto_proton.proton.account.faults import book
from moto_proton.proton.repositories.checkouts import connected
from moto_proton.seed import Seed, service_spec

pytestmark = pytest.mark.proof

Client: TypeAlias = Any
Measured: TypeAlias = Callable[[str], None]

THREADS = 8
BUNDLES = Path(__file__).parents[1] / "bundles" / "data"
LEAVE_NOTHING = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def client_of(service: str = "proton", region: str = "us-east-1") -> Client:
    session = boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")
    return session.client(service, region_name=region)


def raise_first(outcomes: list[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


# --- Faults ---


@mock_proton
def test_each_injected_error_meets_one_call(together: Any, measured: Measured) -> None:
    client = client_of()
    # botocore makes a client's exceptions when they are first asked for; threads that ask at once
    # get different ones.
    refusal = client.exceptions.ValidationException
    calls, times = 6, 3

    def work() -> int:
        faults.raise_error("ListServices", "ValidationException", times=times)
        refused = 0
        for _ in range(calls):
            try:
                client.list_services()
            except refusal:
                refused += 1
        return refused

    outcomes = together([work] * THREADS)

    raise_first(outcomes)
    assert sum(outcomes) == THREADS * times
    assert book._errors == []
    measured(
        f"faults from threads: {THREADS * times} errors injected by {THREADS} threads, "
        f"{sum(outcomes)} of {THREADS * calls} calls refused"
    )


@mock_proton
def test_each_fault_fails_the_deployment_it_is_for(together: Any) -> None:
    client = client_of()
    Seed(client).environment("dev")
    template = Seed(client).service_template("web")["name"]

    def work(number: int) -> Callable[[], str]:
        def deploy() -> str:
            name = f"shop-{number}"
            if number % 2:
                faults.fail_deployment(f"service/{name}/service-instance/first", message=name)
            client.create_service(
                name=name,
                templateName=template,
                templateMajorVersion="1",
                spec=service_spec({"first": "dev"}),
            )
            found = client.get_service_instance(serviceName=name, name="first")["serviceInstance"]
            status: str = found["deploymentStatus"]
            return status

        return deploy

    outcomes = together([work(number) for number in range(THREADS)])

    raise_first(outcomes)
    assert outcomes == ["SUCCEEDED", "FAILED"] * (THREADS // 2)
    assert book._faults == []


@mock_proton
def test_each_connection_of_a_repository_is_noticed(together: Any, tmp_path: Path) -> None:
    pytest.importorskip("dulwich")
    from dulwich.repo import Repo

    Repo.init_bare(str(tmp_path)).close()
    before = connected.changes

    def work(number: int) -> Callable[[], None]:
        def connect() -> None:
            for index in range(5):
                git.connect(f"shop/{number}-{index}", tmp_path)
                git.disconnect(f"shop/{number}-{index}")

        return connect

    raise_first(together([work(number) for number in range(THREADS)]))

    assert connected.changes - before == THREADS * 10
    assert not connected


# --- Mocks ---


def test_mocks_that_overlap_in_threads_are_one(together: Any, measured: Measured) -> None:
    """Each thread finds what it made, however many mocks begin and end around it."""
    environment, configuration = dict(os.environ), dict(default_user_config)
    clients = [client_of() for _ in range(THREADS)]
    rounds = 10

    def work(number: int) -> Callable[[], None]:
        def live() -> None:
            for index in range(rounds):
                outer, inner = (mock_proton, mock_aws) if number % 2 else (mock_aws, mock_proton)
                with outer(), inner():
                    name = f"vpc-{number}-{index}"
                    clients[number].create_environment_template(name=name)
                    clients[number].get_environment_template(name=name)

        return live

    with mock_proton():
        raise_first(together([work(number) for number in range(THREADS)]))

        listed = client_of().list_environment_templates(maxResults=100)["templates"]
        assert len(listed) == THREADS * rounds
    assert not bridge.mock_is_active()
    assert dict(os.environ) == environment
    assert default_user_config == configuration
    measured(
        f"mocks from threads: {2 * THREADS * rounds} begun and ended by {THREADS} threads in "
        f"{together.seconds:.2f} s, {len(listed)} of {THREADS * rounds} resources kept"
    )


def test_one_mock_may_be_started_in_one_thread_and_stopped_in_another(together: Any) -> None:
    environment = dict(os.environ)
    mock = mock_proton()

    raise_first(together([mock.start] * THREADS))
    assert bridge.mock_is_active()
    raise_first(together([mock.stop] * (THREADS - 1)))
    assert bridge.mock_is_active()
    mock.stop()

    assert not bridge.mock_is_active()
    assert dict(os.environ) == environment


def test_mocks_with_configurations_of_their_own_leave_none(together: Any) -> None:
    environment, configuration = dict(os.environ), dict(default_user_config)

    def work(number: int) -> Callable[[], None]:
        config = {"proton": {"quotas": {"services": number + 1}}}

        @mock_proton(config=config)
        def used() -> None:
            quotas: Any = bridge.user_config()["quotas"]
            assert quotas["services"] in range(1, THREADS + 1)

        return lambda: [used() for _ in range(20)].clear()

    raise_first(together([work(number) for number in range(THREADS)]))

    assert default_user_config == configuration
    assert dict(os.environ) == environment
    assert not bridge.mock_is_active()


def test_a_mock_may_end_while_it_is_asked(together: Any) -> None:
    """A call is answered by the mock, or goes to the network, which refuses here; never half."""
    client = client_of(region="us-west-2")
    client.meta.config.retries = {"total_max_attempts": 1}
    client.meta.events.register_last(
        "before-send.proton", lambda **_: (_ for _ in ()).throw(ConnectionError("no network"))
    )
    done = threading.Event()
    answers: Counter[str] = Counter()

    def mocks() -> None:
        try:
            for _ in range(40):
                with mock_proton():
                    time.sleep(0)
        finally:
            done.set()

    def ask() -> None:
        while not done.is_set():
            try:
                listed = client.list_environment_templates()["templates"]
            except ConnectionError:
                answers["network"] += 1
            else:
                assert listed == []
                answers["mock"] += 1

    raise_first(together([mocks, *[ask] * 4]))

    assert answers.total() > 0
    assert set(answers) <= {"network", "mock"}


# --- Rendering and provisioning ---


def open_shops(client: Client, threads: int, together: Any) -> None:
    """Services of a bundle in one environment, each made by its own thread."""
    seed = Seed(client)
    seed.environment_template("network", bundle=BUNDLES / "network")
    seed.service_template(
        "shop", bundle=BUNDLES / "shop", compatible_with=["network:1"], pipeline=True
    )
    seed.environment("dev", template="network", inputs={"cidr": "10.0.0.0/16"})
    repository = seed.repository()
    seed.pipeline_roles()

    def work(number: int) -> Callable[[], None]:
        def open_shop() -> None:
            name = f"shop-{number}"
            for instances in (["web"], ["web", "api"]):
                spec = service_spec(
                    dict.fromkeys(instances, "dev"),
                    inputs={"image": f"shop/web:{number}"},
                    pipeline={"dockerfile": "Dockerfile"},
                )
                if instances == ["web"]:
                    client.create_service(
                        name=name,
                        templateName="shop",
                        templateMajorVersion="1",
                        spec=spec,
                        branchName="main",
                        repositoryId=repository["name"],
                        repositoryConnectionArn=(
                            "arn:aws:codestar-connections:us-east-1:123456789012:connection/shop"
                        ),
                    )
                else:
                    client.update_service(name=name, spec=spec)
                for instance in instances:
                    found = client.get_service_instance(serviceName=name, name=instance)
                    described = found["serviceInstance"]
                    assert described["deploymentStatus"] == "SUCCEEDED", described
                    text = rendered(described["arn"]).template
                    assert f'Value: "shop/web:{number}"' in text
                    assert f"BucketName: {name}-{instance}-uploads" in text

        return open_shop

    raise_first(together([work(number) for number in range(threads)]))


def test_templates_are_rendered_for_each_thread_with_its_values(
    together: Any, measured: Measured
) -> None:
    with mock_proton():
        client = client_of()
        open_shops(client, THREADS, together)

        for number in range(THREADS):
            for name in ("web", "api"):
                outputs = client.list_service_instance_outputs(
                    serviceName=f"shop-{number}", serviceInstanceName=name
                )["outputs"]
                values = {each["key"]: each["valueString"] for each in outputs}
                assert values["Url"].startswith(f"shop/web:{number} at 10.0.0.0/16")
    measured(
        f"rendering from threads: {3 * THREADS} deployments of {THREADS} services by {THREADS} "
        f"threads in {together.seconds:.2f} s, each with its own values"
    )


def test_stacks_are_made_beside_what_others_do(together: Any, measured: Measured) -> None:
    """With the provisioner cloudformation, while other threads use the same services of moto."""
    pytest.importorskip("moto.cloudformation.models")
    filters, showing = list(warnings.filters), warnings.showwarning
    threads = 4
    with mock_proton(config={"proton": {"provisioner": "cloudformation"}}):
        client, cloudformation, s3, ssm = map(client_of, ("proton", "cloudformation", "s3", "ssm"))
        done = threading.Event()
        made: list[str] = []

        def use_moto() -> None:
            while not done.is_set():
                name = f"own-{len(made)}"
                cloudformation.create_stack(
                    StackName=name,
                    TemplateBody='{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}',
                )
                cloudformation.describe_stacks(StackName=name)
                ssm.put_parameter(Name=f"/{name}", Value="x", Type="String")
                if len(made) % 2:
                    cloudformation.delete_stack(StackName=name)
                made.append(name)

        other = threading.Thread(target=use_moto, daemon=True)
        other.start()
        try:
            open_shops(client, threads, together)
        finally:
            done.set()
            other.join(1200)
        assert not other.is_alive()

        buckets = {each["Name"] for each in s3.list_buckets()["Buckets"]}
        assert {
            f"shop-{number}-{name}-uploads" for number in range(threads) for name in ("web", "api")
        } <= buckets
        stacks = [each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]]
        assert len([name for name in stacks if name.startswith("AWSProton-shop-")]) == 3 * threads
    assert warnings.filters == filters
    assert warnings.showwarning is showing
    measured(
        f"stacks from threads: {3 * threads} made by {threads} threads in {together.seconds:.2f} s "
        f"while another made {len(made)} of its own; warnings' filters as before"
    )


# --- First use ---

FIRST_USE = """
import faulthandler, sys, threading
faulthandler.dump_traceback_later(200, exit=True)
sys.setswitchinterval(1e-5)
{before}
start = threading.Barrier(16)
failures = []

def run(number):
    start.wait()
    try:
        work(number)
    except BaseException as error:
        failures.append((number, repr(error)))

{work}
threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
{after}
print(len(threads), failures)
"""

CLIENT = """
import boto3
def client():
    session = boto3.session.Session(aws_access_key_id="key", aws_secret_access_key="secret")
    return session.client("proton", region_name="us-east-1")
"""

CALLS = """
calls = ["list_services", "list_environments", "list_components", "list_repositories",
         "get_account_settings", "list_environment_templates", "list_service_templates",
         "get_resources_summary"]
"""

ACTIVE = """
from moto_proton.bridge import mock_is_active
assert not mock_is_active()
"""

FIRST_USES = {
    "the first call": (
        CLIENT + CALLS + "import moto_proton\nfrom moto_proton import mock_proton\n"
        "moto_proton.install_model()\n"
        "clients = [client() for _ in range(16)]\nmock = mock_proton()\nmock.start()\n",
        "def work(number):\n    getattr(clients[number], calls[number % len(calls)])()\n",
        "mock.stop()\n" + ACTIVE,
    ),
    "the first mock": (
        CLIENT + CALLS + "from moto_proton import mock_proton\n",
        "def work(number):\n    with mock_proton():\n"
        "        getattr(client(), calls[number % len(calls)])()\n",
        ACTIVE,
    ),
    "the first import": (
        "",
        "def work(number):\n"
        "    if number % 4 == 0:\n"
        "        import moto\n"
        "        from moto_proton import mock_proton as mock\n"
        "    elif number % 4 == 1:\n"
        "        import boto3\n"
        "        from moto_proton import mock_proton as mock\n"
        "    elif number % 4 == 2:\n"
        "        import moto_proton\n"
        "        from moto import mock_aws as mock\n"
        "    else:\n"
                "        from moto_proton import mock_proton as mock, seed, faults, git, rendered\n"
        "    import moto_proton, boto3\n"
        "    with mock():\n"
        "        session = boto3.session.Session(aws_access_key_id='k', "
        "aws_secret_access_key='s')\n"
        "        proton = session.client('proton', region_name='us-east-1')\n"
        "        assert proton.list_services()['services'] == []\n",
        ACTIVE + "assert all(finder.__class__.__name__ != '_Watcher' or finder._waiting "
        "for finder in sys.meta_path)\n",
    ),
    "the first fault": (
        CLIENT + "from moto_proton import mock_proton\nimport moto_proton\nmock = mock_proton()\n"
        "mock.start()\n",
        "def work(number):\n"
        "    moto_proton.faults.raise_error('GetService', 'ValidationException')\n"
        "    moto_proton.faults.fail_deployment(f'environment/e{number}')\n",
        "from moto_proton.proton.account.faults import book\n"
        "assert [len(book._errors), len(book._faults)] == "
        "[16, 16]\nmock.stop()\n"
        "assert not book._errors and not book._faults\n",
    ),
    "the first world": (
        CLIENT + "from moto_proton import mock_proton, seed\nmock = mock_proton()\nmock.start()\n"
        "clients = [client() for _ in range(16)]\n",
        "def work(number):\n"
        "    worlds = seed.Seed(clients[number])\n"
        "    worlds.environment_template(f'network-{number}')\n"
        "    worlds.environment(f'env-{number}', template=f'network-{number}')\n",
        "assert len(clients[0].list_environments()['environments']) == 16\nmock.stop()\n",
    ),
    "the first diff": (
        "",
        "def work(number):\n"
        "    from moto_proton.spec import diff_service_specs\n"
        "    one = 'proton: ServiceSpec\\ninstances: [{name: dev, environment: dev}]\\n'\n"
        "    two = one.replace('dev, e', f'prod{number}, e')\n"
        "    diff = diff_service_specs(one, two)\n"
        "    assert [[each.name for each in part] for part in (diff.added, diff.deleted)] == "
        "[[f'prod{number}'], ['dev']], diff\n",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", FIRST_USES)
def test_everybody_may_come_first(
    which: str, run_alone: Callable[..., str], measured: Measured
) -> None:
    before, work, after = FIRST_USES[which]
    rounds = 2
    for _ in range(rounds):
        printed = run_alone(FIRST_USE.format(before=before, work=work, after=after))
        assert printed == "16 []\n"
    measured(f"first use: {which}, by 16 threads at once in {rounds} new processes, 0 failures")


def test_the_watchdog_bites(together: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadlock is a failure, not a run that never ends."""
    module = sys.modules[type(together).__module__]
    monkeypatch.setattr(module, "PATIENCE", 0)
    never = threading.Event()
    with pytest.raises(pytest.fail.Exception, match="1 of 1 threads are stuck"):
        together([never.wait])
    never.set()


def test_an_error_in_a_thread_is_an_answer(together: Any) -> None:
    def fail() -> None:
        raise ClientError({"Error": {"Code": "Odd"}}, "Operation")

    (outcome,) = together([fail])
    assert outcome.response["Error"]["Code"] == "Odd"
