"""What a number finds: nothing for whoever typed it, and one's own name for whoever proved it."""

import pytest
from django.test import Client

from qingchun.accounts import claims
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.organizations.choices import Role
from reports.library.actions import exemplars
from reports.library.models import Exemplar
from services.proxy.models import ServiceRequest
from talent.pool.models import TalentRecord
from talent.youth.models import Youth
from tests.accounts.test_families import answered, check_in
from tests.conftest import PASSWORD, person, uncounted, with_number
from tests.looking import looking
from tests.services import scene
from tests.talent.conftest import FORM, asked, enter, shown_code  # noqa: F401
from tests.walls import jpeg

PHONE, NAME = "13800009999", "王秘密"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def text_of(response):
    return response.content.decode()


@pytest.fixture
def kept(campaign, zhang, enter):  # noqa: F811
    """王秘密 in 小店区's pool, at its desk, at its door and in a story, all with the number."""
    record = enter(zhang, NAME, phone=PHONE, doing="在外地开公司机密")
    case = scene.at_the_door(zhang, scene.published(zhang), name=NAME, phone=PHONE)
    door = {**FORM, "name": NAME, "phone": PHONE, "paper": jpeg()}
    desk = Client()
    desk.force_login(zhang)
    desk.post("/youth/register/", door)
    story = Exemplar(
        organization_id="140105", name=NAME, place="坞城", title="机密事迹", story="三十户"
    )
    exemplars.save_exemplar(story, actor=zhang, phone=PHONE)
    uncounted()
    with looking():
        return {
            "record": record,
            "case": case,
            "youth": Youth.objects.get(name=NAME),
            "story": story,
        }


@pytest.fixture
def typed(db):
    """A cadre of 新荣 by the victim's very name, whose number an administrator there typed."""
    boss = person("boss", "管理员", "140212")
    cadre = person("cadre", NAME, "140212", Role.EDITOR)
    client = Client()
    client.force_login(boss)
    post = Membership.objects.get(user=cadre)
    client.post(f"/people/{post.pk}/number/", {"phone": PHONE})
    cadre.refresh_from_db()
    assert (cadre.phone, proved_phone(cadre)) == (PHONE, "")
    client = Client()
    client.post("/accounts/login/", {"login": "cadre", "password": PASSWORD})
    return client


def test_number_an_administrator_typed_opens_no_record_of_the_pool(kept, typed):
    """doors A1.1: inviting a number opened the pool records of other cities."""
    page = text_of(typed.get("/my/pool/"))
    assert "在外地开公司机密" not in page
    assert PHONE not in page
    assert (
        typed.post(
            "/my/pool/", {"record": kept["record"].pk, "refuse": "1", "sure": "yes"}
        ).status_code
        == 404
    )
    typed.post("/my/pool/", {"registered_name": NAME})
    assert "在外地开公司机密" not in text_of(typed.get("/my/pool/"))


def test_number_an_administrator_typed_opens_no_identity_papers(kept, typed, zhang):
    """doors A1.2: a cadre whose post was suspended claimed a family's request with its papers."""
    Membership.objects.filter(user__username="cadre").update(state="suspended")
    with looking():
        case = ServiceRequest.objects.get(pk=kept["case"].pk)
    assert case.spoken not in text_of(typed.get("/my/requests/"))
    for path in (f"/my/requests/{case.pk}/", f"/papers/signed/{case.pk}/"):
        assert typed.get(path).status_code == 404
    with looking():
        case.refresh_from_db()
    assert case.asker_id is None


def test_number_an_administrator_typed_checks_nobody_in(kept, typed):
    """doors A1.3: a door registration of another city was taken over without a code."""
    assert "id_code" in text_of(typed.get("/140105/check-in/"))
    page = typed.post("/140105/check-in/", FORM | {"name": NAME, "phone": PHONE, "code": "123456"})
    assert "请先点“获取验证码”" in text_of(page)
    with looking():
        assert Youth.objects.get(name=NAME).user_id is None
    assert typed.get("/my/data.json").status_code == 404


def test_number_an_administrator_typed_agrees_to_no_story(kept, typed):
    """doors A1.4: the consent the law asks for was given by a stranger."""
    assert "机密事迹" not in text_of(typed.get("/mine/story/"))
    assert typed.post("/mine/story/", {"exemplar": kept["story"].pk}).status_code == 404
    kept["story"].refresh_from_db()
    assert kept["story"].agreed_at is None


