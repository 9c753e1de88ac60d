"""Linked repositories, the local ones that stand for them, and their revisions."""
