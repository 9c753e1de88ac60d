"""Template bundles: archives, manifests and schemas, read, checked and represented as values.

Pure: usable without any mock. Heavy dependencies (Jinja, the HCL parser, the schema validator) are
imported when a bundle needs them.
"""

from __future__ import annotations

from moto_proton.bundle.archive import pack, pack_files, read_archive
from moto_proton.bundle.compatibility import incompatibilities
from moto_proton.bundle.errors import BundleError, BundleWarning, Doubt
from moto_proton.bundle.infrastructure import (
    CloudFormationManifest,
    CodeBuildManifest,
    Infrastructure,
    InputType,
    Manifest,
    ProvisioningMethod,
    TerraformManifest,
)
from moto_proton.bundle.inputs import InputError, InputProblem, InputSchema
from moto_proton.bundle.reading import (
    EnvironmentBundle,
    ServiceBundle,
    read_component,
    read_environment_bundle,
    read_service_bundle,
)
from moto_proton.bundle.schema import Schema

__all__ = [
    "BundleError",
    "BundleWarning",
    "CloudFormationManifest",
    "CodeBuildManifest",
    "Doubt",
    "EnvironmentBundle",
    "Infrastructure",
    "InputError",
    "InputProblem",
    "InputSchema",
    "InputType",
    "Manifest",
    "ProvisioningMethod",
    "Schema",
    "ServiceBundle",
    "TerraformManifest",
    "incompatibilities",
    "pack",
    "pack_files",
    "read_archive",
    "read_component",
    "read_environment_bundle",
    "read_service_bundle",
]
