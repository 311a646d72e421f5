"""Every form there is, for tests about all of them."""

from importlib import import_module
from pathlib import Path

from django import forms

ROOT = Path(__file__).resolve().parent.parent
APPS = ("qingchun", "campaigns", "talent", "services", "reports")


def sources():
    return [path for app in APPS for path in ROOT.glob(f"{app}/**/*.py")]


def our_forms():
    """Every form class there is, found by importing whatever defines forms."""
    for path in sources():
        if "forms" in path.relative_to(ROOT).as_posix():
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found, waiting = set(), [forms.Form, forms.ModelForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            found.add(form)
            waiting.append(form)
    return [form for form in found if form.__module__.split(".")[0] in APPS]
