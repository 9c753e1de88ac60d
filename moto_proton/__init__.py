"""Mock AWS Proton in tests: the names that users import, each loaded when it is first asked for.

Importing this package loads neither moto nor boto3: it registers Proton with them at the moment
when they are imported. So plain ``mock_aws`` serves Proton too, whatever the order of the imports.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from moto_proton.import_hook import when_imported

if TYPE_CHECKING:
    from moto_proton import faults, git, seed, spec
    from moto_proton.api import MODEL_PATH
    from moto_proton.bridge import install_model, uninstall_model
    from moto_proton.bundle import BundleWarning
    from moto_proton.mock import MockProton, mock_proton
    from moto_proton.provision import ProvisioningWarning
    from moto_proton.rendered_files import rendered

__version__ = "0.1.0"

__all__ = [
    "MODEL_PATH",
    "BundleWarning",
    "MockProton",
    "ProvisioningWarning",
    "__version__",
    "faults",
    "git",
    "install_model",
    "mock_proton",
    "rendered",
    "seed",
    "spec",
    "uninstall_model",
]

_MODULES = frozenset({"faults", "git", "seed", "spec"})
_MEMBERS = {
    "BundleWarning": "moto_proton.bundle",
    "MODEL_PATH": "moto_proton.api",
    "MockProton": "moto_proton.mock",
    "ProvisioningWarning": "moto_proton.provision",
    "install_model": "moto_proton.bridge",
    "mock_proton": "moto_proton.mock",
    "rendered": "moto_proton.rendered_files",
    "uninstall_model": "moto_proton.bridge",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _MEMBERS:
        value = getattr(import_module(_MEMBERS[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _moto_was_imported() -> None:
    from moto_proton import bridge

    bridge.hand_down(bridge.HandedDown(_backends, _control_routes))
    bridge.register_when_possible()


def _backends() -> Any:
    from moto_proton.proton.backend import proton_backends

    return proton_backends


def _control_routes() -> dict[str, Callable[..., Any]]:
    """How a test reaches a mock in another process: to inject faults, to see, to empty it."""
    from moto_proton import emptying, fault_route, rendered_files
    from moto_proton.control_routes import configuration

    return {
        configuration.ROUTE: configuration.handle,
        emptying.ROUTE: emptying.handle,
        fault_route.ROUTE: fault_route.handle,
        rendered_files.ROUTE: rendered_files.handle,
    }


def _moto_core_was_imported() -> None:
    from moto_proton.bridge import replace_stand_in

    replace_stand_in()


def _botocore_was_imported() -> None:
    from moto_proton.bridge import intercept_clients, supply_model

    intercept_clients()
    supply_model()


when_imported("botocore.handlers", _botocore_was_imported)
when_imported("moto.backend_index", _moto_was_imported)
when_imported("moto.core.models", _moto_core_was_imported)
