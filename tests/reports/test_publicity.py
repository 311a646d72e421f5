"""Theme publicity: the kit, display points, the press, and people's own words."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from campaigns.actions.log import add_coverage
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from reports.library import cards
from reports.library.actions import publicity
from reports.library.models import KitFetch, KitItem, Spot, Voice
from talent.youth.actions import leaving
from talent.youth.models import Consent, Youth
from tests.looking import looking
from tests.reports.scene import jpeg
from tests.reports.test_documents import body_of


@pytest.fixture
def item(campaign, li):
    return publicity.put_in_kit(
        campaign, actor=li, kind="poster", title="主题海报", text="", link="",
        file=SimpleUploadedFile("海报.pdf", b"%PDF-1.4 one"),
    )  # fmt: skip


@pytest.mark.notice("3.1.1")
def test_newer_version_replaces_the_older_and_downloads_are_counted(client, item, li, zhang, sun):
    client.force_login(zhang)
    for _ in range(2):
        answer = client.post(f"/kit/{item.pk}/fetch/")
        assert body_of(answer) == b"%PDF-1.4 one"
    client.force_login(sun)
    body_of(client.post(f"/kit/{item.pk}/fetch/"))
    assert "2 个单位取用 3 次" in client.get("/kit/").content.decode()
    assert KitFetch.objects.get(organization="140105").times == 2
    client.force_login(li)
    data = {"kind": "poster", "title": "主题海报", "text": "新文案"}
    client.post(f"/kit/{item.pk}/replace/", data)
    assert [(i.number, i.is_newest) for i in KitItem.objects.order_by("number")] == [
        (1, False),
        (2, True),
    ]
    page = client.get("/kit/").content.decode()
    assert ("第 2 版" in page, "第 1 版" in page) == (True, False)


def test_kit_holds_something_and_no_programs(client, campaign, li, zhang):
    client.force_login(li)
    page = client.post("/kit/new/", {"kind": "text", "title": "转发语"}).content.decode()
    assert "至少要有一样" in page
    file = SimpleUploadedFile("a.exe", b"MZ")
    page = client.post(
        "/kit/new/", {"kind": "text", "title": "转发语", "file": file}
    ).content.decode()
    assert "只收 PDF" in page
    with pytest.raises(PermissionDenied):
        publicity.put_in_kit(campaign, actor=zhang, kind="text", title="甲", text="乙", link="")


@pytest.mark.notice("3.1.1")
def test_display_points_are_on_the_map_with_their_photo(client, campaign, zhang, sun, wang):
    client.force_login(zhang)
    day = {"since_year": "2019", "since_month": "1", "since_day": "5"}
    data = {"kind": "railway", "name": "太原南站", "what": "主题海报", "picture": jpeg()} | day
    client.post("/spots/new/", data)
    spot = Spot.objects.get()
    assert body_of(client.get(f"/spots/{spot.pk}/picture/"))[:2] == b"\xff\xd8"
    client.force_login(wang)
    page = client.get("/spots/").content.decode()
    assert "火车站 <b>1</b> 处" in page
    assert page.count("太原南站") == 2  # its name, and what the picture shows
    assert 'data-unit="140105"' in page
    client.force_login(sun)
    assert "太原南站" not in client.get("/spots/").content.decode()
    assert client.post(f"/spots/{spot.pk}/remove/").status_code == 404


@pytest.mark.notice("4.2.2", "5.3.2")
def test_press_of_all_units_is_one_list(client, log, zhang, wu, wang, li):
    for actor in (zhang, wu):
        activity = log(actor)
        with rls_context(scope=actor.scope, person=actor.pk):
            add_coverage(
                activity, actor=actor, title=f"{actor.name}上报", outlet="山西日报", url="",
                published_on=dt.date(2019, 1, 7),
            )  # fmt: skip
    for user, expected in ((li, [True, True]), (wang, [True, False])):
        client.force_login(user)
        page = client.get("/coverage/").content.decode()
        assert [f"{name}上报" in page for name in ("张小店", "吴平城")] == expected
    printed = client.get("/lists/coverage/?sort=outlet&q=山西").content.decode()
    assert [f"{name}上报" in printed for name in ("张小店", "吴平城")] == [True, False]


# 我为山西代言


@pytest.fixture
def young(chen, zhang):
    with looking():
        Youth.objects.create(
            organization_id="140105001", user=chen, name="陈返乡", kind="student", age="adult"
        )
    return chen


def say(client, **values):
    data = {
        "called": "小陈", "words": "山西的醋最香", "picture": jpeg(), "others": "nobody",
        "agree": "on",
    } | values  # fmt: skip
    return client.post("/mine/voice/", data, follow=True)


@pytest.mark.notice("3.1.2", "5.3.2")
def test_nobody_sees_a_voice_before_home_has_looked(client, young, zhang, sun):
    client.force_login(young)
    assert "家乡团组织看过后公开" in say(client).content.decode()
    voice = Voice.objects.get()
    client.logout()
    for path in ("", "picture/", "card.jpg"):
        assert client.get(f"/voices/{voice.key}/{path}").status_code == 404
    assert "山西的醋" not in client.get("/voices/").content.decode()
    client.force_login(sun)
    assert client.post(f"/voices/desk/{voice.pk}/show/").status_code == 404
    assert client.get(f"/voices/{voice.key}/picture/").status_code == 404
    client.force_login(zhang)
    assert "山西的醋最香" in client.get("/voices/desk/").content.decode()
    client.post(f"/voices/desk/{voice.pk}/show/")
    client.logout()
    assert "山西的醋最香" in client.get("/voices/").content.decode()
    card = Image.open(io.BytesIO(client.get(f"/voices/{voice.key}/card.jpg").content))
    assert (card.format, card.size) == ("JPEG", (1080, 1440))


def test_refused_voice_tells_its_person_why(client, young, zhang):
    client.force_login(young)
    say(client)
    voice = Voice.objects.get()
    client.force_login(zhang)
    page = client.post(f"/voices/desk/{voice.pk}/refuse/", {"why": " "}, follow=True)
    assert "请写一句为什么不公开" in page.content.decode()
    client.post(f"/voices/desk/{voice.pk}/refuse/", {"why": "照片里有别人的孩子"})
    client.force_login(young)
    assert "照片里有别人的孩子" in client.get("/mine/voice/").content.decode()


def test_portrait_is_shown_by_a_consent_and_a_word_for_who_else_is_in_it(client, young, zhang):
    client.force_login(young)
    page = client.get("/mine/voice/").content.decode()
    assert "别人已经转走的，收不回来" in page
    assert "请先看过同意书再勾选" in say(client, agree="").content.decode()
    assert "照片里还有没有别人" in say(client, others="").content.decode()
    assert not Voice.objects.exists()
    say(client, others="asked")
    client.force_login(zhang)
    assert "有，都问过，同意公开" in client.get("/voices/desk/").content.decode()


def test_consent_to_be_shown_is_taken_back_with_every_picture(
    client, young, zhang, django_capture_on_commit_callbacks
):
    client.force_login(young)
    for _ in range(2):
        say(client)
    voices = list(Voice.objects.all())
    client.force_login(zhang)
    client.post(f"/voices/desk/{voices[0].pk}/show/")
    client.force_login(young)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/my/consents/voice/")
    assert not Voice.objects.exists()
    for voice in voices:
        assert not voice.picture.storage.exists(voice.picture.name)
    assert client.get(f"/voices/{voices[0].key}/").status_code == 404


def test_somebody_of_14_to_17_is_shown_by_a_guardian_s_word(client, young):
    with looking():
        Youth.objects.filter(user=young).update(age="teen")
    client.force_login(young)
    assert "填上家长的姓名" in say(client).content.decode()
    assert not Voice.objects.exists()
    say(client, guardian_name="陈妈妈", guardian_is="mother", guardian_near="on")
    with looking():
        given = Consent.objects.get(purpose="voice")
    assert given.guardian == "陈妈妈（母亲），就在身边"


def test_person_takes_a_voice_back_and_it_is_gone(
    client, young, zhang, django_capture_on_commit_callbacks
):
    client.force_login(young)
    say(client)
    voice = Voice.objects.get()
    client.force_login(zhang)
    client.post(f"/voices/desk/{voice.pk}/show/")
    client.force_login(young)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/mine/voice/{voice.key}/drop/")
    assert not Voice.objects.exists()
    assert not voice.picture.storage.exists(voice.picture.name)
    assert client.get(f"/voices/{voice.key}/card.jpg").status_code == 404


def test_somebody_without_a_home_and_somebody_with_three_waiting_are_asked_to_wait(
    client, chen, zhang
):
    client.force_login(chen)
    assert "请先向家乡报到" in say(client).content.decode()
    with looking():
        Youth.objects.create(
            organization_id="140105", user=chen, name="陈返乡", kind="student", age="adult"
        )
    for _ in range(3):
        say(client)
    assert "前面几条还在审看" in say(client).content.decode()
    assert Voice.objects.count() == 3
    leaving.forget_person(chen)
    assert not Voice.objects.exists()


def test_voice_that_is_no_picture_keeps_its_words(client, young):
    client.force_login(young)
    page = say(client, picture=SimpleUploadedFile("a.jpg", b"x", "image/jpeg")).content.decode()
    assert "不是能打开的照片" in page
    assert 'value="山西的醋最香"' in page


def test_database_shows_the_public_no_voice_that_waits(young, client):
    client.force_login(young)
    say(client)
    with rls_context(scope="", person=""), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_voice")
        assert cursor.fetchone() == (0,)


def test_long_sentence_is_cut_with_dots_on_a_card():
    from qingchun.ground.pictures import font

    lines = cards.wrapped("山" * 80, font(58), 936)
    assert (len(lines), lines[-1][-2:]) == (4, "……")
    assert all(font(58).getlength(line) <= 990 for line in lines)


def test_second_of_two_who_look_changes_nothing(young, client, zhang):
    client.force_login(young)
    say(client)
    first, second = Voice.objects.get(), Voice.objects.get()
    publicity.show(first, actor=zhang)
    with pytest.raises(Refused, match="办不了"):
        publicity.show(second, actor=zhang)


@pytest.mark.parametrize("before", range(8, 18))
def test_no_line_of_a_card_begins_with_a_mark_that_closes(before):
    from qingchun.ground.pictures import font

    text = "山" * before + "。”" + "西" * 20 + "，好，" + "水" * 16 + "！”"
    lines = cards.wrapped(text, font(58), 936)
    assert [line for line in lines if line[0] in "，。！”"] == []
    assert "".join(lines) == text


def test_letter_that_the_font_has_not_is_a_printers_sign_on_card_and_watermark():
    from qingchun.ground.pictures import drawable, font

    assert drawable("龑隰𠮷😀 ·，", font(58)) == "龑隰〓〓 ·，"


def test_font_has_the_characters_of_todays_names_that_stand_beyond_the_first_plane():
    """Of 通用规范汉字表: 𫖯, 𬭊, 𬴊, 𫍽 and others stand in Unicode's extensions C to E."""
    from qingchun.ground.pictures import undrawn

    assert undrawn("𫖯𬭊𬴊𫍽𬱖𬘭𬸣𬍛䶮龑〇") == ""


def test_whose_letters_no_card_can_show_is_told_so_at_once(client, young):
    client.force_login(young)
    page = say(client, called="小𠮷", words="山西真香𠮷😀！").content.decode()
    assert "分享卡片的字库里没有“𠮷😀”，卡片上写成“〓”" in page
    assert "〓" not in say(client, called="小龑", words="山西真香！").content.decode()
