"""A plan while it is written: parts saved by themselves, two editors, what is still missing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qingchun.ground.refusals import Refused
from reports.papers.actions import review, writing
from reports.papers.choices import Section
from reports.papers.models import PaperSection, Plan
from tests.conftest import person

JSON = {"HTTP_ACCEPT": "application/json"}


def save(client, plan, key, data, version=0):
    return client.post(f"/plans/{plan.pk}/sections/{key}/", data | {"version": version}, **JSON)


def test_city_begins_its_plan_once(client, campaign, wang):
    client.force_login(wang)
    assert "开始写方案" in client.get("/plans/").content.decode()
    client.post("/plans/start/", {"campaign": campaign.pk})
    client.post("/plans/start/", {"campaign": campaign.pk})
    assert Plan.objects.count() == 1
    assert PaperSection.objects.count() == len(Section)


def test_part_saves_itself_and_says_what_is_still_missing(client, plan, wang):
    client.force_login(wang)
    answer = save(client, plan, "text", {"text": ""}).json()
    assert answer["version"] == 1
    assert answer["missing"] == [["text", "工作安排", "请填写工作安排。"]]
    assert plan.sections.get(key="text").edited_by == "王太原"


def test_telephone_that_cannot_be_called_is_said_as_the_part_is_saved(client, plan, wang):
    client.force_login(wang)
    people = {"first_name": "刘书记", "first_phone": "1390351"}
    people |= {f"{key}_name": "王太原" for key in ("homecoming", "talent_pool", "proxy", "own1")}
    answer = save(client, plan, "people", people).json()
    assert answer["missing"] == [["people", "责任人", "刘书记的电话“1390351”不对，请核对。"]]
    people |= {"first_phone": "0351-4041234", "proxy_phone": "打办公室"}
    (wrong,) = save(client, plan, "people", people, version=1).json()["missing"]
    assert wrong[2] == "王太原的电话“打办公室”不对，请核对。"
    answer = save(client, plan, "people", people | {"proxy_phone": ""}, version=2)
    assert answer.json()["missing"] == []


def test_without_a_script_the_button_saves(client, plan, wang):
    client.force_login(wang)
    page = client.post(
        f"/plans/{plan.pk}/sections/media/", {"text": "新", "version": 0}, follow=True
    )
    assert "“媒体宣传策划”已保存" in page.content.decode()


def test_two_editors_of_one_part_see_both_and_lose_nothing(client, plan, wang):
    colleague = person("ma", "马太原", "1401", "editor")
    client.force_login(wang)
    save(client, plan, "text", {"text": "王写的"})
    client.force_login(colleague)
    answer = save(client, plan, "text", {"text": "马写的"})
    assert answer.status_code == 409
    assert answer.json()["theirs"] == [["", "王写的"]]
    assert answer.json()["version"] == 1
    page = client.post(f"/plans/{plan.pk}/sections/text/", {"text": "马写的", "version": 0})
    text = page.content.decode()
    assert (page.status_code, "王写的" in text, "马写的" in text) == (409, True, True)
    assert save(client, plan, "text", {"text": "合起来"}, version=1).status_code == 200


def test_two_editors_of_different_parts_do_not_meet(client, plan, wang):
    client.force_login(wang)
    assert save(client, plan, "text", {"text": "甲"}).status_code == 200
    assert save(client, plan, "media", {"text": "乙"}).status_code == 200


def test_same_save_twice_is_no_conflict(client, plan, wang):
    client.force_login(wang)
    assert save(client, plan, "text", {"text": "甲"}).status_code == 200
    assert save(client, plan, "text", {"text": "甲"}).status_code == 200


def test_county_of_another_city_is_refused(client, plan, wang):
    client.force_login(wang)
    answer = save(client, plan, "grid", {"unit_140213": ["proxy"]})
    assert answer.status_code == 422
    assert "不属于本市" in answer.json()["reason"]
    assert "140213" not in plan.sections.get(key="grid").content["rows"]


def test_impossible_action_day_is_refused_and_the_old_one_kept(client, plan, wang):
    client.force_login(wang)
    answer = save(client, plan, "action_day", {"on_year": 2019, "on_month": 2, "on_day": 30})
    assert (answer.status_code, answer.json()["reason"]) == (
        422,
        "没有这一天（2019年2月30日），请核对。",
    )
    assert plan.sections.get(key="action_day").content["on"] == "2019-01-26"


@pytest.mark.notice("4.1.3", "4.1.5", "4.1.6", "4.1.7", "5.1.2", "5.2.1", "5.2.2", "5.3.2")
@pytest.mark.parametrize(
    ("key", "content", "says"),
    [
        ("kinds", {"chosen": ["proxy"]}, "至少选 3 项（含本市创新），现在是 2 项。"),
        ("featured", {"key": "", "why": ""}, "请从已选活动中定一个特色项目。"),
        ("grid", {"rows": {"140105": ["proxy"]}}, "还没有定由哪些单位开展："),
        ("action_day", {"on": "", "text": ""}, "请确定全市统一行动日。"),
        ("action_day", {"on": "2019-01-10", "text": ""}, "统一行动日要在活动实施阶段内"),
        ("action_day", {"on": "2019-02-21", "text": ""}, "统一行动日要在活动实施阶段内"),
        ("people", {"first": {}, "kinds": {}}, "请填写第一责任人。"),
        ("party_report", {"on": "", "outcome": ""}, "请填写何时向党委汇报、结果如何。"),
        ("partners", {"text": " "}, "请填写争取哪些部门支持配合。"),
        ("media", {"text": " "}, "请填写媒体宣传策划。"),
    ],
)
def test_what_is_missing_is_listed_with_its_place(plan, wang, key, content, says):
    PaperSection.objects.filter(paper=plan, key=key).update(content=content)
    found = [text for where, text in review.problems_of(plan) if where == key]
    assert found[0].startswith(says)
    with pytest.raises(Refused, match="没有写完"):
        review.submit(plan, actor=wang)


@pytest.mark.notice("4.1.6")
@pytest.mark.parametrize("day", ["2019-01-11", "2019-02-20"])
def test_first_and_last_day_of_the_stage_will_do(plan, day):
    PaperSection.objects.filter(paper=plan, key="action_day").update(
        content={"on": day, "text": ""}
    )
    assert review.problems_of(plan) == []


def test_attachment_of_a_wrong_kind_or_size_is_refused(plan, wang, settings):
    with pytest.raises(Refused, match="只收"):
        writing.attach(plan, actor=wang, file=SimpleUploadedFile("a.exe", b"x"))
    settings.ATTACHMENT_MOST_BYTES = 3
    with pytest.raises(Refused, match="附件超过"):
        writing.attach(plan, actor=wang, file=SimpleUploadedFile("a.pdf", b"%PDF"))
