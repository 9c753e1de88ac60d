"""Makes a botocore without Proton: the installed one, as it will be when AWS drops the service.

::

    python -m scripts.botocore_without_proton DIR            # writes DIR/botocore
    PYTHONPATH=DIR python -m pytest                          # runs anything with it

The copy is complete except for Proton's folder of models and Proton's entries in the list of
endpoints.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
from pathlib import Path
from typing import Final

SERVICE: Final = "proton"


def copy_without_proton(target: Path) -> Path:
    """Write the copy below ``target``, replacing an existing one. Returns the package's path.

    It does not import botocore, so that the caller can still choose which one to import.
    """
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise SystemExit("botocore is not installed.")
    source, copy = Path(spec.origin).parent, target / "botocore"
    if copy.resolve() == source.resolve():
        raise SystemExit(f"{copy} is the botocore that would be copied.")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, ignore=_left_out)
    listed = copy / "data" / "endpoints.json"
    endpoints = json.loads(listed.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        partition["services"].pop(SERVICE, None)
    listed.write_text(json.dumps(endpoints), encoding="utf-8")
    return copy


def _left_out(folder: str, names: list[str]) -> set[str]:
    gone = {SERVICE} if Path(folder).name == "data" else set()
    return gone | {"__pycache__"}


def main() -> None:
    """Write the copy, and say where."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.botocore_without_proton", description=__doc__
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="what PYTHONPATH is to name")
    print(copy_without_proton(parser.parse_args().directory.resolve()))


if __name__ == "__main__":
    main()
