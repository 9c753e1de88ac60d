"""Spells the service model's member names the way our attributes are spelled.

Source: the service model's member names; a test checks that no two names get the same spelling.
"""

from __future__ import annotations

from functools import cache


@cache
def snake_case(name: str) -> str:
    """``templateMajorVersion`` as ``template_major_version``; ``s3`` stays ``s3``."""
    return "".join(
        f"_{letter.lower()}" if letter.isupper() and position else letter.lower()
        for position, letter in enumerate(name)
    )
