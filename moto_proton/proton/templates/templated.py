"""The base class of what runs on a template version: environments, service instances, pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from moto_proton.proton.deployments.deployable import Deployable
from moto_proton.proton.templates.numbers import Version


class HasText(Protocol):
    """A spec of either kind."""

    @property
    def text(self) -> str:
        """The text that it came from."""


class TemplatedState(Protocol):
    """What such a resource gets from a deployment: at least a spec and a template version."""

    @property
    def spec(self) -> HasText:
        """The spec."""

    @property
    def version(self) -> Version:
        """The number of the template version."""


TemplatedStateT = TypeVar("TemplatedStateT", bound=TemplatedState)


@dataclass(eq=False, kw_only=True)
class Templated(Deployable[TemplatedStateT]):
    """A resource that runs on a template version; its attributes show what was last deployed.

    Rule 3.1-21.
    """

    @property
    def spec(self) -> str | None:
        """The spec; of an instance and a pipeline, the whole service spec of that moment.

        Rules 3.1-22 and 4.3-8 to 4.3-10.
        """
        return self.deployed.spec.text if self.deployed is not None else None

    @property
    def template_major_version(self) -> str | None:
        """The major version, as on the wire."""
        return str(self.deployed.version.major) if self.deployed is not None else None

    @property
    def template_minor_version(self) -> str | None:
        """The minor version, as on the wire."""
        return str(self.deployed.version.minor) if self.deployed is not None else None


def versioned_view(state: TemplatedState, template_name: str) -> dict[str, Any]:
    """The part of a state that all deployment records show."""
    return {
        "spec": state.spec.text,
        "template_name": template_name,
        "template_major_version": str(state.version.major),
        "template_minor_version": str(state.version.minor),
    }
