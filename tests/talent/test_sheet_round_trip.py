"""Out as it came in: a file that the pool wrote, brought in again, changes nothing."""

import random

import pytest

from qingchun.jobs.actions import work
from talent.pool import numbers
from talent.pool.choices import Education, FoundBy, Intention, Support, Trade
from talent.pool.exports import LABELS
from talent.pool.models import TalentRecord
from tests.looking import looking
from tests.reports.test_documents import body_of
from tests.reports.test_documents import latest as job
from tests.talent.sheets import csv_of

ODD = [
    "=cmd|calc", "+86 电话", "-5", "@我", "'带引号", "C:\\家里\\羊", "两行\n字", "全角　空格", "a\tb", "不需要贷款",
    "想贷款、买设备", "𮯰家沟", "同上说过", "(1)", "#羊", "a,b;c", "“引”", "<b>", "1995",
]  # fmt: skip


def texts(chance):
    return chance.choice(ODD) + chance.choice(("", "村", " x"))


@pytest.fixture
def random_people(enter, zhang):
    """Thirty records with anything in them, half of them with consent."""
    chance, made = random.Random(7), []
    for _ in range(30):
        facts = {
            "village": texts(chance), "doing": texts(chance), "lives_at": texts(chance),
            "project": texts(chance), "support_text": chance.choice(("", texts(chance))),
            "birth_year": chance.choice((None, 1990, 1999)), "trade": chance.choice(("", *Trade.values)),
            "intention": chance.choice(("", *Intention.values)),
            "found_by": chance.choice(("", *FoundBy.values)),
            "supports": sorted(chance.sample(Support.values, chance.randint(0, 3))),
            "skills": chance.sample(["养羊", "焊接", "开挖机"], chance.randint(0, 3)),
        }  # fmt: skip
        made.append(
            enter(zhang, chance.choice(("王一", "买买提·艾力", "𠮷田", "王\U0002ebf0明")), **facts)
        )
    with looking():
        for record in made[::2]:
            TalentRecord.objects.filter(pk=record.pk).update(
                agreed="paper", agreed_on="2019-01-08", agreed_version=1, answer_by=None,
                stage="pool", experience=texts(chance), education=chance.choice(Education.values),
            )  # fmt: skip
    return made


def everything():
    with looking():
        return {record["id"]: record for record in TalentRecord.objects.values()}


def test_what_goes_out_comes_in_unchanged(random_people, bring, zhang, at):
    before, client = everything(), at(zhang)
    client.post("/pool/exports/", {"column": list(LABELS), "reason": "核对名册"})
    work()
    data = body_of(client.get(f"/documents/{job().pk}/file/"))
    sheet = bring(zhang, data)
    assert (sheet.state, sheet.counts) == ("checked", {"duplicate": 30}), sheet.trouble
    page = client.get(f"/pool/sheets/{sheet.pk}/").content.decode()
    assert "没有变化" in page
    assert everything() == before


def test_text_of_a_record_survives_an_update_of_something_else(enter, bring, confirm, zhang):
    record = enter(zhang, "王一", phone="13800000011", doing="两行\n字", village="C:\\羊")
    confirm(
        zhang,
        bring(
            zhang,
            csv_of(
                ("姓名", "手机号", "现在做什么", "出生年份"),
                ("王一", "13800000011", "两行 字", "1990"),
            ),
        ),
    )
    with looking():
        found = TalentRecord.objects.get(pk=record.pk)
    assert (found.doing, found.village, found.birth_year) == ("两行\n字", "C:\\羊", 1990)


def test_backslash_goes_in_as_it_is(bring, confirm, zhang):
    confirm(
        zhang,
        bring(
            zhang,
            csv_of(
                ("姓名", "手机号", "村", "经历", "本人同意"),
                ("王一", "13800000011", "a\\b", "\\N", "是"),
            ),
        ),
    )
    with looking():
        record = TalentRecord.objects.get()
    assert (record.village, record.experience) == ("a\\b", "\\N")
    assert numbers.open_phone(record.phone_sealed) == "13800000011"
