"""Environments, and the account and roles with which each is provisioned."""
