"""Handlers of the sync operations: configs, statuses, blockers."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result
from moto_proton.proton.syncs.attempts import ResourceSync
from moto_proton.proton.syncs.repository_syncs import FollowedBranch, SyncType

# --- template sync configs ----------------------------------------------------------------------


def create_template_sync_config(call: Call) -> Result:
    """CreateTemplateSyncConfig."""
    return {"template_sync_config": call.store.template_syncs.create(call.request)}


def get_template_sync_config(call: Call) -> Result:
    """GetTemplateSyncConfig."""
    return {"template_sync_config": call.store.template_syncs.get(*_template(call))}


def update_template_sync_config(call: Call) -> Result:
    """UpdateTemplateSyncConfig."""
    return {"template_sync_config": call.store.template_syncs.update(call.request)}


def delete_template_sync_config(call: Call) -> Result:
    """DeleteTemplateSyncConfig."""
    return {"template_sync_config": call.store.template_syncs.delete(*_template(call))}


def get_template_sync_status(call: Call) -> Result:
    """GetTemplateSyncStatus."""
    major = call.request["template_version"]
    return _status(call.store.template_syncs.status(*_template(call), major))


# --- service sync configs -----------------------------------------------------------------------


def create_service_sync_config(call: Call) -> Result:
    """CreateServiceSyncConfig."""
    return {"service_sync_config": call.store.service_syncs.create(call.request)}


def get_service_sync_config(call: Call) -> Result:
    """GetServiceSyncConfig."""
    return {"service_sync_config": call.store.service_syncs.get(call.request["service_name"])}


def update_service_sync_config(call: Call) -> Result:
    """UpdateServiceSyncConfig."""
    return {"service_sync_config": call.store.service_syncs.update(call.request)}


def delete_service_sync_config(call: Call) -> Result:
    """DeleteServiceSyncConfig."""
    return {"service_sync_config": call.store.service_syncs.delete(call.request["service_name"])}


def get_service_instance_sync_status(call: Call) -> Result:
    """GetServiceInstanceSyncStatus."""
    request = call.request
    return _status(
        call.store.service_syncs.status(request["service_name"], request["service_instance_name"])
    )


# --- blockers -----------------------------------------------------------------------------------


def get_service_sync_blocker_summary(call: Call) -> Result:
    """GetServiceSyncBlockerSummary."""
    request = call.request
    summary = call.store.sync_blockers.summary(
        request["service_name"], request.get("service_instance_name")
    )
    return {"service_sync_blocker_summary": summary}


def update_service_sync_blocker(call: Call) -> Result:
    """UpdateServiceSyncBlocker."""
    blocker = call.store.sync_blockers.resolve(call.request["id"], call.request["resolved_reason"])
    return {
        "service_name": blocker.service_name,
        "service_instance_name": blocker.service_instance_name,
        "service_sync_blocker": blocker,
    }


# --- repositories -------------------------------------------------------------------------------


def get_repository_sync_status(call: Call) -> Result:
    """GetRepositorySyncStatus."""
    request = call.request
    branch = FollowedBranch(
        request["repository_provider"], request["repository_name"], request["branch"]
    )
    sync_type = SyncType(request["sync_type"])
    return {"latest_sync": call.store.repository_syncs.latest(branch, sync_type)}


def list_repository_sync_definitions(call: Call) -> Result:
    """ListRepositorySyncDefinitions: all at once, as its token has to be empty."""
    request = call.request
    definitions = call.store.repository_syncs.definitions(
        request["repository_provider"],
        request["repository_name"],
        SyncType(request["sync_type"]),
    )
    return {"sync_definitions": definitions}


def _template(call: Call) -> tuple[str, str]:
    return call.request["template_type"], call.request["template_name"]


def _status(sync: ResourceSync) -> Result:
    return {
        "desired_state": sync.desired_state,
        "latest_sync": sync.latest_sync,
        "latest_successful_sync": sync.latest_successful_sync,
    }
