"""The tags that write the shapes of a page, and its controls: what comes out of each."""

import pytest
from django.template import TemplateSyntaxError, engines


def drawn(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            '{% card "{{ name }}" %}a{% endcard %}',
            '<section class="q-card mb-3"><div class="q-card-h"><h2>&lt;李&gt;</h2></div>'
            '<div class="q-card-b">a</div></section>',
        ),
        (
            '{% card class="p-3" as="details" open=no id="x-{{ number }}" data-k=name %}a{% endcard %}',
            '<details class="q-card p-3" id="x-5" data-k="&lt;李&gt;">a</details>',
        ),
        (
            '{% card "甲" rows %}{% beside %}<i>乙</i>{% endbeside %}a{% endcard %}',
            '<section class="q-card mb-3"><div class="q-card-h"><h2>甲</h2><i>乙</i></div>'
            "a</section>",
        ),
        (
            '{% head "甲" %}{% where %}乙{% endwhere %}{% if no %}丙{% endif %}{% endhead %}',
            '<div class="q-head"><div><p class="where">乙</p><h1>甲</h1></div></div>',
        ),
        (
            '{% table "甲 | 乙 >" class="q-stack" %}<tr></tr>{% foot %}丙{% endfoot %}{% endtable %}',
            '<table class="q-table q-stack"><thead><tr><th scope="col">甲</th>'
            '<th scope="col" class="r">乙</th></tr></thead><tbody><tr></tr></tbody>'
            "<tfoot>丙</tfoot></table>",
        ),
        ("{% nothing %}<p>甲</p>{% endnothing %}", '<div class="q-empty"><p>甲</p></div>'),
        (
            "{% sentence %}\n甲，\n{% if name %}\n乙\n{% endif %}。\n <b>1</b>\n{% endsentence %}",
            "甲，乙。 <b>1</b>",
        ),
    ],
)
def test_shape_writes(source, html):
    assert drawn(source, name="<李>", number=5, no=False) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            '{% entry "甲" name="a" value=name maxlength="5" error=wrong %}',
            '<div class="mb-3"><label class="form-label" for="id_a">甲</label>'
            '<input autocomplete="off" class="form-control is-invalid" id="id_a" name="a"'
            ' maxlength="5" aria-invalid="true" aria-describedby="id_a-error" value="&lt;李&gt;">'
            '<div class="q-error" id="id_a-error">不对</div></div>',
        ),
        (
            '{% entry "甲" name="a" id choices=pairs value=number blank="—" unseen %}',
            '<label class="visually-hidden" for="a">甲</label>'
            '<select class="form-select" id="a" name="a"><option value="">—</option>'
            '<option value="5" selected>五</option></select>',
        ),
        (
            '{% tick "甲" name="a" checked=no room="" %}',
            '<div class="form-check "><input type="checkbox" class="form-check-input" id="id_a"'
            ' name="a"> <label class="form-check-label" for="id_a">甲</label></div>',
        ),
        (
            '{% chip "{{ name }}" name="a" value=number checked=number|is:"5" %}',
            '<label><input type="checkbox" name="a" value="5" checked><span>&lt;李&gt;</span>'
            "</label>",
        ),
        (
            '{% pick name="a" value=number class="x" %}{% box %}甲{% endpick %}',
            '<label class="x"><input class="form-check-input flex-shrink-0" name="a" value="5"'
            ' type="radio">甲</label>',
        ),
    ],
)
def test_control_writes(source, html):
    context = {"name": "<李>", "number": 5, "no": "", "wrong": "不对", "pairs": [(5, "五")]}
    assert drawn(source, **context) == html


def test_part_that_a_shape_does_not_have_is_an_error():
    with pytest.raises(TemplateSyntaxError):
        drawn("{% nothing %}{% beside %}甲{% endbeside %}{% endnothing %}")
