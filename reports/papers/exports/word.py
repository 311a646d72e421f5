"""An official document after GB/T 9704-2012: paper, margins, faces and sizes, page numbers.

Faces that an office may not have carry the name of one that every office has.
"""

from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from qingchun.ground.archives import with_fixed_timestamps
from qingchun.ground.province import HOME

# GB/T 9704-2012, 5.2: A4, upper margin 37 mm, left 28 mm, the type area 156 by 225 mm.
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
TITLE, BODY, FIRST, SECOND, NUMBERS = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
# What stands in for a face that is not there.
INSTEAD = {TITLE: "宋体", BODY: "仿宋", FIRST: "Noto Sans CJK SC", SECOND: "楷体"}
TWO, THREE, FOUR, SMALL = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号、三号、四号、五号
LINE = Pt(28.9)  # 22 lines on a page
CHINESE = [*"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六七八九")]


def safe(text):
    """Text without characters that XML cannot carry."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _face(run, name, size, *, bold=False):
    run.font.size, run.font.bold = size, bold
    run.font.name = name
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


THICK, THIN = 8, 6  # 0.35 and 0.25 mm, in eighths of a point
RED = "FF0000"


def _ruled(line, colour="000000", **sides):
    """Lines above or below a paragraph: ``top=THICK``."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom"):
        if side in sides:
            rule = OxmlElement(f"w:{side}")
            shape = {"val": "single", "sz": str(sides[side]), "space": "4", "color": colour}
            for name, value in shape.items():
                rule.set(qn(f"w:{name}"), value)
            borders.append(rule)
    line._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _merge(table, rows, columns):
    """What is the same in one column after another, one below the other, becomes one cell: the first
    keeps its words, the others carry on with it."""
    for column in range(columns):
        for number, row in enumerate(rows):
            above = rows[number - 1][: column + 1] if number else None
            mark = OxmlElement("w:vMerge")
            if list(row[: column + 1]) != (above and list(above)):
                mark.set(qn("w:val"), "restart")
            else:
                for run in table.cell(number + 1, column).paragraphs[0].runs:
                    run.text = ""
            tr = table.rows[number + 1]._tr
            tr.tc_lst[column].get_or_add_tcPr().append(mark)


