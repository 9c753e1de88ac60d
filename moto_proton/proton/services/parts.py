"""Creates the instances and the pipelines of services, with the objects that they depend on."""

from __future__ import annotations

import uuid

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.requests import Request
from moto_proton.proton.deployments.provisioning import Provisioning
from moto_proton.proton.deployments.records import Deployments
from moto_proton.proton.environments.environment import Environment
from moto_proton.proton.services.instance import ServiceInstance
from moto_proton.proton.services.pipeline import ServicePipeline
from moto_proton.proton.services.service import Service


class ServiceParts:
    """Creates the parts of services in an account and region."""

    def __init__(
        self, account: Account, deployments: Deployments, provisioning: Provisioning
    ) -> None:
        self._account = account
        self._deployments = deployments
        self._provisioning = provisioning

    def instance(
        self,
        service: Service,
        name: str,
        environment: Environment,
        tags: dict[str, str],
        created_by: Request | None = None,
    ) -> ServiceInstance:
        """A new instance, added to its service; ``created_by`` is the call if the instance was
        created singly. Whichever call it was, the time of creation is its own.

        Rule 14-25.
        """
        instance = ServiceInstance(
            scope=self._account.scope,
            deployments=self._deployments,
            provisioned_by=self._provisioning,
            service=service,
            name=name,
            environment=environment,
            created_at=self._account.now,
            created_by=created_by,
            last_client_request_token=created_by.get("client_token") if created_by else None,
            self_managed=environment.self_managed,
            tags=tags,
        )
        instance.join()
        return instance

    def pipeline(self, service: Service, *, self_managed: bool) -> ServicePipeline:
        """A new pipeline of a service."""
        return ServicePipeline(
            scope=self._account.scope,
            deployments=self._deployments,
            provisioned_by=self._provisioning,
            service=service,
            id=str(uuid.uuid4()),
            created_at=self._account.now,
            self_managed=self_managed,
        )
