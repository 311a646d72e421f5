"""One number, several persons: who is here is asked, and nobody is put in another's place."""

import pytest
from django.test import Client

from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import AuditEvent, User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from talent.youth.models import CheckIn, Consent, Youth
from tests.conftest import PASSWORD, uncounted, with_number
from tests.looking import looking
from tests.talent.conftest import FORM, asked, check_in_by_phone, get_code, shown_code

PHONE = "13800002001"
SISTER = FORM | {"name": "王小妹", "kind": "student"}


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def text_of(response):
    return response.content.decode()


def people():
    with looking():
        found = Youth.objects.select_related("user").order_by("pk")
        return [(one.name, one.organization_id, one.phone) for one in found]


def check_in(client, code="140105", phone=PHONE, **values):
    uncounted()  # the pause between two codes
    return check_in_by_phone(client, phone, code, **values)


def answered(client, page, who, code="140106", **values):
    """Send the page that asks, with all the browser would send along, and an answer."""
    typed = dict(page.context["typed"])
    return asked(client, client.post(f"/{code}/check-in/?ask=1", typed | {"who": who} | values))


@pytest.fixture
def brother(campaign):
    """吉星 of 小店区 has checked in with the family's number, on a phone of his own."""
    client = Client()
    check_in(client, name="吉星")
    return client


def account(name):
    with looking():
        return User.objects.get(name=name)


# Check-in


def test_second_of_a_family_is_asked_and_the_first_is_not_replaced(brother):
    """youth A2: a sister's check-in took her brother's record, consent and account in silence."""
    sister = Client()
    page = check_in(sister, "140106", name="王小妹")
    text = text_of(page)
    assert "请确认是哪一位" in text
    assert "吉* · 小店区" in text
    assert "吉星" not in text
    assert people() == [("吉星", "140105", PHONE)]
    assert answered(sister, page, "another").url == "/check-in/more/"
    assert people() == [("吉星", "140105", PHONE), ("王小妹", "140106", PHONE)]
    with looking():
        assert CheckIn.objects.count() == Consent.objects.count() == 2
        assert User.objects.filter(phone_proved_mark=phone_mark(PHONE)).count() == 2
    assert "吉星" in text_of(brother.get("/my/"))
    assert "吉星" not in text_of(sister.get("/my/data.json"))
    assert "王小妹" not in text_of(brother.get("/my/data.json"))


def test_answer_needs_no_second_code_and_keeps_all_that_was_typed(brother):
    sister = Client()
    page = check_in(sister, "140106", name="王小妹", lives_at="广州市")
    answered(sister, page, "another")
    with looking():
        assert Youth.objects.get(name="王小妹").lives_at == "广州市"
        session = str(sister.session.items())
    assert PHONE not in session


def test_answer_comes_too_late_and_asks_for_a_code(brother, winter):
    sister = Client()
    page = check_in(sister, "140106", name="王小妹")
    winter.shift(11 * 60)
    late = text_of(answered(sister, page, "another"))
    assert "请填写短信里的 6 位数字" in late
    assert 'value="王小妹"' in late
    assert len(people()) == 1


def test_answer_from_a_session_that_proved_nothing_is_none(brother):
    sister = Client()
    page = check_in(sister, "140106", name="王小妹")
    key = next(value for value, *_ in page.context["question"]["choices"])
    stranger = answered(Client(), page, key)
    assert "请填写短信里的 6 位数字" in text_of(stranger)
    assert people() == [("吉星", "140105", PHONE)]


def test_same_person_with_a_new_name_says_so_and_home_reads_it(brother):
    again = Client()
    page = check_in(again, "140105", name="吉新")
    ((value, _, change),) = page.context["question"]["choices"]
    assert (value.endswith("-stay"), change) == (True, "")
    assert answered(again, page, value, "140105").status_code == 302
    assert people() == [("吉新", "140105", PHONE)]
    assert AuditEvent.objects.filter(verb="本人改名", organization_id="140105").count() == 1


def test_other_home_is_asked_about_and_can_stay(brother):
    again = Client()
    page = check_in(again, "140106", name="吉星")
    choices = [
        (value.split("-")[1], change) for value, _, change in page.context["question"]["choices"]
    ]
    assert choices == [("move", "家乡换到迎泽区"), ("stay", "家乡还在小店区")]
    stay = [value for value, *_ in page.context["question"]["choices"]][1]
    answered(again, page, stay)
    assert people() == [("吉星", "140105", PHONE)]
    page = check_in(Client(), "140106", name="吉星")
    assert people() == [("吉星", "140105", PHONE)]


