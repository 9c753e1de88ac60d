"""The pytest plugin, seen from outside: pytest run within pytest."""

from __future__ import annotations

import pytest

USE = """
    import os
    import boto3
    import pytest

    def names(client):
        return [t["name"] for t in client.list_environment_templates()["templates"]]
"""


@pytest.fixture
def given(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A directory of tests, with an environment that says nothing of AWS."""
    for name in ("AWS_DEFAULT_REGION", "MOTO_ACCOUNT_ID"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n")
    return pytester


def run(given: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    given.makepyfile(USE + tests)
    return given.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_a_client_in_a_mock_that_starts_empty(given: pytest.Pytester) -> None:
    result = run(
        given,
        """
    @pytest.mark.parametrize("name", ["one", "two"])
    def test_each(proton_client, name):
        assert proton_client.meta.region_name == "us-east-1"
        proton_client.create_environment_template(name=name)
        assert names(proton_client) == [name]
        assert names(boto3.client("proton")) == [name]

    def test_mock(proton_mock):
        from moto_proton import MockProton
        assert isinstance(proton_mock, MockProton)
        assert names(boto3.client("proton")) == []

    async def coroutine(client):
        return names(client)

    def test_async(proton_client):
        import asyncio
        assert asyncio.run(coroutine(proton_client)) == []

    def test_afterwards():
        from moto_proton.bridge import mock_is_active
        assert not mock_is_active()
        assert "AWS_DEFAULT_REGION" not in os.environ
        """,
    )
    result.assert_outcomes(passed=5)


def test_the_marker_says_region_and_account(given: pytest.Pytester) -> None:
    result = run(
        given,
        """
    pytestmark = pytest.mark.proton(region="eu-west-1", account_id="111122223333")

    def where(client):
        arn = client.create_environment_template(name="web")["environmentTemplate"]["arn"]
        return arn.split(":")[3:5]

    def test_module(proton_client):
        assert where(proton_client) == ["eu-west-1", "111122223333"]
        assert where(boto3.client("proton")) == ["eu-west-1", "111122223333"]

    @pytest.mark.proton(region="us-west-2")
    class TestNearer:
        def test_class(self, proton_client):
            assert where(proton_client) == ["us-west-2", "111122223333"]

        @pytest.mark.proton(account_id="444455556666")
        def test_function(self, proton_client):
            assert where(proton_client) == ["us-west-2", "444455556666"]
        """,
    )
    result.assert_outcomes(passed=3)


def test_ini_options_say_it_for_all_tests(given: pytest.Pytester) -> None:
    given.makeini("[pytest]\nproton_region = ca-central-1\nproton_account_id = 999988887777\n")
    result = run(
        given,
        """
    def test_ini(proton_client):
        created = proton_client.create_environment_template(name="web")["environmentTemplate"]
        assert created["arn"].split(":")[3:5] == ["ca-central-1", "999988887777"]

    @pytest.mark.proton(region="us-west-2")
    def test_marker(proton_client):
        assert proton_client.meta.region_name == "us-west-2"
        """,
    )
    result.assert_outcomes(passed=2)


def test_the_region_of_the_environment_is_kept(
    given: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    result = run(
        given,
        """
    def test_environment(proton_client):
        assert proton_client.meta.region_name == "ap-northeast-1"
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (
            "regoin='us-east-1'",
            "pytest.mark.proton has no 'regoin'; did you mean 'region'?",
        ),
        ("region=7", "pytest.mark.proton(region=...) must be a string, not 7"),
        ("region=''", "pytest.mark.proton(region=...) must be a string, not ''"),
        (
            "account_id=123456789012",
            "pytest.mark.proton(account_id=...) must be a string, not 123456789012",
        ),
        (
            "account_id='12'",
            "pytest.mark.proton(account_id=...) must be a string of 12 digits, not '12'",
        ),
        (
            "'us-east-1'",
            "pytest.mark.proton takes keywords only: region=..., account_id=..., config=...",
        ),
    ],
)
def test_a_wrong_marker_is_said_clearly(given: pytest.Pytester, marker: str, message: str) -> None:
    result = run(
        given,
        f"""
    @pytest.mark.proton({marker})
    def test_wrong(proton_mock):
        pass
        """,
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message.replace("[", "[[]")])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_wrong_ini_option_is_said_clearly(given: pytest.Pytester) -> None:
    given.makeini("[pytest]\nproton_account_id = mine\n")
    result = run(given, "\n    def test_wrong(proton_mock): pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["The ini option proton_account_id must be a string of 12 digits, not 'mine'"]
    )


def test_faults_end_with_the_test(given: pytest.Pytester) -> None:
    result = run(
        given,
        """
    import pytest

    def test_first(proton_client, proton_faults):
        proton_faults.raise_error("ListEnvironmentTemplates", "ThrottlingException", times=99)
        with pytest.raises(proton_client.exceptions.ThrottlingException):
            names(proton_client)

    def test_second(proton_client, proton_faults):
        assert names(proton_client) == []
        """,
    )
    result.assert_outcomes(passed=2)


