"""What beat names, the workers know."""

from qingchun.celery import app
from qingchun.ground.portal import answers


def test_every_scheduled_job_is_one_the_workers_know():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in dict(answers("schedule")).values()}
    assert wanted - set(app.tasks) == set()
