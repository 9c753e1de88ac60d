"""Messages of refusals that several resources share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from moto_proton.proton.exceptions import ValidationError
from moto_proton.spec import CurrentValueError, SpecError

_NAMES_SHOWN: Final = 5


def some_of(names: Collection[str]) -> str:
    """Names for a message: all of a few, the first of many."""
    shown = ", ".join(sorted(names)[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


@contextmanager
def reading_spec() -> Iterator[None]:
    """Turn the errors of ``moto_proton.spec`` into ValidationException.

    All operations word it as CreateService does.

    Rules 4.1-13 and 5.2-4.
    """
    try:
        yield
    except (SpecError, CurrentValueError) as error:
        raise ValidationError(str(error)) from error
