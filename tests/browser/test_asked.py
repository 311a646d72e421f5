"""What is unlikely is asked about while it is typed, and the answer goes along."""


def test_number_is_asked_about_while_it_is_typed(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "坞城社区")
    page.fill("#id_participants", "12")
    assert page.locator("#asked .q-note").count() == 0
    page.fill("#id_participants", "999999")
    page.get_by_text("是 999999 吗？").wait_for()
    seat.shoot("asked-while-typing")
    # Not ticked: the server asks the same, and all is still there.
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("请核对下面问的").first.wait_for()
    assert page.get_by_text("是 999999 吗？").count() == 1
    assert page.input_value("#id_place") == "坞城社区"
    seat.shoot("asked-by-the-server")
    page.fill("#id_participants", "9")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记").first.wait_for()

    # The same once more.
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "坞城社区")
    page.fill("#id_participants", "9")
    page.get_by_text("这是另一场吗？").wait_for()
    page.get_by_label("是另一场").check()
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记").first.wait_for()


def test_people_served_are_asked_about_on_a_wide_screen(desk):
    seat = desk("county140105", 1440)
    page = seat.go("/desk/points/")
    if not page.get_by_text("填服务人次").count():
        seat.shoot("points-none")
        return
    page.get_by_text("填服务人次").first.click()
    page.locator("[name$=served]").first.fill("99999")
    page.get_by_text("是 99999 吗？").first.wait_for()
    seat.shoot("asked-of-a-point")


def test_figure_typed_into_a_summary_is_asked_about_as_it_saves_itself(desk):
    seat = desk("city1401", 390)
    page = seat.go("/summaries/")
    if page.get_by_role("button", name="起草").count():
        page.get_by_role("button", name="起草").first.click()
    elif page.get_by_role("link", name="继续写").count():
        page.get_by_role("link", name="继续写").first.click()
    page.fill("[name=label_1]", "发放明白卡")
    page.fill("[name=unit_1]", "张")
    page.fill("[name=value_1]", "9999999")
    page.get_by_text("是 9999999 吗？").wait_for()
    seat.shoot("asked-of-a-typed-figure")
    page.get_by_label("是 9999999，没有写错").check()
    page.get_by_text("是 9999999 吗？").wait_for(state="detached")
    page.fill("[name=value_1]", "99999999")
    page.get_by_text("是 99999999 吗？").wait_for()
    seat.shoot("asked-once-more-of-another")
