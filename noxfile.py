"""The tests on every Python, moto and botocore that is promised: ``nox``, ``nox --list``.

``nox -s tests`` runs all of the matrix, ``nox -s oldest newest without_proton`` its corners, as
``.ci/run`` does. Interpreters that are not installed are skipped.
"""

from __future__ import annotations

import nox

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
MOTOS = ["5.1.0", "5.1.22", "5.2.0", "5.2.3", "newest"]
PINS = "requirements/pins.txt"
OLDEST = "requirements/oldest.txt"

nox.options.sessions = ["lint", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False


@nox.session(python=PYTHONS)
@nox.parametrize("moto", MOTOS)
def tests(session: nox.Session, moto: str) -> None:
    """The whole suite on one Python and one moto, with the newest of everything else."""
    pin = "moto" if moto == "newest" else f"moto=={moto}"
    session.install("-e", ".[test]", pin)
    _test(session)


@nox.session
def oldest(session: nox.Session) -> None:
    """The whole suite on the oldest release of everything that ``setup.cfg`` promises."""
    _install(session, OLDEST, "test")
    _test(session)


@nox.session
def newest(session: nox.Session) -> None:
    """The whole suite on the newest release of everything, pinned or not: what users get today."""
    session.install("-e", ".[test]")
    _test(session)


@nox.session
def without_proton(session: nox.Session) -> None:
    """The whole suite on a botocore from which Proton was removed."""
    _install(session, PINS, "test")
    directory = session.create_tmp()
    session.run("python", "-m", "scripts.botocore_without_proton", directory)
    _test(session, env={"PYTHONPATH": directory})


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, and which room imports which."""
    _install(session, PINS, "test,lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


def _install(session: nox.Session, pins: str, extras: str) -> None:
    """Install the package in the releases that a file names, setuptools that build it included."""
    session.install("-c", pins, "setuptools")
    session.install("-c", pins, "--no-build-isolation", "-e", f".[{extras}]")


def _test(session: nox.Session, env: dict[str, str] | None = None) -> None:
    session.run("python", "--version")
    flags = session.posargs or ["-q", "-n", "2"]
    session.run("python", "-m", "pytest", "-m", "not proof", *flags, env=env)