def test_invitation_opened_by_whoever_sent_it_is_no_account(kept, settings, django_user_model):
    """doors A1, the kind: no accomplice was needed, the inviter opened the link himself."""
    boss = Client()
    boss.force_login(person("boss", "管理员", "140212"))
    form = {"organization": "新荣区", "name": NAME, "phone": PHONE, "role": "editor"}
    page = boss.post("/people/invite/", form)
    path = page.context["sent"][0].link.removeprefix(settings.SITE_URL)
    settings.SHOW_CODES, settings.CODES_ARE_SENT = False, True
    impostor = Client()
    assert "验证码是" not in text_of(impostor.post(path, {"send": "1"}, follow=True))
    impostor.post(path, {"code": "000000"})
    impostor.post(path, {"password": PASSWORD, "again": PASSWORD})
    with looking():
        assert not User.objects.filter(name=NAME).exists()
    assert impostor.get("/my/pool/").status_code == 302


def test_number_that_was_only_invited_signs_in_to_no_post(settings):
    """doors A1.5: an invitation nobody had accepted was a live account for whoever owns the number."""
    boss = Client()
    boss.force_login(person("boss", "管理员", "140212"))
    form = {"organization": "新荣区", "name": "某干部", "phone": PHONE, "role": "editor"}
    boss.post("/people/invite/", form)
    owner = Client()
    code = shown_code(owner.post("/sign-in/", {"phone": PHONE, "send": "1"}, follow=True))
    assert owner.post("/sign-in/", {"phone": PHONE, "code": code}).status_code == 302
    assert owner.get("/youth/").status_code == 403
    assert Membership.objects.filter(user__name="某干部").count() == 0


# The number was proved


@pytest.fixture
def own(kept):
    """王秘密 herself, on her phone."""
    client = Client()
    client.force_login(with_number(person("own", NAME), PHONE))
    return client


@pytest.fixture
def sister(kept):
    """Her sister, who has the same number and another name."""
    client = Client()
    client.force_login(with_number(person("sister", "王小妹"), PHONE))
    return client


PAGES = (
    ("/my/pool/", "在外地开公司机密"),
    ("/my/requests/", "医保参保登记"),
    ("/mine/story/", "机密事迹"),
)


@pytest.mark.parametrize(("path", "held"), PAGES)
def test_proved_number_and_the_name_on_it_open_a_record_and_home_reads_so(
    own, zhang, kept, path, held
):
    assert held in text_of(own.get(path))
    own.get(path)
    assert AuditEvent.objects.filter(verb=claims.CLAIMED, organization_id="140105").count() == 1
    desk = Client()
    desk.force_login(zhang)
    pages = {
        "/my/pool/": f"/pool/{kept['record'].pk}/",
        "/my/requests/": f"/proxy/cases/{kept['case'].pk}/",
        "/mine/story/": f"/exemplars/{kept['story'].pk}/",
    }
    assert "凭号码认领" in text_of(desk.get(pages[path]))


@pytest.mark.parametrize(("path", "held"), PAGES)
def test_another_of_the_family_sees_nothing_until_she_knows_the_name(sister, path, held):
    page = text_of(sister.get(path))
    assert "请填登记时的姓名" in page
    for hidden in (held, NAME, "小店区"):
        assert hidden not in page
    wrong = sister.post(
        path,
        {"registered_name": "王某"},
        follow=True,
        headers={"referer": f"http://testserver{path}"},
    )
    assert "今天还可以试 2 次" in text_of(wrong)
    assert held not in text_of(sister.get(path))
    sister.post(path, {"registered_name": " 王　秘密"})
    assert held in text_of(sister.get(path))
    assert AuditEvent.objects.filter(verb=claims.CLAIMED).count() == 1


def test_three_wrong_names_shut_it_for_the_day_whatever_account_asks(sister, own, kept):
    for name in ("甲某", "乙某", "丙某"):
        sister.post("/my/pool/", {"registered_name": name})
    another = Client()
    another.force_login(with_number(person("third", "王三妹"), PHONE))
    shut = another.post(
        "/my/pool/",
        {"registered_name": NAME},
        follow=True,
        headers={"referer": "http://testserver/my/pool/"},
    )
    assert "今天已经填错三次" in text_of(shut)
    with looking():
        assert TalentRecord.objects.get(pk=kept["record"].pk).user_id is None
    assert "在外地开公司机密" in text_of(own.get("/my/pool/"))  # by the name on her account


