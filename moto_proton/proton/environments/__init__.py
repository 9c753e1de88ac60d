"""Environments, and with which account and role each is provisioned."""
