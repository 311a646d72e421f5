"""What this app says to the portal."""

from qingchun.accounts.navigation import YOUNG
from qingchun.ground.portal import Column, Portal
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
    columns=[
        Column(
            place=4,
            icon="heart-handshake",
            short="青年",
            long={None: "返乡青年"},
            url="talent:youth",
            pages=["talent:"],
        ),
        Column(
            place=1,
            icon="home",
            short="首页",
            url="talent:home",
            roles=[YOUNG],
            pages=["talent:home", "talent:find", "talent:hometown"],
        ),
        Column(
            place=4,
            icon="messages",
            short="问一问",
            url="talent:my_questions",
            roles=[YOUNG],
            pages=["talent:my_question"],
        ),
        Column(
            place=5,
            icon="user-circle",
            short="我的",
            url="talent:mine",
            roles=[YOUNG],
            pages=["talent:mine", "talent:check_in", "talent:correct"],
        ),
    ],
    badges={"asked_back": "back", "answered": "ok", "full": "wait"},
    gone={"talent.poolexport": "导出"},
    acts_for={
        "tell": ["talent.youth.actions"],
        "count": ["talent"],
        "check in": ["talent.youth.actions"],
        "claim": ["talent.pool.actions"],
        "pool consent": ["talent.pool.actions"],
        "open above home": ["talent.pool.actions.opening", "talent.pool.mine"],
        "merge": ["talent.youth.actions", "talent.pool.actions"],
        "hand over": ["talent"],
        "ask and pass on": ["talent.youth.actions.questions"],
        "forget": ["talent.youth.actions", "talent.pool.actions"],
        "what is due": ["talent.pool.duties"],
        "publish for all": ["talent.youth.actions.hometown"],
        "install the demo": ["talent"],
    },
    schedule={
        "raise-late-questions": {"task": "talent.tasks.raise_late", "schedule": 10 * 60},
        "forget-old-youth": {"task": "talent.tasks.forget_old", "schedule": 6 * 60 * 60},
    },
)
