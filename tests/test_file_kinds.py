"""A file is what it begins with, whatever its name says."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.refusals import Refused
from reports.library.actions import publicity
from reports.papers.actions import writing

ENDINGS = (".pdf", ".mp4", ".docx")


@pytest.mark.parametrize(
    ("name", "begin"),
    [("a.PDF", b"%PDF-1.7"), ("a.mp4", b"\0\0\0\x18ftypmp42"), ("方案.docx", b"PK\x03\x04")],
)
def test_file_that_is_what_its_name_says_goes_in(name, begin):
    file = ContentFile(begin, name=name)
    refuse_other_kinds(file, ENDINGS, "")
    assert file.tell() == 0


def test_other_endings_are_refused_with_what_is_taken():
    with pytest.raises(Refused, match="只收"):
        refuse_other_kinds(ContentFile(b"MZ", name="a.exe"), ENDINGS, "只收文档。")


def test_program_called_pdf_is_no_attachment_of_a_plan(plan, wang):
    with pytest.raises(Refused, match="内容却不是"):
        writing.attach(plan, actor=wang, file=ContentFile(b"MZ\x90", name="方案.pdf"))


def test_page_called_a_film_is_no_publicity(campaign, li):
    with pytest.raises(Refused, match="内容却不是"):
        publicity.put_in_kit(
            campaign,
            actor=li,
            file=ContentFile(b"<script>", name="片.mp4"),
            title="片",
            kind="video",
        )


def test_program_called_pdf_is_no_notice(client, campaign, li):
    client.force_login(li)
    page = client.get(f"/campaigns/{campaign.pk}/change/")
    sent = {
        name: value for name, value in page.context["form"].initial.items() if value is not None
    } | {"notice_file": SimpleUploadedFile("通知.pdf", b"MZ\x90")}
    for name in ("starts_on", "ends_on", "spring_festival_on"):
        day = sent.pop(name)
        sent |= {f"{name}_year": day.year, f"{name}_month": day.month, f"{name}_day": day.day}
    answer = client.post(f"/campaigns/{campaign.pk}/change/", sent)
    assert "内容却不是" in answer.content.decode()
