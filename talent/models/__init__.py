from talent.models.groups import GroupMember, GroupNote, LiaisonGroup
from talent.models.hometown import Hometown, Posting
from talent.models.people import CheckIn, Consent, ConsentText, Contact, Youth
from talent.models.questions import PublishedAnswer, Question, Reply

__all__ = [
    "CheckIn",
    "Consent",
    "ConsentText",
    "Contact",
    "GroupMember",
    "GroupNote",
    "Hometown",
    "LiaisonGroup",
    "Posting",
    "PublishedAnswer",
    "Question",
    "Reply",
    "Youth",
]
