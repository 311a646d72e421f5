"""A person's number and address, looked up only when something goes out to them."""

from qingchun.accounts.models import User
from qingchun.notifications.channels.base import Undeliverable
from qingchun.organizations.walls import acting


def address_of(parcel, kind, missing):
    """``kind``: where it stands, from User. Raises: Undeliverable, with ``missing``, when there is none."""
    with acting("tell"):
        active = User.objects.filter(pk=parcel.recipient_id, is_active=True)
        found = active.values_list(kind, flat=True).first()
    if not found:
        raise Undeliverable(missing)
    return found
