"""What the answer to a call that changes something leaves out of the resource in it.

Recorded answers lack these members though the resource has them: read them with Get. Rows of one
operation each; what no row names is answered whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOT_YET_READ: Final = frozenset({"recommendedMinorVersion", "schema", "statusMessage"})
_SCHEMA: Final = frozenset({"recommendedMinorVersion", "schema"})
_SPEC: Final = frozenset({"spec"})

# The service's own Create, Update and Delete are recorded without spec, pipeline and branchName as
# well. They keep them: the model requires the spec, and their pages in the API reference document
# all three (Rules 3.7-18 and 3.7-19).
LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "CancelServicePipelineDeployment": _SPEC,  # Rule 3.7-8
    "CreateEnvironment": _SPEC,  # Rule 3.7-9
    "CreateEnvironmentTemplateVersion": _NOT_YET_READ,  # Rule 3.7-13
    "CreateServiceTemplateVersion": _NOT_YET_READ,  # Rule 3.7-13
    "DeleteEnvironment": _SPEC,  # Rule 3.7-12
    "DeleteEnvironmentTemplateVersion": _SCHEMA,  # Rule 3.7-15
    "DeleteServiceTemplateVersion": _SCHEMA,  # Rule 3.7-15
    "UpdateEnvironment": _SPEC,  # Rule 3.7-10
    "UpdateServiceInstance": _SPEC,  # Rule 3.7-5
}
"""The members that are left out, by operation.

Other answers are recorded whole: Rules 3.7-6, 3.7-7, 3.7-11 and 3.7-14.
"""
