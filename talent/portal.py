"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from talent.pool import counts, duties, notices  # noqa: F401
from talent.pool.actions import joining
from talent.youth import counts as youth_counts  # noqa: F401
from talent.youth import duties as youth_duties  # noqa: F401
from talent.youth import notices as youth_notices  # noqa: F401
from talent.youth.actions import knowing  # noqa: F401

PORTAL = Portal(
    consented=[joining.join_by_consent],
    corrected=[joining.keep_up],
)
