"""Chinese on our pages is set with Chinese punctuation; nobody is ranked anywhere."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HAN = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,:;!?]\s?(?={HAN})|{HAN}[(]|[)](?={HAN})")
SOURCES = ("qingchun", "campaigns", "talent", "services", "reports", "templates", "static/qingchun")
# State rules against 指尖上的形式主义, and the notice itself, forbid all of these.
FORBIDDEN_WORDS = re.compile(
    "排名|名次|积分|评分|得分|打分|点赞|红旗单位|末位|龙虎榜|光荣榜|排行|阅读量|签到打卡"
)
FORBIDDEN_NAMES = re.compile(
    r"\b(rank|ranking|score|points_total|leaderboard|likes|reads|medal|stars|gps|latitude|longitude)\b",
    re.I,
)


def sources(*endings):
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in endings and "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def found(pattern, *endings):
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, text in sources(*endings)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_half_width_punctuation_in_chinese():
    assert found(HALF_WIDTH, ".py", ".html", ".js") == []


def test_nobody_is_ranked():
    assert found(FORBIDDEN_WORDS, ".py", ".html", ".js") == []


def test_no_model_or_api_field_counts_likes_or_positions():
    from django.apps import apps

    names = {
        field.name
        for label in (
            "organizations",
            "accounts",
            "notifications",
            "jobs",
            "campaigns",
            "talent",
            "proxy",
            "events",
            "vacancies",
            "reports",
        )
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    }
    assert {name for name in names if FORBIDDEN_NAMES.search(name)} == set()


def test_boards_order_by_code_alone():
    text = (ROOT / "reports/boards/board.py").read_text(encoding="utf-8")
    assert re.findall(r"sorted\(|\.sort\(|dictsort", text) == []
    assert [line for line in found(re.compile("dictsort"), ".html") if line] == []


def test_photo_and_place_are_never_demanded():
    from campaigns.entry_forms import ActivityForm

    assert ActivityForm.base_fields["photos"].required is False
    assert "position" not in ActivityForm.base_fields
