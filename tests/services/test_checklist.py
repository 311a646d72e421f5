"""A county's checklist: adopted, changed, confirmed by its office, published, looked at again."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.proxy.actions import asking, items
from services.proxy.models import ItemVersion, ServiceItem
from tests.conftest import as_owner
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again, at_time, warm


@pytest.fixture
def template(campaign):
    with looking():
        items.load_templates()
    return ServiceItem.objects.select_related("published").get(
        organization_id="14", newest__title="驾驶证期满换证"
    )


@pytest.fixture
def adopted(template, zhang, desk_of):
    with desk_of(zhang):
        return reread(items.adopt(template, actor=zhang))


def reread(item):
    return ServiceItem.objects.select_related("newest", "published", "template__published").get(
        pk=item.pk
    )


def content(item, **changed):
    return items.content_of(item.newest) | changed


@pytest.mark.notice("3.7.1")
def test_provinces_templates_are_there_once(template):
    with looking():
        assert items.load_templates() == 0
    assert ServiceItem.objects.filter(organization_id="14").count() == 9


@pytest.mark.notice("3.7.1")
def test_county_adopts_changes_confirms_and_publishes(adopted, zhang, desk_of, client):
    with desk_of(zhang):
        items.write(actor=zhang, item=adopted, number=1, content=content(adopted, fee="不收费"))
        item = reread(adopted)
        with pytest.raises(Refused, match="先请主管部门确认"):
            items.publish(item, actor=zhang)
        items.confirm(item, actor=zhang, by="交警队 李队")
        items.publish(reread(item), actor=zhang)
    page = client.get("/140105/services/").content.decode()
    assert "驾驶证期满换证" in page
    assert "不收费" in page
    assert [v.number for v in item.versions.all()] == [2, 1]


def test_changed_item_is_published_as_it_was_until_its_office_agrees(item, zhang, desk_of):
    with desk_of(zhang):
        items.write(
            actor=zhang, item=reread(item), number=1, content=content(reread(item), fee="5 元")
        )
        changed = reread(item)
        assert (changed.published.fee, changed.newest.fee) == ("不收费", "5 元")
        with pytest.raises(Refused):
            items.publish(changed, actor=zhang)


def test_template_is_adopted_once(adopted, template, zhang, desk_of):
    with desk_of(zhang), pytest.raises(Refused, match="已经采用"):
        items.adopt(template, actor=zhang)


def test_province_changes_a_template_and_the_county_keeps_its_own(
    adopted, template, zhang, li, desk_of
):
    with desk_of(zhang):
        items.write(actor=zhang, item=adopted, number=1, content=content(adopted, fee="不收费"))
    with desk_of(li):
        ours = reread(template)
        items.write(
            actor=li, item=ours, number=1,
            content=content(ours, fee="工本费 15 元", advice="先处理违章。"),
        )  # fmt: skip
        items.publish(reread(template), actor=li)
    item = reread(adopted)
    assert [label for _, label, *_ in items.template_changes(item)] == ["收费", "政策和提醒"]
    with desk_of(zhang):
        kept = items.look_at_template(item, actor=zhang, take=True)
    item = reread(adopted)
    assert kept == ["收费"]
    assert (item.newest.fee, item.newest.advice) == ("不收费", "先处理违章。")
    assert items.template_changes(item) == []


def test_second_to_save_sees_what_the_first_changed(adopted, zhang, desk_of, at):
    with desk_of(zhang):
        items.write(actor=zhang, item=adopted, number=1, content=content(adopted, fee="5 元"))
        with pytest.raises(items.Changed, match="收费"):
            items.write(actor=zhang, item=adopted, number=1, content=content(adopted, fee="6 元"))
    assert ItemVersion.objects.filter(item=adopted).count() == 2


def test_version_is_never_changed(item):
    with pytest.raises(InternalError, match="append-only"), rls_context(scope="14"), as_owner():
        ItemVersion.objects.filter(item=item).update(fee="1 元")


def test_request_keeps_the_version_it_was_made_under(case, item, zhang, desk_of):
    with desk_of(zhang):
        items.write(
            actor=zhang, item=reread(item), number=1, content=content(reread(item), materials=[])
        )
    assert [m["name"] for m in again(case).version.materials] == ["居民身份证", "户口簿"]
    assert case.papers.count() == 2


def test_materials_keep_their_key_from_version_to_version(item, zhang, desk_of):
    rows = [dict(m) for m in item.published.materials]
    new = {"name": "照片", "form": "photo", "count": 2, "waived_by": "", "note": ""}
    with desk_of(zhang):
        items.write(
            actor=zhang, item=reread(item), number=1,
            content=content(reread(item), materials=[new, rows[1]]),
        )  # fmt: skip
    assert [(m["name"], m["key"]) for m in reread(item).newest.materials] == [
        ("照片", "m3"),
        ("户口簿", "m2"),
    ]


def test_offices_word_holds_a_year(item, winter, zhang, desk_of, client):
    day = item.confirmed_on
    for days, offered in ((365, True), (366, False)):
        winter.move_to(at_time(day + dt.timedelta(days), dt.time(9)))
        page = client.get("/140105/services/").content.decode()
        assert ("医保参保登记" in page, days) == (offered, days)
        assert client.get(f"/services/{item.pk}/").status_code == (200 if offered else 404)
    with desk_of(zhang), pytest.raises(Refused, match="一年要复核"):
        items.publish(reread(item), actor=zhang)


def test_item_is_on_offer_from_its_first_day_to_its_last(zhang, winter, client, campaign):
    first, last = dt.date(2019, 1, 10), dt.date(2019, 2, 1)
    scene.published(zhang, valid_from=first, valid_until=last)
    seen = []
    for day in (first - dt.timedelta(1), first, last, last + dt.timedelta(1)):
        winter.move_to(at_time(day, dt.time(9)))
        seen.append("医保参保登记" in client.get("/140105/services/").content.decode())
    assert seen == [False, True, True, False]


def test_county_cannot_touch_a_neighbours_item(item, sun, desk_of):
    for action in (
        lambda: items.write(actor=sun, item=item, number=1, content=scene.CONTENT),
        lambda: items.confirm(item, actor=sun, by="x"),
        lambda: items.publish(item, actor=sun),
        lambda: items.withdraw(item, actor=sun),
    ):
        with desk_of(sun), pytest.raises(PermissionDenied):
            action()


def test_item_in_person_only_explains_and_books(zhang, chen, desk_of, campaign, client):
    item = scene.published(zhang, title="结婚登记", possible="self", materials=[])
    assert "谁也不能代办" in client.get(f"/services/{item.pk}/").content.decode()
    case = scene.asked(chen, item)
    assert case.mandates.count() == 0
    from services.proxy.actions import mandates

    with desk_of(zhang), pytest.raises(Refused, match="不能委托"):
        mandates.renew_at_the_door(case, until_on=dt.date(2019, 2, 1), actor=zhang)


def test_database_holds_no_mandate_for_what_is_in_person_only(case):
    from django.db import IntegrityError, transaction

    from services.proxy.models import Mandate

    with pytest.raises(IntegrityError, match="proxy_no_mandate_in_person"), transaction.atomic():
        Mandate.objects.filter(request=case).update(possible="self")


def test_item_form_saves_rows_and_says_what_is_wrong(at, zhang, campaign):
    client = at(zhang)
    rows = {
        "materials-TOTAL_FORMS": 3, "materials-INITIAL_FORMS": 0,
        "materials-0-name": "户口簿", "materials-0-form": "copy", "materials-0-count": 2,
        "materials-1-name": "", "materials-1-form": "original", "materials-1-count": 1,
        "materials-2-name": "户口簿", "materials-2-form": "original", "materials-2-count": 1,
        "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0,
        "steps-0-name": "登记", "steps-0-by": "office", "steps-0-days": 5,
    }  # fmt: skip
    facts = {"title": "社保卡", "category": "social", "office": "labour", "possible": "whole"}
    sent = facts | rows | {"for_whom": ["youth"]}
    page = client.post("/proxy/items/new/", sent).content.decode()
    assert "有两行写了同一个名称" in page
    assert ServiceItem.objects.filter(organization_id="140105").count() == 0
    sent["materials-2-name"] = ""
    client.post("/proxy/items/new/", sent)
    version = ServiceItem.objects.get(organization_id="140105").newest
    assert version.materials == [
        {"name": "户口簿", "form": "copy", "count": 2, "waived_by": "", "note": "", "key": "m1"}
    ]
    assert (version.days, version.needed) == (5, ["户口簿复印件 2 份"])


def test_example_is_open_to_everybody(item, zhang, desk_of, client):
    with desk_of(zhang):
        example = items.show_example(item_newest(item), actor=zhang, key="m1", file=scene.picture())
        items.show_example(item_newest(item), actor=zhang, key="m1", file=scene.picture("#000000"))
        with pytest.raises(Refused):
            items.show_example(item_newest(item), actor=zhang, key="m9", file=scene.picture())
    response = client.get(f"/services/examples/{example.pk}/")
    assert b"".join(response).startswith(b"\xff\xd8")
    for close in response._resource_closers:  # what the server does when it has sent it
        close()
    assert "看样图" in client.get(f"/services/{item.pk}/").content.decode()


def item_newest(item):
    return reread(item)


def test_planned_and_latest_days_are_working_days(item, winter):
    # Tuesday 8 January 2019 and four, then ten, working days.
    assert asking.due_days(item.published) == (dt.date(2019, 1, 14), dt.date(2019, 1, 22))


@pytest.mark.parametrize("many", [1, 30])
def test_public_list_costs_the_same_however_long(zhang, campaign, client, many):
    for number in range(many):
        scene.published(zhang, title=f"事项 {number}")
    client.get("/privacy/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/140105/services/").status_code == 200
    assert len(seen) - 1 == 3


def test_township_reads_the_list_and_changes_nothing(item, zhao, at):
    client = warm(at(zhao))
    assert client.get("/proxy/items/").status_code == 200
    assert client.get(f"/proxy/items/{item.pk}/").status_code == 200
    assert client.post(f"/proxy/items/{item.pk}/withdraw/").status_code == 403


def test_withdrawn_item_is_gone_from_the_page_and_cases_go_on(case, item, zhang, desk_of, client):
    with desk_of(zhang):
        items.withdraw(reread(item), actor=zhang)
    assert client.get(f"/services/{item.pk}/").status_code == 404
    assert isinstance(client, Client)
    assert again(case).state == "registered"


def test_a_countys_page_leads_to_its_checklist_while_there_is_one(campaign, zhang):
    assert b"/140105/services/" not in Client().get("/140105/").content
    scene.published(zhang)
    cache.clear()
    assert b"/140105/services/" in Client().get("/140105/").content
    assert b"/140106/services/" not in Client().get("/140106/").content
