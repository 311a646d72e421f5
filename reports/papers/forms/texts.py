"""Texts and files as they come from a form."""

from django import forms

from qingchun.ground.pasted import clean
from qingchun.ground.refusals import Refused

LONGEST_TEXT = 20_000


def text_of(data, name, longest=LONGEST_TEXT):
    """One text as clean text. Raises: Refused when it is too long; it stays in the form."""
    text = clean(data.get(name, ""))
    if len(text) > longest:
        raise Refused(f"最多 {longest} 字，现在是 {len(text)} 字，请精简或放进附件。")
    return text


class AttachmentForm(forms.Form):
    file = forms.FileField(label="附件")
