"""``python -m moto_proton``: the command line where no script is on the path.

Internal: no part of the public API.
"""

from __future__ import annotations

from moto_proton.cli import main

if __name__ == "__main__":
    main()
