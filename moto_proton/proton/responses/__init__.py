"""HTTP in, HTTP out: the handlers of all operations, one module per resource, and what serves them.

``operations`` is the table of all operations.
"""

from __future__ import annotations

from moto_proton.proton.responses.base import ProtonResponse
from moto_proton.proton.responses.operations import OPERATIONS

__all__ = ["OPERATIONS", "ProtonResponse"]
