"""Single resources of a stack as moto's models make, change and delete them.

Also the one place that knows the inside of moto's CloudFormation, and checks it. ``stack_types``
knows what differs by resource type, and ``stack_deployment`` decides in which order resources are
handled. Source: moto 5.1.0 and 5.2.5 (``cloudformation/models.py`` and ``parsing.py``).
"""

from __future__ import annotations

import importlib
import inspect
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from moto_proton.bridge import stack_types
from moto_proton.bridge.compatibility import MotoIncompatibleError
from moto_proton.bridge.stack_types import Json
from moto_proton.provision.provisioner import (
    ProvisioningError,
    ProvisioningWarning,
    StackPlace,
)

_RELIED_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "moto.backends": ("get_backend",),
    "moto.cloudformation.models": ("cloudformation_backends",),
    "moto.cloudformation.parsing": (
        "NULL_MODELS",
        "OutputMap",
        "ResourceMap.__getitem__",
        "ResourceMap._delete_resource",
        "get_model_list",
        "get_model_map",
        "get_name_type_map",
        "parse_and_update_resource",
        "resource_name_property_from_type",
    ),
    "moto.cloudformation.utils": ("random_suffix",),
    "moto.core.common_models": ("CloudFormationModel",),
    "moto.ec2.models.core": ("TaggedEC2Resource.add_tags",),
}
_STACK_PARAMETERS: Final = (
    "stack_id",
    "name",
    "template",
    "parameters",
    "account_id",
    "region_name",
    "tags",
    "cross_stack_resources",
)

_GONE: Final = re.compile(
    r"NotFound|NoSuch|DoesNotExist|NonExistent|MissingBucket|does not exist|not found",
    re.IGNORECASE,
)


def load_moto() -> Any:
    """moto's ``cloudformation.models``, once all that we rely on is known to be there.

    Takes seconds the first time. Raises :class:`ProvisioningError` that says what to install.
    """
    global _models
    if _models is None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                models = importlib.import_module("moto.cloudformation.models")
                for module_name, names in _RELIED_ON.items():
                    module = importlib.import_module(module_name)
                    for name in names:
                        _check(module, module_name, name)
        except MotoIncompatibleError as error:
            raise ProvisioningError(str(error)) from error
        except ImportError as error:
            raise ProvisioningError(
                "The cloudformation provisioner needs what moto's CloudFormation needs, and "
                f"{error.name or error} can't be imported: pip install 'moto[cloudformation]'"
            ) from error
        stack = _stack_class(models)
        missing = set(_STACK_PARAMETERS) - set(inspect.signature(stack).parameters)
        if missing:
            raise ProvisioningError(
                str(MotoIncompatibleError(f"Stack's parameters {', '.join(sorted(missing))}"))
            )
        _models = models
    _notice_new_models()
    return _models


_models: Any = None


def _check(module: Any, module_name: str, name: str) -> None:
    value: Any = module
    for part in name.split("."):
        try:
            value = inspect.getattr_static(value, part)
        except AttributeError:
            raise MotoIncompatibleError(f"{module_name}.{name}") from None


def _stack_class(models: Any) -> Any:
    # moto: FakeStack became Stack in 5.1.
    for name in ("Stack", "FakeStack"):
        if hasattr(models, name):
            return getattr(models, name)
    raise ProvisioningError(str(MotoIncompatibleError("moto.cloudformation.models.Stack")))


def _notice_new_models() -> None:
    """Let moto find the types of models that were imported since it last looked."""
    from moto.cloudformation import parsing
    from moto.core.common_models import CloudFormationModel

    if len(parsing.get_model_list()) != len(CloudFormationModel.__subclasses__()):
        for cached in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
            cached.cache_clear()


def new_stack(place: StackPlace, tags: Mapping[str, str], exports: Any) -> Any:
    """An empty stack of moto's under the id of the place, in no backend yet."""
    models = load_moto()
    # moto: a stack without a template creates nothing itself (moto does this for change sets).
    stack = _stack_class(models)(
        stack_id=place.arn,
        name=place.name,
        template={},
        parameters={},
        account_id=place.account_id,
        region_name=place.region,
        tags=dict(tags),
        cross_stack_resources=exports,
    )
    # moto: both are those of the partition aws, wherever the stack is.
    stack.resource_map._parsed_resources["AWS::Partition"] = place.partition
    return stack


