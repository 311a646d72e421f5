"""Home's cadres and their people: masked in lists, opened on record, nobody else's."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from campaigns import counting
from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.youth.actions import people
from talent.youth.lists import checkins
from talent.youth.models import CheckIn, Consent, Contact, Youth
from tests.looking import looking, plan_of
from tests.talent.conftest import warm
from tests.walls import jpeg


def text_of(response):
    return response.content.decode()


def test_list_masks_names_and_numbers(arrive, zhang, at):
    youth = arrive("欧阳返乡")
    page = text_of(at(zhang).get("/youth/"))
    assert "欧**" in page
    assert youth.masked_phone in page
    for hidden in ("欧阳返乡", youth.phone):
        assert hidden not in page


def test_opening_one_is_written_down(arrive, zhang, at):
    youth = arrive("欧阳返乡")
    page = text_of(at(zhang).get(f"/youth/{youth.pk}/"))
    assert "欧阳返乡" in page
    assert youth.phone in page
    event = AuditEvent.objects.get(verb="查看个人信息")
    assert (event.actor, event.subject) == (zhang, f"talent.youth:{youth.pk}")


def test_only_home_sees_the_person(arrive, li, wang, zhang, sun, zhao, at):
    arrive("在小店", home="140105001")
    seen = {}
    for user in (li, wang, zhang, sun, zhao):
        seen[user.name] = "在*" in text_of(at(user).get("/youth/"))
    assert seen == {
        "李省": False, "王太原": False, "张小店": True, "孙迎泽": False, "赵坞城": True,
    }  # fmt: skip


def test_database_shows_the_city_and_the_province_nobody(arrive):
    youth = arrive(home="140105001")
    seen = {}
    for scope in ("14", "1401", "140105", "140105001", "140105002", "140106"):
        with rls_context(scope=scope):
            seen[scope] = (Youth.objects.count(), CheckIn.objects.count())
    assert seen == {
        "14": (0, 0), "1401": (0, 0), "140105": (1, 1), "140105001": (1, 1),
        "140105002": (0, 0), "140106": (0, 0),
    }  # fmt: skip
    with rls_context(person=youth.user_id):
        assert Youth.objects.count() == 1
    with rls_context(person=youth.user_id + 1):
        assert Youth.objects.count() == 0


def test_city_sees_figures_of_its_counties(arrive, wang, li, at):
    arrive("甲", kind="student")
    arrive("乙", kind="worker", home="140106")
    page = text_of(at(wang).get("/youth/"))
    for county in ("小店区", "迎泽区"):
        row = rf'<th scope="row">{county}</th>\s*<td class="r" data-l="报到">1</td>'
        assert re.search(row, page)
    row = r'<th scope="row">太原市</th>\s*<td class="r" data-l="报到">2</td>'
    assert re.search(row, text_of(at(li).get("/youth/")))


def test_list_is_filtered_and_searched(arrive, zhang, at):
    a = arrive("王一", kind="student")
    arrive("李二", kind="worker")
    desk = at(zhang)
    with looking():
        CheckIn.objects.filter(youth=a).update(wants=["job"])

    def names(query):
        page = text_of(desk.get(f"/youth/?{query}"))
        return ["王*" in page, "李*" in page]

    def found(words):
        page = text_of(desk.post("/youth/", {"q": words}))
        return ["王*" in page, "李*" in page]

    assert names("") == [True, True]
    assert names("kind=student") == [True, False]
    assert names("want=job") == [True, False]
    assert names("joined=no") == [True, True]
    assert names("joined=yes") == [False, False]
    # What is looked for is posted: a name has no place in an address.
    assert found("李二") == [False, True]
    assert found(a.phone) == [True, False]
    assert found(f"{a.phone[:3]} {a.phone[3:7]} {a.phone[7:]}") == [True, False]
    assert found(a.phone[-4:]) == [False, False], "numbers are sealed: a part of one finds nobody"
    assert names("q=李二") == [True, True]
    assert names("kind=nonsense") == [False, False], "what is none finds nobody, and says so"


def count_queries(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen) - 1  # putting back the test's scope


def test_list_costs_the_same_with_one_and_with_thirty(arrive, zhang, at):
    desk = warm(at(zhang))
    arrive("甲一")
    one = count_queries(desk, "/youth/")
    for number in range(29):
        arrive(f"甲{'一二三四五六七八九十'[number % 10]}")
    assert (one, count_queries(desk, "/youth/")) == (5, 5)


def test_contact_is_noted(arrive, zhang, at):
    youth = arrive()
    at(zhang).post(f"/youth/{youth.pk}/contact/", {"means": "phone", "text": "正月初八到家"})
    with looking():
        contact = Contact.objects.get()
    assert (contact.by_name, contact.text) == ("张小店", "正月初八到家")


def test_hand_over_gives_the_person_and_the_figure_to_the_other_unit(arrive, zhang, wu, at):
    youth = arrive()
    desk = at(zhang)
    desk.post(f"/youth/{youth.pk}/hand-over/", {"unit": "平城区"})
    assert desk.get(f"/youth/{youth.pk}/").status_code == 404
    assert at(wu).get(f"/youth/{youth.pk}/").status_code == 200
    found = RecordTally.objects.exclude(value=0).values_list("organization_id", "value")
    assert list(found) == [("140213", 1)]
    with looking():
        assert counting.differences() == []
    assert Message.objects.filter(purpose="youth_handed_over", recipient=wu).exists()


def test_hand_over_says_which_unit_it_cannot_find(arrive, zhang, at):
    youth = arrive()
    answer = at(zhang).post(f"/youth/{youth.pk}/hand-over/", {"unit": "哪里县"}, follow=True)
    assert "没有这个单位" in text_of(answer)
    answer = at(zhang).post(f"/youth/{youth.pk}/hand-over/", {"unit": "城区"}, follow=True)
    assert "都这样叫，请写全" in text_of(answer)


def test_neighbour_cannot_hand_over(arrive, sun, at):
    youth = arrive()
    assert at(sun).post(f"/youth/{youth.pk}/hand-over/", {"unit": "140106"}).status_code == 404


@pytest.fixture
def twice(arrive):
    """One person, registered at the door and online."""
    online = arrive("李重名")
    with looking():
        door = Youth.objects.create(
            organization_id="140105001", name="李重名", phone="13800005555", kind="worker",
            age="adult", school="山西大学",
        )  # fmt: skip
        from talent.youth.actions.checkin import _arrive

        _arrive(door, CheckIn.objects.get(youth=online).campaign, stay="week", source="door")
        signed = Consent(
            organization_id="140105001", youth=door, purpose="basic", version=1, source="door"
        )
        signed.paper.save("signed.jpg", jpeg())
    return online, door


def test_same_person_is_proposed_and_merged(twice, zhang, at):
    online, door = twice
    desk = at(zhang)
    assert "可能是同一个人" in text_of(desk.get(f"/youth/{online.pk}/"))
    desk.post(f"/youth/{door.pk}/merge/", {"double": online.pk})
    with looking():
        kept = Youth.objects.get()
        assert (kept.pk, kept.school, kept.user_id) == (online.pk, "山西大学", online.user_id)
        assert CheckIn.objects.count() == 1
        assert counting.differences() == []
        # The signed paper stays with the person; the consent that stands is their own.
        found = Consent.objects.order_by("source").values_list("source", "withdrawn_at")
        assert [(source, at is None) for source, at in found] == [("door", False), ("site", True)]
    event = AuditEvent.objects.get(verb="合并登记")
    assert event.facts == {"merged": door.pk}


def test_signed_paper_goes_with_the_person(twice, django_capture_on_commit_callbacks):
    from talent.youth.actions.leaving import forget

    _, door = twice
    with looking():
        paper = Consent.objects.get(youth=door).paper
    assert paper.storage.exists(paper.name)
    with django_capture_on_commit_callbacks(execute=True):
        forget(door)
    assert not paper.storage.exists(paper.name)


def test_two_accounts_are_not_merged(arrive, zhang):
    a, b = arrive("甲"), arrive("甲")
    with pytest.raises(Refused, match="各有自己的账号"):
        people.merge(a, b, actor=zhang)


def test_neighbours_person_cannot_be_merged_in(arrive, zhang, at):
    a, b = arrive("甲"), arrive("甲", home="140106")
    assert at(zhang).post(f"/youth/{a.pk}/merge/", {"double": b.pk}).status_code == 404
    with looking():
        assert Youth.objects.count() == 2


def test_move_into_another_unit_passes_no_wall_by_itself(arrive):
    """Planted: without a purpose the database refuses what the action does."""
    from django.db import transaction
    from django.db.utils import ProgrammingError

    youth = arrive()
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        rls_context(scope="140105"),
    ):
        Youth.objects.filter(pk=youth.pk).update(organization=Organization.objects.get(pk="140213"))


@pytest.mark.parametrize("name", ["zhang", "zhao"])
def test_newest_of_a_county_and_of_a_township_are_read_from_an_index(
    arrive, campaign, request, name
):
    person = request.getfixturevalue(name)
    for number in range(60):
        arrive(f"王{number}", home=("140105", "140105001")[number % 2])
    with rls_context(scope=person.scope, person=person.pk):
        _, found = checkins(person, QueryDict(""), campaign)
        assert len(found) == {"zhang": 60, "zhao": 30}[name]
    plan = plan_of(found.plain()[:26], person)
    assert "Sort" not in plan, plan
    assert "using talent_checkin_newest_" in plan, plan
