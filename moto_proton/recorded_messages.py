"""What Proton said, word for word: the one table of recorded messages, with where each is from.

Every other message is our own. Sources are those of docs/behaviour.md; its section 13 shows the
texts as they were recorded.

Internal: no part of the public API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded text, with ``{names}`` in place of what differs from case to case."""

    rule: str
    source: str
    text: str

    def __call__(self, **values: str) -> str:
        """The text of a case."""
        return self.text.format(**values)


SPEC_NOT_CORRECTLY_FORMATTED: Final = Recorded(
    "13-1",
    "GO-1415",
    "The provided {kind} Spec file was not correctly formatted. Please check that it is valid yaml "
    "according to the Spec definition.",
)
NO_PIPELINE_ROLES: Final = Recorded(
    "13-2",
    "CFN-ISS-44",
    "Operation cannot be run until pipeline roles have been configured",
)
MISSING_VERSION: Final = Recorded(
    "13-3", "ISS-79", "The requested {kind} template version does not exist: {arn}"
)
PIPELINE_CANCELED: Final = Recorded(
    "13-4",
    "CFN-ISS-47",
    "Service Instance(s): [{arns}] failed to deploy - canceling pipeline deployment",
)
NULL_IN_TEMPLATE: Final = Recorded(
    "13-5", "CFN-ISS-47", "[{path}] 'null' values are not allowed in templates"
)
SCHEMA_NOT_VALID: Final = Recorded(
    "13-6", "CFN-ISS-9", "{kind} template schema is not valid: {detail}"
)
MISSING_PROPERTY: Final = Recorded("13-6", "CFN-ISS-9", "Missing property [{name}]")
CANCELLED_BY_USER: Final = Recorded(
    "13-7", "UpdateEnv, UpdateInstance, UpdatePipeline", "User initiated cancellation."
)
ILLEGAL_CHARACTERS: Final = Recorded(
    "13-8", "Filters", 'Illegal character(s) detected in "{text}". Must match regex {pattern}'
)
NOT_AUTHORIZED: Final = Recorded(
    "13-9", "IAM", "User: {principal} is not authorized to perform: {action}"
)
CLONE_STARTED: Final = Recorded("13-10", "Repos", "Clone started")
CONFIG_UPDATED: Final = Recorded("13-10", "Repos", "Updated configuration")
STARTING_SYNC: Final = Recorded("13-10", "Repos", "Starting syncs for commit {sha}")
IDEMPOTENT_PARAMETER_MISMATCH: Final = Recorded(
    "6.0.1-7", "CFN-ISS-58", "Idempotent parameter mismatch"
)
