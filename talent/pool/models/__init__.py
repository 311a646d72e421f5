from talent.pool.models.marks import DoNotContact, Likeness, Opening
from talent.pool.models.offers import Offer, SavedSearch, SkillTerm
from talent.pool.models.records import PoolWords, TalentRecord
from talent.pool.models.sheets import ColumnHabit, Sheet, StagedRow
from talent.pool.models.talks import FollowUp, StageChange
