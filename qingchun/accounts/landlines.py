"""Telephones with a cord: what an old person has who has no other, as people write them."""

import re

from django import forms
from django.core.exceptions import ValidationError

from qingchun.accounts.phones import MAINLAND
from qingchun.ground.letters import alike

# The mainland's area codes (区号) as they are in force.
AREA = (
    r"10|2[0-57-9]|31\d|335|349|35\d|37\d|39[1-68]|41[0-9]|42[179]|43[1-9]|45[1-9]|46[47-9]|47\d"
    r"|48[23]|51\d|52[37]|53\d|54[36]|55\d|56[1-6]|57\d|580|59[1-9]|63[1-5]|66[0238]|69[12]|701"
    r"|71\d|72[248]|73[014-9]|74[3-6]|75\d|76[02368]|77\d|79\d|81[236-8]|82[5-7]|83\d|85[1-9]"
    r"|87\d|88[3678]|89[1-8]|90[1-3689]|91\d|93\d|94[13]|95[1-5]|97\d|99\d"
)
LANDLINE = re.compile(rf"(0(?:{AREA}))([2-8]\d{{6,7}})")
WRONG = "座机要连区号一起写，如 0351-7175001；没有座机的可以写手机号。"


def clean_landline(text):
    """As it is kept: 0351-7175001, or the 11 digits of a mobile number.

    Takes full-width digits, blanks, brackets and +86. Raises: ValidationError.
    """
    number = re.sub(r"[\s\-—－()·.]", "", alike(text))
    number = re.sub(r"^(?:\+|00)86", "", number)
    if MAINLAND.fullmatch(number):
        return number
    number = number if number.startswith("0") else f"0{number}"
    found = LANDLINE.fullmatch(number)
    if found is None:
        raise ValidationError(WRONG)
    return "-".join(found.groups())


class LandlineField(forms.CharField):
    """The number an old person can be rung at."""

    def __init__(self, *, label="座机", **kwargs):
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "maxlength": 24})
        super().__init__(label=label, max_length=24, widget=widget, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        return clean_landline(value) if value else ""
