"""The province's compilation: the cities' summaries side by side, people counted once."""

import io

import pytest
from django.utils.timezone import now
from docx import Document as Word

from campaigns.actions.photos import add_photo
from campaigns.models import Undertaking
from qingchun.organizations.walls import rls_context
from reports.papers import compiling, figures, summing
from reports.papers.actions import review
from talent.youth.models import CheckIn, Youth
from tests.conftest import written
from tests.reports.test_documents import made, picture, words_of
from tests.reports.test_summary import by_sql, values
from tests.walls import anew


@pytest.fixture
def two_sent(sent, zhou, li):
    review.submit(written(sent.campaign, zhou), actor=zhou)
    return sent.campaign


@pytest.mark.notice("4.3.2")
def test_compilation_adds_up_what_was_sent(client, two_sent, li):
    client.force_login(li)
    found = compiling.compiled(two_sent, li)
    assert (len(found.cities), len(found.sent), len(found.on_time)) == (11, 2, 2)
    assert values(found.figures)["all.participants"] == by_sql("14")[1] == 1100
    page = client.get("/summaries/compilation/").content.decode()
    assert "1,100" in page
    assert "91%" in page


def checked_in(campaign, code, phone):
    with rls_context(scope=code):
        youth = Youth.objects.create(
            organization_id=code, name="乔两家", phone=phone, kind="worker", age="adult"
        )
        CheckIn.objects.create(organization_id=code, youth=youth, campaign=campaign, kind="worker")


def test_somebody_in_two_cities_is_one_person_of_the_province(campaign, summary, wang, zhou, li):
    for code, phone in (
        ("140105", "13800009901"),
        ("140213", "13800009901"),
        ("140213", "13800009902"),
    ):
        checked_in(campaign, code, phone)
    review.submit(summary, actor=wang)
    review.submit(written(campaign, zhou), actor=zhou)
    found = {f.name: f for f in compiling.compiled(campaign, li).figures}
    assert found["all.people"].units == {"1401": 1, "1402": 2}
    assert found["all.people"].value == 2


def test_figure_of_which_the_largest_counts_is_not_added_up(
    campaign, log, zhang, sun, wu, wang, zhou, li
):
    kind = campaign.kinds.get(key="sharing")
    kind.measures.filter(key="speakers").update(adds="most")
    for actor, speakers in ((zhang, 3), (sun, 5), (wu, 4)):
        log(actor, kind=kind, figures={"speakers": speakers})
    for actor in (wang, zhou):
        review.submit(written(campaign, actor), actor=actor)
    found = {f.name: f for f in compiling.compiled(campaign, li).figures}
    assert found["sharing.m-speakers"].units == {"1401": 5, "1402": 4}
    assert found["sharing.m-speakers"].value == 5


def test_nobody_of_an_older_seal_was_not_known_and_is_no_zero(two_sent, li):
    """staff.md A10: a seal of before says 0 of what nobody had counted."""
    cities = compiling.compiled(two_sent, li).cities
    for city in cities:
        if city.reading:
            people = figures.Figure("all.people", figures.ALL, "联系服务青年", "人", 0)
            city.reading.groups.append(("总体", "", "", [people]))
    found = compiling._added_up(two_sent, cities)
    names = {figure.name for _, row in found for figure in row}
    assert ("all.people" in names, "all.participants" in names) == (False, True)


def test_unit_that_says_there_is_nothing_owes_nothing(campaign, undertaken, summary, zhang):
    rows = Undertaking.objects.filter(organization_id="140105", kind__key="talent_pool")
    rows.update(nothing_to_report_at=summary.campaign.deadlines.first().decided_at or now())
    account = summing.Account(summary)
    assert list(account.owing.values()) == [["“民事代办”绿色通道"]]
    assert account.promises["talent_pool"].said == "方案已选，单位说明没有可报"


def test_provinces_own_summary_is_drafted_and_closed_by_itself(client, two_sent, li):
    own = written(two_sent, li)
    text = own.sections.get(key="overview").content["text"]
    assert "已开展活动5场，参加1,100人次，2个市登记了活动" in text
    client.force_login(li)
    client.post(f"/summaries/{own.pk}/own/settle/")
    own.refresh_from_db()
    assert own.state == "approved"


