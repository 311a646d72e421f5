"""Everything in the tree that opens something: what each is, and what ends it."""

import ast
import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client

from qingchun.accounts.actions import invitations
from qingchun.accounts.actions.credentials import password_link, set_password
from qingchun.accounts.credential_models import PastPassword
from qingchun.accounts.models import Membership, User
from qingchun.accounts.validators import HistoryValidator
from tests.accounts import desk
from tests.accounts.desk import signed_in, text_of
from tests.conftest import PASSWORD, uncounted, unit, with_number

ROOT = Path(__file__).resolve().parent.parent.parent
# Where a secret is made or signed: file and function → what it opens, and what ends it.
MADE = {
    "qingchun/accounts/actions/credentials.py make_token": "接口密钥：一年、停用、改密、停用岗位、换号、换岗",
    "qingchun/accounts/actions/credentials.py": "设密码链接：7 天、用过、凭证版本变了",
    "qingchun/accounts/actions/invitations.py invite": "邀请链接：7 天、接受、撤回；没有验证号码打不开什么",
    "qingchun/accounts/sign_ins.py begin": "设备记号：30 天没有用、凭证版本变了；单独打不开什么",
    "qingchun/accounts/models.py _get_session_auth_hash": "会话：凭证版本变了、30 分钟不用、12 小时、第六个登录",
    "campaigns/actions/feeds.py make_key": "日历网址：再生成、停用、凭证版本变了、岗位停用或结束",
    "talent/pool/actions/enrolment.py ask": "征询链接：答复、60 天、号码改正",
    "qingchun/accounts/codes.py _digest": "验证码：5 分钟、5 次、用过；只在获取它的会话里有效",
    "qingchun/accounts/codes.py _keep_within_limits": "计数用的设备记号：打不开什么",
    "qingchun/accounts/challenges.py _key": "算题的签名：10 分钟、用过；打不开什么",
    "qingchun/accounts/challenges.py draw": "图上的数字：用过；打不开什么",
    "qingchun/accounts/challenges.py _mark": "图上的数字：用过；打不开什么",
    "qingchun/accounts/actions/persons.py new_username": "用户名，不是凭证",
    "services/events/actions/certificates.py _draw": "证明编号：只核对真假，不显示别的",
    "services/proxy/numbers.py new_number": "办件编号：要和手机号一起用，每小时 5 次",
    "talent/youth/views/checkin.py _is_too_young": "说过不满 14 岁的名字的记号：一天，在会话里；打不开什么",
    "qingchun/notifications/matters.py _mark": "短信里看一件事的网址：14 天、打开过一次；要号码后四位，一天 5 次",
    "qingchun/accounts/tries.py _mark": "计数用的名字：到时间就删；打不开什么",
    "qingchun/operations/middleware.py __call__": "请求的编号：打电话时报；打不开什么",
    "qingchun/accounts/acting_for.py _marked": "表单是为哪个单位打开的；打不开什么",
    "qingchun/accounts/acting_for.py unit_of": "同上，核对",
    "qingchun/rest.py _count": "计数用的名字：一分钟；打不开什么",
    "qingchun/embedded.py secret": "演示环境的密钥",
    "qingchun/operations/management/commands/keys.py handle": "打印给操作的人，哪里也不存",
}
MAKERS = {
    "token_urlsafe", "token_hex", "token_bytes", "get_random_string", "randbelow", "choice",
    "salted_hmac", "TimestampSigner", "Signer", "dumps_signed",
}  # fmt: skip
OWNERS = {"secrets", "signing", "crypto"}


def _is_maker(call):
    name = call.func
    if isinstance(name, ast.Attribute):
        owner = getattr(name.value, "id", "")
        return name.attr in MAKERS and owner in OWNERS
    return isinstance(name, ast.Name) and name.id in MAKERS - {"choice"}


def _makers_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spans = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _is_maker(call):
            inside = [f.name for f in spans if f.lineno <= call.lineno <= f.end_lineno]
            yield " ".join([path.relative_to(ROOT).as_posix(), *inside[-1:]])


def test_each_place_where_a_secret_is_made_says_what_ends_it():
    found = {
        place
        for top in ("qingchun", "campaigns", "talent", "services", "reports")
        for path in (ROOT / top).rglob("*.py")
        for place in _makers_in(path)
    }
    assert found == set(MADE)


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def of_zhang(zhang, path):
    return f"/people/{Membership.objects.get(user=zhang).pk}/{path}"


# Links


@pytest.mark.parametrize("ending", ["used", "old", "suspended", "changed", "another"])
def test_password_link_dies(zhang, wang, winter, ending):
    path = f"/accounts/password/{password_link(zhang)}/"
    assert Client().get(path).status_code == 200
    above, words = signed_in("wang"), {"password": desk.NEW, "again": desk.NEW}
    if ending == "used":
        Client().post(path, words)
    elif ending == "old":
        winter.shift(dt.timedelta(days=8))
    elif ending == "suspended":
        above.post(of_zhang(zhang, "suspend/"))
        above.post(of_zhang(zhang, "restore/"))
    elif ending == "changed":
        above.post(of_zhang(zhang, "number/"), {"phone": "13800002009"})
    else:
        above.post(of_zhang(zhang, "password/"))
    page = Client().get(path, follow=True)
    assert "已经用过或过期" in text_of(page)
    assert Client().post(path, words).status_code == 302


