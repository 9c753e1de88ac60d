"""Handlers of the template operations, versions included: the same ten for both kinds.

``environment`` and ``service`` templates have operations that differ only in name; their rules
differ in their collections.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto_proton.proton.responses.call import Call, Handler, Result, member_or_nothing
from moto_proton.proton.store import ProtonStore
from moto_proton.proton.templates.templates import Templates


def template_operations(
    noun: str, member: str, templates_of: Callable[[ProtonStore], Templates[Any]]
) -> dict[str, Handler]:
    """The handlers by operation, for templates called ``noun`` (``EnvironmentTemplate``).

    ``member`` is what the results call a template (``environment_template``).
    """
    version_member = f"{member}_version"

    def create(call: Call) -> Result:
        return {member: templates_of(call.store).create_template(call.request)}

    def get(call: Call) -> Result:
        return {member: templates_of(call.store).get(call.request["name"])}

    def list_(call: Call) -> Result:
        return call.page("templates", templates_of(call.store).page)

    def update(call: Call) -> Result:
        return {member: templates_of(call.store).update(**call.request)}

    def delete(call: Call) -> Result:
        return member_or_nothing(member, templates_of(call.store).delete(call.request["name"]))

    def create_version(call: Call) -> Result:
        return {version_member: templates_of(call.store).create_version(call.request)}

    def get_version(call: Call) -> Result:
        templates = templates_of(call.store)
        return {version_member: call.show(lambda: templates.get_version(*_number(call)))}

    def list_versions(call: Call) -> Result:
        name, major = call.request["template_name"], call.request.get("major_version")
        templates = templates_of(call.store)
        return call.show_page(
            "template_versions", lambda page: templates.page_versions(page, name, major), (int,)
        )

    def update_version(call: Call) -> Result:
        return {version_member: templates_of(call.store).update_version(call.request)}

    def delete_version(call: Call) -> Result:
        deleted = templates_of(call.store).delete_version(*_number(call))
        return member_or_nothing(version_member, deleted)

    return {
        f"Create{noun}": create,
        f"Get{noun}": get,
        f"List{noun}s": list_,
        f"Update{noun}": update,
        f"Delete{noun}": delete,
        f"Create{noun}Version": create_version,
        f"Get{noun}Version": get_version,
        f"List{noun}Versions": list_versions,
        f"Update{noun}Version": update_version,
        f"Delete{noun}Version": delete_version,
    }


def _number(call: Call) -> tuple[str, str, str]:
    request = call.request
    return request["template_name"], request["major_version"], request["minor_version"]
