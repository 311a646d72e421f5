"""What stood in a form while a code was asked for, kept for the page that comes next.

Asking is answered with a way to that page, so that going back meets no form that was sent. Sealed, in
the session, for some minutes; never the code, never a consent, and gone once the code has come back.
"""

import json
import time
from typing import Any

from django.conf import settings
from django.forms import BaseForm, FileField
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from qingchun.accounts import challenges
from qingchun.ground.fields import AgreeField
from qingchun.ground.sealing import WrongKey, seal, unseal

KEY, SEAL, KEPT_FOR = "draft", "draft", 10 * 60
NEVER = ("code", "picture", "altcha")


def keep(request: HttpRequest, form: BaseForm, **said: Any) -> None:
    """``said``: what the next page shows beside the fields, see ``shown``."""
    values = {
        name: form.data.getlist(name)
        for name, field in form.fields.items()
        if name in form.data and name not in NEVER and not isinstance(field, AgreeField | FileField)
    }
    put(request, values, **said)


def put(request: HttpRequest, values: dict[str, list[str]], **said: Any) -> None:
    draft = {"path": request.path, "at": time.time(), "values": values, "said": said}
    request.session[KEY] = seal(json.dumps(draft), SEAL)


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    sealed = request.session.get(KEY) if request.method == "GET" else None
    try:
        draft = json.loads(unseal(sealed, SEAL)) if sealed else None
    except WrongKey:
        return None
    is_this = draft and draft["path"] == request.path
    return draft if is_this and time.time() - draft["at"] < KEPT_FOR else None


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is made of: what was sent just now, or kept a moment ago; None at first."""
    if request.method == "POST":
        return request.POST
    draft = _kept(request)
    if draft is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft["values"].items():
        data.setlist(name, values)
    return data


def said(request: HttpRequest) -> dict[str, Any]:
    """What ``keep`` was told beside the fields, while the draft is kept."""
    draft = _kept(request)
    return draft["said"] if draft else {}


def once(request: HttpRequest) -> QueryDict | None:
    """The same of what is looked for with words that stand in no address: shown once, and no longer
    to whoever has the device next."""
    data = typed(request)
    if data is not None and request.method == "GET":
        del request.session[KEY]
    return data


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def shown(request: HttpRequest, form: BaseForm) -> dict[str, Any]:
    """The context of the part ``parts/phone_code.html``; what went wrong stands in the form."""
    draft = _kept(request)
    if draft is None:
        return {}
    form.full_clean()
    form._errors = ErrorDict()  # nothing else is wrong yet: it is still being filled in
    said = draft["said"]
    if said.get("problem"):
        form.add_error(*said["problem"])
    if said.get("challenge_text"):
        said["challenge"] = challenges.pow_challenge()
    left = settings.CODE_PAUSE - int(time.time() - draft["at"])
    return said | {"code_wait": max(left, 0) if said.get("code_sent") else 0}
