from celery import shared_task

from campaigns.actions import photos
from qingchun.organizations.walls import PROVINCE, asking_as


@shared_task
def forget_orphan_photos():
    with asking_as(scope=PROVINCE):
        photos.look_at_old()
        return photos.forget_orphans()
