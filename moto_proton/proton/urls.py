"""Which URLs reach the Proton backend, in the form that moto's backends read them.

The hosts themselves are known to ``moto_proton.endpoints``. Every path is ours, so that a request
with a wrong one is answered by Proton's own error and not by a bare 404.
"""

from __future__ import annotations

from moto_proton.endpoints import URL_BASE
from moto_proton.proton.responses import ProtonResponse

url_bases = [URL_BASE]

url_paths = {
    "{0}/$": ProtonResponse.dispatch,
    "{0}/(?P<path>.+)$": ProtonResponse.dispatch,
}