def test_other_home_moves_when_it_is_said(brother):
    again = Client()
    page = check_in(again, "140106", name="吉星")
    answered(again, page, next(value for value, *_ in page.context["question"]["choices"]))
    assert people() == [("吉星", "140106", PHONE)]
    with looking():
        assert AuditEvent.objects.get(verb="本人换家乡").facts == {"to": "140106"}


def test_township_stays_where_none_is_chosen_the_second_time(campaign):
    check_in(Client(), name="吉星", township="140105001")
    assert check_in(Client(), name="吉星").status_code == 302
    assert people() == [("吉星", "140105001", PHONE)]


def test_whoever_comes_back_by_name_and_home_is_asked_nothing(brother):
    page = check_in(Client(), "140106", name="王小妹")
    assert page.status_code == 200
    assert check_in(Client(), name=" 吉　星").url == "/check-in/more/"
    assert len(people()) == 1


def test_person_who_is_signed_in_types_another_name_and_is_asked(brother):
    page = asked(brother, brother.post("/140105/check-in/", FORM | {"name": "王小妹"}))
    assert "请确认是哪一位" in text_of(page)
    refused = answered(brother, page, "another", "140105", agree_basic="")
    assert "还没有同意《个人信息处理告知书》" in text_of(refused)
    done = answered(brother, refused, "another", "140105", agree_basic="on")
    assert done.url == "/check-in/more/"
    assert [name for name, *_ in people()] == ["吉星", "王小妹"]
    assert "王小妹" in text_of(brother.get("/my/"))


def test_account_of_one_is_no_way_into_that_of_another(brother):
    """The answer names an account; only those of the proved number are taken."""
    other = Client()
    check_in(other, phone="13800002009", name="李外人")
    page = check_in(Client(), "140106", name="王小妹")
    sister = Client()
    page = check_in(sister, "140106", name="王小妹")
    refused = answered(sister, page, f"u{account('李外人').pk}-stay")
    assert "请选一位再继续" in text_of(refused)
    assert len(people()) == 2


@pytest.fixture
def known_queries(brother, django_assert_num_queries):
    uncounted()
    client = Client()
    code = shown_code(get_code(client))
    return lambda: client.post(
        "/140105/check-in/", FORM | {"name": "吉星", "phone": PHONE, "code": code}
    )


def test_whoever_comes_back_asks_the_database_no_more_often(
    known_queries, django_assert_num_queries
):
    with django_assert_num_queries(30):
        assert known_queries().status_code == 302


# Sign-in


def sign_in(client, phone=PHONE, target=""):
    uncounted()
    code = shown_code(client.post("/sign-in/", {"phone": phone, "send": "1"}, follow=True))
    return client.post(f"/sign-in/{target}", {"phone": phone, "code": code})


@pytest.fixture
def family(brother):
    """And 王小妹 of 迎泽区, his sister, on hers."""
    sister = Client()
    answered(sister, check_in(sister, "140106", name="王小妹"), "another")
    return {"吉星": brother, "王小妹": sister}


def test_family_chooses_who_signs_in(family):
    client = Client()
    asked = sign_in(client, target="?next=/my/")
    assert asked.url == "/sign-in/who/?next=%2Fmy%2F"
    page = text_of(client.get(asked.url))
    for shown in ("吉*", "· 小店区", "王**", "· 迎泽区"):
        assert shown in page
    for hidden in ("吉星", "王小妹", PHONE):
        assert hidden not in page
    assert client.get("/my/").status_code == 302
    done = client.post(asked.url, {"person": account("王小妹").pk})
    assert done.url == "/my/"
    assert "王小妹" in text_of(client.get("/my/"))
    assert PHONE not in str(client.session.items())


def test_one_of_a_family_changes_places_without_a_code_on_the_day(family, winter):
    brother = family["吉星"]
    page = text_of(brother.get("/sign-in/who/?next=/my/"))
    assert "现在是这一位" in page
    brother.post("/sign-in/who/?next=/my/", {"person": account("王小妹").pk})
    assert "王小妹" in text_of(brother.get("/my/"))
    with looking():
        assert SignIn.objects.open().filter(user__name="吉星").count() == 0


def test_the_next_day_a_code_is_asked_for(family, winter):
    brother = family["吉星"]
    winter.shift(24 * 60 * 60)
    page = brother.post("/sign-in/who/", {"person": account("王小妹").pk})
    assert "今天还没有核对过这个号码" in text_of(page)
    assert "吉星" in text_of(brother.get("/my/"))
    uncounted()
    code = shown_code(brother.post("/sign-in/who/", {"send": "1"}, follow=True))
    assert brother.post("/sign-in/who/", {"code": code}).url == "/sign-in/who/"
    brother.post("/sign-in/who/?next=/my/", {"person": account("王小妹").pk})
    assert "王小妹" in text_of(brother.get("/my/"))


