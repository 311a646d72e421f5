"""Choose many in the log and check them at once: each by itself, and nothing half-done."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions.log import check, delete_activity, edit_activity
from campaigns.models import Activity
from qingchun import many
from qingchun.accounts.models import AuditEvent
from qingchun.organizations.walls import rls_context
from tests.looking import looking

PAGE = "/activities/many/"


def tick(activity):
    return f"{activity.pk}~{activity.version}"


def send(client, *ticks, act="check", query=""):
    answer = client.post(f"{PAGE}{query}", {"act": act, "chosen": list(ticks)}, follow=True)
    return answer, answer.content.decode()


def checked():
    with looking():
        return {one.title for one in Activity.objects.exclude(checked_at=None)}


@pytest.fixture
def three(log, zhang, zhao, sun):
    return [log(zhang, title="甲"), log(zhao, title="乙"), log(sun, title="丙")]


def test_city_checks_several_at_once_and_each_is_written_down(client, three, wang):
    client.force_login(wang)
    page = client.get("/activities/?kind=proxy").content.decode()
    for one in three:
        assert f'name="chosen" id="pick-{one.pk}" value="{tick(one)}"' in page
    answer, text = send(client, *map(tick, three[:2]), query="?kind=proxy")
    assert answer.redirect_chain == [("/activities/?kind=proxy", 302)]
    assert "标为核对：2 条办好了。" in text
    assert checked() == {"甲", "乙"}
    with looking():
        rows = AuditEvent.objects.filter(verb="核对活动")
        assert {(row.actor_id, row.organization_id) for row in rows} == {
            (wang.pk, "140105"), (wang.pk, "140105001"),
        }  # fmt: skip
    # What is checked has no tick any more.
    page = client.get("/activities/").content.decode()
    assert re.findall(r'name="chosen" id="pick-([^"]+)"', page) == [str(three[2].pk)]


def test_what_changed_since_it_was_seen_is_left_with_its_reason_and_its_tick(
    client, three, wang, zhang, kind
):
    first, second, third = map(tick, three)
    with rls_context(scope="140105", person=zhang.pk):
        facts = {"held_on": three[0].held_on, "place": "别处", "title": "甲", "participants": 9}
        edit_activity(three[0], actor=zhang, version=1, reason="写错了", kind=kind, **facts)
    with rls_context(scope="1401", person=wang.pk):
        check(Activity.objects.select_related("campaign").get(pk=three[2].pk), actor=wang)
    client.force_login(wang)
    answer, text = send(client, first, second, third)
    assert (answer.status_code, checked()) == (200, {"乙", "丙"})
    assert "标为核对：1 条办好了。" in text
    assert "下面 2 条没有动过，还勾着" in text
    assert "刚才有人改过这个活动" in text
    assert "现在是“已核对”" in text
    again = re.findall(r'name="chosen" id="[^"]+" value="([^"]+)"[^>]* checked', text)
    with looking():
        fresh = Activity.objects.get(pk=three[0].pk)
    assert tick(fresh) in again
    assert fresh.version == 2
    answer, _ = send(client, tick(fresh))
    assert checked() == {"甲", "乙", "丙"}


def test_what_is_gone_is_said_and_the_rest_is_done(client, three, wang, zhang):
    with rls_context(scope="140105", person=zhang.pk):
        delete_activity(three[0], actor=zhang, reason="重复")
    client.force_login(wang)
    _, text = send(client, *map(tick, three), "nonsense", "1" * 60)
    assert checked() == {"乙", "丙"}
    assert "有 3 条已经不在名单里" in text


def test_another_citys_entries_are_as_if_there_were_none(client, three, zhou, log):
    client.force_login(zhou)
    answer, text = send(client, *map(tick, three))
    assert (answer.status_code, checked()) == (409, set())
    assert "有 3 条已经不在名单里" in text
    assert "甲" not in text
    _, none = send(client, "11111111-1111-4111-8111-111111111111~1")
    texts = (re.sub(r'value="[^"]*"', "", one) for one in (none.replace("1 条", "3 条"), text))
    assert next(texts) == next(texts)


def test_nobody_checks_their_own_not_even_among_others(client, log, wang, zhang):
    own, below = log(wang, title="市里的"), log(zhang, title="县里的")
    client.force_login(wang)
    page = client.get("/activities/").content.decode()
    assert f'value="{tick(own)}"' not in page
    _, text = send(client, tick(own), tick(below))
    assert checked() == {"县里的"}
    assert "这一条不归您办" in text


def test_nothing_chosen_is_said_and_nothing_done(client, three, wang):
    client.force_login(wang)
    assert "还没有勾选" in send(client)[1]
    assert "请按名单下面的按钮" in send(client, tick(three[0]), act="delete-activity")[1]
    assert checked() == set()
    with looking():
        assert Activity.objects.filter(deleted_at=None).count() == 3


def test_too_many_are_refused_whole_and_the_first_stay_ticked(client, three, wang, monkeypatch):
    monkeypatch.setattr(many, "MOST", 2)
    client.force_login(wang)
    answer, text = send(client, *map(tick, three))
    assert (answer.status_code, checked()) == (409, set())
    assert "一次最多办 2 条，这次选了 3 条，一条也没有办" in text
    assert text.count(" checked") == 2


def test_ten_thousand_are_refused_in_words(client, campaign, wang):
    client.force_login(wang)
    answer, text = send(client, *(f"{n:08d}-0000-4000-8000-000000000000~1" for n in range(10_000)))
    assert answer.status_code in (409, 413)
    assert "一次" in text


def test_who_may_not_check_has_no_ticks_and_is_refused(client, three, zhang, zhao):
    for person in (zhang, zhao):
        client.force_login(person)
        page = client.get("/activities/").content.decode()
        if person is zhao:
            assert "data-many" not in page
        answer, _ = send(client, tick(three[0]))
        assert (answer.status_code, checked()) == (409, set())


def asked(client, ticks):
    with CaptureQueriesContext(connection) as found:
        client.post(PAGE, {"act": "check", "chosen": ticks})
    return len(found)


def test_each_row_costs_the_same_and_the_list_no_more_for_its_ticks(
    client, log, zhang, wang, django_assert_num_queries
):
    client.force_login(wang)
    entries = [log(zhang, title=f"第{n}") for n in range(6)]
    with django_assert_num_queries(8):
        client.get("/activities/")
    one, two = asked(client, [tick(entries[0])]), asked(client, list(map(tick, entries[1:3])))
    three = asked(client, list(map(tick, entries[3:])))
    assert (two - one, three - two) == (EACH, EACH)


EACH = 8  # its place to go back to, its row, its edition, what is written, one line of the log
