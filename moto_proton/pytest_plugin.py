"""The pytest plugin: Proton in a test by naming a fixture.

pytest loads it in every run where moto_proton is installed, so it imports nothing but pytest until
a test uses one of its fixtures; a test runs pytest in a subprocess to check that. What the fixtures
return is defined in ``mock``, ``seed`` and ``faults``.

Internal: no part of the public API.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Final, NoReturn

import pytest

if TYPE_CHECKING:
    from mypy_boto3_proton import ProtonClient

    from moto_proton.mock import MockProton
    from moto_proton.seed import Seed
    from moto_proton.wrapping import Around

_FALLBACK_REGION: Final = "us-east-1"
_ACCOUNT_ID: Final = re.compile(r"\d{12}")
_PLACE: Final = ("region", "account_id")
_KEYWORDS: Final = (*_PLACE, "config")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options. Their names carry a prefix, as all plugins share one list of
    names."""
    parser.addini("proton_region", "Region of the Proton fixtures, unless a marker names one.")
    parser.addini("proton_account_id", "Account of the Proton fixtures, unless a marker names one.")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "proton(region=..., account_id=..., config={...}): where the Proton fixtures of this test "
        "live, and the settings of their mock as in mock_proton(config={'proton': {...}}); the ini "
        "options proton_region and proton_account_id say the place for all tests.",
    )


_EMPTIED: Final = pytest.StashKey[bool]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Watch fixtures if there is a test that it is for; a session without Proton does not pay."""
    if any("proton_mock" in getattr(item, "fixturenames", ()) for item in items):
        config.pluginmanager.register(_EmptyProtonFirst())
    if "moto_proton.wrapping" in sys.modules:
        config.pluginmanager.register(_AroundDecoratedClasses())


class _EmptyProtonFirst:
    """Empties Proton before the first fixture or set-up method that is the test's own.

    By then the fixtures of wider scopes are there, which may have started a mock; and what the
    test's own fixtures make in Proton is there in the test, whichever of them comes first.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> None:
        """Called for every fixture."""
        if fixturedef.scope == "function" and "proton_mock" in request.fixturenames:
            _empty_proton_once(request.node)


class _AroundDecoratedClasses:
    """Holds the mock of a decorated class during its tests, static and class methods among them.

    And while fixtures of the class are set up and torn down: pytest calls ``setup_class`` and
    ``setup_method`` in fixtures of the class, too. The mock of the first fixture that a test has of
    its class lasts until the test and its fixtures have ended.
    """

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Called for every fixture."""
        from moto_proton.wrapping import FRESH, KEEP

        around = _around_fixture(fixturedef, request)
        if around is None:
            return (yield)
        # Finalizers are called last in, first out, and the fixture adds its own when it is set up.
        stack = ExitStack()
        fixturedef.addfinalizer(stack.close)
        if fixturedef.scope == "function":
            stack.enter_context(around(FRESH))
            return (yield)
        try:
            with around(KEEP):
                return (yield)
        finally:
            fixturedef.addfinalizer(lambda: stack.enter_context(around(KEEP)))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Called for every test, but those of unittest's classes, which hold the mock anyway."""
        from moto_proton.wrapping import FRESH, around_of

        around = around_of(pyfuncitem.cls)
        if around is None:
            return (yield)
        # Fixtures may hold the mock already; then this one empties nothing.
        with around(FRESH):
            return (yield)


