"""The columns as they stand on the page: the bar of a phone, and the first row of a wide screen."""

import re

import pytest

from qingchun.accounts.navigation import columns_of
from qingchun.ground.portal import answers
from qingchun.organizations.choices import Role
from tests.conftest import person
from tests.talent.conftest import at

__all__ = ["at"]  # fixture

EVERY_LEVEL = ("14", "1401", "140105", "140105001")


def part(page, begins):
    """Of a page: (address, what is written on it) of each link of one of its navigations."""
    found = page.partition(begins)[2].partition("</nav>")[0]
    links = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', found, re.DOTALL)
    return [(url, re.sub(r"<[^>]*>|\s", "", said)) for url, said in links]


def test_phone_bar_of_a_county_names_five_in_their_order(campaign, zhang, at):
    page = at(zhang).get("/today/").content.decode()
    bar = part(page, 'aria-label="快捷栏目"')
    assert [said for _, said in bar] == ["今天", "台账", "登记活动", "青年", "更多"]
    assert [url.partition("?")[0] for url, _ in bar] == [
        "/today/", "/activities/", "/activities/new/", "/youth/", "/more/",
    ]  # fmt: skip
    tabs = columns_of(zhang)["tabs"]
    assert [(tab["icon"], tab["is_job"]) for tab in tabs][2] == ("plus", True)
    assert sum(tab["is_job"] for tab in tabs) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, Role.REVIEWER, Role.LIAISON])
@pytest.mark.parametrize("code", EVERY_LEVEL)
def test_what_is_used_a_few_times_a_year_stands_in_no_first_row(campaign, at, code, role):
    user = person("gao", "高一年", code, role)
    yearly = [column for column in answers("columns") if column.on == "yearly"]
    words = {column.short for column in yearly} | {
        said for column in yearly for said in column.long.values()
    }
    assert words >= {"人员", "行动安排"}
    page = at(user).get("/today/").content.decode()
    row = {said for _, said in part(page, 'aria-label="栏目"')}
    bar = {said for _, said in part(page, 'aria-label="快捷栏目"')}
    assert row >= {"今天", "更多"}
    assert bar >= {"今天", "更多"}
    assert (row | bar) & words == set()
    # They are all in 更多, at its end.
    more = at(user).get("/more/").content.decode().partition("一年用几次的")[2]
    assert "行动安排" in more
    assert ("人员" in more) == (role == Role.ADMIN)
