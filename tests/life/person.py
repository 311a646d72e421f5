"""One person's life over the portal: what may happen to somebody, in any order.

Nothing here asks a law. What was said of the person, and where, is remembered beside.
"""

import datetime as dt
import random
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.timezone import localdate, now

from campaigns.models import Campaign, RecordTally
from qingchun.accounts.credential_models import PastPassword, SignIn
from qingchun.accounts.models import Invitation
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import work
from qingchun.notifications.models import Preference
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from reports.library.actions import publicity
from reports.library.models import Exemplar
from services.events.actions import pledging
from services.events.models import Block, Choice, Match, Profile
from services.proxy.actions import papers, progress
from talent.pool import numbers
from talent.pool.actions import deduplication, enrolment, records, sheets
from talent.pool.choices import Agreed
from talent.pool.models import FollowUp, Likeness, NumberAnswer, Opening, TalentRecord
from talent.youth.actions import (
    checkin,
    consents,
    groups,
    letter_copies,
    letters,
    people,
    questions,
)
from talent.youth.choices import ConsentPurpose
from talent.youth.exports import everything_about
from talent.youth.models import HomeLetter, LetterCopy, Youth
from tests.conftest import as_owner, person, uncounted, with_number
from tests.events import scene as events
from tests.looking import looking
from tests.services import scene as proxy
from tests.vacancies import scene as vacancies
from tests.walls import jpeg

HERE, THERE = "140105", "140106"
# The number and the name they sign in with; a number of years ago under which home wrote down
# somebody "旧雀"; nobody can know that it is the same person until somebody says so.
NAME, PHONE = "金丝雀", "13800008001"
OLD_NAME, OLD = "旧雀", "13800008002"
DOOR_NAME = "门雀"
IDENTITY = events.identity_number(1990)
FACTS = {"heard": "visit", "birth_year": 1990, "village": "东村", "lives_at": "北京市"}


def marks_of(phone, identity=""):
    found = [phone, str(numbers.phone_mark(phone))]
    return found + ([identity, str(numbers.identity_mark(identity))] if identity else [])


def texts():
    """(table, [column]) of every column of every table, also of those without a model."""
    with as_owner() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1"
        )
        return cursor.fetchall()


def where(words, columns):
    """{"table.column"} in which any of the words stands, read past every wall, in one question."""
    parts = [
        f"""SELECT '{table}.{column}' FROM "{table}" WHERE "{column}"::text LIKE ANY(%(words)s)"""
        for table, names in columns
        for column in names
    ]
    with as_owner() as cursor:
        cursor.execute(NO_WALLS)
        cursor.execute("SET LOCAL row_security = off")  # an error, where a wall still stands
        cursor.execute(" UNION ".join(parts), {"words": [f"%{word}%" for word in words]})
        found = {place for (place,) in cursor.fetchall()}
        cursor.execute("SET LOCAL row_security = on")
        return found


# Until the transaction is taken back: the owner reads what no role does.
NO_WALLS = """DO $$ DECLARE t regclass; BEGIN
 FOREACH t IN ARRAY ARRAY(SELECT oid::regclass FROM pg_class WHERE relforcerowsecurity)
 LOOP EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', t); END LOOP; END $$"""


class Stage:
    """What is there before anybody comes: two counties with a group, an item, events."""

    def __init__(self, zhang, sun):
        self.zhang, self.sun = zhang, sun
        with rls_context(scope=HERE, person=zhang.pk):
            self.group = groups.make_group(
                actor=zhang, organization_id=HERE, name="学子群", kind="all", capacity=500,
                responsible=zhang.acting, deputy=None,
            )  # fmt: skip
            send_letter(zhang, HERE)
        self.item = proxy.published(zhang, possible="whole")
        self.event = events.opened(zhang, questions=[QUESTION])
        self.evening = events.evening_of(zhang)
        self.vacancy = vacancies.posted(zhang)
        with looking():
            self.here, self.there = (Organization.objects.get(pk=code) for code in (HERE, THERE))


