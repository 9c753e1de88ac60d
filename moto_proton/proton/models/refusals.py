"""Spec problems as Proton refuses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from moto_proton.proton.exceptions import ValidationError
from moto_proton.spec import CurrentValueError, SpecError


@contextmanager
def reading_spec() -> Iterator[None]:
    """Turn what the spec room raises into ValidationException.

    The text for a spec that is not well formed is recorded from CreateService; that the other
    operations use it too is inferred.
    """
    try:
        yield
    except (SpecError, CurrentValueError) as error:
        raise ValidationError(str(error)) from error
