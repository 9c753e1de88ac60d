"""Handlers of the tag operations."""

from __future__ import annotations

from moto_proton.proton.account.listing import Page, PageRequest, page_of
from moto_proton.proton.account.tags import wire_tags
from moto_proton.proton.responses.call import Call, Result


def tag_resource(call: Call) -> Result:
    """TagResource."""
    call.store.tagging.tag(call.request["resource_arn"], call.request["tags"])
    return {}


def untag_resource(call: Call) -> Result:
    """UntagResource."""
    call.store.tagging.untag(call.request["resource_arn"], call.request["tag_keys"])
    return {}


def list_tags_for_resource(call: Call) -> Result:
    """ListTagsForResource: managed tags, then customer tags, each by key."""
    managed, customer = call.store.tagging.list(call.request["resource_arn"])
    # Sorted, both of them: a page begins after the last key of the one before.
    tags = wire_tags(dict(sorted(managed.items())), dict(sorted(customer.items())))

    def page(request: PageRequest) -> Page[dict[str, str]]:
        # Managed keys start with "aws:", which no customer key may; the flag keeps them in front.
        keyed = (((int(tag["key"] not in managed), tag["key"]), tag) for tag in tags)
        after = request.after
        return page_of(
            ((key, tag) for key, tag in keyed if after is None or key > after), request.limit
        )

    return call.page("tags", page)
