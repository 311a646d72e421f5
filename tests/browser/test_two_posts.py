"""Two tabs, two posts: what was begun in one tab is not written for the unit chosen in the other."""

import json

from tests.browser.conftest import put_back
from tests.browser.test_the_story import picture

SECOND = """INSERT INTO accounts_membership
    (user_id, organization_id, role, post, duty, state, since)
    SELECT id, '140106', 'admin', '', '', 'active', now() FROM accounts_user
    WHERE username = 'county140105' ON CONFLICT DO NOTHING"""


def test_the_second_tab_does_not_take_what_the_first_began(desk):
    put_back(SECOND)
    seat = desk("county140105", 390)
    first = seat.page
    seat.go("/activities/new/")
    first.locator(".q-chips label").first.click()
    first.fill("#id_place", "坞城街道办事处")
    first.fill("#id_participants", "23")

    second = seat.context.new_page()
    second.goto(f"{seat.server}/")
    second.locator(".q-menu summary").click()
    second.get_by_role("button", name="迎泽区").click()
    second.wait_for_load_state()
    second.close()

    # A picture sent meanwhile is the form's, whoever one stands for by now.
    given = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture("#17794a")}
    first.set_input_files("#id_photos", [given])
    first.locator("#photo-list img").wait_for()
    first.get_by_role("button", name="提交登记").click()
    first.get_by_role("heading", name="为哪个单位提交？").wait_for()
    seat.shoot("two-posts-asked")
    assert "坞城街道办事处" in first.locator("input[name=place]").input_value()
    first.get_by_role("button", name="小店区").click()
    first.get_by_text("已登记").first.wait_for()
    assert "小店区" in first.locator("main").inner_text()
    first.locator(".q-photos img").wait_for()
    seat.shoot("two-posts-logged")
    kept = json.loads(first.evaluate("JSON.stringify(Object.keys(localStorage))"))
    assert [key for key in kept if key.startswith("keep:")] == []
    put_back(
        "DELETE FROM accounts_membership WHERE organization_id = '140106' AND user_id ="
        " (SELECT id FROM accounts_user WHERE username = 'county140105')"
    )