class Official:
    """One document in the making: ``title``, ``heading``, ``paragraph``, ``table``, ``picture``."""

    def __init__(self):
        self.document = Document()
        for style in ("Normal",):
            self.document.styles[style].font.name = BODY
            self.document.styles[style].element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = TOP, BOTTOM
        section.left_margin, section.right_margin = LEFT, RIGHT
        section.footer_distance = Mm(25)
        self._number_pages(section)
        self._name_faces()
        self._headings = 0

    def _number_pages(self, section):
        """— 1 —, in 四号: right on odd pages, left on even ones."""
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            footer.is_linked_to_previous = False
            line = footer.paragraphs[0]
            line.alignment = side
            for part in ("　— ", None, " —　"):
                run = line.add_run(part or "")
                _face(run, NUMBERS, FOUR)
                if part is None:
                    field = OxmlElement("w:fldSimple")
                    field.set(qn("w:instr"), "PAGE")
                    field.append(run._element)
                    line._p.append(field)

    def _name_faces(self):
        """Name what stands in for each face, in the table of faces that goes along."""
        table = next(
            part for part in self.document.part.package.iter_parts()
            if str(part.partname) == "/word/fontTable.xml"
        )  # fmt: skip
        faces = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in INSTEAD.items()
        )
        table._blob = table.blob.replace(b"</w:fonts>", faces.encode() + b"</w:fonts>")

    def _paragraph(self, text, face, size, *, align=None, indent=0, bold=False):
        line = self.document.add_paragraph()
        shape = line.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        if align is not None:
            line.alignment = align
        if indent:
            element = line._p.get_or_add_pPr().get_or_add_ind()
            element.set(qn("w:firstLineChars"), str(100 * indent))
            element.set(qn("w:firstLine"), str(int(size.pt * 20 * indent)))
        _face(line.add_run(safe(text)), face, size, bold=bold)
        return line

    def _at_both_ends(self, left, right, size):
        """One character in from either margin (156 mm apart)."""
        line = self._paragraph(f"　{left}\t{right}　", BODY, size)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
        return line

    def letterhead(self, number, signer):
        """发文字号 and 签发人 beside each other, as of a letter to those above, and the red line below
        (7.2.5 to 7.2.7); nothing where neither was typed."""
        if number or signer:
            line = self._at_both_ends(number, signer and f"签发人：{signer}", THREE)
            _ruled(line, RED, bottom=THICK)
            self._paragraph("", BODY, THREE)

    def imprint(self, copies, office, day):
        """版记 (7.4), the last of all: 抄送, who printed it and when; of these what was typed."""
        lines = []
        if copies:
            lines.append(self._paragraph(f"　抄送：{copies.rstrip('。')}。", BODY, FOUR))
        if office or day:
            printed = f"{day:%Y年%-m月%-d日}印发" if day else ""
            lines.append(self._at_both_ends(office, printed, FOUR))
        for line in lines:
            top = {"top": THICK if line is lines[0] else THIN}
            _ruled(line, **top, **({"bottom": THICK} if line is lines[-1] else {}))

    def title(self, *lines):
        """Each line a part of the title that makes sense by itself."""
        for text in lines:
            line = self._paragraph(text, TITLE, TWO, align=WD_ALIGN_PARAGRAPH.CENTER)
            line.paragraph_format.line_spacing = Pt(34)
        self._paragraph("", BODY, THREE)

    def to(self, text):
        """主送机关: whom it is for, at the margin."""
        self._paragraph(f"{text}：", BODY, THREE)

    def heading(self, text):
        """一、"""
        number = CHINESE[self._headings]
        self._headings += 1
        self._seconds = 0
        self._paragraph(f"{number}、{text}", FIRST, THREE, indent=2)

    def second(self, text):
        """（一）"""
        self._paragraph(f"（{CHINESE[self._seconds]}）{text}", SECOND, THREE, indent=2)
        self._seconds += 1

    def paragraph(self, text):
        for line in text.split("\n"):
            if line.strip():
                self._paragraph(line.strip(), BODY, THREE, indent=2)

    def attached(self, names):
        """附件说明 (7.3.4): after a line left free, before the signature; names without a stop."""
        self._paragraph("", BODY, THREE)
        for number, name in enumerate(names, 1):
            before = "附件：" if number == 1 else "　　　"
            self._paragraph(
                f"{before}{number}.{name}" if names[1:] else f"附件：{name}", BODY, THREE, indent=2
            )

    def signed(self, unit, day):
        """落款: who, and when it was sent; a draft has no day."""
        self._paragraph("", BODY, THREE)
        for text in (unit, f"{day:%Y年%-m月%-d日}" if day else "（草稿）"):
            line = self._paragraph(text, BODY, THREE, align=WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = Pt(32)

    def page(self):
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def landscape(self):
        """The rest of the document lies on its side, for wide tables."""
        section = self.document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = LEFT, RIGHT
        section.left_margin, section.right_margin = Mm(20), Mm(20)

    def attachment(self, text, number=""):
        """附件, its number where there are several, and its name, at the top of a page."""
        self._paragraph(f"附件{number}", FIRST, THREE)
        self._paragraph(text, TITLE, TWO, align=WD_ALIGN_PARAGRAPH.CENTER)

    def note(self, text):
        line = self._paragraph(text, NUMBERS, SMALL)
        line.paragraph_format.line_spacing = Pt(16)

    def table(self, header, rows, widths, size=SMALL, *, merged=0):
        """``widths`` in millimetres; the header repeats on every page. ``merged``: of so many columns,
        cells that say the same as the one above, and stand beside the same, are one with it."""
        table = self.document.add_table(rows=0, cols=len(header))
        table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)  # LibreOffice goes by the columns, Word by the cells
        for number, cells in enumerate([header, *rows]):
            row = table.add_row()
            if number == 0:
                repeat = OxmlElement("w:tblHeader")
                repeat.set(qn("w:val"), "true")
                row._tr.get_or_add_trPr().append(repeat)
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)
            for cell, text, width in zip(row.cells, cells, widths, strict=True):
                cell.width = Mm(width)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
                line = cell.paragraphs[0]
                line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(3)
                if isinstance(text, int):
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                run = line.add_run(safe(f"{text:,}" if isinstance(text, int) else str(text)))
                _face(run, FIRST if number == 0 else NUMBERS, size)
        _merge(table, rows, merged)
        after = self._paragraph("", NUMBERS, SMALL)
        after.paragraph_format.line_spacing = Pt(10)

    def picture(self, file, words):
        line = self._paragraph("", BODY, THREE, align=WD_ALIGN_PARAGRAPH.CENTER)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        line.paragraph_format.keep_with_next = True
        shown = line.add_run().add_picture(file, width=Mm(140))
        if shown.height > Mm(190):  # a long screenshot is put on one page
            shown.width, shown.height = round(shown.width * Mm(190) / shown.height), Mm(190)
        self._paragraph(words, SECOND, FOUR, align=WD_ALIGN_PARAGRAPH.CENTER)

    def finished(self, moment):
        """The file's bytes. ``moment``: what the document is of; the same one, the same bytes."""
        about = self.document.core_properties
        about.author, about.title, about.comments = HOME.action, "", ""
        about.created = about.modified = moment
        body = BytesIO()
        self.document.save(body)
        return with_fixed_timestamps(body.getvalue(), moment)
