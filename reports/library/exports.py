"""Policies as an official document."""

from django.utils.timezone import localtime

from qingchun.ground.province import HOME
from reports.library.choices import PolicyKind
from reports.papers.exports.summaries import NO_DAY
from reports.papers.exports.word import Official


def policies_word(campaign, policies):
    """政策汇编: what holds today, by kind and place. Returns: bytes of a .docx."""
    document = Official()
    document.title(f"{HOME.name}返乡青年就业创业政策汇编")
    found = list(policies)
    for kind in PolicyKind:
        own = [policy for policy in found if policy.kind == kind]
        if not own:
            continue
        document.heading(kind.label)
        for number, policy in enumerate(own, 1):
            until = (
                "长期有效" if policy.is_lasting else f"有效期到{policy.valid_until:%Y年%-m月%-d日}"
            )
            source = f"（{policy.source}）" if policy.source else ""
            document.paragraph(f"{number}. {policy.organization.name}：{policy.title}{source}")
            document.paragraph(f"给谁：{policy.who}\n给多少：{policy.amount}\n{until}")
            document.paragraph(f"怎么办：{policy.how}")
    moment = max((policy.made_at for policy in found), default=NO_DAY)
    document.signed(HOME.committee, localtime(moment) if found else None)
    return document.finished(moment)
