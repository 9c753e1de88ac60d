"""The status of a template version."""

from __future__ import annotations

from enum import Enum
from typing import Final

from moto_proton.proton.account.status_machine import StatusMachine


class TemplateVersionStatus(str, Enum):
    """The values of a template version's ``status`` (service model) (Rule 3.4-1)."""

    REGISTRATION_IN_PROGRESS = "REGISTRATION_IN_PROGRESS"
    REGISTRATION_FAILED = "REGISTRATION_FAILED"
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


USABLE = frozenset({TemplateVersionStatus.DRAFT, TemplateVersionStatus.PUBLISHED})

TEMPLATE_VERSION: Final = StatusMachine(
    start=TemplateVersionStatus.REGISTRATION_IN_PROGRESS,
    follows={
        TemplateVersionStatus.REGISTRATION_IN_PROGRESS: frozenset(
            {TemplateVersionStatus.DRAFT, TemplateVersionStatus.REGISTRATION_FAILED}
        ),
        TemplateVersionStatus.DRAFT: frozenset({TemplateVersionStatus.PUBLISHED}),
        TemplateVersionStatus.PUBLISHED: frozenset(),
        TemplateVersionStatus.REGISTRATION_FAILED: frozenset(),
    },
    final=frozenset({TemplateVersionStatus.PUBLISHED, TemplateVersionStatus.REGISTRATION_FAILED}),
)
"""The statuses of template versions."""