@pytest.mark.parametrize("cities", [1, 2])
def test_compilation_costs_the_same_for_one_summary_and_for_two(
    client, sent, zhou, li, cities, django_assert_num_queries
):
    if cities == 2:
        review.submit(written(sent.campaign, zhou), actor=zhou)
    client.force_login(li)
    client.get("/me/")
    # Nine, and one that puts back the scope that the test arranged with; three more where two cities
    # have counted the same people.
    with django_assert_num_queries(10):
        client.get("/summaries/compilation/")


def test_somebody_in_two_counties_is_one_person_of_their_city(campaign, summary):
    for code, phone in (
        ("140105", "13800009901"),
        ("140106", "13800009901"),
        ("140106", "13800009902"),
    ):
        checked_in(campaign, code, phone)
    found = {f.name: f for f in figures.count(campaign, summary.organization)}
    assert found["all.people"].value == found["checkin.people"].value == 2
    assert found["all.people"].units == {"140105": 1, "140106": 2}


def with_pictures(summary, cadre, log, *words):
    """The summary, which chose so many pictures of an entry of the cadre's."""
    entry = log(cadre).pk
    photos = [anew(add_photo(actor=cadre, entry=entry, file=picture())) for _ in words]
    chosen = [{"id": str(one.pk), "words": said} for one, said in zip(photos, words, strict=True)]
    summary.sections.filter(key="pictures").update(content={"chosen": chosen})
    return summary


@pytest.mark.notice("4.3.2")
def test_first_three_pictures_of_each_city_that_chose_some_are_in_the_compilation(
    client, campaign, summary, log, zhang, wang, zhou, li
):
    review.submit(with_pictures(summary, zhang, log, "第一", "第二", "第三", "第四"), actor=wang)
    review.submit(written(campaign, zhou), actor=zhou)
    client.force_login(li)
    page = client.get("/summaries/compilation/")
    ((city, shown),) = page.context["pictures"]
    assert (city.unit.code, [words for _, words in shown]) == ("1401", ["第一", "第二", "第三"])
    card = page.content.decode().partition('id="pictures"')[2].partition("</section>")[0]
    assert ("太原市" in card, "大同市" in card) == (True, False)
    for photo, words in shown:
        small = f'src="/photos/{photo.pk}/small/" alt="{words}" loading="lazy"'
        assert small in " ".join(card.split())
    word = made("compiled_word", campaign, li)
    lines = words_of(word).splitlines()
    begin = lines.index(next(line for line in lines if line.endswith("、图片")))
    after = [line for line in lines[begin + 1 : lines.index("附件")] if line]
    assert after == ["（一）太原市", "第一", "第二", "第三"]
    assert len(Word(io.BytesIO(word)).inline_shapes) == 3


def test_picture_that_is_gone_is_left_out_of_the_word_file_and_its_city_too(
    campaign, summary, log, zhang, wang, li
):
    review.submit(with_pictures(summary, zhang, log, "第一"), actor=wang)
    ((_, ((photo, _),)),) = compiling.compiled(campaign, li).pictures()
    photo.image.storage.delete(photo.image.name)
    assert "、图片" not in words_of(made("compiled_word", campaign, li))


def test_compilation_without_a_picture_has_no_place_for_them(client, two_sent, li):
    client.force_login(li)
    assert 'id="pictures"' not in client.get("/summaries/compilation/").content.decode()
    assert "、图片" not in words_of(made("compiled_word", two_sent, li))


@pytest.mark.parametrize("cities", [1, 2])
def test_pictures_are_one_question_for_one_city_and_for_two(
    client, campaign, summary, log, zhang, wu, wang, zhou, li, cities, django_assert_num_queries
):
    review.submit(with_pictures(summary, zhang, log, "第一"), actor=wang)
    if cities == 2:
        other = with_pictures(written(campaign, zhou), wu, log, "第二", "第三")
        review.submit(other, actor=zhou)
    client.force_login(li)
    client.get("/me/")
    # Thirteen, and one that puts back the scope that the test arranged with.
    with django_assert_num_queries(11):
        page = client.get("/summaries/compilation/")
    assert len(page.context["pictures"]) == cities


def test_every_part_of_a_summary_has_its_number_in_the_word_file(campaign, summary, wang, li):
    """There are more than ten, so the last are 十一 and 十二."""
    parts = compiling.SIDE_BY_SIDE
    summary.sections.filter(key__in=parts).update(content={"text": "写好了。"})
    review.submit(summary, actor=wang)
    lines = words_of(made("compiled_word", campaign, li)).splitlines()
    numbered = [line for line in lines if "、" in line[:3]]
    assert numbered[-2:] == ["十一、下一步打算", "十二、数据说明"]
