from celery import shared_task

from campaigns.actions import mergers, photos
from qingchun.organizations.walls import PROVINCE, asking_as


@shared_task
def forget_orphan_photos():
    with asking_as(scope=PROVINCE):
        photos.look_at_old()
        return photos.forget_orphans()


@shared_task
def carry_out_mergers():
    """What goes on in a unit that was merged is its successor's."""
    return len(mergers.carry_out())
