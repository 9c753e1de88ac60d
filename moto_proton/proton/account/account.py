"""What everything in one account and region shares: names, time, settings, tokens, references.

Collections get this object and, as separate arguments, the other collections that they use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from moto_proton.proton.account.faults import FaultBook
from moto_proton.proton.account.progression import Progression
from moto_proton.proton.account.references import References
from moto_proton.proton.account.requests import ClientTokens
from moto_proton.proton.account.scope import Scope
from moto_proton.proton.exceptions import ServiceQuotaExceededError, ValidationError
from moto_proton.settings import Settings


class Account:
    """One account in one region.

    ``settings_of`` answers with the settings in force, ``transition_of`` with the state manager's
    configuration of a model name, ``key_state_of`` with the state of a KMS key by its ARN, or None
    for a key that nobody knows.
    """

    NOT_STATE: Final = frozenset({"_key_state_of", "_now", "_settings_of", "settings"})
    """Not part of a snapshot: what comes from outside, and what each request reads anew."""

    def __init__(
        self,
        scope: Scope,
        *,
        faults: FaultBook,
        settings_of: Callable[[], Settings],
        transition_of: Callable[[str], Mapping[str, Any]],
        key_state_of: Callable[[str], str | None],
    ) -> None:
        self.scope = scope
        self.settings = Settings()
        self.references = References()
        self.tokens = ClientTokens()
        self.progression = Progression(transition_of, faults, lambda: self._now)
        self._settings_of = settings_of
        self._key_state_of = key_state_of
        self._now = datetime.now(timezone.utc)

    @property
    def now(self) -> datetime:
        """The time of the request, UTC-aware: one request happens at one moment."""
        return self._now

    def begin_request(self) -> None:
        """Set the time, and read the settings.

        The settings are read here, so that a wrong one is reported with the first request and not
        when it is first needed. Raises ``ValueError`` for one.
        """
        self._now = datetime.now(timezone.utc)
        self.settings = self._settings_of()

    def check_quota(self, name: str, count: int) -> None:
        """Refuse a call that would make ``count`` of something, if that exceeds the quota.

        Rules 1.4-7 and 10.1-11.
        """
        limit = self.settings.quotas[name]
        if count > limit:
            what = name.replace("_", " ")
            raise ServiceQuotaExceededError(
                f"The quota for {what} in account {self.scope.account_id} is {limit}; the request "
                f"would make it {count}"
            )

    def check_key(self, arn: str | None) -> None:
        """Refuse to work with a KMS key that can't be used.

        A key that the mock does not know counts as usable (choice: its state can't be known).

        Rule 1.4-11.
        """
        state = self._key_state_of(arn) if arn is not None else None
        if state not in (None, "Enabled"):
            raise ValidationError(f"The encryption key {arn} can't be used: its state is {state}")
