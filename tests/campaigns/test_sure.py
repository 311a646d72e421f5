"""What is unlikely is asked about where it is typed, kept with who said so, and not asked twice."""

import ast
import html
import uuid
from io import BytesIO

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from campaigns import checks
from campaigns.entry_forms import ActivityForm
from campaigns.models import Activity, ActivityKind, Measure
from qingchun.accounts.models import AuditEvent
from qingchun.ground.fields import HeldNumber
from qingchun.jobs.actions import work
from reports.boards.models import YouthCount
from reports.papers import summing
from reports.papers.models import Summary
from services.events.forms.formsets import PostForms
from services.events.models import PointDay, ServicePoint
from tests.looking import looking
from tests.our_forms import ROOT, our_forms, sources
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
    """Those first about which nothing was asked: the clock stands still, and logs all at one moment."""
    rows = Activity.objects.order_by(F("sure").asc(nulls_first=True))
    with looking():
        return list(rows.values_list("participants", "sure"))


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


def test_young_people_far_from_what_was_noted_are_asked_about_once(campaign, li):
    client, address = Client(), "/youth-counts/"
    client.force_login(li)

    def noted(people, **more):
        answer = client.post(address, {"source": "年鉴", "people_140105": people} | more)
        return html.unescape(answer.content.decode())

    assert "小店区的 999999 比一个县的青年还多，是 999999 吗？" in noted("999999")
    with looking():
        assert not YouthCount.objects.exists()
    noted("90000")
    asked = noted("9000")
    assert "9000 和以前填的（90000）差很多" in asked
    assert 'value="9000"' in asked
    noted("9000", sure="young-140105:9000")
    with looking():
        assert YouthCount.objects.get().people == 9000
        event = AuditEvent.objects.filter(verb="填写青年人数").last()
    assert event.facts["sure"] == ["young-140105:9000"]
    assert "吗？" not in noted("9000")  # it stands so now


def test_figure_typed_into_a_summary_is_asked_about_as_it_is_saved(summary, wang):
    client, address = Client(), f"/summaries/{summary.pk}/"
    client.force_login(wang)
    typed = {"label_1": "发放明白卡", "value_1": "999999", "unit_1": "张", "why_1": "印刷厂单据"}

    def saved(version, **more):
        data = typed | {"version": version} | more
        return client.post(
            f"{address}sections/figures/", data, HTTP_ACCEPT="application/json"
        ).json()

    def odd():
        found = Summary.objects.select_related("campaign", "organization").get(pk=summary.pk)
        contents = {section.key: section.content for section in found.sections.all()}
        return {what for what, *_ in summing.Account(found).odd(contents)}

    assert "“发放明白卡”的 999999 这么多很少见，是 999999 吗？" in saved(0)["asked"]
    assert "是 999999 吗？" in client.get(f"{address}edit/").content.decode()
    assert odd() == {"手工填写的数太大"}
    # The button that seals says so too.
    assert "“发放明白卡”填了 999999 张。" in html.unescape(client.get(address).content.decode())
    given = saved(1, sure="hand:999999")["asked"]
    assert "吗？" not in given
    assert 'value="hand:999999"' in given  # and goes along the next time
    assert "吗？" not in client.get(f"{address}edit/").content.decode()
    assert odd() == set()
    assert "是 888888 吗？" in saved(2, value_1="888888", sure="hand:999999")["asked"]
    assert "吗？" not in saved(3, value_1="3000")["asked"]


def test_places_of_a_post_are_asked_about_and_what_stands_is_not(campaign, zhang):
    rows = PostForms(
        {
            "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-name": "办公室",
            "rows-0-host": "区政府", "rows-0-unit": "140105", "rows-0-capacity": "900",
        },
        prefix="rows", form_kwargs={"units": [("140105", "小店区")]},
    )  # fmt: skip
    assert not rows.is_valid()
    assert [question.token for question in rows.forms[0].unsure] == ["places:900"]
    rows.forms[0].initial["capacity"] = 900
    rows.forms[0].full_clean()
    assert not rows.forms[0].errors


# Every number that is typed anywhere.

ASKED_ABOUT = {
    ("ActivityForm", "participants"),
    ("ActivityForm", "self._name(kind, measure)"),
    ("EntryForm", "f'figure_{measure.key}'"),
    ("PointForm", "served"),
    ("PostForm", "capacity"),
    ("YouthCountForm", "f'people_{unit.code}'"),
}
# No number field, and asked about all the same: reports/papers/summary_content.py, ``unlikely``.
TYPED_AS_TEXT = {("value_", "reports/summary/_typed.html")}
IN_NO_FIGURE = {
    "which of several: a stage, a year, the number of a record": {
        ("ActivityFilter", "stage"), ("CopyForm", "year"), ("ReasonForm", "number"),
        ("WhoForm", "number"),
    },
    "how long something takes or holds, between two ends that are said": {
        ("CopyForm", "days"), ("CopyForm", "times"), ("EventForm", "accept_hours"),
        ("EventForm", "minutes"), ("EventForm", "rounds"), ("ExtendForm", "days"),
        ("HoursForm", "hours"), ("ItemForm", "latest_days"), ("ScheduleForm", "deputy_from"),
        ("ScheduleForm", "late_days"), ("StepForm", "days"),
    },
    "how many may come: a limit, which counts for nothing": {
        ("EventForm", "capacity"), ("EventForm", "men"), ("EventForm", "places"),
        ("EventForm", "women"), ("GroupForm", "capacity"), ("HoursForm", "capacity"),
        ("StationForm", "capacity"), ("VacancyForm", "people"),
    },
    "what is wanted, not what was: beside who asked for it": {
        ("CampaignForm", "least_kinds"), ("DemandForm", "number"), ("DemandForm", "minutes"),
        ("MaterialForm", "count"), ("VacancyForm", "pay_from"), ("VacancyForm", "pay_to"),
    },
    "one person's own word, in no sum that is sealed": {
        "employs", "birth_year", "from_age", "to_age",
    },
}  # fmt: skip


def typed_numbers():
    """(form, field) of each number that somebody types: as declared, and as made for what there is."""
    for form in our_forms():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.IntegerField) and not isinstance(field, HeldNumber):
                yield form.__name__, name
    for path in sources():
        if "forms" in path.as_posix():
            for form in ast.walk(ast.parse(path.read_text())):
                if isinstance(form, ast.ClassDef):
                    yield from ((form.name, name) for name in _made_in(form))


def _made_in(form):
    """Fields that a form makes for each of what there is: ``self.fields[…] = forms.IntegerField(…)``."""
    for node in ast.walk(form):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target, made = node.targets[0], ast.unparse(node.value.func)
            if isinstance(target, ast.Subscript) and made.endswith(("IntegerField", "NumberField")):
                yield ast.unparse(target.slice)


def test_each_number_that_counts_is_asked_about_or_it_is_said_why_not():
    typed = set(typed_numbers())
    known = set().union(*IN_NO_FIGURE.values())
    unknown = {one for one in typed - ASKED_ABOUT if one not in known and one[1] not in known}
    assert unknown == set()
    assert typed >= ASKED_ABOUT
    asking = {form.__name__ for form in our_forms() if issubclass(form, checks.Asks)}
    assert {form for form, _ in ASKED_ABOUT} == asking
    for name, template in TYPED_AS_TEXT:
        assert f'name="{name}' in (ROOT / "templates" / template).read_text()
