"""Accounts for several townships: picked, one line each, and each answered for itself."""

import re

import pytest

from qingchun.accounts.models import Invitation
from qingchun.accounts.views import opening
from tests.conftest import person, with_number
from tests.looking import looking

PAGE = "/people/open/"
TOWNS = ("140105001", "140105002", "140105003")


def invited():
    with looking():
        rows = Invitation.objects.order_by("organization_id")
        return [(one.organization_id, one.name, one.phone, one.role) for one in rows]


def lines(**values):
    """What the page sends of each township: ``t1=("赵一", "13800000001")``."""
    sent = {"act": "send", "chosen": list(TOWNS[: len(values)])}
    for code, (name, phone, *same) in zip(TOWNS, values.values(), strict=False):
        sent |= {f"{code}-name": name, f"{code}-phone": phone, f"{code}-role": "liaison"}
        sent |= {f"{code}-same": "on"} if same else {}
    return sent


def test_units_without_anybody_are_listed_and_picked(client, zhang, zhao):
    client.force_login(zhang)
    page = client.get(PAGE)
    shown = re.findall(r'name="chosen" id="pick-(\d+)"', page.content.decode())
    assert set(shown) == {unit.code for unit in page.context["page"]}
    assert {code[:6] for code in shown} == {"140105"}
    assert not {"140105", "140105001"} & set(shown)  # one's own, and where 赵坞城 is
    page = client.post(PAGE, {"act": "fill", "chosen": ["140105002", "140105003"]})
    text = page.content.decode()
    assert [f'name="{code}-phone"' in text for code in TOWNS] == [False, True, True]
    assert text.count('<option value="liaison" selected>') == 2
    assert invited() == []


def test_each_line_goes_out_by_itself_and_the_wrong_ones_stay(client, zhang):
    client.force_login(zhang)
    page = client.post(
        PAGE, lines(a=("赵一", "13800000001"), b=("赵二", "12345"), c=("", ""))
    ).content.decode()
    assert invited() == [("140105001", "赵一", "13800000001", "liaison")]
    assert "下面 2 个单位还没有发出" in page
    assert 'value="赵二"' in page
    assert 'value="12345"' in page
    assert [f'name="chosen" value="{code}"' in page for code in TOWNS] == [False, True, True]
    # Invited, it is no unit without anybody any more.
    assert 'id="pick-140105001"' not in client.get(PAGE).content.decode()


def test_a_number_that_is_known_here_asks_once(client, zhang):
    with_number(person("qian", "钱某", "140105004"), "13800000009")
    client.force_login(zhang)
    page = client.post(PAGE, lines(a=("钱某", "13800000009"))).content.decode()
    assert "这个号码已经有人在用：钱某（" in page
    assert invited() == []
    page = client.post(PAGE, lines(a=("钱某", "13800000009", "same"))).content.decode()
    assert [row[0] for row in invited()] == ["140105001"]
    assert "邀请已发出" in page


def test_half_a_line_says_what_is_missing(client, zhang):
    client.force_login(zhang)
    page = client.post(PAGE, lines(a=("赵一", ""), b=("", "13800000002"))).content.decode()
    assert ("请填写手机号。" in page, "请填写姓名。" in page) == (True, True)
    assert invited() == []


@pytest.mark.parametrize("chosen", [[], ["1402"], ["140106001"], ["14"], ["谁"]])
def test_only_units_below_can_be_picked(client, zhang, chosen):
    client.force_login(zhang)
    for act in ("fill", "send"):
        answer = client.post(PAGE, {"act": act, "chosen": chosen}, follow=True)
        assert "还没有勾选" in answer.content.decode()
    assert invited() == []


def test_too_many_are_said_and_the_first_are_there(client, zhang, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 2)
    client.force_login(zhang)
    page = client.post(PAGE, {"act": "fill", "chosen": TOWNS}).content.decode()
    assert "一次最多给 2 个单位开通，这次选了 3 个" in page
    assert [f'name="{c}-name"' in page for c in TOWNS] == [
        True,
        True,
        False,
    ]


def test_list_costs_as_many_queries_however_many_units(
    client, zhang, li, django_assert_num_queries
):
    for who in (zhang, li):
        client.force_login(who)
        with django_assert_num_queries(5):
            client.get(PAGE)
