"""What the instances and the pipeline of a service have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto_proton.bundle import ServiceBundle
from moto_proton.proton.templates.numbers import Version
from moto_proton.proton.templates.templated import Templated
from moto_proton.spec import ServiceSpec

if TYPE_CHECKING:
    from moto_proton.proton.services.service import Service


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What an instance or a pipeline gets from a deployment: a whole service spec and a version."""

    spec: ServiceSpec
    version: Version
    bundle: ServiceBundle | None


@dataclass(eq=False, kw_only=True)
class ServiceRunner(Templated[ServiceState]):
    """The base class of instances and pipelines."""

    service: Service

    def _states_changed(self) -> None:
        self.service.references.note(self.resource, self._uses())

    def _uses(self) -> set[str]:
        """The template versions that it runs on and is being deployed on (Rule 7.5-10)."""
        template = f"service-template/{self.template_name}"
        return {f"{template}:{state.version}" for state in self.states_in_use}

    @property
    def related_arns(self) -> dict[str, str]:
        """Those of the service template and the service."""
        return {"template": self.service.template_arn, "service": self.service.arn}

    @property
    def template_name(self) -> str:
        """The name of the service template."""
        return self.service.template_name
