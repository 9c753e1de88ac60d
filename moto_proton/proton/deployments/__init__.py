"""Deployments of every kind: their records and statuses, rendering and provisioning."""