def test_what_one_of_the_family_claimed_is_not_offered_to_the_other(own, sister):
    for path, held in PAGES:
        own.get(path)
        page = text_of(sister.get(path))
        assert held not in page
        assert "请填登记时的姓名" not in page


def test_story_is_agreed_to_by_whom_it_is_about_alone(own, sister, kept):
    own.get("/mine/story/")
    assert sister.post("/mine/story/", {"exemplar": kept["story"].pk}).status_code == 404
    pk = kept["story"].pk
    own.post("/mine/story/", {"exemplar": pk, f"story{pk}-agree": "1"})
    with looking():
        kept["story"].refresh_from_db()
        assert (kept["story"].agreed_at is None, kept["story"].user.name) == (False, NAME)


def test_other_number_in_a_story_takes_it_from_whoever_had_claimed_it(own, kept, zhang):
    own.get("/mine/story/")
    story = Exemplar.objects.get(pk=kept["story"].pk)
    exemplars.save_exemplar(story, actor=zhang, phone="13800009998")
    assert "机密事迹" not in text_of(own.get("/mine/story/"))


# At the door


def test_door_registration_is_taken_by_the_name_on_it_and_home_reads_so(kept, zhang):
    assert check_in(Client(), phone=PHONE, name=NAME).url == "/check-in/more/"
    with looking():
        youth = Youth.objects.get()
        assert (youth.pk, youth.user.name) == (kept["youth"].pk, NAME)
    desk = Client()
    desk.force_login(zhang)
    assert "本人凭号码认领" in text_of(desk.get(f"/youth/{youth.pk}/"))


def test_door_registration_by_another_name_is_asked_about_and_not_shown(kept):
    client = Client()
    page = check_in(client, "140106", PHONE, name="王小妹")
    text = text_of(page)
    assert "这个号码有一条上门登记，是我的" in text
    for hidden in (NAME, "王*", "小店区"):
        assert hidden not in text
    wrong = answered(client, page, "door", registered_name="王某")
    assert "今天还可以试 2 次" in text_of(wrong)
    assert answered(client, wrong, "another").status_code == 302
    with looking():
        found = list(
            Youth.objects.order_by("pk").values_list("name", "organization_id", "user__name")
        )
    assert found == [(NAME, "140105", None), ("王小妹", "140106", "王小妹")]


def test_door_registration_is_taken_by_whoever_knows_its_name(kept):
    client = Client()
    page = check_in(client, "140106", PHONE, name="王密")
    assert answered(client, page, "door", registered_name=NAME).status_code == 302
    with looking():
        youth = Youth.objects.get()
    # The name is the one they gave; home stays, since nobody was asked about it.
    assert (youth.pk, youth.name, youth.organization_id) == (kept["youth"].pk, "王密", "140105")
    verbs = AuditEvent.objects.filter(organization_id="140105").values_list("verb", flat=True)
    assert {claims.CLAIMED, "本人改名"} <= set(verbs)


def test_second_of_a_family_is_registered_at_the_door_under_the_same_number(kept, zhang):
    desk = Client()
    desk.force_login(zhang)
    door = {**FORM, "name": "王小妹", "phone": PHONE}
    assert desk.post("/youth/register/", door | {"paper": jpeg()}).status_code == 302
    again = desk.post("/youth/register/", door | {"paper": jpeg()})
    assert "这位用这个手机号在本单位已经登记过" in text_of(again)
    with looking():
        assert Youth.objects.filter(phone_mark=phone_mark(PHONE)).count() == 2


# In the pool


def test_two_of_a_family_are_two_in_the_pool_of_one_county(campaign, zhang):
    agreed = {"wants": ["pool"], "agree_pool": "on"}
    brother, sister = Client(), Client()
    check_in(brother, phone=PHONE, name="吉星")
    brother.post("/check-in/more/", agreed)
    answered(sister, check_in(sister, phone=PHONE, name="王小妹"), "another", "140105")
    assert sister.post("/check-in/more/", agreed).status_code == 302
    with looking():
        found = list(TalentRecord.objects.order_by("pk").values_list("name", "user__name"))
    assert found == [("吉星", "吉星"), ("王小妹", "王小妹")]
    desk = Client()
    desk.force_login(zhang)
    with looking():
        second = TalentRecord.objects.get(name="王小妹")
    assert PHONE in text_of(desk.get(f"/pool/{second.pk}/"))


