"""Clips in what is written of an edition: among the pictures by their first frames, packed as films."""

import io
import zipfile

import pytest
from django.test import Client

from campaigns.models import Clip
from qingchun.jobs.actions import work
from qingchun.jobs.models import Job
from reports.papers.actions import document_jobs, review
from tests.films import clip_of
from tests.looking import looking
from tests.reports.test_documents import latest, made, words_of


@pytest.fixture
def clip(summary, zhang, log):
    return clip_of(zhang, log(zhang, participants=12).pk)


@pytest.mark.notice("4.3.2")
def test_clip_is_chosen_for_a_summary_and_marked_wherever_it_is_shown(clip, summary, wang, li):
    desk, pictures = Client(), f"/summaries/{summary.pk}/pictures/"
    desk.force_login(wang)
    assert str(clip.pk) not in desk.get(pictures).content.decode()
    work()
    page = desk.get(pictures).content.decode()
    assert f'src="/photos/{clip.pk}/small/"' in page
    assert "选这段影像" in page
    section = summary.sections.get(key="pictures")
    chosen = {"chosen": str(clip.pk), f"words_{clip.pk}": "座谈现场", "version": section.version}
    assert desk.post(f"/summaries/{summary.pk}/sections/pictures/", chosen).status_code == 302
    review.submit(summary, actor=wang)
    for address in (f"/summaries/{summary.pk}/", f"/summaries/{summary.pk}/print/"):
        assert "影像：座谈现场" in desk.get(address).content.decode()
    assert f'href="/clips/{clip.pk}/"' in desk.get(f"/summaries/{summary.pk}/").content.decode()
    assert "影像：座谈现场" in words_of(made("summary_word", summary.campaign, wang, summary))
    desk.force_login(li)
    page = desk.get("/summaries/compilation/").content.decode()
    assert "影像：座谈现场" in page
    assert f'href="/clips/{clip.pk}/"' in page
    assert f'src="/photos/{clip.pk}/small/"' in page
    assert "影像：座谈现场" in words_of(made("compiled_word", summary.campaign, li))


def test_bundle_holds_the_film_and_says_when_one_is_not_made_yet(clip, summary, wang):
    document_jobs.ask("pictures", summary.campaign, actor=wang, paper=summary)
    with looking():
        Job.objects.filter(kind="make_clip").update(status="SUCCESSFUL")  # it waits on
    work()
    assert "还有 1 段影像正在处理，没有放进来。" in latest().note
    with looking():
        Job.objects.filter(kind="make_clip").update(status="READY")
    work()
    with zipfile.ZipFile(io.BytesIO(made("pictures", summary.campaign, wang, summary))) as archive:
        assert archive.namelist() == ["小店区/20190107-民事代办-政务大厅-1.mp4"]
        with Clip.objects.get().film.open() as film:
            assert archive.read(archive.namelist()[0]) == film.read()