def send_letter(actor, code):
    """A county's letter of one part goes out. Needs: nobody else there who might look at it."""
    part = letters.write_part(
        actor=actor, campaign=Campaign.objects.at_work(), organization_id=code, kind="change",
        title="南街修好了", text="去年秋天铺的。", for_kind="", for_want="",
    )  # fmt: skip
    letters.offer(part, actor=actor)
    letters.approve(part, actor=actor)
    letters.send(HomeLetter.objects.get(organization_id=code), actor=actor)
    return part


QUESTION = {"key": "q1", "label": "带什么", "kind": "text", "choices": [], "required": False}


class Life:
    """What one person does and has done to them. A step that does not fit says so by doing nothing."""

    def __init__(self, rng, stage):
        self.rng, self.stage = rng, stage
        self.done, self.told, self.words = [], [], 0
        self.user = self.youth = None
        self.untold, self.others = [], []
        # Home's old record: whether somebody has said that it is they.
        self.old, self.is_known = None, False

    def __repr__(self):
        return " → ".join(self.done)

    def word(self, kind):
        """Something said of them that stands nowhere else: told to them wherever it is."""
        self.words += 1
        return f"{kind}{self.words}雀言"

    @contextmanager
    def desk(self, actor):
        with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
            yield

    def cadre(self):
        """Whose person they are now."""
        return self.stage.zhang if self.youth.organization_id == HERE else self.stage.sun

    def own(self):
        """The record in the pool that is theirs."""
        with looking():
            found = TalentRecord.objects.select_related("organization").of_youth(self.youth)
            return found[0] if found else None

    def standing(self, code=HERE):
        with looking():
            found = TalentRecord.objects.standing().filter(county=code)
            return list(found.select_related("organization").order_by("pk"))

    def goes(self, step):
        with looking():
            if self.youth:
                self.youth = Youth.objects.select_related("organization", "user").get(
                    pk=self.youth.pk
                )
        if getattr(self, step)() is not False:
            self.done.append(step)

    # Before they come

    def old_record(self):
        if self.old:
            return False
        with self.desk(self.stage.zhang):
            self.old = records.enter(
                actor=self.stage.zhang, home=self.stage.here, name=OLD_NAME, phone=OLD, **FACTS
            )

    def next_county(self):
        """The neighbour has them by the number that they sign in with."""
        return self.entered(self.stage.sun, self.stage.there, THERE)

    def written_down(self):
        return self.entered(self.stage.zhang, self.stage.here, HERE)

    def entered(self, actor, home, code):
        if any(r.phone_mark == numbers.phone_mark(PHONE) for r in self.standing(code)):
            return False
        with self.desk(actor):
            records.enter(actor=actor, home=home, name=NAME, phone=PHONE, **FACTS)

    def sheet(self):
        """A table with their number and identity, brought in and written."""
        if any(r.phone_mark == numbers.phone_mark(PHONE) for r in self.standing()):
            return False
        rows = f"姓名,手机号,身份证号,乡镇,本人同意\n{NAME},{PHONE},{IDENTITY},坞城街道,是\n"
        file = SimpleUploadedFile("人.csv", rows.encode())
        with self.desk(self.stage.zhang):
            sheet = sheets.receive(actor=self.stage.zhang, file=file)
        work()
        with self.desk(self.stage.zhang):
            sheet.refresh_from_db()
            if sheet.state != "checked":
                raise AssertionError((sheet.state, sheet.trouble))
            if self.rng.random() < 0.7 or not self.old:
                sheets.confirm(sheet, actor=self.stage.zhang)
        work()

    def door(self):
        """A liaison writes them down with their number, and they never take it up."""
        self.at_the_door(NAME, PHONE)

    def nameless_door(self):
        """Or without, under another name: nobody knows before the two are put together."""
        self.at_the_door(DOOR_NAME, "")

    def at_the_door(self, name, phone):
        with self.desk(self.stage.zhang):
            checkin.register_at_the_door(
                actor=self.stage.zhang, home=self.stage.here, paper=jpeg(), agreed={ConsentPurpose.POOL},
                phone=phone, name=name, kind="student", age="adult", lives_at="北京市",
            )  # fmt: skip

    def door_case(self):
        """A case registered at the door with their number, and never claimed."""
        case = proxy.at_the_door(self.stage.zhang, self.stage.item, name=NAME, phone=PHONE,
                                 way="door", place=self.word("住"))  # fmt: skip
        with self.desk(self.stage.zhang):
            progress.take(case, actor=self.stage.zhang)

    def unclaimed_story(self):
        with self.desk(self.stage.zhang):
            Exemplar.objects.create(
                organization_id=HERE, name=NAME, title="回乡", story=self.word("事"),
                phone_mark=numbers.phone_mark(PHONE),
            )  # fmt: skip

    # They come

    def comes(self):
        self.user = person("young", NAME)
        with_number(self.user, PHONE)
        agreed = {ConsentPurpose.BASIC}
        agreed |= {
            p for p in (ConsentPurpose.POOL, ConsentPurpose.MESSAGES) if self.rng.random() < 0.7
        }
        with looking():
            self.youth = checkin.check_in(
                self.user, home=self.stage.here, agreed=agreed, stay="week", name=NAME,
                kind="student", age="adult", lives_at="北京市",
            ).youth  # fmt: skip

    def agrees_on_paper(self):
        for record in self.standing(self.cadre().scope):
            if record.agreed == Agreed.NONE:
                with self.desk(self.cadre()):
                    enrolment.agree_on_paper(record, actor=self.cadre(), paper=jpeg())
                return None
        return False

    def looks_at_pool(self):
        with rls_context(person=self.user.pk):
            enrolment.records_of(self.user)

    def merges_records(self):
        """Either is kept; whether by chance the old one is theirs from now on."""
        found = self.standing(self.cadre().scope)
        if len(found) < 2:
            return False
        kept, double = self.rng.sample(found, 2)
        with looking():  # the next word was promised to the double
            TalentRecord.objects.filter(pk=double.pk).update(next_on=localdate() - dt.timedelta(1))
        before = self.promised(), self.talks()
        with self.desk(self.cadre()):
            deduplication.merge(kept, double, actor=self.cadre())
        assert (self.promised(), self.talks()) == before
        if self.old in (kept, double):
            self.is_known = self.is_known or self.has(double if self.old == kept else kept)

    def has(self, record):
        """Whether anybody can tell that it is theirs: of a nameless record from the door nobody can,
        before the two check-ins are put together."""
        whose = record.user_id == self.user.pk or record.youth_id == self.youth.pk
        return whose or record.phone_mark == numbers.phone_mark(PHONE)

    def merges_and_parts(self):
        """At once taken apart again, everything is what it was."""
        found = self.standing(self.cadre().scope)
        if len(found) < 2:
            return False
        kept, double = self.rng.sample(found, 2)
        before = snapshot()
        with self.desk(self.cadre()):
            deduplication.merge(kept, double, actor=self.cadre())
            deduplication.part(Likeness.objects.get(kept=kept, double=double), actor=self.cadre())
        after = snapshot()
        assert {
            name: (before[name], after[name]) for name in after if after[name] != before[name]
        } == {}

    def merges_check_ins(self):
        with looking():
            others = list(Youth.objects.filter(organization=HERE, user=None))
        if not others or self.cadre() is not self.stage.zhang:
            return False
        before = self.talks()
        with self.desk(self.stage.zhang):
            people.merge(*self.rng.sample([self.youth, others[0]], 2), actor=self.stage.zhang)
        self.others.append(others[0].name)
        assert self.talks() == before

    def handed_over(self):
        actor = self.cadre()
        home = self.stage.there if actor is self.stage.zhang else self.stage.here
        before = self.talks()
        with self.desk(actor):
            people.hand_over(self.youth, actor=actor, home=home)
        assert self.talks() == before
        assert self.left_behind(home) <= STAY_BEHIND
        record = self.own()
        # What hangs on no check-in is the county's own, and stays there.
        assert record is None or record.youth_id is None or record.organization_id == home.code

    def left_behind(self, home):
        """Tables whose rows of theirs another unit than their home has; no law is asked."""
        with looking():
            return {
                model._meta.label
                for model in apps.get_models()
                if {"youth", "organization"} <= {field.name for field in model._meta.fields}
                and model._base_manager.filter(youth=self.youth).exclude(organization=home).exists()
            }

    # What is said and done

    def asks(self):
        with self.desk(self.cadre()), looking():
            asked = questions.ask(self.youth, kind="consult", text=self.say("问"))
            questions.answer(asked, actor=self.cadre(), text=self.say("答"))

    def say(self, kind):
        self.told.append(said := self.word(kind))
        return said

    def talked_to(self):
        record = self.own()
        if record is None:
            return False
        actor = self.stage.zhang if record.county == HERE else self.stage.sun
        with self.desk(actor):
            records.follow_up(
                record, actor=actor, means="phone", reached=True, text=self.say("谈"),
                promised=self.say("答应"), next_on=localdate() + dt.timedelta(self.rng.randint(1, 9)),
            )  # fmt: skip

    def contacted(self):
        with self.desk(self.cadre()):
            people.note_contact(self.youth, actor=self.cadre(), means="phone", text=self.say("访"))

    def signs_up(self):
        events.joined(self.user, self.stage.event, given={"q1": self.say("带")})

    def wants_work(self):
        vacancies.asked(self.user, self.stage.vacancy, words=self.say("工"))
        vacancies.watched(self.user)

    def dates(self):
        events.invited(self.user, self.stage.evening, man=True, hopes=self.say("盼"))

    def case(self):
        case = proxy.asked(
            self.user, self.stage.item, name=NAME, way="door", place=self.say("住"),
            until_on=localdate() + dt.timedelta(30), wish=self.say("托"),
        )  # fmt: skip
        with self.desk(self.stage.zhang):
            progress.take(case, actor=self.stage.zhang)
            papers.tick(case, actor=self.stage.zhang, papers=list(case.papers.all()))
            papers.add_image(case.papers.first(), file=proxy.picture(), actor=self.stage.zhang)
            progress.add_note(case, actor=self.stage.zhang, text=self.say("办"), is_shown=True)

    def pledges(self):
        with rls_context(person=self.user.pk):
            pledging.pledge(self.user)

    def speaks(self):
        with rls_context(person=self.user.pk):
            publicity.speak(
                self.user, called="小雀", words=self.say("言"), picture=jpeg(), others="nobody"
            )

    def story(self):
        with looking():
            Exemplar.objects.create(
                organization_id=HERE, user=self.user, name=NAME, title="回乡", story=self.say("事"),
                phone_mark=numbers.phone_mark(PHONE),
            )  # fmt: skip

    def gets_letter(self):
        with looking():
            consents.give(self.youth, {ConsentPurpose.MESSAGES})
        letter_copies.send_waiting()
        with rls_context(person=self.user.pk):
            copy = LetterCopy.objects.filter(youth=self.youth).first()
            if copy is None:  # handed over to where nobody wrote
                return False
            letter_copies.answer_letter(copy, user=self.user, said="coming")

    def joins_group(self):
        member = self.youth.groups.filter(joined_at=None).first()
        if member is None:
            return False
        with looking():
            groups.say_joined(member, user=self.user)

    def corrects(self):
        with rls_context(person=self.user.pk):
            people.correct(self.youth, lives_at="上海市", kind="worker")

    def exports(self):
        """All that was said of them is told to them."""
        with rls_context(person=self.user.pk):
            everything = str(everything_about(self.youth))
        self.untold = [said for said in self.told if said not in everything]

    # What must not be lost

    def talks(self):
        """Text and promise of every talk, of whichever record."""
        with looking():
            found = FollowUp.objects.exclude(record=None).filter(record__merged_into=None)
            return sorted(found.values_list("text", "promised"))

    def promised(self):
        """The next day on which somebody speaks with any of them."""
        with looking():
            return min(
                TalentRecord.objects.standing()
                .exclude(next_on=None)
                .values_list("next_on", flat=True),
                default=None,
            )

    def sought(self):
        """What tells of them, as far as anybody can know."""
        found = [NAME, *marks_of(PHONE, IDENTITY), "雀言"]
        return found + self.others + ([OLD_NAME, *marks_of(OLD)] if self.is_known else [])


