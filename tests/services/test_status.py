"""The status page: a number, four digits, no name, and no room to guess."""

import threading

import pytest
from django.test import Client

from qingchun.ground.refusals import Refused
from services.proxy import numbers
from services.proxy.actions import looking
from tests.looking import looking as look_everywhere


def ask(number, last_four, client=None):
    sent = {"number": number, "last_four": last_four}
    return (client or Client()).post("/status/", sent, follow=True).content.decode()


def test_number_and_last_four_show_where_it_stands_and_nobodys_name(taken, chen):
    page = ask(taken.spoken, "9001")
    for shown in ("医保参保登记", "已受理", "已登记", "共青团太原市小店区委员会"):
        assert shown in page
    for hidden in ("陈返乡", "张小店", chen.phone):
        assert hidden not in page


def test_number_that_does_not_exist_is_answered_like_a_wrong_one(case):
    other = numbers.new_number()
    assert looking.WRONG in ask(case.number, "0000")
    assert looking.WRONG in ask(other, "9001")


def test_misheard_number_is_told_apart_and_not_counted(case):
    for _ in range(70):
        with pytest.raises(Refused, match="编号不对"):
            looking.look("12345678", "9001", address="127.0.0.1")
    assert "编号不对" in ask("1", "9001")
    assert "已登记" in ask(case.number, "9001")


def test_case_without_a_phone_is_found_by_nobody(case):
    from services.proxy.models import ServiceRequest

    with look_everywhere():
        ServiceRequest.objects.update(phone="")
    for guess in ("none", "", "0000"):
        with pytest.raises(Refused):
            looking.look(case.number, guess, address=guess)


def test_ten_thousand_guesses_find_nothing(case):
    """Every number of four digits, each from an address of its own: five are looked at, no more."""
    found, answers = 0, {looking.WRONG: 0, looking.TOO_MANY: 0}
    for guess in range(10_000):
        try:
            looking.look(case.number, f"{guess:04}", address=f"10.{guess // 250}.0.{guess % 250}")
            found += 1
        except Refused as refusal:
            answers[str(refusal)] += 1
    assert (found, answers) == (0, {looking.WRONG: 5, looking.TOO_MANY: 9_995})


def test_guesses_at_many_numbers_from_one_address_end_too(case):
    answers = []
    for _ in range(100):
        with pytest.raises(Refused) as refusal:
            looking.look(numbers.new_number(), "9001", address="10.0.0.1")
        answers.append(str(refusal.value))
    assert answers.count(looking.WRONG) == 60
    with pytest.raises(Refused, match="太多"):
        looking.look(case.number, "9001", address="10.0.0.1")


def test_guesses_at_once_are_counted_one_by_one(case):
    """Fifty at the same moment: no more than five are looked at."""
    from django.db import connection

    looked = []

    def guess(number):
        try:
            looking.look(case.number, f"{number:04}", address=str(number))
        except Refused as refusal:
            looked.append(str(refusal) == looking.WRONG)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(looked), sum(looked)) == (50, 5)


def test_right_answers_are_not_counted(case):
    """A town hall's one address looks up as many as it likes; a wrong one counts all the same."""
    for _ in range(70):
        assert looking.look(case.number, "9001", address="10.0.0.9")[0].pk == case.pk
    for _ in range(4):
        ask(case.number, "0000")
    assert "已登记" in ask(case.number, "9001")
    ask(case.number, "0000")
    assert looking.TOO_MANY in ask(case.number, "9001")


def test_neither_number_nor_digits_stand_in_an_address(case, chen, at):
    page = at(chen).get(f"/my/requests/{case.pk}/slip/").content.decode()
    assert "/status" in page
    assert case.spoken in page
    assert "last_four" not in page
