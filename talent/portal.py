"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from talent.pool import counts as pool_counts
from talent.pool import duties as pool_duties
from talent.pool import notices as pool_notices
from talent.pool.actions import joining
from talent.youth import counts, duties, notices
from talent.youth.actions import knowing

PORTAL = Portal(
    notices=[notices, pool_notices],
    due=[duties.codes_that_run_out, pool_duties.talks_that_are_due],
    homes=[knowing.homes_of],
    parted=[knowing.told_parted],
    consented=[joining.join_by_consent],
    corrected=[joining.keep_up],
    counted=[counts, pool_counts],
    reached=[counts.REACHED, pool_counts.REACHED],
)
