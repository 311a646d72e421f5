"""docs/coverage.md: each sentence of the notice, what serves it, which tests tell it.

``python -m tests.coverage`` draws the page from tests/notice.py, access.lock and the marks
``@pytest.mark.notice("3.7.1")`` on tests. Nothing of Django is started.
"""

import ast
from collections import defaultdict
from pathlib import Path

from tests.notice import SENTENCES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# 通知的每一句，由什么服务

由 `python -m tests.coverage` 按 `tests/notice.py` 和测试上的 `@pytest.mark.notice("句号")` 写成，不要手改。
句号是部分、第几点、第几句：3.7.2 是十项里第七项的第二句。句子是我们自己的概括，原文见通知。

| 句 | 通知说的 | 由什么服务 | 网址 | 讲它的测试 |
|---|---|---|---|---|
"""


def marks():
    """Sentence's id → the tests that say they tell it, in the order of their files."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for mark in getattr(node, "decorator_list", ()):
                if ast.unparse(getattr(mark, "func", mark)) == "pytest.mark.notice":
                    for sentence in mark.args:
                        where = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                        found[ast.literal_eval(sentence)].append(where)
    return found


def addresses():
    """Name of a route → its address, as access.lock has them."""
    lines = (ROOT / "access.lock").read_text(encoding="utf-8").splitlines()
    return {line.split()[1]: line.split()[0] for line in lines}


def page():
    """The page as it should be."""
    told, where = marks(), addresses()
    rows = (
        "| "
        + " | ".join((
            key,
            sentence.says,
            sentence.served,
            "<br>".join(f"`{where[name]}`" for name in sentence.pages) or "—",
            "<br>".join(f"`{test}`" for test in told[key]) or "—",
        ))
        + " |\n"
        for key, sentence in SENTENCES.items()
    )  # fmt: skip
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
