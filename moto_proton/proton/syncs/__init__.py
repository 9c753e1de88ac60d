"""Syncing from repositories: configurations, pushes, attempts and blockers."""
