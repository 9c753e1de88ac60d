"""Handlers of the service pipeline operations."""

from __future__ import annotations

from moto_proton.proton.responses.call import Call, Result


def update_service_pipeline(call: Call) -> Result:
    """UpdateServicePipeline."""
    return {"pipeline": call.store.service_pipelines.update(call.request)}


def cancel_service_pipeline_deployment(call: Call) -> Result:
    """CancelServicePipelineDeployment."""
    return {"pipeline": call.store.service_pipelines.cancel(call.request["service_name"])}
