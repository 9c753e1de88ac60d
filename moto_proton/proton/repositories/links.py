"""Linked repositories.

Rules: section 6.2 of docs/behaviour.md. The connection itself is not checked, as the mock has no
git provider.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from moto_proton.proton.account.account import Account
from moto_proton.proton.account.listing import Collection, Page, PageRequest
from moto_proton.proton.account.refusals import some_of
from moto_proton.proton.account.requests import Request, answer_equal_create
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.account.tags import read_tags
from moto_proton.proton.exceptions import (
    ConflictError,
    ResourceNotFoundError,
    ValidationError,
)


@dataclass(frozen=True, slots=True)
class RepositoryBranch:
    """A branch of a linked repository, as environments and account settings name it."""

    arn: str
    provider: str
    name: str
    branch: str

    @property
    def repository(self) -> str:
        """The resource part of the ARN of the repository."""
        return repository_resource(self.provider, self.name)


@dataclass(eq=False, kw_only=True)
class LinkedRepository:
    """The link to a repository."""

    scope: Scope
    provider: str
    name: str
    connection_arn: str
    created_at: datetime
    created_by: Request
    encryption_key: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    modified: bool = False

    @property
    def key(self) -> str:
        """The unique key: a name is unique only within its provider."""
        return _key(self.provider, self.name)

    @property
    def resource(self) -> str:
        """The resource part of the ARN (Rule 2-12)."""
        return repository_resource(self.provider, self.name)

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.scope.arn(self.resource)


class Repositories:
    """The linked repositories of an account and region."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._repositories: Collection[LinkedRepository] = Collection(
            key=lambda repository: repository.key
        )

    def find(self, provider: str, name: str) -> LinkedRepository | None:
        """The link to that repository, or None."""
        return self._repositories.get(_key(provider, name))

    def find_by_key(self, key: str) -> LinkedRepository | None:
        """The link by the last part of its ARN, ``github:owner/name``."""
        return self._repositories.get(key)

    def get(self, provider: str, name: str) -> LinkedRepository:
        """The link to that repository; :class:`ResourceNotFoundError` when there is none.

        Rule 6.2-5.
        """
        repository = self.find(provider, name)
        if repository is None:
            raise ResourceNotFoundError(f"The {provider} repository {name} is not linked")
        return repository

    def check_linked(self, request: Request) -> None:
        """Refuse a new sync config whose repository is not linked.

        The create operations have no ResourceNotFoundException for it.

        Rules 11.1-3 and 11.3-2.
        """
        provider, name = request["repository_provider"], request["repository_name"]
        if self.find(provider, name) is None:
            raise ValidationError(f"The {provider} repository {name} is not linked")

    def branch(self, member: dict[str, str]) -> RepositoryBranch | None:
        """The branch that a request names, or None when its repository is not linked."""
        repository = self.find(member["provider"], member["name"])
        if repository is None:
            return None
        return RepositoryBranch(
            repository.arn, repository.provider, repository.name, member["branch"]
        )

    def page(self, request: PageRequest) -> Page[LinkedRepository]:
        """A page of the links."""
        return self._repositories.page(request)

    def create(self, request: Request) -> LinkedRepository:
        """Link a repository; linking it again returns the existing link.

        Rules 6.2-1 to 6.2-4.
        """
        tags = read_tags(request.get("tags"))
        existing = self.find(request["provider"], request["name"])
        if existing is not None:
            return answer_equal_create(existing, request)
        self._account.check_key(request.get("encryption_key"))
        repository = LinkedRepository(
            scope=self._account.scope,
            provider=request["provider"],
            name=request["name"],
            connection_arn=request["connection_arn"],
            created_at=self._account.now,
            created_by=request,
            encryption_key=request.get("encryption_key"),
            tags=tags,
        )
        self._repositories.add(repository)
        return repository

    def delete(self, provider: str, name: str) -> LinkedRepository:
        """Remove a link that nothing uses (Rules 3.3-16, 6.0.3-3 and 6.2-7 to 6.2-9)."""
        repository = self.get(provider, name)
        users = self._account.references.users_of(repository.resource)
        if users:
            raise ConflictError(f"{repository.arn} is in use by {some_of(users)}")
        self._repositories.discard(repository)
        return repository


def repository_resource(provider: str, name: str) -> str:
    """The resource part of the ARN of a linked repository."""
    return f"repository/{_key(provider, name)}"


def _key(provider: str, name: str) -> str:
    return f"{provider.lower()}:{name}"
