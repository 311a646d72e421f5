from talent.youth.models.groups import GroupMember, GroupNote, LiaisonGroup
from talent.youth.models.hometown import Hometown, Posting
from talent.youth.models.letters import HomeLetter, LetterCopy, LetterPart
from talent.youth.models.people import CheckIn, Consent, ConsentText, Contact, Youth
from talent.youth.models.questions import PublishedAnswer, Question, Reply
