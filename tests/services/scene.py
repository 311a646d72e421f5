"""A desk with something in every place: for the walk, for the canaries, for the tests beside it."""

import datetime as dt

from django.utils.timezone import localdate

from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.proxy.actions import asking, items, papers, progress, slots, trips
from services.proxy.actions import desk as desk_actions
from services.proxy.models import Phrase, ServiceItem, Slot
from tests.conftest import with_number
from tests.looking import looking

CONTENT = {
    "title": "医保参保登记",
    "category": "insurance",
    "office": "insurance",
    "possible": "whole",
    "for_whom": ["youth", "elder", "child"],
    "entitled": "",
    "materials": [
        {"name": "居民身份证", "form": "original", "count": 1, "waived_by": "", "note": ""},
        {"name": "户口簿", "form": "copy", "count": 1, "waived_by": "", "note": ""},
    ],
    "steps": [
        {"name": "收材料", "by": "agent", "days": 1},
        {"name": "登记", "by": "office", "days": 3},
    ],
    "latest_days": 10,
    "fee": "不收费",
    "basis": "",
    "place": "",
    "hours": "",
    "advice": "",
    "valid_from": None,
    "valid_until": None,
    "second_confirms": False,
}
FACTS = {
    "relation": "self", "beneficiary": "youth", "name": "陈返乡", "asker_name": "", "way": "drop",
    "place": "", "wish": "",
}  # fmt: skip
PHONE = "13800006001"
# What brings a case to a state, by the agent.
BRINGS = {
    "accepted": progress.accept, "at_office": progress.to_office, "waiting": progress.wait,
    "done": progress.done, "impossible": progress.impossible,
}  # fmt: skip


def picture(colour="#c8102e", name="a.jpg", size=(64, 48)):
    from tests.walls import jpeg

    found = jpeg(colour, size)
    found.name = name
    return found


def published(keeper, **content):
    """An item of the keeper's county, confirmed by its office and public."""
    with rls_context(scope=keeper.scope, person=keeper.pk):
        item = items.write(actor=keeper, content=CONTENT | content)
        items.confirm(item, actor=keeper, by="区医保局 李科长")
        item.refresh_from_db()
        items.publish(item, actor=keeper)
    return ServiceItem.objects.select_related("published__item").get(pk=item.pk)


def asked(user, item, home="140105", **facts):
    """A request made online by somebody with a number."""
    if not user.phone:
        with_number(user, "13800009001")
    what = {key: facts.pop(key) for key in ("until_on", "slot_id") if key in facts}
    with rls_context(person=user.pk):
        case, _ = asking.ask(
            user,
            item=item,
            number=item.published.number,
            home=Organization.objects.get(pk=home),
            facts=FACTS | facts,
            **what,
        )
    return case


def at_the_door(actor, item, home=None, **facts):
    """A request that somebody of the desk wrote down; the signed paper is a picture."""
    with rls_context(scope=actor.scope, person=actor.pk):
        return asking.register_at_the_door(
            actor=actor,
            item=item,
            number=item.published.number,
            home=Organization.objects.get(pk=home or actor.scope),
            paper=picture(),
            facts=FACTS | {"name": "王桂兰", "phone": PHONE} | facts,
        )


def desk(cadre, young):
    """Route arguments for every page of the green channel."""
    item = published(cadre)
    with rls_context(scope=cadre.scope, person=cadre.pk):
        sample = items.show_example(
            item, actor=cadre, key=item.published.materials[0]["key"], file=picture()
        )
        phrase = desk_actions.add_phrase(actor=cadre, text="材料齐了。")
        slots.open_hours(
            actor=cadre, way="drop", place="政务大厅", first=localdate() + dt.timedelta(1),
            last=localdate() + dt.timedelta(1), hours=((dt.time(9), dt.time(11)),), capacity=2,
            weekends=True,
        )  # fmt: skip
    case = asked(young, item) if young else at_the_door(cadre, item, phone="13800006009")
    signed = at_the_door(cadre, item)
    with rls_context(scope=cadre.scope, person=cadre.pk):
        for each in (case, signed):
            progress.take(each, actor=cadre)
            papers.tick(each, actor=cadre, papers=list(each.papers.all()))
        image = papers.add_image(case.papers.first(), file=picture(), actor=cadre)
        papers.receive(signed, actor=cadre, papers=list(signed.papers.all()))
        slip = papers.make_slip(signed, actor=cadre, is_return=False)
        trip, _ = trips.set_out([signed], actor=cadre, office="insurance")
        slot = Slot.objects.within(cadre.scope).first()
    with looking():
        items.load_templates()
    template = ServiceItem.objects.filter(organization_id="14").first()
    return {
        "service": {"pk": item.pk},
        "own_item": {"pk": item.pk},
        "template": {"pk": template.pk},
        "sample": {"pk": sample.pk},
        "case": {"pk": case.pk},
        "signed": {"pk": signed.pk},
        "image": {"pk": image.pk},
        "slip": {"pk": slip.pk},
        "trip": {"pk": trip.pk},
        "slot": {"pk": slot.pk},
        "phrase": {"pk": phrase.pk},
    }


def marked(code, user, mark):
    """A request next door whose agent and item bear a mark, with a phrase of that unit."""
    with looking():
        item = ServiceItem.objects.create(organization_id=code[:6])
        # What a county offers is no secret of its townships.
        title = f"{mark}{code}" if len(code) == 6 else "邻近街道的事项"
        version = items._add_version(item, mark, CONTENT | {"title": title})
        ServiceItem.objects.filter(pk=item.pk).update(
            published=version, confirmed_on=localdate(), confirmed_by=mark, confirmed_number=1
        )
        item = ServiceItem.objects.select_related("published__item").get(pk=item.pk)
        case, _ = asking.ask(
            user, item=item, number=1, home=Organization.objects.get(pk=code),
            facts=FACTS | {"name": mark},
        )  # fmt: skip
        type(case).objects.filter(pk=case.pk).update(agent_name=mark)
        Phrase.objects.create(organization_id=code, text=mark)
