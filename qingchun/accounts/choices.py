from django.db import models


class MembershipState(models.TextChoices):
    ACTIVE = "active", "在岗"
    SUSPENDED = "suspended", "已停用"
    ENDED = "ended", "已离岗"


MOVES = {
    (MembershipState.ACTIVE, MembershipState.SUSPENDED),
    (MembershipState.SUSPENDED, MembershipState.ACTIVE),
    (MembershipState.ACTIVE, MembershipState.ENDED),
    (MembershipState.SUSPENDED, MembershipState.ENDED),
}
