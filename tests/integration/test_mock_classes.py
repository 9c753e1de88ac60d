"""``mock_proton`` over classes of tests, run by the runners that they are written for."""

from __future__ import annotations

import unittest
from typing import Any

import boto3
import pytest
from moto import mock_aws

from moto_proton import mock_proton
from moto_proton.bridge import mock_is_active

pytestmark = pytest.mark.usefixtures("no_network")


def client() -> Any:
    return boto3.client("proton", region_name="us-east-1")


def create(name: str) -> None:
    client().create_environment_template(name=name)


def names() -> list[str]:
    return sorted(t["name"] for t in client().list_environment_templates()["templates"])


def run(tests: type[unittest.TestCase]) -> None:
    """Run a TestCase by unittest's own means, and fail with what failed in it."""
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(tests)
    assert suite.countTestCases() > 0
    result = unittest.TestResult()
    suite.run(result)
    assert [text for _, text in result.errors + result.failures] == []
    assert not mock_is_active()


def test_what_set_up_makes_is_there_in_each_test() -> None:
    @mock_proton
    class Tests(unittest.TestCase):
        def setUp(self) -> None:
            create("made-in-set-up")

        def tearDown(self) -> None:
            assert "made-in-set-up" in names()

        def test_one(self) -> None:
            create("one")
            assert names() == ["made-in-set-up", "one"]

        def test_two(self) -> None:
            create("two")
            assert names() == ["made-in-set-up", "two"]

    run(Tests)


def test_without_set_up_each_test_starts_empty() -> None:
    @mock_proton()
    class Tests(unittest.TestCase):
        def test_one(self) -> None:
            create("one")
            assert names() == ["one"]

        def test_two(self) -> None:
            self.helper("two")
            assert names() == ["two"]

        def helper(self, name: str) -> None:
            create(name)

    run(Tests)


def test_asynchronous_tests_and_set_up() -> None:
    @mock_proton
    class Tests(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            create("made-in-set-up")

        async def asyncTearDown(self) -> None:
            assert "made-in-set-up" in names()

        async def test_one(self) -> None:
            create("one")
            assert names() == ["made-in-set-up", "one"]

        async def test_two(self) -> None:
            assert names() == ["made-in-set-up"]

    run(Tests)


def test_both_kinds_of_set_up_count_as_one() -> None:
    @mock_proton
    class Tests(unittest.IsolatedAsyncioTestCase):
        def setUp(self) -> None:
            create("first")

        async def asyncSetUp(self) -> None:
            create("second")

        async def test_both(self) -> None:
            assert names() == ["first", "second"]

        async def test_both_again(self) -> None:
            assert names() == ["first", "second"]

    run(Tests)


@pytest.mark.parametrize(
    "of_base", [mock_proton, mock_aws, lambda tests: tests], ids=["ours", "moto's", "none"]
)
def test_an_inherited_set_up_and_inherited_tests(of_base: Any) -> None:
    @of_base
    class Base(unittest.TestCase):
        def setUp(self) -> None:
            create("from-base")

        def test_inherited(self) -> None:
            assert names() == self.expected()

        def expected(self) -> list[str]:
            return ["from-base"]

    @mock_proton
    class Tests(Base):
        def setUp(self) -> None:
            super().setUp()
            create("own")

        def expected(self) -> list[str]:
            return ["from-base", "own"]

        def test_own(self) -> None:
            assert names() == self.expected()

    run(Tests)


def test_an_inherited_set_up_of_an_undecorated_base_is_mocked() -> None:
    class Base(unittest.TestCase):
        def setUp(self) -> None:
            create("from-base")

    class Mixin:
        def setUp(self) -> None:
            super().setUp()  # type: ignore[misc]
            create("from-mixin")

    @mock_proton
    class Tests(Mixin, Base):
        def test_own(self) -> None:
            assert names() == ["from-base", "from-mixin"]

    run(Tests)


def test_the_base_class_is_not_changed() -> None:
    class Base(unittest.TestCase):
        def test_inherited(self) -> None:
            """Used as it is elsewhere."""

    before = Base.test_inherited

    @mock_proton
    class Tests(Base):
        pass

    assert Base.test_inherited is before
    assert Tests.test_inherited is not before
    assert Tests.test_inherited.__doc__ == before.__doc__


class Foreign:
    def method(self) -> bool:
        return mock_is_active()


def test_what_is_no_method_is_left_alone() -> None:
    @mock_proton
    class Tests:
        elsewhere = Foreign
        value = 7

        @staticmethod
        def static() -> bool:
            return mock_is_active()

        @classmethod
        def of_class(cls) -> bool:
            return mock_is_active()

        @property
        def prop(self) -> bool:
            return mock_is_active()

        def _private(self) -> bool:
            return mock_is_active()

        def public(self) -> bool:
            return mock_is_active()

        class Nested:
            def public(self) -> bool:
                return mock_is_active()

    tests = Tests()
    assert not tests.static()
    assert not tests.of_class()
    assert not tests.prop
    assert not tests._private()
    assert tests.public()
    assert Tests.Nested().public()
    assert not Foreign().method()
    assert not mock_is_active()


def test_pytest_runs_decorated_classes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import boto3, pytest
        from moto_proton import mock_proton

        def client():
            return boto3.client("proton", region_name="us-east-1")

        def names():
            return sorted(t["name"] for t in client().list_environment_templates()["templates"])

        @pytest.fixture
        def given():
            return "given"

        @mock_proton
        class TestWithSetup:
            def setup_method(self, method):
                client().create_environment_template(name="set-up")

            def test_one(self, given):
                client().create_environment_template(name=given)
                assert names() == ["given", "set-up"]

            @pytest.mark.parametrize("name", ["a", "b"])
            def test_two(self, name):
                client().create_environment_template(name=name)
                assert names() == [name, "set-up"]

        class TestInheriting(TestWithSetup):
            pass

        @mock_proton
        class TestWithout:
            def test_one(self):
                client().create_environment_template(name="one")
                assert names() == ["one"]

            def test_two(self, given):
                assert names() == []

            class TestNested:
                def test_three(self):
                    assert names() == []

        @pytest.fixture
        @mock_proton
        def world():
            client().create_environment_template(name="world")
            yield "world"

        def test_fixture(world):
            assert names() == [world]

        @mock_proton
        def test_function(given, tmp_path):
            assert names() == []
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=11)


@mock_proton
class TestThisVeryRunner:
    def setup_method(self) -> None:
        create("set-up")

    def test_one(self) -> None:
        create("one")
        assert names() == ["one", "set-up"]

    def test_two(self) -> None:
        create("two")
        assert names() == ["set-up", "two"]

    def teardown_method(self, method: object) -> None:
        assert "set-up" in names()