# Whoever is answering goes on.
STAY_BEHIND = {"talent.Question"}
BEFORE = (
    "old_record",
    "next_county",
    "written_down",
    "sheet",
    "door",
    "nameless_door",
    "door_case",
    "unclaimed_story",
)
AFTER = (
    "agrees_on_paper", "looks_at_pool", "merges_records", "merges_records", "merges_and_parts",
    "merges_check_ins", "handed_over", "wants_work", "asks", "talked_to", "talked_to", "contacted", "signs_up",
    "dates", "case", "pledges", "speaks", "story", "joins_group", "gets_letter", "corrects",
    "exports",
)  # fmt: skip


def live(rng, stage):
    """A life of some steps, ending in an export. Returns: it."""
    uncounted()
    life = Life(rng, stage)
    for step in rng.sample(BEFORE, rng.randint(0, 4)):
        life.goes(step)
    life.goes("comes")
    for step in rng.sample(AFTER, rng.randint(3, 12)):
        told = [*life.told]
        try:
            with transaction.atomic():
                life.goes(step)
        except Refused as refusal:
            life.done.append(f"({step}: {refusal!r})")
            life.told = told
    life.goes("exports")
    return life


def snapshot():
    """All records of the pool with what hangs on them, and their counts."""
    with looking():
        fields = [f.attname for f in TalentRecord._meta.concrete_fields if f.name != "version"]
        as_plain = lambda row: tuple(bytes(v) if isinstance(v, memoryview) else str(v) for v in row)  # noqa: E731
        records = [
            as_plain(row) for row in TalentRecord.objects.order_by("pk").values_list(*fields)
        ]
        talks = list(FollowUp.objects.order_by("pk").values_list("pk", "record"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, record_id, is_new, people FROM talent_stagechange ORDER BY 1"
            )
            steps = cursor.fetchall()
            cursor.execute("SELECT record_id, pairs FROM talent_poolwords ORDER BY 1")
            words = cursor.fetchall()
        tallies = sorted(RecordTally.objects.values_list("organization", "key", "value"))
        likes = sorted(Likeness.objects.values_list("kept", "double", "verdict"))
        return {
            "records": records, "talks": talks, "steps": steps, "words": words, "likes": likes,
            "tallies": [tally for tally in tallies if tally[2]],
        }  # fmt: skip


def whole(stage):
    """Somebody with a row in every table that can hold one, by what the portal does where it can."""
    life = Life(random.Random(1), stage)
    for step in ("sheet", "comes", "old_record", *OFTEN):
        life.goes(step)
    with looking():
        life.user.refresh_from_db()
        own = life.own()
        with life.desk(stage.zhang):
            deduplication.merge(own, life.old, actor=stage.zhang)
        life.is_known = True
        mine = Profile.objects.get(user=life.user)
        him = events.invited(events.guest(3), stage.evening, man=False)
        other = Profile.objects.get(signup=him)
        Match.objects.create(
            organization_id=HERE, event=stage.evening, a=mine, b=other, a_user=life.user,
            b_user=him.user,
        )  # fmt: skip
        Block.objects.create(user=life.user, mark=8)
        NumberAnswer.objects.create(
            organization_id=HERE,
            phone_mark=9,
            name_mark=9,
            who="same",
            record=own,
            by_name="张小店",
        )
        Opening.objects.create(
            organization_id=HERE, record=own, user=stage.sun, by_name="李省", by_unit="团省委",
            reason="核对", until=now(),
        )  # fmt: skip
        Invitation.objects.create(
            organization_id=HERE, role="editor", name=NAME, phone=PHONE, digest="e" * 64,
            invited_by=stage.zhang, expires_at=now() + dt.timedelta(7),
        )  # fmt: skip
        PastPassword.objects.create(user=life.user, password="x")
        SignIn.objects.create(user=life.user, how="code", device="手机", session_sealed="x")
        Preference.objects.create(user=life.user)
        Authenticator.objects.create(user=life.user, type="totp", data={})
        SocialAccount.objects.create(user=life.user, provider="weixin", uid=f"{NAME}微信")
        EmailAddress.objects.create(user=life.user, email="a@example.com")
    with rls_context(person=life.user.pk):
        Choice.objects.create(event_id=stage.evening.pk, user_id=life.user.pk, number=1)
    return life


OFTEN = (
    "looks_at_pool", "talked_to", "asks", "contacted", "signs_up", "dates", "case", "pledges",
    "speaks", "story", "joins_group", "gets_letter", "corrects", "wants_work",
)  # fmt: skip