def test_another_of_the_family_begins_with_an_account_of_their_own(family):
    client = Client()
    asked = sign_in(client)
    client.post(asked.url, {"person": "another"})
    with looking():
        assert User.objects.filter(phone_proved_mark=phone_mark(PHONE)).count() == 3
    assert "还没有报到" in text_of(client.get("/my/"))


def test_nobody_is_chosen_who_does_not_have_the_number(family, zhang):
    client = Client()
    asked = sign_in(client)
    assert client.post(asked.url, {"person": zhang.pk}).status_code == 302
    assert client.get("/me/").status_code == 302


def test_who_page_is_closed_to_whoever_proved_nothing(family):
    assert Client().get("/sign-in/who/").url == "/sign-in/?"
    assert Client().post("/sign-in/who/", {"person": account("吉星").pk}).url == "/sign-in/?"


def test_family_does_not_slip_into_a_cadres_account(family, zhang):
    """A cadre's account asks for its own password, however many have the number."""
    with_number(zhang, PHONE)
    client = Client()
    asked = sign_in(client)
    done = client.post(asked.url, {"person": zhang.pk}, follow=True)
    assert "请用它自己的用户名和密码登录" in text_of(done)
    assert client.get("/me/").status_code == 302
    brother = family["吉星"]
    brother.post("/sign-in/who/", {"person": zhang.pk})
    assert brother.get("/people/").status_code == 302
    client.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    assert client.get("/people/").status_code == 200


def test_check_in_is_no_way_into_a_cadres_account(campaign, zhang):
    with_number(zhang, PHONE)
    client = Client()
    page = check_in(client, name="张小妹")
    ((value, *_),) = page.context["question"]["choices"]
    sent = answered(client, page, value, "140105")
    assert sent.url == "/accounts/login/?next=%2F140105%2Fcheck-in%2F"
    assert client.get("/people/").status_code == 302
    assert people() == []


def test_only_one_of_a_number_signs_in_at_once(brother):
    client = Client()
    assert sign_in(client, target="?next=/my/").url == "/my/"
    assert "吉星" in text_of(client.get("/my/"))


def test_whoever_signs_in_by_password_inherits_no_proof_of_the_day(family, zhang, winter):
    client = Client()
    sign_in(client)
    client.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    winter.shift(11 * 60)
    assert client.get("/sign-in/who/").url == "/sign-in/?"


# A number that was silent


YEAR = 366 * 24 * 60 * 60


def test_number_that_comes_back_after_a_year_is_asked_the_name_first(brother, winter):
    """doors A13: data is kept for two years, and a code was the whole proof."""
    winter.shift(YEAR)
    client = Client()
    asked = sign_in(client, target="?next=/my/")
    page = text_of(client.get(asked.url))
    assert "请填登记时的姓名" in page
    for hidden in ("吉", "小店区"):
        assert hidden not in page
    # The account cannot be chosen past the question either.
    assert client.post(asked.url, {"person": account("吉星").pk}).status_code == 200
    assert client.get("/my/").status_code == 302
    wrong = client.post(asked.url, {"registered_name": "吉某"})
    assert "今天还可以试 1 次" in text_of(wrong)
    assert client.post(asked.url, {"registered_name": "吉星"}).url == "/my/"
    assert "吉星" in text_of(client.get("/my/"))


def test_new_owner_of_a_number_learns_nothing_of_the_old_one(
    brother, winter, zhang, django_user_model
):
    old = account("吉星")
    winter.shift(YEAR)
    client = Client()
    asked = sign_in(client)
    client.post(asked.url, {"person": "another"})
    with looking():
        old.refresh_from_db()
        youth = Youth.objects.get(user=old)
    assert (proved_phone(old), youth.name) == ("", "吉星")
    assert proved_phone(account("返乡青年")) == PHONE
    assert "吉" not in text_of(client.get("/sign-in/who/"))
    desk = Client()
    desk.force_login(zhang)
    assert "号码换了主人" in text_of(desk.get(f"/youth/{youth.pk}/"))


def test_three_wrong_names_begin_anew(brother, winter):
    winter.shift(YEAR)
    client = Client()
    asked = sign_in(client)
    for _ in range(3):
        client.post(asked.url, {"registered_name": "猜的"})
    assert proved_phone(account("返乡青年")) == PHONE
    assert proved_phone(account("吉星")) == ""


