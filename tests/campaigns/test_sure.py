"""What is unlikely is asked about where it is typed, kept with who said so, and not asked twice."""

import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns import checks
from campaigns.entry_forms import ActivityForm
from campaigns.models import Activity, ActivityKind, Measure
from qingchun.jobs.actions import work
from services.events.models import PointDay, ServicePoint
from tests.looking import looking
from tests.reports.test_formalism import picture


@pytest.fixture
def desk(zhang):
    client = Client()
    client.force_login(zhang)
    return client


@pytest.fixture
def kind(campaign):
    return campaign.kinds.order_by("number").first()


def sent(kind, **more):
    return {
        "entry": str(uuid.uuid4()), "kind": kind.key, "held_on_year": "2019", "held_on_month": "1",
        "held_on_day": "7", "place": "区政府", "participants": "12", "title": "", "text": "",
    } | more  # fmt: skip


def kept():
    with looking():
        return list(Activity.objects.order_by("logged_at").values_list("participants", "sure"))


def test_number_far_above_the_most_so_far_is_asked_about_and_kept_with_the_answer(desk, kind):
    assert desk.post("/activities/new/", sent(kind, participants="156")).status_code == 302
    typed = sent(kind, participants="999999", place="街道")
    page = desk.post("/activities/new/", typed).content.decode()
    assert "999999 比本县以往最多的一场（156）多很多，是 999999 吗？" in page
    assert 'value="街道"' in page
    assert len(kept()) == 1
    assert desk.post("/activities/new/", typed | {"sure": "crowd:999998"}).status_code == 200
    assert desk.post("/activities/new/", typed | {"sure": "crowd:999999"}).status_code == 302
    people, sure = kept()[1]
    assert (people, sure["crowd:999999"]["by"]) == (999999, "张小店")
    # Corrected in something else, nobody is asked again; another number is.
    with looking():
        entry = Activity.objects.get(participants=999999)
    change = typed | {"version": "1", "reason": "地点写错", "place": "街道二楼"}
    assert desk.post(f"/activities/{entry.pk}/edit/", change).status_code == 302
    again = change | {"version": "2", "participants": "888888"}
    with looking():
        Activity.objects.filter(pk=entry.pk).update(participants=9)
    assert "是 888888 吗？" in desk.post(f"/activities/{entry.pk}/edit/", again).content.decode()


def test_page_knows_the_most_so_far_and_what_was_logged_last(desk, kind):
    desk.post("/activities/new/", sent(kind, participants="156"))
    page = desk.get("/activities/new/").content.decode()
    known = page.partition('id="known"')[2].partition("</script>")[0]
    assert f'"{kind.pk}": {{"most": 156, "limit": 469, "latest": [{{"at": ' in known
    assert '"on": "2019-01-07"' in known


def test_same_place_and_day_once_more_is_asked_about(desk, kind):
    desk.post("/activities/new/", sent(kind))
    page = desk.post("/activities/new/", sent(kind)).content.decode()
    assert "1月7日在区政府已经登记过" in page
    token = f"twice:{kind.pk}:2019-01-07:区政府"
    assert desk.post("/activities/new/", sent(kind, sure=token)).status_code == 302
    assert token in kept()[1][1]
    assert desk.post("/activities/new/", sent(kind, place="别处")).status_code == 302


def test_picture_used_before_is_asked_about_when_it_is_sent_and_when_it_is_logged(desk, kind):
    first, second = sent(kind), sent(kind, place="别处")
    for one in (first, second):
        body = BytesIO()
        picture(7).save(body, "JPEG")
        file = SimpleUploadedFile("a.jpg", body.getvalue(), "image/jpeg")
        desk.post("/photos/", {"entry": one["entry"], "file": file})
        work()  # how it looks is known once it is made anew
        (answer,) = desk.get("/photos/", {"entry": one["entry"]}).json()["photos"]
        if one is first:
            assert answer["used"] == ""
            desk.post("/activities/new/", one)
    assert "区政府" in answer["used"]
    assert "有一张照片在" in desk.post("/activities/new/", second).content.decode()
    given = second | {"sure": f"photo:{answer['id']}"}
    assert desk.post("/activities/new/", given).status_code == 302


def test_more_men_and_women_than_people_are_refused(campaign, kind):
    for key, label in (("men", "男青年"), ("women", "女青年")):
        Measure.objects.create(kind=kind, key=key, label=label, unit="人", position=9)
    kinds = ActivityKind.objects.filter(pk=kind.pk).for_forms()
    data = sent(kind) | {f"figure_{kind.pk}_men": "8", f"figure_{kind.pk}_women": "5"}
    form = ActivityForm(data, campaign=campaign, kinds=kinds)
    assert not form.is_valid()
    assert "男女相加（13）比参加人数还多" in str(form.errors["participants"])


def test_people_served_in_a_day_are_asked_about_likewise(desk, campaign, zhang):
    with looking():
        point = ServicePoint.objects.create(organization_id="140105", name="南站", kind="rail")
    day = {"on_year": "2019", "on_month": "1", "on_day": "8", "served": "99999"}
    typed = {f"p{point.pk}-{name}": value for name, value in day.items()}
    page = desk.post(f"/desk/points/{point.pk}/served/", typed).content.decode()
    assert "是 99999 吗？" in page
    assert 'value="99999"' in page
    with looking():
        assert not PointDay.objects.exists()
    answer = desk.post(f"/desk/points/{point.pk}/served/", typed | {"sure": "served:99999"})
    assert answer.status_code == 302
    with looking():
        assert PointDay.objects.get().sure["served:99999"]["by"] == "张小店"
    assert desk.post(f"/desk/points/{point.pk}/served/", typed).status_code == 302  # not twice


@pytest.mark.parametrize(
    ("most", "from_"), [(None, 3000), (0, 3000), (10, 200), (156, 469), (2000, 3000)]
)
def test_limit_follows_the_most_so_far(most, from_):
    assert checks.limit(most) == from_


# Every number of people that is typed anywhere.

ASKED_ABOUT = {"participants", "served"}
NOT_OF_PEOPLE_WHO_CAME = {
    "capacity": "how many may come: a limit, which counts for nothing",
    "employs": "one person's own word of their firm, in no sum that is sealed",
    "people": "of the yearbook, which the province types with its source",
}


def test_each_form_that_takes_people_who_came_asks():
    from django import forms

    from tests.our_forms import our_forms

    words = ("人数", "人次", "几人", "多少人")
    for form in our_forms():
        for name, field in getattr(form, "base_fields", {}).items():
            number = isinstance(field, forms.IntegerField)
            if number and any(word in str(field.label or "") for word in words):
                asks = issubclass(form, checks.Asks) and name in ASKED_ABOUT
                assert asks or name in NOT_OF_PEOPLE_WHO_CAME, (form.__name__, name)
