import datetime as dt

from celery import shared_task

from campaigns.actions import mergers, photos, tallies, words
from qingchun.organizations.walls import PROVINCE, rls_context


@shared_task
def forget_orphan_photos():
    with rls_context(scope=PROVINCE):
        photos.look_at_old()
        return photos.forget_orphans()


@shared_task
def make_left_photos():
    with rls_context(scope=PROVINCE):
        return photos.make_left()


@shared_task
def carry_out_mergers():
    """What goes on in a unit that was merged is its successor's."""
    return len(mergers.carry_out())


@shared_task
def write_words():
    """Of what the version before has logged while this one began."""
    return words.write_missing(dt.timedelta(2))


@shared_task
def count_days():
    """Of what was logged before there were counts of days, or by the version before."""
    return tallies.catch_up()
