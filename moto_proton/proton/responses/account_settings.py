"""Handlers of the account settings operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result


def get_account_settings(call: Call) -> Result:
    """GetAccountSettings."""
    return {"account_settings": call.store.account_settings}


def update_account_settings(call: Call) -> Result:
    """UpdateAccountSettings."""
    return {"account_settings": call.store.account_settings.update(call.request)}
