"""Gives botocore our copy of Proton's service model if it has none of its own (any more).

If botocore has Proton, this module changes nothing. If not, botocore's loaders find our copy while
a mock is active, or after ``install_model``. The copy never gets into a loader's own cache, so it
is gone when the mock ends. The copy itself is in ``api``. Source: botocore's ``loaders.py`` and
``regions.py``, 1.31.30 to 1.44.5.
"""

from __future__ import annotations

import functools
import os
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from moto_proton import endpoints
from moto_proton.bridge.mocking import mock_is_active
from moto_proton.forking import ForkSafeLock

if TYPE_CHECKING:
    from botocore.loaders import Loader

_SERVICE: Final = "proton"
_LOCK: Final = ForkSafeLock()
_VERSIONED: Final = ("list_api_versions", "determine_latest_version", "load_service_model")
"""The methods of a loader that take a service and a type of model, in this order."""
_OF_CLIENTS: Final = frozenset({"paginators-1", "waiters-2"})
"""The types that a client loads at their first use. It remembers that there are none if it looks
for them between two mocks, so these are always found.
"""

_requested = False
_supplier_of: Final[weakref.WeakKeyDictionary[Loader, Loader]] = weakref.WeakKeyDictionary()
"""A loader of our copy for each loader that was asked for Proton, so that a session that changes
its model changes no other session's.
"""
_suppliers: Final[weakref.WeakSet[Loader]] = weakref.WeakSet()


def install_model() -> None:
    """Have ``boto3.client("proton")`` work outside of a mock, too, where botocore has no Proton.

    For clients that are made before a mock starts, or for a server. It holds for this process,
    sessions that are there already included, until :func:`uninstall_model`; repeats do nothing, nor
    does it where botocore has Proton.
    """
    global _requested
    supply_model()
    _requested = True


def uninstall_model() -> None:
    """Undo :func:`install_model`. Clients that were already made still work."""
    global _requested
    _requested = False


def supply_model() -> None:
    """Make botocore's loaders use our copy if botocore has no Proton; repeats do nothing."""
    from botocore.loaders import Loader

    if os.path.isdir(os.path.join(Loader.BUILTIN_DATA_PATH, _SERVICE)):
        return
    from botocore.regions import EndpointResolver

    with _LOCK:
        # Patched on the classes, as the loaders of existing sessions can't be found, and they may
        # have listed the services already.
        for name in _VERSIONED:
            _wrap(Loader, name, _versioned)
        _wrap(Loader, "list_available_services", _listing)
        _wrap(EndpointResolver, "get_available_endpoints", _regions)


def _wrap(owner: type, name: str, wrapper: Callable[[str, Any], Any]) -> None:
    original = vars(owner)[name]
    if not hasattr(original, "without_proton"):
        wrapped: Any = functools.wraps(original)(wrapper(name, original))
        wrapped.without_proton = original
        setattr(owner, name, wrapped)


def _is_supplied() -> bool:
    return _requested or mock_is_active()


def _versioned(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(self: Loader, service_name: str, type_name: str, *args: Any, **kwargs: Any) -> Any:
        if (
            service_name != _SERVICE
            or not (type_name in _OF_CLIENTS or _is_supplied())
            or _has_its_own(self, type_name)
        ):
            return original(self, service_name, type_name, *args, **kwargs)
        # Not through the method of its class, which is patched and would call this function again.
        return original(_supplier(self), service_name, type_name, *args, **kwargs)

    return wrapped


def _listing(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(self: Loader, type_name: str) -> Any:
        services = original(self, type_name)
        if _SERVICE in services or not _is_supplied():
            return services
        # A new list: the other one is in the loader's cache.
        return sorted({*services, *_models(_supplier(self), type_name)})

    return wrapped


def _regions(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(
        self: Any,
        service_name: str,
        partition_name: str = "aws",
        allow_non_regional: bool = False,
        endpoint_variant_tags: Any = None,
    ) -> Any:
        known = original(
            self, service_name, partition_name, allow_non_regional, endpoint_variant_tags
        )
        ours = (service_name, partition_name) == (_SERVICE, endpoints.PARTITION)
        if known or not ours or endpoint_variant_tags or not _is_supplied():
            return known
        return sorted(endpoints.REGIONS)

    return wrapped


def _has_its_own(loader: Loader, type_name: str) -> bool:
    """Whether the loader finds Proton by itself, by ``AWS_DATA_PATH`` or a folder of the user's."""
    return _SERVICE in _models(loader, type_name)


def _models(loader: Loader, type_name: str) -> list[str]:
    """The services that a loader itself has a type of model for."""
    from botocore.loaders import Loader

    listing: Any = Loader.list_available_services
    services: list[str] = listing.without_proton(loader, type_name)
    return services


def _supplier(loader: Loader) -> Loader:
    """The loader of our copy that belongs to a loader; such a loader itself, if given one."""
    from botocore.loaders import Loader

    from moto_proton.api import MODEL_PATH

    with _LOCK:
        if loader in _suppliers:
            return loader
        if loader not in _supplier_of:
            supplier = Loader(
                extra_search_paths=[str(MODEL_PATH)], include_default_search_paths=False
            )
            _supplier_of[loader] = supplier
            _suppliers.add(supplier)
        return _supplier_of[loader]
