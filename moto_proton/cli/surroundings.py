"""What a bundle is rendered among: names, accounts, outputs and a repository, from the options."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from moto_proton.cli.ending import Status, fail, note
from moto_proton.cli.outputs import read_outputs
from moto_proton.cli.per_name import values_by_name

if TYPE_CHECKING:
    from moto_proton.render import AttachedComponent, DeployedEnvironment, ServiceParameters
    from moto_proton.spec import ServiceSpec

Outputs = Mapping[str, str]

ACCOUNT: Final = "123456789012"
_MADE_UP_COMPONENT: Final = "my-component"
_MADE_UP_REPOSITORY: Final = "my-organization/my-repository"
_MADE_UP_CONNECTION: Final = (
    f"arn:aws:codestar-connections:us-east-1:{ACCOUNT}:connection/my-connection"
)
# What was not given, and has a value nevertheless: the option that gives it.
_MADE_UP: Final = {
    _MADE_UP_COMPONENT: "--component",
    _MADE_UP_REPOSITORY: "--repository-id",
    _MADE_UP_CONNECTION: "--repository-connection-arn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options as they were given; those with several values may have names in them."""

    account_id: Sequence[str]
    environment_outputs: Sequence[str]
    component: Sequence[str]
    component_outputs: Sequence[str]
    instance_outputs: Sequence[str]
    repository_id: str | None
    repository_connection_arn: str | None
    branch_name: str | None

    def files(self) -> list[str]:
        """The files of outputs, without the names before them."""
        given = (*self.environment_outputs, *self.component_outputs, *self.instance_outputs)
        return [text.rpartition("=")[2] for text in given]

    def refuse_for_environment(self) -> None:
        """End the command if there is any: an environment is rendered with its inputs alone."""
        for option in self.__slots__:
            if getattr(self, option):
                said = "--" + option.replace("_", "-")
                fail(Status.USAGE, f"{said} is for service bundles, and this is an environment's")

    def surroundings(
        self, name: str, spec: ServiceSpec, instances: Sequence[str], *, pipeline: bool
    ) -> Surroundings:
        """What the service ``name`` is rendered among; files are read.

        ``instances`` are those that are rendered. Ends the command for what does not fit the spec.
        """
        environment_of = {entry.name: entry.environment for entry in spec.instances}
        rendered = environment_of if pipeline else instances
        environments = list(dict.fromkeys(environment_of[each] for each in rendered))
        all_instances = list(environment_of)
        of_environments = partial(
            values_by_name,
            kind="environment",
            known=list(dict.fromkeys(environment_of.values())),
            used=environments,
        )
        of_instances = partial(values_by_name, kind="service instance", known=all_instances)
        accounts = of_environments("--account-id", self.account_id, may_be_shared=True)
        for account in accounts.values():
            if not re.fullmatch("[0-9]{12}", account):
                fail(Status.USAGE, f"--account-id {account}: an account id is twelve digits")
        outputs = of_environments("--environment-outputs", self.environment_outputs)
        for environment in environments if outputs else ():
            if environment not in outputs:
                note(f"no --environment-outputs for environment {environment}")
        of_rendered = partial(of_instances, used=instances)
        components = of_rendered("--component", self.component)
        component_outputs = of_rendered("--component-outputs", self.component_outputs)
        for_pipeline = all_instances if pipeline else []
        instance_outputs = of_instances(
            "--instance-outputs", self.instance_outputs, used=for_pipeline
        )
        repository = (self.repository_id, self.repository_connection_arn, self.branch_name)
        if any(repository) and not pipeline:
            note("the options of the repository are not used: no pipeline is rendered")
        return Surroundings(
            name,
            accounts,
            _read(outputs, environments),
            {
                instance: components.get(instance, _MADE_UP_COMPONENT)
                for instance in (*components, *component_outputs)
            },
            _read(component_outputs, instances),
            _read(instance_outputs, for_pipeline),
            *repository,
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names, accounts and outputs by the names of environments and service instances."""

    name: str
    accounts: Mapping[str, str]
    environment_outputs: Mapping[str, Outputs]
    components: Mapping[str, str]
    component_outputs: Mapping[str, Outputs]
    instance_outputs: Mapping[str, Outputs]
    repository_id: str | None
    repository_connection_arn: str | None
    branch_name: str | None

    def environment(self, name: str) -> DeployedEnvironment:
        """An environment of the spec."""
        from moto_proton.render import DeployedEnvironment

        account = self.accounts.get(name, ACCOUNT)
        return DeployedEnvironment(name, account, self.environment_outputs.get(name, {}))

    def component(self, instance: str) -> AttachedComponent | None:
        """The component that is attached to a service instance."""
        from moto_proton.render import AttachedComponent

        if instance not in self.components:
            return None
        outputs = self.component_outputs.get(instance, {})
        return AttachedComponent(self.components[instance], outputs)

    def service_with_repository(self) -> ServiceParameters:
        """The service as its pipeline sees it."""
        from moto_proton.render import ServiceParameters

        return ServiceParameters(
            self.name,
            repository_id=self.repository_id or _MADE_UP_REPOSITORY,
            repository_connection_arn=self.repository_connection_arn or _MADE_UP_CONNECTION,
            branch_name=self.branch_name or "main",
        )


def note_what_is_made_up(files: Mapping[str, str]) -> None:
    """Say which rendered files hold something that nobody has given."""
    for path, text in files.items():
        for value, option in _MADE_UP.items():
            if value in text:
                note(f"{path}: {value} is made up; give {option}")


def _read(sources: Mapping[str, str], used: Sequence[str]) -> Mapping[str, Outputs]:
    return {name: read_outputs(source) for name, source in sources.items() if name in used}