def test_password_link_of_somebody_who_may_not_sign_in_opens_nothing(zhang, wang):
    above = signed_in("wang")
    above.post(of_zhang(zhang, "suspend/"))
    path = f"/accounts/password/{password_link(User.objects.get(pk=zhang.pk))}/"
    assert "已经用过或过期" in text_of(Client().get(path, follow=True))


def test_links_sent_at_night_are_good_for_seven_days_from_the_morning(zhang, wang, winter):
    winter.shift(dt.timedelta(hours=13, minutes=30))  # 22:30: the messages go out at 8:00
    sent = invitations.invite(
        unit("140105"), actor=wang, name="新同志", phone="13800002003", role="editor"
    )
    paths = [
        sent.link[sent.link.index("/accounts/") :],
        f"/accounts/password/{password_link(zhang)}/",
    ]
    winter.shift(dt.timedelta(days=7, hours=9))
    assert [Client().get(path).status_code for path in paths] == [200, 200]
    winter.shift(dt.timedelta(hours=1, seconds=1))
    assert [Client().get(path).status_code for path in paths] == [302, 302]


@pytest.mark.parametrize("ending", ["withdrawn", "old", "accepted"])
def test_invitation_link_dies(wang, winter, ending):
    sent = invitations.invite(
        unit("140105"), actor=wang, name="新同志", phone="13800002003", role="editor"
    )
    path = sent.link[sent.link.index("/accounts/") :]
    assert Client().get(path).status_code == 200
    if ending == "withdrawn":
        signed_in("wang").post(f"/people/invitations/{sent.pk}/withdraw/")
    elif ending == "old":
        winter.shift(dt.timedelta(days=8))
    else:
        client = Client()
        desk.code_sent(client, path)
        client.post(path, {"password": desk.NEW, "again": desk.NEW})
    assert "已经用过、撤回或过期" in text_of(Client().get(path, follow=True))


# Passwords: 等保 asks for a history and for rotation, both off by default


@pytest.fixture
def history(settings):
    settings.PASSWORD_HISTORY = 3
    name = f"{HistoryValidator.__module__}.{HistoryValidator.__name__}"
    settings.AUTH_PASSWORD_VALIDATORS = [*settings.AUTH_PASSWORD_VALIDATORS, {"NAME": name}]


def change(client, old, new):
    uncounted()  # the page takes five tries a minute
    words = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/accounts/password/change/", words)


def test_passwords_are_neither_kept_nor_aged_unless_a_setting_says_so(zhang, winter, settings):
    assert (settings.PASSWORD_HISTORY, settings.PASSWORD_DAYS) == (0, 0)
    client = signed_in("zhang")
    assert change(client, PASSWORD, desk.NEW).status_code == 302
    assert change(client, desk.NEW, PASSWORD).status_code == 302
    assert not PastPassword.objects.exists()
    winter.shift(dt.timedelta(days=400))
    assert signed_in("zhang").get("/me/").status_code == 200


def test_one_of_the_last_passwords_is_not_taken_again(zhang, history):
    client = signed_in("zhang")
    words = [PASSWORD, *(f"Qingchun-202{n}!" for n in range(4))]
    for old, new in pairwise(words):
        page = text_of(change(client, old, old))
        assert "不能再用最近 3 次用过的密码" in page
        assert change(client, old, new).status_code == 302
    assert "不能再用" in text_of(change(client, words[-1], words[1]))
    # Four passwords ago: three are remembered.
    assert change(client, words[-1], PASSWORD).status_code == 302


def test_link_of_a_lost_password_does_not_bring_the_old_one_back(zhang, history):
    set_password(zhang, desk.NEW)
    path = f"/accounts/password/{password_link(zhang)}/"
    page = Client().post(path, {"password": PASSWORD, "again": PASSWORD})
    assert "不能再用最近 3 次用过的密码" in text_of(page)


def test_lost_password_itself_is_remembered_too(zhang, wang, history):
    signed_in("wang").post(of_zhang(zhang, "password/"))
    zhang.refresh_from_db()
    path = f"/accounts/password/{password_link(zhang)}/"
    page = Client().post(path, {"password": PASSWORD, "again": PASSWORD})
    assert "不能再用最近 3 次用过的密码" in text_of(page)


def test_invitation_does_not_bring_the_old_password_back(zhang, wang, history):
    with_number(zhang, "13800002003")
    set_password(zhang, desk.NEW)
    zhang.set_unusable_password()
    zhang.save()
    sent = invitations.invite(
        unit("140106"), actor=wang, name="张小店", phone="13800002003", role="editor"
    )
    client, path = Client(), sent.link[sent.link.index("/accounts/") :]
    desk.code_sent(client, path)
    said = {"person": str(zhang.pk), "password": PASSWORD, "again": PASSWORD}
    assert "不能再用最近 3 次用过的密码" in text_of(client.post(path, said))


def test_password_that_is_too_old_is_changed_before_anything_else(zhang, winter, settings):
    settings.PASSWORD_DAYS = 90
    set_password(zhang, PASSWORD)
    assert signed_in("zhang").get("/me/").status_code == 200
    winter.shift(dt.timedelta(days=91))
    client = signed_in("zhang")
    for path in ("/me/", "/messages/", "/api/v1/organizations/"):
        assert client.get(path).url == "/accounts/password/change/"
    page = client.get("/accounts/password/change/")
    assert "密码用满 90 天了" in text_of(page)
    assert change(client, PASSWORD, desk.NEW).status_code == 302
    assert client.get("/me/").status_code == 200
