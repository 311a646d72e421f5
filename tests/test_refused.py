"""What is wrong with a form stands in a list at the top, wherever on the page it is drawn."""

from django import forms
from django.template import engines


class Asked(forms.Form):
    name = forms.CharField(label="姓名", error_messages={"required": "请填写姓名。"})
    kind = forms.ChoiceField(label="哪一种", choices=[("a", "甲")], widget=forms.RadioSelect)
    version = forms.IntegerField(label="版本", widget=forms.HiddenInput)
    unseen = forms.CharField(label="没有画出来的", max_length=3)

    def clean(self):
        raise forms.ValidationError("整张<b>不对</b>。")


def drawn(text, **context):
    return engines["django"].from_string(f"{{% refused %}}{text}{{% endrefused %}}").render(context)


FIELDS = "{% field form.name %}{% chips form.kind %}{{ form.version }}"


def test_each_is_listed_once_and_leads_to_its_field():
    page = drawn(FIELDS, form=Asked({"unseen": "太长了吧", "version": "x"}))
    listed = page[: page.index("</ul>")]
    assert page.startswith('<div class="q-note r q-refused')
    assert listed.count("<li>") == 5
    assert "有 5 处要改" in listed
    # Of the whole first; escaped.
    assert listed.index("整张&lt;b&gt;不对") < listed.index("姓名：请填写姓名。")
    for target, words in (("id_name", "姓名：请填写姓名。"), ("id_kind_0", "哪一种：")):
        assert f'<a href="#{target}">{words}' in listed
        assert f'id="{target}"' in page[page.index("</ul>") :]
    # What the page does not show is said all the same.
    assert "<li>没有画出来的：" in listed
    assert "<li>版本：" in listed
    assert "autofocus" in listed


def test_nothing_is_listed_while_nothing_is_wrong():
    assert not drawn(FIELDS, form=Asked()).startswith('<div class="q-note r')
    assert drawn("text", form=None) == "text"


def test_a_form_among_others_says_what_is_wrong_with_it_as_a_whole():
    other = Asked({"name": "", "kind": "a", "version": "1", "unseen": "甲"})
    other.full_clean()
    page = drawn("{% wrong other %}{% field other.name %}", other=other, form=Asked())
    assert page[: page.index("</ul>")].count("<li>") == 2
