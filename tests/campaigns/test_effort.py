"""How much work logging is: counted by the page, kept of nobody, shown as medians."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.effort import FEWEST, LATEST, MOST_SECONDS, Spent, figures, spent_of
from campaigns.models import Activity, Effort
from qingchun.organizations.models import Organization
from tests.looking import looking

NEW = "/activities/new/"


@pytest.fixture
def typed(campaign):
    return {
        "entry": str(uuid.uuid4()), "kind": "proxy", "held_on": "2019-01-07", "place": "政务大厅",
        "participants": 46,
    }  # fmt: skip


def kept():
    with looking():
        return [
            (row.kind.key, row.level, Spent(row.taps, row.keys, row.seconds, row.fields))
            for row in Effort.objects.select_related("kind").order_by("pk")
        ]


def test_what_the_page_counted_goes_along_and_is_kept_of_nobody(client, zhang, zhao, typed):
    client.force_login(zhang)
    assert client.post(NEW, typed | {"spent": "5,14,17,2"}).status_code == 302
    client.force_login(zhao)
    again = typed | {"entry": str(uuid.uuid4()), "place": "坞城街道", "spent": "4,2,9,1"}
    assert client.post(NEW, again).status_code == 302
    assert kept() == [
        ("proxy", "county", Spent(5, 14, 17, 2)),
        ("proxy", "township", Spent(4, 2, 9, 1)),
    ]
    # Neither whose it was, nor of which unit, nor which entry.
    columns = {field.name for field in Effort._meta.get_fields()}
    assert columns == {"id", "kind", "level", "taps", "keys", "seconds", "fields"}


@pytest.mark.parametrize(
    "spent",
    [
        "", "0,0,5,0", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "a,b,c,d", "1,2,3601,1", "1000,1,1,1",
        "1,1,1,100", "１,1,1,1\n", "9" * 300,
    ],
)  # fmt: skip
def test_page_that_could_not_count_is_unknown_and_not_nothing(client, zhang, typed, spent):
    client.force_login(zhang)
    assert client.post(NEW, typed | {"spent": spent}).status_code == 302
    assert kept() == []
    assert Activity.objects.count() == 1


@given(st.text(max_size=30))
def test_no_text_makes_a_number_beyond_its_bounds(text):
    spent = spent_of(text)
    assert spent is None or max(spent) <= 9999


def test_sent_twice_is_counted_once_and_a_correction_not_at_all(client, zhang, typed):
    client.force_login(zhang)
    for _ in range(2):
        client.post(NEW, typed | {"spent": "5,14,17,2"})
    entry = Activity.objects.get()
    change = typed | {"version": 1, "participants": 47, "spent": "9,9,9,1"}
    assert client.post(f"/activities/{entry.pk}/edit/", change).status_code == 302
    assert len(kept()) == 1


def test_form_that_comes_back_with_a_question_goes_on_counting(client, zhang, typed):
    client.force_login(zhang)
    page = client.post(NEW, typed | {"participants": 999999, "spent": "5,14,17,2"})
    assert page.status_code == 200
    assert 'name="spent" value="5,14,17,2"' in page.content.decode()
    assert kept() == []


def took(kind, level, *seconds, fields=1):
    Effort.objects.bulk_create(
        Effort(kind=kind, level=level, taps=4, keys=6, seconds=one, fields=fields)
        for one in seconds
    )


def test_median_and_ninth_tenth_of_each_kind_and_level(campaign):
    proxy, sharing = campaign.kinds.get(key="proxy"), campaign.kinds.get(key="sharing")
    took(proxy, "county", *range(1, 11))
    took(proxy, "township", 30, 30, 30, 40, 50, fields=3)
    took(sharing, "county", *[12] * (FEWEST - 1))  # too few to be told of
    found = figures([campaign.pk], ["county", "township", "city"])
    seconds = {
        key[1:]: (one.entries, one.half.seconds, one.most.seconds) for key, one in found.items()
    }
    assert seconds == {
        ("proxy", "county"): (10, 5, 9),
        ("proxy", "township"): (5, 30, 50),
        ("proxy", None): (15, 8, 40),
        (None, "county"): (14, 7, 12),
        (None, "township"): (5, 30, 50),
        (None, None): (19, 10, 40),
    }
    assert (
        found[campaign.pk, "proxy", "county"].in_time,
        found[campaign.pk, "proxy", "township"].in_time,
    ) == (True, False)
    assert found[campaign.pk, "proxy", "township"].few_fields is False


def test_of_many_the_latest_are_looked_at(campaign, kind):
    took(kind, "county", *[50] * LATEST, *[10] * LATEST)
    (one,) = {one.half.seconds for one in figures([campaign.pk], ["county"]).values()}
    assert one == 10


@pytest.fixture
def ledger(client, campaign, zhang):
    client.force_login(zhang)
    return lambda **asked: client.get("/burden/", {"campaign": campaign.pk} | asked)


def test_page_says_what_is_known_and_what_is_not(ledger, campaign, kind, log, zhang):
    page = ledger().content.decode()
    assert "这次行动还不知道" in page
    assert "登记一场活动 1 分钟" in page
    assert page.count("还不知道</td>") == 10
    took(kind, "county", 10, 12, 14, 16, 18, fields=2)
    took(kind, "township", 30, 30, 30, 40, 50, fields=3)
    for number in range(3):
        log(zhang, place=f"第 {number} 个村")
    page = ledger().content.decode()
    assert "一半在 <b>18 秒</b>以内，九成在 40 秒以内" in page
    assert "按量出来的 18 秒" in page
    assert page.count("还不知道</td>") == 9
    # Three entries are not three minutes.
    rows = {row.what: row.in_all for row in ledger().context["rows"]}
    assert rows == {"登记活动（已登记 3 场）": 1}
    counties = ledger(level="county").context["meter"]
    assert (counties.all.now.half.seconds, counties.level) == (14, "county")
    assert [level.label for level in counties.levels] == ["县级", "乡镇（街道）"]
    assert ledger(level="town").context["meter"].level == ""


def test_edition_before_stands_beside(ledger, campaign, kind):
    from campaigns.actions.editions import create_edition

    took(kind, "county", 10, 12, 14, 16, 18)
    later = create_edition(
        title="2019年暑期行动", stages=(("组织发动", "", campaign.ends_on, None),),
        ends_on=campaign.ends_on.replace(month=8), state="open", deadlines={},
    )  # fmt: skip
    took(later.kinds.get(key="proxy"), "county", 5, 6, 7, 8, 9)
    row = next(r for r in ledger(campaign=later.pk).context["meter"].rows if r.now)
    assert (row.now.half.seconds, row.before.half.seconds) == (7, 14)
    first = next(r for r in ledger(campaign=campaign.pk).context["meter"].rows if r.now)
    assert first.before is None


@pytest.mark.parametrize("entries", [1, 300])
def test_page_asks_as_often_for_many(ledger, campaign, django_assert_num_queries, entries):
    for kind in campaign.kinds.all():
        for level in ("county", "township", "city"):
            took(kind, level, *range(1, entries + 1))
    with django_assert_num_queries(11):
        ledger()


def test_every_level_that_logs_is_metered(db):
    from reports.boards.reporting_burden import METERED

    levels = set(Organization.objects.values_list("level", flat=True).distinct())
    assert levels == {*METERED}
    assert MOST_SECONDS == 3600
