"""What importing the room costs."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["moto_proton", "moto_proton.render"])
def test_jinja_is_imported_by_the_first_template_only(module: str) -> None:
    code = f"import sys, {module}; sys.exit('jinja2' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
