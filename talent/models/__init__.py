from talent.models.groups import GroupMember, GroupNote, LiaisonGroup
from talent.models.hometown import Hometown, Posting
from talent.models.offers import Offer, SavedSearch, SkillTerm
from talent.models.people import CheckIn, Consent, ConsentText, Contact, Youth
from talent.models.pool import (
    DoNotContact,
    FollowUp,
    Likeness,
    Opening,
    PoolWords,
    StageChange,
    TalentRecord,
)
from talent.models.questions import PublishedAnswer, Question, Reply
from talent.models.sheets import ColumnHabit, PoolExport, Sheet, StagedRow
