"""Linked repositories, the local repositories in their place, and revisions."""
