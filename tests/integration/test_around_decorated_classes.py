"""All that runners call beside the tests of a decorated class is in the mock, credentials too."""

from __future__ import annotations

import os
import unittest
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from moto_proton import mock_proton
from moto_proton.bridge import mock_is_active, user_config

pytestmark = pytest.mark.usefixtures("no_network")


def client() -> Any:
    return boto3.client("proton", region_name="us-east-1")


def create(name: str) -> None:
    client().create_environment_template(name=name)


def names() -> list[str]:
    return sorted(t["name"] for t in client().list_environment_templates()["templates"])


class Seen:
    """Where the mock was active, in the order of the calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, where: str) -> None:
        assert mock_is_active(), where
        assert os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY", where
        self.calls.append(where)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    yield Seen()
    assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"


def run(*classes: type[unittest.TestCase]) -> None:
    """Run TestCases by unittest's own means, and fail with what failed in them."""
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    result = unittest.TestResult()
    unittest.TestSuite(map(load, classes)).run(result)
    assert [text for _, text in result.errors + result.failures] == []
    assert result.testsRun > 0
    assert not mock_is_active()


def test_what_unittest_calls(seen: Seen) -> None:
    @mock_proton
    class Tests(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            cls.addClassCleanup(seen, "clean-up of the class")
            create("of-the-class")
            seen("setUpClass")

        def setUp(self) -> None:
            assert names() == []
            create("set-up")
            self.addCleanup(self.cleaned)

        def cleaned(self) -> None:
            assert names() == ["set-up", "test"]
            seen("clean-up")

        def tearDown(self) -> None:
            assert names() == ["set-up", "test"]
            seen("tearDown")

        @classmethod
        def tearDownClass(cls) -> None:
            assert names() == []
            seen("tearDownClass")

        def test_one(self) -> None:
            create("test")
            with self.subTest("of it"):
                seen("subtest")

        def test_two(self) -> None:
            create("test")

    run(Tests)
    assert seen.calls == [
        "setUpClass",
        *("subtest", "tearDown", "clean-up"),
        *("tearDown", "clean-up"),
        "tearDownClass",
        "clean-up of the class",
    ]


def test_what_unittest_calls_in_an_event_loop(seen: Seen) -> None:
    @mock_proton
    class Tests(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            self.addAsyncCleanup(self.cleaned)

        async def cleaned(self) -> None:
            seen("clean-up")

        async def asyncTearDown(self) -> None:
            seen("asyncTearDown")

        async def test_one(self) -> None:
            seen("test")

    run(Tests)
    assert seen.calls == ["test", "asyncTearDown", "clean-up"]


def test_a_subclass_that_is_not_decorated(seen: Seen) -> None:
    class Mixin:
        def test_of_a_mixin(self) -> None:
            seen("mixin")

    @mock_proton
    class Base(unittest.TestCase):
        def __init_subclass__(cls, note: str = "") -> None:
            seen.calls.append(note)

    class Tests(Mixin, Base, note="its own hook"):
        @classmethod
        def setUpClass(cls) -> None:
            super().setUpClass()
            seen("setUpClass")

        def setUp(self) -> None:
            create("set-up")

        def tearDown(self) -> None:
            seen("tearDown")

        def test_one(self) -> None:
            assert names() == ["set-up"]

    run(Tests, Base)
    assert seen.calls == ["its own hook", "setUpClass", "mixin", "tearDown", "tearDown"]
    assert not hasattr(unittest.TestCase, "_moto_proton_around")
    with pytest.raises(AssertionError, match="mixin"):
        Mixin().test_of_a_mixin()


def quota() -> Any:
    return user_config()["quotas"]["services"]


def test_the_nearest_decorator_holds_for_what_is_inherited() -> None:
    def configured(number: int) -> Any:
        return mock_proton(config={"proton": {"quotas": {"services": number}}})

    class Quotas(unittest.TestCase):
        expected = 1

        def setUp(self) -> None:
            self.addCleanup(self.test_it)

        def test_it(self) -> None:
            assert quota() == self.expected

    first: Any = configured(1)(Quotas)

    class Undecorated(first):  # type: ignore[misc]
        pass

    @configured(2)
    class Second(Undecorated):
        expected = 2

        def test_own(self) -> None:
            assert quota() == self.expected

    @configured(4)
    @configured(3)
    class Stacked(Undecorated):
        expected = 3

    run(first, Undecorated, Second, Stacked)


@pytest.mark.parametrize("order", ["ours outside", "moto's outside"])
def test_beside_moto_s_decorator_each_test_starts_empty(order: str) -> None:
    class Tests(unittest.TestCase):
        def test_one(self) -> None:
            assert names() == []
            create("one")

        def test_two(self) -> None:
            assert names() == []
            create("two")

    both: Any = Tests
    for decorate in (mock_aws, mock_proton) if order == "ours outside" else (mock_proton, mock_aws):
        both = decorate()(both)
    run(both)


def test_a_mock_that_can_t_start_fails_its_tests_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @mock_proton
    class Tests(unittest.TestCase):
        def test_one(self) -> None:
            raise AssertionError("must not run")

    def refuse(**options: Any) -> None:
        raise ConnectionError("no server")

    result = unittest.TestResult()
    with monkeypatch.context() as patched:
        patched.setattr("moto_proton.bridge.start_moto", refuse)
        unittest.defaultTestLoader.loadTestsFromTestCase(Tests).run(result)
    assert [text.strip().splitlines()[-1] for _, text in result.errors] == [
        "ConnectionError: no server"
    ]
    assert result.testsRun == 1
    assert not result.failures


PYTEST = """
    import os, unittest
    import boto3, pytest
    from moto import mock_aws
    from moto_proton import mock_proton
    from moto_proton.bridge import mock_is_active

    def active():
        return mock_is_active() and os.environ["AWS_ACCESS_KEY_ID"] == "FOOBARKEY"

    client = boto3.client("proton", region_name="us-east-1", aws_secret_access_key="mine",
        aws_access_key_id="mine")

    def names():
        return sorted(t["name"] for t in client.list_environment_templates()["templates"])

    def create(name):
        client.create_environment_template(name=name)

    @pytest.fixture(autouse=True, scope="module")
    def elsewhere():
        assert not active()
        yield
        assert not active()

    @mock_proton
    class TestPlain:
        @classmethod
        def setup_class(cls):
            assert active()
            create("of-the-class")

        @classmethod
        def teardown_class(cls):
            assert active() and names() == []

        def setup_method(self, method):
            assert names() == []
            create("set-up")

        def teardown_method(self):
            assert {"mine", "set-up"} <= set(names())

        @pytest.fixture(scope="class")
        @classmethod
        def of_the_class(cls):
            assert active()
            yield
            assert active()

        @pytest.fixture(autouse=True)
        def mine(self, of_the_class):
            create("mine")
            yield
            assert "mine" in names()

        @pytest.mark.parametrize("name", ["one", "two"])
        def test_each(self, name):
            assert names() == ["mine", "set-up"]
            create(name)

    class TestInheriting(TestPlain):
        @pytest.fixture
        def own(self):
            create("own")

        def test_own(self, own):
            assert names() == ["mine", "own", "set-up"]

    @mock_proton
    class TestWithoutSetUp:
        @pytest.fixture
        def given(self):
            create("given")
            yield
            assert active() and "given" in names()

        @pytest.mark.parametrize("name", ["one", "two"])
        def test_each(self, given, name):
            assert names() == ["given"]
            create(name)

        @staticmethod
        @pytest.mark.parametrize("name", ["one", "two"])
        def test_without_self(name):
            assert active() and names() == []
            create(name)

        @classmethod
        def test_of_the_class(cls, given):
            assert names() == ["given"]

        class TestNested:
            @pytest.fixture
            def inner(self):
                create("inner")

            def test_nested(self, inner, given):
                assert names() == ["given", "inner"]

    class TestInheritingThose(TestWithoutSetUp):
        pass

    class Mixin:
        @staticmethod
        def test_of_a_mixin():
            assert active() and names() == []

    @mock_proton
    class TestMixed(Mixin):
        pass

    @mock_proton
    class TestCase(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.addClassCleanup(lambda: cls("test_one").assertTrue(active()))
            assert active()

        @pytest.fixture(autouse=True)
        def given(self):
            create("given")
            yield
            assert "given" in names()

        def setUp(self):
            self.addCleanup(lambda: self.assertEqual(names(), ["given", "set-up"]))
            create("set-up")

        def test_one(self):
            assert names() == ["given", "set-up"]

        def test_two(self):
            assert names() == ["given", "set-up"]

    class TestInheritingCase(TestCase):
        def tearDown(self):
            assert names() == ["given", "set-up"]
"""


def test_what_pytest_calls(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    if pytest.version_tuple < (8, 4):
        pytest.skip("fixtures of a class's scope are written in another way")
    pytester.makepyfile(PYTEST)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=2 + 3 + 6 + 6 + 1 + 4)
