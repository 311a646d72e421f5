"""A date in three Chinese lists: a native date field would speak the browser's language."""

from django import forms


class ChineseDate(forms.SelectDateWidget):
    template_name = "widgets/date.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, months={n: f"{n}月" for n in range(1, 13)}, **kwargs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], ("年", "月", "日"), strict=True):
            part["attrs"]["aria-label"] = label
            part["attrs"]["class"] = "form-select"
        return context

    def id_for_label(self, id_):
        return f"{id_}_year" if id_ else id_


def years_around(*days, margin=0):
    """The years a date list offers: those of the days given, and ``margin`` on each side."""
    known = [day.year for day in days if day]
    return range(min(known) - margin, max(known) + margin + 1)
