"""What beat names, the workers know."""

from django.conf import settings

from qingchun.celery import app


def test_every_scheduled_job_is_one_the_workers_know():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted - set(app.tasks) == set()
