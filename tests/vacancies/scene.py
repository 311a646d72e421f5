"""Vacancies with people in them: for the walk, for the canaries, for the tests beside it."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate, now

from qingchun.organizations.walls import rls_context
from services.vacancies.actions import interests, vacancies, watching
from services.vacancies.models import Interest, Vacancy
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth
from tests.events import scene as events
from tests.looking import looking

AGREED = {ConsentPurpose.WORK}


def facts(**more):
    return {
        "title": "焊工",
        "employer": "龙城机械厂",
        "trade": "making",
        "place": "真武路 88 号",
        "pay_from": 6000,
        "pay_to": 9000,
        "people": 3,
        "until": localdate() + dt.timedelta(days=20),
        "text": "有焊工证，管住。",
        "contact_name": "",
        "contact_phone": "",
    } | more


def typed(**more):
    """The same as a form has it."""
    return {name: "" if value is None else str(value) for name, value in facts(**more).items()}


def posted(actor, **more):
    """A vacancy of the actor's county."""
    with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
        return vacancies.keep(Vacancy(**facts(**more)), actor=actor)


def settle():
    """What was put up stands for so long that nothing older is still being written."""
    with looking():
        Vacancy.objects.update(posted_at=now() - dt.timedelta(minutes=5))


def fresh(vacancy):
    with looking():
        return Vacancy.objects.select_related("organization").get(pk=vacancy.pk)


def youth_of(user):
    return Youth.objects.filter(user=user).first() or events.arrived(user)


def asked(user, vacancy, words="晚上方便接电话", agreed=AGREED, **more):
    """They would like to go, as the person themselves."""
    youth = youth_of(user)
    with transaction.atomic(), rls_context(person=user.pk):
        return interests.ask(
            user, vacancy=fresh(vacancy), youth=youth, words=words, agreed=agreed, **more
        )


def watched(user, place="140105", trades=(), agreed=AGREED, **more):
    youth = youth_of(user)
    with transaction.atomic(), rls_context(person=user.pk):
        watching.watch(user, youth=youth, place=place, trades=trades, agreed=agreed, **more)


def answered(interest, actor, said="明天上午来面试。"):
    with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
        interests.answer(Interest.objects.get(pk=interest.pk), actor=actor, said=said)


def told(moment=None):
    """The clock goes round once."""
    with rls_context():
        return watching.tell_who_waits(moment or now())


def desk(cadre, young):
    """Route arguments for every page of vacancies."""
    vacancy = posted(cadre)
    user = young or events.guest(9)
    interest = asked(user, vacancy)
    watched(user)
    return {
        "vacancy": {"pk": vacancy.pk},
        "own_vacancy": {"pk": vacancy.pk},
        "interest": {"pk": interest.pk},
        "own_interest": {"pk": interest.pk},
    }


def marked(code, user, mark):
    """Next door: a vacancy with somebody who asked for it, marked."""
    with looking():
        vacancy = Vacancy.objects.create(
            organization_id=code,
            vouched_by="邻县",
            **facts(title="邻县的岗位", employer="邻县工厂"),
        )
        Interest.objects.create(
            organization_id=code, vacancy=vacancy, user=user, name=f"{mark}{code}",
            phone=user.phone, kind="student", words=f"{mark}{code}",
        )  # fmt: skip