def test_the_seed_is_bound_to_the_client(given: pytest.Pytester) -> None:
    result = run(
        given,
        """
    @pytest.mark.proton(region="eu-west-1")
    def test_seed(proton_client, proton_seed):
        proton_seed.environment("dev")
        environment = proton_client.get_environment(name="dev")["environment"]
        assert environment["arn"].split(":")[3] == "eu-west-1"
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_session_without_proton_pays_nothing(given: pytest.Pytester) -> None:
    given.makepyfile(
        """
        import sys

        def test_nothing_was_loaded(request):
            assert request.config.pluginmanager.has_plugin("moto_proton")
            heavy = {"boto3", "botocore", "moto", "yaml", "responses", "requests", "werkzeug"}
            assert heavy & set(sys.modules) == set()
            ours = {name for name in sys.modules if name.startswith("moto_proton")}
            assert ours == {
                "moto_proton", "moto_proton.import_hook", "moto_proton.pytest_plugin"
            }
        """
    )
    result = given.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1)


def test_the_tests_may_be_spread_over_processes(given: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = run(
        given,
        """
    @pytest.mark.parametrize("number", range(6))
    def test_each(proton_client, number):
        proton_client.create_environment_template(name=f"n{number}")
        assert names(proton_client) == [f"n{number}"]
        """,
        "-n",
        "2",
    )
    result.assert_outcomes(passed=6)


def test_the_plugin_can_be_left_out(given: pytest.Pytester) -> None:
    result = run(
        given,
        """
    def test_plain():
        from moto_proton import mock_proton
        with mock_proton():
            assert names(boto3.client("proton", region_name="us-east-1")) == []

    def test_fixture(proton_client):
        pass
        """,
        "-p",
        "no:moto_proton",
    )
    result.assert_outcomes(passed=1, errors=1)


def test_the_options_are_documented(given: pytest.Pytester) -> None:
    given.runpytest_subprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.proton(*"])
    given.runpytest_subprocess("--help").stdout.fnmatch_lines(
        ["*proton_region*", "*proton_account_id*"]
    )


def test_proton_is_empty_under_a_mock_of_the_whole_session(given: pytest.Pytester) -> None:
    """Other services keep what they have, and so does Proton what the test's own set-up made."""
    given.makeconftest(
        """
        import boto3, pytest
        from moto import mock_aws

        @pytest.fixture(scope="session", autouse=True)
        def aws():
            with mock_aws():
                boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="of-session")
                make("of-session")
                yield

        def make(name, region="us-east-1"):
            boto3.client("proton", region_name=region).create_environment_template(name=name)

        @pytest.fixture
        def world():
            make("world")
        """
    )
    result = run(
        given,
        """
    from conftest import make

    def buckets():
        return [b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]]

    @pytest.mark.parametrize("name", ["one", "two"])
    def test_each(proton_client, proton_faults, name):
        assert names(proton_client) == names(boto3.client("proton", "eu-west-1")) == []
        proton_client.create_environment_template(name=name)
        make(name, "eu-west-1")
        os.environ["MOTO_ACCOUNT_ID"] = "111122223333"
        assert names(proton_client) == []
        make(name)
        os.environ.pop("MOTO_ACCOUNT_ID")
        from moto_proton import faults, git
        faults.raise_error("ListServices", "ValidationException")
        assert "of-session" in buckets()
        boto3.client("s3").create_bucket(Bucket=f"of-{name}")

    def test_what_others_left():
        assert sorted(buckets()) == ["of-one", "of-session", "of-two"]
        assert names(boto3.client("proton", "us-east-1")) == ["two"]

    @pytest.mark.parametrize("number", range(2))
    def test_its_own_fixtures(world, proton_client, number):
        assert names(proton_client) == ["world"]
        assert proton_client.list_services()["services"] == []

    class TestSetUp:
        def setup_method(self):
            make("set-up")

        @pytest.mark.parametrize("number", range(2))
        def test_method(self, proton_client, world, number):
            assert sorted(names(proton_client)) == ["set-up", "world"]

    def test_asked_for_late(request):
        make("before")
        client = request.getfixturevalue("proton_client")
        assert names(client) == []
        make("after")
        assert names(request.getfixturevalue("proton_client")) == ["after"]
        """,
        "--import-mode=prepend",
    )
    result.assert_outcomes(passed=8)


def test_clients_that_an_application_makes_when_it_is_imported(given: pytest.Pytester) -> None:
    """With nothing but the fixture: the plugin is loaded before the application."""
    given.makepyfile(
        app="""
        import sys
        import boto3
        assert "moto" not in sys.modules

        CALLS = {
            "dynamodb": "list_tables", "events": "list_rules", "iam": "list_users",
            "kms": "list_keys", "proton": "list_services", "s3": "list_buckets",
            "secretsmanager": "list_secrets", "sns": "list_topics", "sqs": "list_queues",
            "sts": "get_caller_identity",
        }
        where = {
            "region_name": "us-east-1", "aws_access_key_id": "k", "aws_secret_access_key": "s"
        }
        clients = {service: boto3.client(service, **where) for service in CALLS}
        bucket = boto3.resource("s3", **where).Bucket("shop")
        """
    )
    result = run(
        given,
        """
    import app

    @pytest.fixture
    def shop(proton_mock):
        boto3.client("s3", **app.where).create_bucket(Bucket="shop")

    @pytest.fixture
    def early():
        return boto3.client("sqs", **app.where)

    def test_application(early, shop):
        for service, call in app.CALLS.items():
            getattr(app.clients[service], call)()
        early.list_queues()
        app.bucket.put_object(Key="here", Body=b"x")
        assert [found.key for found in app.bucket.objects.all()] == ["here"]
        """,
    )
    result.assert_outcomes(passed=1)