def test_check_in_after_a_year_of_silence_shows_nobody(brother, winter):
    winter.shift(YEAR)
    client = Client()
    page = check_in(client, "140106", name="新主人")
    text = text_of(page)
    assert "可能换了主人" in text
    assert "吉" not in text
    answered(client, page, "another")
    assert [(name, home) for name, home, _ in people()] == [
        ("吉星", "140105"),
        ("新主人", "140106"),
    ]
    assert proved_phone(account("吉星")) == ""


def test_check_in_by_the_right_name_after_a_year_goes_on(brother, winter):
    winter.shift(YEAR)
    assert check_in(Client(), name="吉星").url == "/check-in/more/"
    assert len(people()) == 1


def test_number_in_use_by_one_of_the_family_is_not_silent(family, winter):
    winter.shift(YEAR - 10 * 24 * 60 * 60)
    again = Client()
    again.post(sign_in(again).url, {"person": account("吉星").pk})
    winter.shift(20 * 24 * 60 * 60)
    client = Client()
    page = text_of(client.get(sign_in(client).url))
    assert "您是哪一位" in page


def test_invitation_to_a_number_with_a_new_owner_shows_nobody_of_before(brother, winter, zhang):
    winter.shift(YEAR)
    desk = Client()
    desk.force_login(zhang)
    form = {"organization": "小店区", "name": "新干部", "phone": PHONE, "role": "editor"}
    path = desk.post("/people/invite/", form).context["sent"][0].link.split("8000", 1)[1]
    uncounted()
    cadre = Client()
    cadre.post(path, {"code": shown_code(cadre.post(path, {"send": "1"}, follow=True))})
    assert "吉星" not in text_of(cadre.get(path))
    cadre.post(path, {"password": "Qingchun-2020!", "again": "Qingchun-2020!"})
    assert (proved_phone(account("新干部")), proved_phone(account("吉星"))) == (PHONE, "")


# Nobody is let in by a name alone


def test_relative_does_not_become_the_cadre_by_typing_his_name(brother, zhang):
    """The number was proved in this session; the cadre's own device was known to it."""
    with_number(zhang, PHONE)
    cadre = Client()
    cadre.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    sister = Client()
    sister.cookies = cadre.cookies
    sister.post("/accounts/logout/")
    page = check_in(sister, "140106", name="王小妹")
    sent = answered(sister, page, "", name=zhang.name)
    assert sent.url.startswith("/accounts/login/?next=")
    assert sister.get("/people/").status_code == 302
    sent = check_in(Client(), "140106", name=zhang.name)
    assert sent.url.startswith("/accounts/login/?next=")


def test_post_without_a_password_is_not_entered_by_its_name_either(brother, zhang):
    with_number(zhang, PHONE)
    zhang.set_unusable_password()
    zhang.save()
    client = Client()
    sent = check_in(client, "140106", name=zhang.name)
    assert sent.url.startswith("/accounts/login/?next=")
    assert client.get("/people/").status_code == 302


def test_names_typed_at_check_in_after_a_year_are_counted(brother, winter):
    winter.shift(YEAR)
    client = Client()
    page = check_in(client, name="吉甲")
    for name in ("吉乙", "吉丙"):
        answered(client, page, "", "140105", name=name)
    assert "可能换了主人" in text_of(answered(client, page, "", "140105", name="吉星"))


def test_another_of_the_family_stands_first_when_no_name_is_like_theirs(brother):
    text = text_of(check_in(Client(), "140106", name="王小妹"))
    assert text.index("另一位家人") < text.index("吉* · 小店区")
    assert "互相看不到" not in text
    assert "拿着这部手机、收得到验证码的家人可以换人" in text
    text = text_of(check_in(Client(), "140105", name="吉新"))
    assert text.index("另一位家人") > text.index("吉* · 小店区")


def test_invitation_after_a_year_offers_no_silent_account_even_of_that_name(brother, winter, zhang):
    winter.shift(YEAR)
    desk = Client()
    desk.force_login(zhang)
    form = {"organization": "小店区", "name": "吉星", "phone": PHONE, "role": "editor"}
    path = desk.post("/people/invite/", form).context["sent"][0].link.split("8000", 1)[1]
    uncounted()
    cadre = Client()
    cadre.post(path, {"code": shown_code(cadre.post(path, {"send": "1"}, follow=True))})
    assert "我原来的账号" not in text_of(cadre.get(path))
    cadre.post(path, {"password": "Qingchun-2020!", "again": "Qingchun-2020!"})
    with looking():
        assert Youth.objects.get().user.memberships.count() == 0
