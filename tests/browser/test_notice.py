"""Notices as groups have them, all made up: what the page reads of each, and what it leaves alone."""

import time

import pytest

from campaigns.catalogue import SAID, TEN
from tests.browser.conftest import ROOT

TODAY, FROM = "2019-01-20", "2018-12-21"
KNOWN = {
    "today": TODAY,
    "from": FROM,
    "here": "小店区",
    "own": ["小店区"],
    "others": ["平城区", "迎泽区", "城区", "临县", "应县", "大同市", "孝义市"],
    "places": ["亲贤社区", "亲贤社区二楼活动室"],
    "kinds": [
        {"key": key, "name": short, "words": [name, *SAID[key]]} for key, _, name, short, *_ in TEN
    ],
}
# What was posted; day, place, people, kind(s): "" or 0 where nothing is to be found.
NOTICES = [
    (
        "【青春兴晋】1月12日上午，团小店区委在区融媒体中心举办返乡青年就业创业分享会，86名返乡青年参加。联系人：王敏 13800001234",
        "2019-01-12", "区融媒体中心", 86, "sharing",
    ),
    (
        "1月15日，小店区“民事代办”绿色通道走进坞城街道，为返乡青年代办身份证、医保等业务，共服务46人次。",
        "2019-01-15", "坞城街道", 46, "proxy",
    ),
    (
        "各位领导：今天上午我区在太原南站开展“送温暖”志愿服务，组织志愿者12名，服务返乡旅客320余人次。",
        "2019-01-20", "太原南站", 320, "warmth",
    ),
    ("昨天，坞城街道在亲贤社区开展报到登记，新建联络群1个，83人报到。", "2019-01-19", "亲贤社区", 83, "checkin"),
    (
        "时间：2019年1月8日\n地点：区政府二楼会议室\n参加人数：65人\n内容：返乡大学生座谈，区委领导介绍人才政策",
        "2019-01-08", "区政府二楼会议室", 65, "homecoming",
    ),
    (
        "2019.1.10 青春有约交友联谊在文化馆（二楼）举行，吸引88名单身青年参加，现场牵手成功9对，电话13800005678。",
        "2019-01-10", "文化馆（二楼）", 88, "matchmaking",
    ),
    (
        "２０１９年１月１１日，小店区在汽车客运站开展暖冬志愿服务，发放姜茶，服务旅客１５６人次。",
        "2019-01-11", "汽车客运站", 156, "warmth",
    ),
    ("一月九日，寒假社会实践上岗仪式在青年之家举行，三十二名大学生参加。", "2019-01-09", "青年之家", 32, "internship"),
    ("腊月初八，我们在北格镇开展走访慰问，看望困难青年12户，受益30人。", "2019-01-13", "北格镇", 30, "warmth"),
    (
        "【简报】小店区团委联合人社局、农业农村局，于1月16日下午在区人社局三楼召开乡村振兴青年人才座谈暨入库工作会，共有57名青年人才参加，3名领导出席。",
        "2019-01-16", "区人社局三楼", 57, "talent_pool",
    ),
    ("13日，区青年创业园举行反哺家乡青年典型寻访活动，40名青年参与。", "2019-01-13", "区青年创业园", 40, "exemplar"),
    (
        "火车站大屏今日起滚动播放“青春兴晋”宣传短视频，张贴海报60张。",
        "2019-01-20", "", 0, "publicity",
    ),
    ("1月14日至16日，在黄陵街道便民服务中心开展代办，累计受理身份证、驾驶证等91人次。", "2019-01-14", "黄陵街道便民服务中心", 91, "proxy"),
    (
        "好消息！我区返乡学子座谈会圆满结束\n📅 1月17日\n📍 龙城街道办事处\n👥 到场48人\n感谢各位同学！",
        "2019-01-17", "龙城街道办事处", 48, "homecoming",
    ),
    ("活动地点：亲贤社区；活动时间：1月18日15:00；参与人次：120", "2019-01-18", "亲贤社区", 120, ""),
    (
        "1 月 6 日，来到小店街道，开展移风易俗、抵制彩礼宣传，组织1.2万人次线上观看。",
        "2019-01-06", "小店街道", 12000, "matchmaking",
    ),
    (
        "通知：请各乡镇于1月25日前上报联络群名单，联系人李强13800004321。",
        "", "", 0, "checkin",
    ),
    ("关于报名的说明：报名截止1月18日，活动于1月19日在青年之家举行，限50人，实到38人参加。", "2019-01-19", "青年之家", 38, ""),
    ("昨日，“我为山西代言”短视频拍摄在晋阳湖公园进行，15名青年参与。", "2019-01-19", "晋阳湖公园", 15, "publicity"),
    ("截至1月15日，全区共报到返乡青年1,240人。", "", "", 1240, "checkin"),
    ("1月19日晚，就业创业招聘会在高新区人才市场举办，企业25家，岗位300个，进场求职青年410人次。", "2019-01-19", "高新区人才市场", 410, "sharing"),
    ("大年初一，我们在机场为旅客送温暖，服务60人次。", "2018-02-16", "机场", 60, "warmth"),
    ("1月12号，区医院大厅，帮办医保、结婚证预约，帮办群众25位。", "2019-01-12", "区医院大厅", 25, "proxy"),
    ("于1月11日在北营街道北营村举办人才库入库仪式，近70名致富带头人参加。", "2019-01-11", "北营街道北营村", 70, "talent_pool"),
    ("我区寒假实践岗位对接会于1月10日在区会展中心召开，拟招募200人，当天参加学生96名。", "2019-01-10", "区会展中心", 96, "internship"),
    ("小店区与平城区联合在太原站开展志愿服务，1月13日，服务200人次。", "2019-01-13", "太原站", 200, "warmth"),
    ("前天，在区图书馆举办青年典型先进事迹报告会，120人到场，5名宣讲员分享。", "2019-01-18", "区图书馆", 120, "exemplar"),
    ("12月28日我区在龙城公园开展宣传，发放明白纸500份，参与青年志愿者20名，受益群众350人。", "2018-12-28", "龙城公园", 350, "publicity"),
    ("在寒假期间，在各级领导的支持下，我区开展了一系列活动，反响很好。", "", "", 0, ""),
    ("2019/1/7 西温庄乡文化广场 流动团员报到，扫码入群102人", "2019-01-07", "西温庄乡文化广场", 102, "checkin"),
    ("1月16日下午两点，座谈会在平阳路街道办事处召开，与会返乡大学生二十三人，提出意见建议 19 条。", "2019-01-16", "平阳路街道办事处", 23, "homecoming"),
    ("1月17日，亲贤社区二楼活动室，相亲交友，男青年28人、女青年30人，共58人参加。", "2019-01-17", "亲贤社区二楼活动室", 58, "matchmaking"),
    (
        "为做好春节期间返乡青年服务工作，1月18日，团小店区委联合区交警大队在长治路小学门口设立“民事代办”服务点，现场为76名群众代办驾驶证换证。",
        "2019-01-18", "长治路小学门口", 76, "proxy",
    ),
    (
        "1月17日至1月19日，团区委组织60名青年志愿者在太原南站、建南汽车站设置3个服务点，为过往旅客提供热水等服务，累计服务旅客1800余人次。",
        "2019-01-17", "", 1800, "warmth",
    ),
    ("今天去了刘家堡乡看望了5户困难家庭，送去米面油，大家辛苦了", "2019-01-20", "刘家堡乡", 0, "warmth"),
    ("1月15日，刘家堡乡召开返乡大学生座谈会，乡党委书记主持，25名返乡学子畅所欲言", "2019-01-15", "刘家堡乡", 25, "homecoming"),
    ("@所有人 周六（1月19日）下午2:30，区文化馆一楼，青春有约相亲会，男女各30人，共60人到场🎉", "2019-01-19", "区文化馆一楼", 60, "matchmaking"),
    ("1.16 北营街道 入户走访，登记入库青年人才14人", "2019-01-16", "北营街道", 14, "talent_pool"),
    ("团小店区委书记张某一行3人深入刘家堡草莓合作社走访困难青年。1月14日", "2019-01-14", "刘家堡草莓合作社", 0, "warmth"),
    (
        "根据《关于开展“青春兴晋”行动的通知》（2018年12月24日），我区于2019年1月8日启动宣传，在体育路悬挂横幅30条。",
        "2019-01-08", "", 0, "publicity",
    ),
    ("元月十六日上午九时，区青少年宫，移风易俗宣讲暨承诺签名，一百二十名青年签名。", "2019-01-16", "区青少年宫", 120, "matchmaking"),
    ("接团市委通知，请于今天下午5点前上报，谢谢", "", "", 0, ""),
    ("收到，辛苦了！", "", "", 0, ""),
    ("群里的各位，发一下文件，谢谢大家。电话 13800009999，微信同号。", "", "", 0, ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def read(browser):
    page = browser.new_page()
    page.add_script_tag(path=ROOT / "static/qingchun/notice.js")
    yield lambda text, **known: page.evaluate(
        "([text, known]) => window.qingchun.readNotice(text, known)", [text, KNOWN | known]
    )
    page.close()


def in_short(found):
    day, place, people, kinds = (found[name] for name in ("day", "place", "people", "kinds"))
    return (
        day["value"] if day else "",
        place["value"] if place else "",
        people["value"] if people else 0,
        kinds[0]["value"] if len(kinds) == 1 else "",
    )


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice[0][:12])
def test_notice_is_read(read, notice):
    text, *expected = notice
    found = read(text)
    assert in_short(found) == tuple(expected)
    # Each is shown with the words it stands in, but for how they are written.
    for one in filter(None, (found["day"], found["people"])):
        assert one["quote"]


def test_numbers_that_are_about_are_said_to_be(read):
    said = [
        read(f"1月9日，{words}参加")["people"]["about"] for words in ("80余人", "近80人", "80人")
    ]
    assert said == [True, True, False]


def test_day_of_another_edition_and_a_day_to_come_are_doubted(read):
    wrong = {
        text: read(text)["day"]["wrong"]
        for text in (
            "2018年1月8日，座谈",
            "1月22日，拟举办座谈",
            "1月8日，座谈",
            "2019年1月20日，座谈",
        )
    }
    assert list(wrong.values()) == ["other", "future", "", ""]


def test_another_countys_notice_is_noticed(read):
    says = {
        text: read(text)["unit"]
        for text in (
            "团平城区委在文化馆举办座谈", "平城团区委举办座谈", "大同市平城区举办座谈",
            "晋城市城区团委座谈", "全城区的青年", "主城区开展宣传", "小店区和平城区联合举办", "临县团委来我区交流", "组织相应县区的青年",
        )
    }  # fmt: skip
    assert list(says.values()) == ["平城区", "平城区", "平城区", "城区", "", "", "", "临县", ""]


def test_ten_thousand_characters_are_read_at_once_and_more_are_cut(read):
    line = (
        "1月9日，在文化馆举办座谈，二十三人参加；" + "在" * 40 + "一二三四五六七八九十" * 8 + "！"
    )
    text = (line * 100)[:10_000]
    begins = time.monotonic()
    found = read(text)
    assert time.monotonic() - begins < 1
    assert (found["isCut"], found["day"]["value"]) == (False, "2019-01-09")
    assert read(text + "多")["isCut"] is True


def test_several_days_and_two_kinds_are_said(read):
    found = read("1月9日座谈，1月10日代办。")
    assert found["several"] is True
    assert {one["value"] for one in found["kinds"]} == {"homecoming", "proxy"}


# On the page


NOTICE = "团小店区委在融媒体中心举办就业创业分享会，86名返乡青年参加，联系人 13800001234。"


@pytest.fixture
def form(desk):
    seat = desk("county140105", 390)
    page = seat.go("/activities/new/")
    page.get_by_text("把群里的通报贴进来").click()
    return seat, page


def paste(page, text):
    page.locator("#notice").fill(text)


def chosen(page):
    return page.locator("input[name=kind]:checked").get_attribute("value")


def test_pasted_notice_fills_the_form_and_each_thing_can_be_changed(form):
    seat, page = form
    paste(page, f"昨天，{NOTICE}")
    assert page.input_value("#id_place") == "融媒体中心"
    assert page.input_value("#id_participants") == "86"
    assert chosen(page) == "sharing"
    assert page.locator("#read").get_by_text("原文").count() == 4
    seat.shoot("notice-read-390")
    page.fill("#id_participants", "85")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记").first.wait_for()
    assert page.get_by_text("85 人", exact=True).count()
    # What was pasted stayed on the device.
    assert "13800001234" not in "".join(sent)


def test_nothing_that_was_typed_is_written_over(form):
    _, page = form
    page.locator(".q-chips label").first.click()
    first = chosen(page)
    page.fill("#id_place", "北格镇政府")
    paste(page, NOTICE)
    assert (page.input_value("#id_place"), chosen(page)) == ("北格镇政府", first)
    assert page.input_value("#id_participants") == "86"
    row = page.locator("#read li", has_text="地点")
    assert "您已经填了别的，没有改" in row.inner_text()
    row.get_by_role("button", name="改成这个").click()
    assert page.input_value("#id_place") == "融媒体中心"
    # Another notice takes the place of the one before, not of what was typed or said yes to.
    paste(page, NOTICE.replace("86", "99").replace("融媒体中心", "文化馆"))
    assert page.input_value("#id_place") == "融媒体中心"
    assert page.input_value("#id_participants") == "99"
    page.fill("#id_participants", "12")
    paste(page, NOTICE)
    assert page.input_value("#id_participants") == "12"


def test_another_countys_notice_is_asked_about_and_nothing_filled_in(form):
    seat, page = form
    paste(page, NOTICE.replace("小店区", "平城区"))
    page.get_by_text("里面写的是平城区，这里登记的是小店区").wait_for()
    assert page.input_value("#id_place") == ""
    seat.shoot("notice-of-another-county-390")
    page.get_by_role("button", name="是，照着填").click()
    assert page.input_value("#id_place") == "融媒体中心"


def test_day_of_another_edition_is_asked_about(form):
    _, page = form
    today = page.input_value("#id_held_on")
    paste(page, f"2019年1月8日，{NOTICE}")
    row = page.locator("#read li", has_text="日期")
    assert "不在这次行动的日子里" in row.inner_text()
    assert page.input_value("#id_held_on") == today
    row.get_by_role("button", name="就填这个").click()
    assert page.input_value("#id_held_on") == "2019-01-08"


def test_text_with_nothing_in_it_is_said_to_be_so(form):
    _, page = form
    paste(page, "收到，辛苦了！")
    page.get_by_text("没有读到日期、地点、人数和项目").wait_for()
    paste(page, "一" * 10_001)
    page.get_by_text("没有读到日期、地点、人数和项目").wait_for()


def test_one_tap_pastes_where_the_browser_lets(form):
    seat, page = form
    seat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", NOTICE)
    page.get_by_role("button", name="粘贴", exact=True).click()
    page.get_by_text("原文").first.wait_for()
    assert page.input_value("#id_participants") == "86"
