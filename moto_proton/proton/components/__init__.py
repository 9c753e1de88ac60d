"""Components, attached to service instances or to none."""
