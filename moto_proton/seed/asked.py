"""What a caller asks of a seed, checked before anything is made: arguments that are misspelt, and
what is there already but is not what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from moto_proton import bridge, endpoints
from moto_proton.spelling import hint, is_slip

_VERSION: Final = re.compile(r"[1-9]\d*\.\d+")
_COMPATIBLE: Final = re.compile(r"[^:]+:[1-9]\d*")


def check_place(client: Any) -> None:
    """Raise ``RuntimeError`` if a client's calls would go to AWS."""
    if not bridge.mock_is_active() and endpoints.is_proton_url(client.meta.endpoint_url):
        raise RuntimeError(
            "no mock is active, and resources would be made in AWS: start mock_proton first, or "
            "give the client the endpoint_url of a server"
        )


def check_members(
    method: str, members: Iterable[str], own: Collection[str], of_request: Collection[str]
) -> None:
    """Raise ``TypeError`` for an argument that is neither the method's own nor the request's."""
    for name in members:
        if name not in of_request:
            known = sorted({*own, *of_request})
            meant = hint(name, known) or f"; it takes {', '.join(known)}"
            raise TypeError(f"seed.{method} has no argument {name!r}{meant}")


def check_versions(versions: Sequence[str]) -> None:
    """Raise ``ValueError`` unless these are full version numbers."""
    if isinstance(versions, str):
        raise ValueError(f"versions is a list, such as [{versions!r}], not {versions!r}")
    for version in versions:
        check_version(version)


def check_version(version: str) -> None:
    """Raise ``ValueError`` unless this is a full version number."""
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ValueError(f"a version is a full number in a string, such as '1.0'; got {version!r}")


def check_compatible(entries: Sequence[str]) -> None:
    """Raise ``ValueError`` unless these are environment templates with their major version."""
    for entry in [entries] if isinstance(entries, str) else entries:
        if isinstance(entries, str) or not _COMPATIBLE.fullmatch(entry):
            raise ValueError(
                "compatible_with is a list of environment templates with their major version, such "
                f"as ['network:1']; got {entry!r}"
            )


def check_placed(instances: object) -> None:
    """Raise ``ValueError`` unless these are environments by the name of an instance."""
    if not isinstance(instances, Mapping):
        raise ValueError(
            "instances are environments by the name of the instance, such as "
            f"{{'dev': 'dev-env'}}; got {instances!r}"
        )


def check_new_environments(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise ``ValueError`` for an environment that would be made because of a slip in its name."""
    there = list(known)
    for name in names:
        if name in there:
            continue
        meant = next((each for each in there if is_slip(name, each)), None)
        if meant is not None:
            raise ValueError(
                f"there is no environment {name!r}; did you mean {meant!r}? If it is to be another "
                f"one, make it first: seed.environment({name!r})"
            )
        there.append(name)


def check_same(what: str, found: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` if what is there is not what is asked for, by member of its answer.

    A seed makes what is missing and changes nothing, so that a call whose arguments can't hold says
    so.
    """
    for member, value in asked.items():
        if member not in found or not _is_same(member, found[member], value):
            there = repr(found[member]) if member in found else "none that Proton shows"
            raise ValueError(
                f"{what} is there already, and its {member} is {there}, not {value!r}; change it "
                "with its update operation, or leave the argument out"
            )


def _is_same(member: str, found: object, asked: object) -> bool:
    if member == "spec" and isinstance(found, str) and isinstance(asked, str):
        import yaml

        return bool(yaml.safe_load(found) == yaml.safe_load(asked))
    if isinstance(found, list) and isinstance(asked, list):
        return sorted(map(_order, found)) == sorted(map(_order, asked))
    return found == asked


def _order(value: object) -> str:
    return repr(sorted(value.items()) if isinstance(value, dict) else value)