def _around_fixture(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Around | None:
    """The mock of the decorated class that defines the fixture, if one does."""
    from moto_proton.wrapping import around_of

    node = getattr(fixturedef, "node", None)  # since pytest 9.1
    place = fixturedef.baseid if node is None else node.nodeid
    for each in request.node.listchain():
        if isinstance(each, pytest.Class) and each.nodeid == place:
            return around_of(each.obj)
    return None


def _empty_proton_once(item: pytest.Item) -> None:
    """Empty Proton if a mock is active that was there before the test."""
    if item.stash.get(_EMPTIED, False):
        return
    item.stash[_EMPTIED] = True
    from moto_proton import bridge

    if bridge.mock_is_active():
        from moto_proton.emptying import empty_proton

        empty_proton()


@dataclass(frozen=True, slots=True)
class _Place:
    """The region and the account of a test; if the account is None, moto decides it.

    ``settings`` are those of the mock.
    """

    region: str
    account_id: str | None
    settings: dict[str, object]


@pytest.fixture
def _proton_place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> _Place:
    """Set the region and the account, for our client and for clients that the code under test
    makes.
    """
    place = _place_of(request)
    monkeypatch.setenv("AWS_DEFAULT_REGION", place.region)
    if place.account_id is not None:
        monkeypatch.setenv("MOTO_ACCOUNT_ID", place.account_id)
    return place


@pytest.fixture
def proton_mock(request: pytest.FixtureRequest, _proton_place: _Place) -> Iterator[MockProton]:
    """An active mock of Proton and the rest of AWS, with nothing in it.

    If another mock is active already, for the whole session say, this one shares its data: Proton
    is emptied before the test's own set-up and fixtures, the other services keep what they have.

    While it is active, ``AWS_DEFAULT_REGION`` is the region of the test: that of its marker, else
    of the ini option ``proton_region``, else what it was already, else us-east-1.
    """
    from moto_proton.mock import MockProton

    _empty_proton_once(request.node)
    settings = _proton_place.settings
    with MockProton({"proton": settings} if settings else None) as mock:
        yield mock
    request.node.stash[_EMPTIED] = False


@pytest.fixture
def proton_client(proton_mock: MockProton, _proton_place: _Place) -> ProtonClient:
    """A boto3 client for Proton, in the mock."""
    import boto3

    client: ProtonClient = boto3.client("proton", region_name=_proton_place.region)
    return client


@pytest.fixture
def proton_seed(proton_client: ProtonClient) -> Seed:
    """Worlds in one call, made with ``proton_client``; see ``moto_proton.seed``."""
    from moto_proton.seed import Seed

    return Seed(proton_client)


@pytest.fixture
def proton_faults(proton_mock: MockProton) -> Iterator[ModuleType]:
    """The module ``moto_proton.faults``; unused faults are cleared after the test."""
    from moto_proton import faults

    try:
        yield faults
    finally:
        faults.clear()


def _place_of(request: pytest.FixtureRequest) -> _Place:
    given: dict[str, str] = {}
    settings: dict[str, object] = {}
    for keyword in _PLACE:
        ini: str = request.config.getini(f"proton_{keyword}")
        if ini:
            given[keyword] = _checked(f"The ini option proton_{keyword}", keyword, ini)
    # Module first, then class, then function, so that the nearest marker wins.
    for marker in reversed(list(request.node.iter_markers("proton"))):
        place, config = _read_marker(marker)
        given.update(place)
        settings.update(config)
    region = given.get("region") or os.environ.get("AWS_DEFAULT_REGION") or _FALLBACK_REGION
    return _Place(region, given.get("account_id"), settings)


def _read_marker(marker: pytest.Mark) -> tuple[dict[str, str], Mapping[str, object]]:
    """The place and the settings that a marker names."""
    if marker.args:
        _refuse("pytest.mark.proton takes keywords only: region=..., account_id=..., config=...")
    from moto_proton.spelling import refuse_unknown

    try:
        refuse_unknown("pytest.mark.proton", marker.kwargs, _KEYWORDS)
    except ValueError as error:
        _refuse(str(error))
    place = {
        keyword: _checked(f"pytest.mark.proton({keyword}=...)", keyword, value)
        for keyword, value in marker.kwargs.items()
        if keyword in _PLACE
    }
    return place, _checked_config(marker.kwargs.get("config", {}))


def _checked_config(config: object) -> Mapping[str, object]:
    from moto_proton.settings import check

    try:
        check(config)
    except ValueError as error:
        _refuse(f"pytest.mark.proton(config=...): {error}")
    if not isinstance(config, Mapping):
        _refuse(f"pytest.mark.proton(config=...) must be a mapping, not {config!r}")
    return config


def _checked(where: str, keyword: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        _refuse(f"{where} must be a string, not {value!r}")
    if keyword == "account_id" and not _ACCOUNT_ID.fullmatch(value):
        _refuse(f"{where} must be a string of 12 digits, not {value!r}")
    return value


def _refuse(message: str) -> NoReturn:
    pytest.fail(message, pytrace=False)