def test_check_in_agrees_on_no_record_of_another_name(kept):
    client = Client()
    answered(client, check_in(client, phone=PHONE, name="王小妹"), "another", "140105")
    client.post("/check-in/more/", {"wants": ["pool"], "agree_pool": "on"})
    with looking():
        record = TalentRecord.objects.get(pk=kept["record"].pk)
    assert (record.name, record.agreed, record.user_id) == (NAME, "none", None)


# Guessing the name


def renamed(client, name):
    """Check in once more on the same phone: the same person, by another name."""
    page = asked(client, client.post("/140105/check-in/", FORM | {"name": name}))
    if page.status_code == 200:
        who = next(value for value, *_ in page.context["question"]["choices"])
        page = answered(client, page, who, "140105", agree_basic="on")
    return page


@pytest.fixture
def guessing(kept):
    """王小妹 has the number, has checked in, and looks for what opens."""
    client = Client()
    answered(client, check_in(client, "140105", PHONE, name="王小妹"), "another", "140105")
    return client


def test_fourth_name_of_the_day_agrees_on_nobodys_record_of_the_pool(guessing, kept):
    for name in ("王四", "王五", "王六", NAME):
        renamed(guessing, name)
    guessing.post("/check-in/more/", {"wants": ["pool"], "agree_pool": "on"})
    with looking():
        record = TalentRecord.objects.get(pk=kept["record"].pk)
    assert (record.agreed, record.user_id) == ("none", None)


@pytest.mark.parametrize(("path", "held"), PAGES)
def test_whoever_renames_herself_has_three_names_a_day(guessing, path, held):
    guessing.get(path)
    for name in ("王四", "王五", "王六", NAME):
        assert renamed(guessing, name).url == "/check-in/more/"
        assert held not in text_of(guessing.get(path))
    guessing.post(path, {"registered_name": NAME})
    assert held in text_of(guessing.get(path))


def test_more_persons_under_the_number_are_no_more_tries(guessing):
    guessing.get("/my/requests/")
    for name in ("王四", "王五", NAME):
        other = Client()
        other.force_login(with_number(person(f"q{name}", name), PHONE))
        shown = text_of(other.get("/my/requests/"))
    assert "医保参保登记" not in shown


def test_names_typed_at_check_in_are_counted_at_the_door(kept):
    client = Client()
    page = check_in(client, "140105", PHONE, name="王四")
    for name in ("王五", "王六"):
        page = answered(client, page, "", "140105", name=name)
    shut = answered(client, page, "", "140105", name=NAME)
    assert "这个号码有一条上门登记，是我的" in text_of(shut)
    with looking():
        assert Youth.objects.get(pk=kept["youth"].pk).user_id is None
    assert answered(client, shut, "door", "140105", registered_name=NAME).status_code == 302
    with looking():
        assert Youth.objects.get(pk=kept["youth"].pk).user.name == NAME


def ask_as(client, case, name):
    form = {
        "number": 1, "asker_name": "王小妹", "relation": "grandparent", "name": name,
        "beneficiary": case.beneficiary, "way": "drop", "until": "30",
        "agree": "on", "agree_family": "on",
    }  # fmt: skip
    return client.post(f"/services/{case.item_id}/ask/", form)


def owner_of(case):
    with looking():
        case.refresh_from_db()
    return case.asker_id


def test_request_of_the_door_is_not_opened_by_asking_for_it_again(sister, kept):
    for name in ("甲某", "乙某", "丙某"):
        sister.post("/my/requests/", {"registered_name": name})
    refused = text_of(ask_as(sister, kept["case"], NAME))
    assert "这个号码已经登记过这一项" in refused
    assert "请在“办事”里核对姓名" in refused
    assert kept["case"].spoken not in refused
    assert owner_of(kept["case"]) is None


def test_asking_for_one_name_after_another_tells_no_more_than_three(sister, kept):
    for name in ("王四", "王五", "王六", "王七"):
        page = ask_as(sister, kept["case"], name)
    assert "请在“办事”里核对姓名" in text_of(page)


def test_cadre_takes_no_request_of_the_door_by_asking(kept):
    client = Client()
    client.force_login(with_number(person("official", NAME, "140106"), PHONE))
    ask_as(client, kept["case"], NAME)
    assert owner_of(kept["case"]) is None


def test_request_in_ones_own_name_is_found_by_asking_again(own, kept):
    assert ask_as(own, kept["case"], NAME).url == f"/my/requests/{kept['case'].pk}/"
    assert owner_of(kept["case"]) is not None
