"""A photograph is shrunk where it was taken, in whatever field, before it goes."""

from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import put_back

SIZE_OF = """async () => {
  const [file] = document.querySelector("[data-picture]").files;
  const image = await createImageBitmap(file), canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  return [image.width, image.height, file.type, file.size, [...pen.getImageData(5, 5, 1, 1).data]];
}"""
WAIT = "() => document.querySelector('[data-picture]').files[0]?.type === 'image/jpeg'"
LOADED = "async (one) => { await one.decode(); return [one.naturalWidth, one.naturalHeight]; }"
SLOWLY = "Object.defineProperty(HTMLImageElement.prototype, 'decode', { value: function () { return new Promise((done) => { this.onload = () => setTimeout(done, 1500); }); } });"


def file(image, kind, **options):
    body = BytesIO()
    image.save(body, kind, **options)
    name = f"IMG_0001.{kind.lower()}"
    return {"name": name, "mimeType": f"image/{kind.lower()}", "buffer": body.getvalue()}


def noisy(width, height):
    return Image.effect_noise((width // 4, height // 4), 70).resize((width, height)).convert("RGB")


@pytest.fixture
def young(desk):
    seat = desk(width=360).sign_in("youth", lands="")
    yield seat
    put_back("DELETE FROM reports_voice WHERE words = '山西真好𠮷'")


def chosen(page, sent):
    page.set_input_files("[data-picture]", [sent])
    page.wait_for_function(WAIT)
    return page.evaluate(SIZE_OF)


def test_field_of_every_picture_shrinks_it_and_words_stay_readable(young):
    page = young.go("/mine/voice/")
    sent = file(noisy(5712, 4284), "PNG")
    width, height, kind, size, _ = chosen(page, sent)
    assert (width, height, kind) == (2048, 1536, "image/jpeg")
    assert size < len(sent["buffer"]) / 4
    page.reload()
    assert chosen(page, file(noisy(1080, 12000), "PNG"))[:2] == [768, 8533]
    page.reload()
    clear = Image.new("RGBA", (3000, 2000), (0, 0, 0, 0))
    clear.paste("black", (1000, 1000, 2000, 1500))
    assert chosen(page, file(clear, "PNG"))[4] == [255, 255, 255, 255]
    page.reload()
    turned = Image.Exif()
    turned[0x0112] = 6
    sent = file(noisy(3000, 2000), "JPEG", exif=turned)
    page.set_input_files("[data-picture]", [sent])
    page.wait_for_function(f"() => document.querySelector('[data-picture]').files[0].size < {len(sent['buffer'])}")  # fmt: skip
    assert page.evaluate(SIZE_OF)[:2] == [1365, 2048]


def test_form_sent_at_once_waits_for_its_picture(young):
    page = young.go("/mine/voice/")
    page.set_default_timeout(120_000)  # six megapixels of noise on a busy machine
    page.evaluate(SLOWLY)
    page.fill("[name=called]", "小陈")
    page.fill("[name=words]", "山西真好𠮷")
    sent = file(noisy(3000, 2000), "PNG")
    page.set_input_files("[data-picture]", [sent])
    page.get_by_text("没有，或者认不出是谁").click()
    page.get_by_label("我已看过，同意公开我的照片和话").check()
    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.get_by_role("button", name="提交").click()
    page.get_by_text("分享卡片的字库里没有“𠮷”").wait_for()
    body = posted.value.post_data_buffer
    assert body is None or len(body) < len(sent["buffer"]) / 3
    picture = page.locator("img.q-spot-pic").first
    picture.scroll_into_view_if_needed()
    shown = picture.evaluate(LOADED)
    assert shown == [480, 320]
    young.shoot("my-voice-pictures")
    page = young.go("/voices/")
    young.shoot("voices-small")
