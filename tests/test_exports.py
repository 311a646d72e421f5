"""A file that does not hold everything says so: a cut table is added up as if it were whole."""

import ast
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from qingchun.accounts import exports as events
from qingchun.accounts.audit import record_event
from talent.pool.views import sheets
from tests.accounts.test_auditors import read, unpacked, zheng  # noqa: F401
from tests.talent.conftest import (  # noqa: F401
    at,
    bring,
    desk_of,
)
from tests.talent.sheets import HEAD, xlsx

ROOT = Path(__file__).parent.parent
OURS = ("qingchun", "campaigns", "talent", "services", "reports")
# Each limit of a file that goes out, and how it is said. What is not here may not be cut.
LIMITS = {
    "qingchun.accounts.exports.MOST_EVENTS": "on the page and in the sheet",
    "talent.pool.views.sheets.MOST_WRONG": "on the page and in the name of the file",
}


def makes_a_file(path, tree):
    """Whether a module writes what people take along."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return "exports" in path.parts or path.stem == "exports" or names & {"xlsx_response", "XLSX"}


def limits_of(path):
    """Whatever bounds a file: a constant that says so, a slice at thousands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not makes_a_file(path.relative_to(ROOT), tree):
        return
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id.startswith("MOST_"):
            yield f"{module}.{node.id}"
        upper = getattr(node, "upper", None)  # of a slice
        if isinstance(upper, ast.Constant) and upper.value >= 2000:
            yield f"{module}[:{upper.value}]"


def test_every_limit_of_a_file_is_said_somewhere():
    """life-cycles F13, the kind: the export of the log stopped at 20,000 rows without a word."""
    paths = [path for app in OURS for path in (ROOT / app).rglob("*.py")]
    assert {limit for path in paths for limit in limits_of(path)} == set(LIMITS)


def test_auditor_reads_on_the_page_and_in_the_sheet_where_it_is_cut(
    zheng, zhang, monkeypatch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(events, "MOST_EVENTS", 3)
    for _ in range(5):
        record_event(zhang, "查看人才", zhang.acting)
    assert "只导出最近 3 条" in unpacked(read(zheng, "/audit/export.xlsx?person=张小店"))
    assert "导出最近 3 条" in read(zheng, "/audit/").content.decode()


@pytest.mark.parametrize("most", [1, 2])
def test_county_reads_how_many_of_the_wrong_rows_the_file_holds(
    bring, zhang, at, monkeypatch, most  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(sheets, "MOST_WRONG", most)
    sheet = bring(zhang, xlsx(HEAD, ("", "13800008102"), ("", "13800008103")))
    said = f"（前 {most} 行，共 2 行）"
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    assert (f"下载写错的行{said}" in page) == (most < 2)
    answer = at(zhang).get(f"/pool/sheets/{sheet.pk}/wrong.xlsx")
    name = unquote(answer.headers["Content-Disposition"])
    assert (f"改好再传{said}.xlsx" in name) == (most < 2)
    assert load_workbook(BytesIO(answer.content)).active.max_row == most + 1
