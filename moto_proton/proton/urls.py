"""The URLs of the Proton backend, in the form that moto's backends need.

``moto_proton.endpoints`` knows the hosts. All paths are included, so that a request with a wrong
one gets Proton's own error and not a bare 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto_proton.endpoints import URL_BASE

url_bases: Final = [URL_BASE]


def url_paths(dispatch: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """The paths below, each answered by ``dispatch``."""
    return {"{0}/$": dispatch, "{0}/(?P<path>.+)$": dispatch}
