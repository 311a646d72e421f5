"""Sheets as offices send them, each with what becomes of it. ``make corpus`` writes them to look at.

A sheet that a county sent in vain becomes a line here: what stands in it, without anybody's name or
number, and what its clerk expected. ``python -m tests.talent.corpus FOLDER`` writes the files.
"""

import sys
from pathlib import Path

from tests.talent.sheets import csv_of, xls, xlsx

PHONE = "1380000{:04}"
N, P = ("姓名", "手机号"), "13800000101"
FULL = ("姓名", "手机号", "乡镇", "学历", "出生年月", "返乡意向", "本人同意")
WHOLE = ("王一", P, "坞城街道", "本科", "1995.6", "愿意", "是")


def one(**cells):
    """A sheet of one row that is all right but for these cells."""
    return csv_of(
        FULL, tuple(cells.get(head, cell) for head, cell in zip(FULL, WHOLE, strict=True))
    )


def people(*names, head=N, first=101):
    return csv_of(head, *((name, PHONE.format(first + n)) for n, name in enumerate(names)))


READY = {"ready": 1}
WRONG = {"wrong": 1}
ASKS = "mapping"
# Name → (the file, what becomes of it: counts, a state, or what is said when it is refused).
CORPUS = {
    # B1, A3: a cell that cannot be read keeps nobody out
    **{f"学历写 {word}": (one(学历=word), READY) for word in ("/", "—", "不详", "无", "甲等", "高中及以下", "大学生村官")},
    **{f"出生写 {word}": (one(出生年月=word), READY) for word in (
        "无", "-", "95年6月", "95.6", "95-06", "950601", "一九九五年六月", "二〇〇一年", "农历1995年六月", "6/1/1995", "90后",
        "1995年", "三十岁左右", "9506",
    )},
    **{f"意向写 {word}": (one(返乡意向=word), READY) for word in ("√", "强", "/", "有困难", "已回北京", "不一定", "看政策")},
    **{f"同意写 {word}": (one(本人同意=word), READY) for word in ("有异议", "已拒绝", "口头同意", "电话同意", "1月签", "同 意", "Y")},
    # B5, A5: townships
    **{f"乡镇写 {word}": (one(乡镇=word), READY) for word in (
        "坞城街道办事处", "坞城街办", "坞城办事处", "坞城", "北格", "北格镇人民政府", "坞 城 街 道", "坞城街道北张村", "小店区坞城街道",
        "太原市小店区", "",
    )},
    **{f"乡镇写 {word}": (one(乡镇=word), WRONG) for word in ("迎泽区坞城街道", "大同坞城街道", "不在坞城街道", "祁县古城镇", "某某镇")},
    # B6: telephones
    **{f"手机写 {word}": (one(手机号=word), READY) for word in (
        f"86{P}", "86-138-0000-0101", f"{P}（微信同号）", f"电话：{P}", f"{P}，", "138—0000—0101", "138_0000_0101", f"{P}.0",
        f"'{P}", f"{P}、13800000102", f"0351-7654321/{P}", f"  {P} ", f"{P}\u200b", f"手机{P}",
    )},
    **{f"手机写 {word}，没有身份证号": (one(手机号=word), WRONG) for word in ("无", "/", "0351-7654321", "138000001", "1.38E+10", "找他爸")},
    # A1: who is who
    "父子一个号码": (csv_of(N, ("父甲", P), ("子乙", P)), {"ready": 1, "asked": 1}),
    "同一个人写了两遍": (csv_of(N, ("父甲", P), ("父甲", P)), {"ready": 1, "duplicate": 1}),
    "同名同号不同年": (csv_of((*N, "出生年份"), ("王一", P, 1985), ("王一", P, 1995)), {"ready": 1, "asked": 1}),
    # A4: names
    **{f"姓名 {name}": (people(name), READY) for name in ("王\U0002ebf0明", "李\U000323ce", "𠮷田", "买买提·艾力", "张　三", "李\ue000")},
    **{f"姓名写 {name or '空'}": (people(name), WRONG) for name in ("", "不详", "同上", "123", "张三1")},
    # A6, B2, B3: rows
    "编好的序号": (csv_of(("序号", *N), (1, "王一", P), *((n, "", "") for n in range(2, 60))), READY),
    "只有序号": (csv_of(("序号", *N), *((n, "", "") for n in range(1, 60))), "只有序号"),
    "合计和小计": (csv_of(N, ("王一", P), ("小计", "1"), ("合 计", "1人")), READY),
    "表头印了两遍": (csv_of(N, ("王一", P), N, ("王二", "13800000102")), {"ready": 2}),
    "列号": (csv_of((*N, "村"), ("1", "2", "3"), ("王一", P, "东村")), READY),
    "落款": (csv_of(N, ("王一", P), ("填表人：张某", ""), ("备注：以上属实", "")), READY),
    "同上": (csv_of((*N, "乡镇"), ("王一", P, "坞城街道"), ("王二", "13800000102", "同上"), ("王三", "13800000103", "〃")), {"ready": 3}),
    "标题和空行": (csv_of(("青年人才摸底表",), (), ("单位：小店区",), N, ("王一", P)), READY),
    "表头在第 20 行": (csv_of(*((f"说明 {n}",) for n in range(19)), N, ("王一", P)), READY),
    # A2, B9, B10, B13, B14: headings
    "两列手机，写明是谁的": (csv_of(("姓名", "手机号（本人）", "手机号（家长）"), ("王一", P, "13800000102")), READY),
    "两列手机，没有写": (csv_of(("姓名", "联系电话1", "联系电话2"), ("王一", P, "13800000102")), ASKS),
    "只有家长的电话": (csv_of(("姓名", "电话（家长）"), ("王一", P)), ASKS),
    "用不到的列": (csv_of((*N, "性别", "民族", "备注", "政治面貌"), ("王一", P, "男", "汉", "", "群众")), READY),
    "没见过的列": (csv_of((*N, "星座"), ("王一", P, "狮子")), ASKS),
    "没有表头": (csv_of(("王一", P, "坞城街道"), ("王二", "13800000102", "坞城街道")), ASKS),
    "一人一张": (csv_of(("姓名", "王一"), ("手机号", P), ("学历", "本科")), "一人一张"),
    "住址里有乡镇": (csv_of((*N, "家庭住址"), ("王一", P, "小店区坞城街道北张村12号")), READY),
    "住址在外省": (csv_of((*N, "户籍所在地"), ("王一", P, "山东省济南市")), READY),
    "单位是工作单位": (csv_of((*N, "单位"), ("王一", P, "某某公司")), READY),
    # B12: text of other systems
    "网页系统的文本": (f'姓名,手机号\r\n王一,="{P}"\r\n'.encode(), READY),
    "写明分隔符": (f"sep=;\r\n姓名;手机号\r\n王一;{P}\r\n".encode(), READY),
    "竖线": (f"姓名|手机号\r\n王一|{P}\r\n".encode(), READY),
    "全角逗号": (f"姓名，手机号\r\n王一，{P}\r\n".encode(), READY),
    "GBK": (csv_of(N, ("王一", P), encoding="gb18030"), READY),
    "GBK 里有欧元": (csv_of(N, ("王一", P), encoding="gb18030") + b"\x80,\r\n", {"ready": 1, "wrong": 1}),
    # Kinds of files
    "新格式": (xlsx(N, ("王一", P)), READY),
    "旧格式": (xls(N, ("王一", P)), READY),
    "手机号是数字": (xlsx(N, ("王一", int(P))), READY),
    "身份证号被吃了": (xlsx((*N, "身份证号"), ("王一", P, 140105188501011234)), READY),
}  # fmt: skip


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, (name, (data, means)) in enumerate(CORPUS.items(), 1):
        ending = "xlsx" if data[:2] == b"PK" else "xls" if data[:2] == b"\xd0\xcf" else "csv"
        file = f"{number:03} {name.replace('/', '／')[:40]}.{ending}"
        (folder / file).write_bytes(data)
        lines.append(f"{file}\t{means}")
    (folder / "应当怎样.txt").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
