"""Environment templates: what only this kind of template has.

Rules: section 6.3 of docs/behaviour.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto_proton.bundle import EnvironmentBundle, read_environment_bundle
from moto_proton.proton.account.requests import Request
from moto_proton.proton.templates.template import Template
from moto_proton.proton.templates.templates import Templates, members_given


@dataclass(eq=False, kw_only=True)
class EnvironmentTemplate(Template):
    """``provisioning`` is CUSTOMER_MANAGED or absent, for good."""

    kind = "environment"

    provisioning: str | None = None

    def read_bundle(self, archive: bytes) -> EnvironmentBundle:
        """The environment bundle in an archive; raises BundleError."""
        return read_environment_bundle(archive, customer_managed=self.provisioning is not None)


class EnvironmentTemplates(Templates[EnvironmentTemplate]):
    """The environment templates of an account and region."""

    template_type = EnvironmentTemplate

    def _own_members(self, request: Request) -> dict[str, Any]:
        return members_given(request, "provisioning")
