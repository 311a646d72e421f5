"""A winter's log in three counties, and Taiyuan's summary of it, sent."""

import pytest

from reports.papers.actions import review
from reports.papers.models import Summary


@pytest.fixture
def deeds(log, zhang, sun, wu):
    """Three in Xiaodian, one in Yingze, one in another city."""
    for number in range(3):
        log(zhang, participants=30 + number)
    log(sun, participants=7)
    log(wu, participants=1000)


@pytest.fixture
def sent(deeds, summary, wang):
    review.submit(summary, actor=wang)
    return Summary.objects.get()
