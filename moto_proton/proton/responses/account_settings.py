"""Handlers of the operations on the whole account: its settings and its counts."""

from __future__ import annotations

from moto_proton.proton.across.summary import resources_summary
from moto_proton.proton.responses.call import Call, Result


def get_account_settings(call: Call) -> Result:
    """GetAccountSettings."""
    return {"account_settings": call.store.account_settings}


def update_account_settings(call: Call) -> Result:
    """UpdateAccountSettings."""
    return {"account_settings": call.store.account_settings.update(call.request)}


def get_resources_summary(call: Call) -> Result:
    """GetResourcesSummary."""
    store = call.store
    counts = resources_summary(
        store.environment_templates,
        store.service_templates,
        store.environments,
        store.services,
        store.components,
    )
    return {"counts": counts}