def is_skipped(resource_type: str) -> bool:
    """Whether moto leaves resources of this type out on purpose (wait conditions)."""
    from moto.cloudformation import parsing

    return resource_type in parsing.NULL_MODELS


def is_known(resource_type: str) -> bool:
    """Whether moto's CloudFormation has a model for this type."""
    from moto.cloudformation import parsing

    return resource_type in parsing.get_model_map() and resource_type not in (
        "?",
        "AWS::SERVICE::RESOURCE",
    )


def create(stack: Any, place: StackPlace, logical_id: str, json: Json) -> None:
    """Create a resource and add it to the stack's map; if this fails, it is not in the map."""
    resources = stack.resource_map
    with errors_about(logical_id, json["Type"]):
        try:
            resources._resource_json_map[logical_id] = stack_types.under_an_accepted_name(
                place, json
            )
            resource = resources[logical_id]
            if resource is None:
                raise ProvisioningError("moto created nothing")
            stack_types.give_name(place, resource, json)
            resources._resource_json_map[logical_id] = json
            stack_types.tag(place, logical_id, resource, json, stack.tags)
        except Exception:
            forget(stack, logical_id)
            raise


def update(stack: Any, place: StackPlace, logical_id: str, json: Json) -> None:
    """Change a resource in the way its model in moto does. See :func:`can_update`."""
    from moto.cloudformation import parsing

    resources = stack.resource_map
    with errors_about(logical_id, json["Type"]):
        resource: Any = parsing.parse_and_update_resource(
            logical_id, json, resources, place.account_id, place.region
        )
        if resource is None:
            raise ProvisioningError("moto can't update it")
        resources._resource_json_map[logical_id] = json
        resources._parsed_resources[logical_id] = resource
        stack_types.tag(place, logical_id, resource, json, stack.tags)


def can_update(resource_type: str) -> bool:
    """Whether the model in moto has an update."""
    from moto.cloudformation import parsing

    method = parsing.get_model_map()[resource_type].update_from_cloudformation_json
    return not hasattr(method, "__isabstractmethod__")


def forget(stack: Any, logical_id: str) -> None:
    """Remove a resource from the stack's map without deleting it."""
    stack.resource_map._resource_json_map.pop(logical_id, None)
    stack.resource_map._parsed_resources.pop(logical_id, None)


def delete(stack: Any, place: StackPlace, resource: Any, json: Json) -> None:
    """Delete a resource; nothing to do if it was deleted already."""
    with errors_about(resource.logical_resource_id, json["Type"]):
        if json["Type"] == "AWS::S3::Bucket" and resource.keys:
            # moto: the model silently keeps a bucket that is not empty.
            raise ProvisioningError(
                "The bucket you tried to delete is not empty (Error Code: BucketNotEmpty)"
            )
        try:
            special = stack_types.DELETIONS.get(json["Type"])
            if special is not None:
                special(place, resource, json["Properties"])
            else:
                stack.resource_map._delete_resource(resource, json)
        except Exception as error:
            if not _GONE.search(f"{type(error).__name__} {getattr(error, 'code', '')} {error}"):
                raise


def delete_remains(place: StackPlace, name: str, json: Json) -> None:
    """Delete what a failed creation left under a name that nothing else has."""
    from moto.cloudformation import parsing

    method = parsing.get_model_map()[json["Type"]].delete_from_cloudformation_json
    try:
        method(name, json, place.account_id, place.region)
    except Exception:
        # Either nothing is left, or nothing can be done about it: the first failure is reported.
        return


def reason(error: BaseException) -> str:
    """Why moto failed, as text: the message of an AWS error, or the exception's type and text."""
    if isinstance(error, (ProvisioningError, ProvisioningWarning)):
        return str(error)
    message = getattr(error, "message", None)
    code = getattr(error, "error_type", None) or getattr(error, "code", None)
    if isinstance(message, str) and message:
        named = code if isinstance(code, str) else type(error).__name__
        return f"{message} (Error Code: {named})"
    return f"{type(error).__name__}: {error}".removesuffix(": ")


@contextmanager
def errors_about(logical_id: str, resource_type: str) -> Iterator[None]:
    """Turn every exception raised inside into a ``ProvisioningError`` that names the resource."""
    try:
        with warnings.catch_warnings():
            # moto warns about what it skips, such as some types in a nested stack.
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise ProvisioningError(f"{logical_id} ({resource_type}): {reason(error)}") from error
