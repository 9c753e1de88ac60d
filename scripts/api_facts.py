"""Writes and checks the package's own copy of the API's facts, ``moto_proton/api/data``.

::

    python -m scripts.api_facts           # writes the files from the installed botocore's
    python -m scripts.api_facts --check   # exits with 1 when they say something else than botocore

A copy, since botocore drops services that have ended. It holds what a program needs: operations,
shapes and their constraints, waiters, paginators, endpoint rules. It has no prose: botocore's texts
are left out, or replaced by our own where a text is required. Whether AWS has deprecated an
operation is left out as well: it changes no request or answer.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.endpoint_provider import EndpointProvider  # noqa: TID251
from botocore.exceptions import (  # noqa: TID251
    DataNotFoundError,
    EndpointProviderError,
    UnknownServiceError,
)
from botocore.loaders import Loader, create_loader  # noqa: TID251

from moto_proton import endpoints
from moto_proton.api import MODEL_PATH

VERSION: Final = "2020-07-20"
RULES: Final = "endpoint-rule-set-1"
KINDS: Final = ("service-2", "waiters-2", "paginators-1", "examples-1", RULES)

LEFT_OUT: Final = frozenset({"documentation", "description", "deprecated", "deprecatedMessage"})
"""Members of botocore's files that are prose, or say that the service has ended."""


class NoModelError(LookupError):
    """The installed botocore has no Proton (any more)."""


def facts(kind: str) -> Any:
    """The facts in one of botocore's files, as they stand in ours.

    Raises :class:`NoModelError`.
    """
    try:
        # Not with load_service_model, which moto_proton extends if botocore has no Proton.
        document = create_loader().load_data(f"proton/{VERSION}/{kind}")
    except (DataNotFoundError, UnknownServiceError) as error:
        raise NoModelError("The installed botocore has no model of AWS Proton.") from error
    return without_prose(document)


def copied(kind: str) -> Any:
    """The same from our files, read as botocore reads them."""
    ours = Loader(extra_search_paths=[MODEL_PATH], include_default_search_paths=False)
    return ours.load_data(f"proton/{VERSION}/{kind}")


def without_prose(value: Any) -> Any:
    """The value without sentences; endpoint errors get ours."""
    if isinstance(value, Mapping):
        # A member that happens to have such a name is a mapping, not a text.
        return {
            key: error_message(each) if key == "error" and isinstance(each, str) else each
            for key, each in ((key, without_prose(each)) for key, each in value.items())
            if not (key in LEFT_OUT and isinstance(each, str | bool))
        }
    if isinstance(value, list):
        return [without_prose(each) for each in value]
    return value


def error_message(text: str) -> str:
    """Our own text for an endpoint error. The error code of a waiter stays as it is."""
    if " " not in text:
        return text
    words = text.lower()
    variants = [name for name in ("FIPS", "dual-stack") if name.lower().replace("-", "") in words]
    if "custom endpoint" in words and variants:
        return f"A custom endpoint takes no {' or '.join(variants)}."
    if variants:
        return f"This partition has no endpoints that are {' and '.join(variants)}."
    if "region" in words:
        return "No region is given."
    raise ValueError(f"The endpoint rules have an error that this script does not know: {text}")


def write() -> int:
    """Write all files anew; the sum of their sizes in bytes."""
    folder = MODEL_PATH / "proton" / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for kind in KINDS:
        size += (folder / f"{kind}.json").write_text(as_text(facts(kind)), encoding="utf-8")
    return size


def as_text(document: Mapping[str, Any]) -> str:
    """Compact JSON, in which each operation, shape, waiter and paginator has a line."""
    parts = []
    for key, value in document.items():
        if isinstance(value, Mapping):
            lines = ",\n".join(f"{_compact(name)}:{_compact(each)}" for name, each in value.items())
            parts.append(f"{_compact(key)}:{{\n{lines}\n}}")
        else:
            parts.append(f"{_compact(key)}:{_compact(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def differences() -> list[str]:
    """Where our copy says something else than the installed botocore.

    Endpoint rules are compared by the endpoints they lead to, as botocore has written them in more
    than one way. Raises :class:`NoModelError`.
    """
    found: list[str] = []
    for kind in KINDS:
        theirs = facts(kind)
        if kind != RULES:
            found += _differing(kind, copied(kind), theirs)
    found += _differing("endpoints", resolved(copied(RULES)), resolved(facts(RULES)))
    found += _differing("regions", regions_copied(), regions_known())
    return found


def resolved(rules: Any) -> dict[str, str]:
    """The endpoint, or the error, for every region and kind of endpoint."""
    partitions = create_loader().load_data("partitions")
    provider = EndpointProvider(rules, partitions)
    regions = [region for each in partitions["partitions"] for region in each["regions"]]
    result = {}
    for region, fips, dual_stack, custom in itertools.product(
        [*regions, "us-unknown-9", None], (False, True), (False, True), (None, "http://localhost:1")
    ):
        given = {"Region": region, "Endpoint": custom}
        parameters: dict[str, Any] = {k: each for k, each in given.items() if each is not None}
        parameters |= {"UseFIPS": fips, "UseDualStack": dual_stack}
        try:
            answer = provider.resolve_endpoint(**parameters).url
        except EndpointProviderError as error:
            answer = f"error: {error}"
        result[" ".join(f"{k}={each}" for k, each in parameters.items())] = answer
    return result


def regions_known() -> dict[str, list[str]]:
    """Proton's regions by partition, as botocore lists them."""
    partitions = create_loader().load_data("endpoints")["partitions"]
    return {
        each["partition"]: sorted(each["services"]["proton"]["endpoints"])
        for each in partitions
        if "proton" in each["services"]
    }


def regions_copied() -> dict[str, list[str]]:
    """The same in our ``endpoints``."""
    return {endpoints.PARTITION: sorted(endpoints.REGIONS)}


def _differing(path: str, ours: Any, theirs: Any) -> Iterator[str]:
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in sorted({*ours, *theirs}):
            where = f"{path} / {key}"
            if key not in ours or key not in theirs:
                yield f"{where}: only {'botocore' if key in theirs else 'moto_proton'} has it"
            else:
                yield from _differing(where, ours[key], theirs[key])
    elif ours != theirs:
        yield f"{path}: botocore has {theirs!r}, moto_proton {ours!r}"


def main() -> None:
    """Write the copy, or check it."""
    parser = argparse.ArgumentParser(prog="python -m scripts.api_facts", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    try:
        if parser.parse_args().check:
            found = differences()
            if found:
                sys.exit("\n".join([*found, "Run python -m scripts.api_facts."]))
            print("The copy of the API's facts says what the installed botocore says.")
        else:
            print(f"Wrote {write()} bytes below {MODEL_PATH}")
    except NoModelError as error:
        sys.exit(f"{error} There is nothing to compare with.")


if __name__ == "__main__":
    main()
