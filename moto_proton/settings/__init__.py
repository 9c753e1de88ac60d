"""What ``config={"proton": {...}}`` may hold, checked before it is used.

The mock reads its settings from moto's user configuration, so ``mock_proton(config=...)`` and
``mock_aws(config=...)`` work alike. All quotas are adjustable in an account, so they are here.

Internal: no part of the public API.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from moto_proton.provision.provisioner import Provisioner
from moto_proton.settings.quotas import DEFAULT_QUOTAS
from moto_proton.spelling import refuse_unknown

ProvisionerName: TypeAlias = Literal["default", "cloudformation"]

PROVISIONERS: Final[tuple[ProvisionerName, ...]] = ("default", "cloudformation")
"""The provisioners that come with the package.

``default`` works out what a rendered template would give, ``cloudformation`` makes real stacks in
moto's CloudFormation.
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: ``quotas`` holds every quota by name.

    ``require_bundles`` is False when template versions are to register without a bundle and accept
    any inputs. ``provisioner`` is the name of one that comes with the package, or one of the
    caller's own. ``require_resources`` is True when the provisioner ``cloudformation`` is to fail a
    deployment with a resource that moto can't make, instead of working it out. ``child_process`` is
    True when templates, schemas and patterns are to be worked on in a child process, with a
    deadline and a bound on memory, as in the server.
    """

    quotas: Mapping[str, int] = field(default_factory=lambda: DEFAULT_QUOTAS)
    require_bundles: bool = True
    provisioner: ProvisionerName | Provisioner = "default"
    require_resources: bool = False
    child_process: bool = False


_DEFAULT: Final = Settings()
_NAMES: Final = tuple(each.name for each in fields(Settings))


def check_top(config: Mapping[str, object], of_moto: Collection[str]) -> None:
    """Raise ``ValueError`` for a key at the top of a configuration that is neither moto's nor ours.

    ``of_moto`` are the keys that the installed moto knows.
    """
    for key in config:
        if key in _NAMES and key not in of_moto:
            raise ValueError(
                f"config has no {key!r}; settings of moto_proton go under 'proton': "
                f"config={{'proton': {{{key!r}: ...}}}}"
            )
    refuse_unknown("config", config, sorted({*of_moto, "proton"}))


def check(config: object) -> Settings:
    """Read the ``proton`` part of a configuration.

    ``config`` is a mapping with the optional keys ``quotas``, a mapping from a name of
    :data:`DEFAULT_QUOTAS` to a whole number, zero or more; ``require_bundles``, True or False;
    ``provisioner``, a name of :data:`PROVISIONERS` or an object of one's own with the methods of
    :class:`~moto_proton.provision.provisioner.Provisioner`; ``require_resources``, True or False,
    True for the provisioner ``cloudformation`` only; ``child_process``, True or False. Raises
    ``ValueError`` that names what is wrong, so that a misspelled quota cannot pass unnoticed.
    """
    if not config:
        return _DEFAULT
    if not isinstance(config, Mapping):
        raise ValueError(f"config['proton'] must be a mapping, not {type(config).__name__}")
    if "proton" in config:
        raise ValueError(
            "config['proton'] has no 'proton': these are moto_proton's settings already, so leave "
            "out the 'proton' around them"
        )
    refuse_unknown("config['proton']", config, _NAMES)
    provisioner = _provisioner(config.get("provisioner", "default"))
    require_resources = _flag("require_resources", config.get("require_resources", False))
    if require_resources and provisioner != "cloudformation":
        raise ValueError(
            "config['proton']['require_resources'] has no meaning without the provisioner "
            "'cloudformation': no other provisioner of moto_proton makes resources"
        )
    return Settings(
        quotas=_quotas(config.get("quotas", {})),
        require_bundles=_flag("require_bundles", config.get("require_bundles", True)),
        provisioner=provisioner,
        require_resources=require_resources,
        child_process=_flag("child_process", config.get("child_process", False)),
    )


def _quotas(quotas: object) -> Mapping[str, int]:
    if not isinstance(quotas, Mapping):
        raise ValueError("config['proton']['quotas'] must be a mapping from quota name to number")
    refuse_unknown("config['proton']['quotas']", quotas, tuple(DEFAULT_QUOTAS))
    for name, value in quotas.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(
                f"config['proton']['quotas'][{name!r}] must be a whole number, zero or more; "
                f"got {value!r}"
            )
    return MappingProxyType({**DEFAULT_QUOTAS, **quotas})


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"config['proton'][{name!r}] must be True or False; got {value!r}")
    return value


def _provisioner(value: object) -> ProvisionerName | Provisioner:
    for name in PROVISIONERS:
        if value == name:
            return name
    if isinstance(value, Provisioner) and not isinstance(value, type):
        return value
    raise ValueError(
        f"config['proton']['provisioner'] must be one of {', '.join(PROVISIONERS)}, or an object "
        f"with the methods deploy and delete; got {value!r}"
    )
