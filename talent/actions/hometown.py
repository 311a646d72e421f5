"""What a unit tells on its own public page."""

from django.db import transaction

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import only_if
from talent import pages
from talent.models import Hometown, Posting
from talent.permissions import can_keep


@transaction.atomic
def describe(*, actor, **values):
    """Greeting, telephone, address and hours of the actor's own unit."""
    only_if(can_keep(actor, actor.scope))
    page, _ = Hometown.objects.update_or_create(organization_id=actor.scope, defaults=values)
    write_down(actor, "修改家乡页", page)
    pages.forget(actor.scope)
    return page


@transaction.atomic
def post(*, actor, **values):
    only_if(can_keep(actor, actor.scope))
    posting = Posting.objects.create(organization_id=actor.scope, by_name=actor.name, **values)
    write_down(actor, "发布家乡页内容", posting)
    pages.forget(actor.scope)
    return posting


@transaction.atomic
def take_down(posting, *, actor):
    only_if(can_keep(actor, posting.organization_id))
    write_down(actor, "撤下家乡页内容", posting)
    pages.forget(posting.organization_id)
    posting.delete()
