from talent.pool.models.marks import DoNotContact, Likeness, Opening
from talent.pool.models.offers import Asked, Offer, SavedSearch, SkillTerm
from talent.pool.models.records import PoolWords, Source, TalentRecord
from talent.pool.models.sheets import ColumnHabit, NumberAnswer, Sheet, StagedRow
from talent.pool.models.talks import FollowUp, StageChange
