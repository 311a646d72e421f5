from talent.models.groups import GroupMember, GroupNote, LiaisonGroup
from talent.models.hometown import Hometown, Posting
from talent.models.offers import Offer, SavedSearch, SkillTerm
from talent.models.people import CheckIn, Consent, ConsentText, Contact, Youth
from talent.models.pool import FollowUp, PoolWords, StageChange, TalentRecord
from talent.models.pool_marks import DoNotContact, Likeness, Opening
from talent.models.questions import PublishedAnswer, Question, Reply
from talent.models.sheets import ColumnHabit, Sheet, StagedRow
