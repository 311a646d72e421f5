"""What this app says to the portal."""

from qingchun.accounts.navigation import YOUNG
from qingchun.accounts.phones import PHONE
from qingchun.ground.portal import Column, First, Portal
from qingchun.ground.sealed_forms import Bytes, Files, Hex, Inside, Mark, MarksInside
from qingchun.organizations.choices import Level
from talent import found
from talent.pool import counts as pool_counts
from talent.pool import duties as pool_duties
from talent.pool import lists as pool_lists
from talent.pool import notices as pool_notices
from talent.pool import waiting as pool_waiting
from talent.pool.actions import enrolment
from talent.pool.actions.importing import SEAL
from talent.pool.numbers import IDENTITY, NAME
from talent.youth import counts, duties, lists, matters, notices, waiting, ways
from talent.youth.actions import days, hometown, knowing

# A number as a step that can be taken back keeps it, and as it is searched by.
NUMBERS = Inside({"phone_sealed": Hex(PHONE), "identity_sealed": Hex(IDENTITY)})
MARKS = MarksInside({"phone_mark": Mark(PHONE), "identity_mark": Mark(IDENTITY)})
PAIRS = Mark("words", size=4)
HEADING = "talent heading"

PORTAL = Portal(
    goes_on={"talent:my_questions": "接着提问", "talent:mine": "看您的资料"},
    public_pages={"places": ways.public_pages},
    lists=[
        lists.INQUIRIES,
        lists.GROUPS,
        lists.YOUTH,
        lists.LETTER_PARTS,
        pool_lists.OFFERS,
        pool_lists.TO_CALL,
    ],
    may_be_old=["talent:home", "talent:hometown"],
    sealed={
        "talent.TalentRecord.phone_sealed": Bytes(PHONE),
        "talent.TalentRecord.identity_sealed": Bytes(IDENTITY),
        "talent.StagedRow.phone_sealed": Bytes(PHONE),
        "talent.StagedRow.identity_sealed": Bytes(IDENTITY),
        "talent.StagedRow.before": NUMBERS,
        "talent.Likeness.before": NUMBERS,
        "talent.Sheet.file": Files(SEAL),
        "jobs.Job.file": Files("talent export", where="kind = 'pool_export'"),
    },
    marks={
        "talent.TalentRecord.phone_mark": Mark(PHONE),
        "talent.TalentRecord.identity_mark": Mark(IDENTITY),
        "talent.StagedRow.phone_mark": Mark(PHONE),
        "talent.StagedRow.identity_mark": Mark(IDENTITY),
        "talent.StagedRow.pairs": PAIRS,
        "talent.StagedRow.before": MARKS,
        "talent.Likeness.before": MARKS,
        "talent.PoolWords.pairs": PAIRS,
        "talent.DoNotContact.mark": Mark(PHONE),
        "talent.ColumnHabit.mark": Mark(HEADING),
        "talent.NumberAnswer.phone_mark": Mark(PHONE),
        "talent.NumberAnswer.name_mark": Mark(NAME),
    },
    notices=[notices, pool_notices],
    matters={"talent.question": matters.question, "talent.lettercopy": matters.letter},
    due_days=[days.follow_days],
    due=[duties.codes_that_run_out, pool_duties.talks_that_are_due],
    today=[waiting.asked_and_run_out],
    today_rows=[pool_waiting.talks],
    finds=[found.YOUTH, found.POOL, found.GROUPS, found.LETTERS],
    actions=[
        ("登记返乡青年", "talent:register"),
        ("登记一位人才", "talent:pool_new"),
        ("导入人才库表格", "talent:sheets"),
        ("新建联络群", "talent:group_new"),
        ("支持资源", "talent:offers"),
        ("写一段家书", "talent:letter_part_new"),
    ],
    homes=[knowing.homes_of],
    offices=[hometown.office_of],
    parted=[knowing.told_parted],
    consented=[enrolment.join_by_consent],
    corrected=[enrolment.keep_up],
    counted=[counts, pool_counts],
    reached=[counts.REACHED, pool_counts.REACHED],
    first_days=[
        First(
            place=20,
            said="在人才库里登记一个人，或者回访一个人",
            url="talent:pool",
            verbs=["登记人才", "回访"],
            levels=[Level.COUNTY, Level.TOWNSHIP],
        ),
        First(
            place=40,
            said="在家乡页写上窗口的地址和电话",
            url="talent:hometown_edit",
            verbs=["修改家乡页"],
            levels=[Level.COUNTY],
        ),
    ],
    columns=[
        Column(
            place=3,
            icon="heart-handshake",
            short="青年",
            long={None: "返乡青年"},
            url="talent:youth",
            carries=True,
            pages=["talent:"],
            on="tab",
            under=[
                ("报到", "talent:youth"),
                ("咨询", "talent:inquiries"),
                ("人才库", "talent:pool"),
                ("今天要联系", "talent:pool_today"),
                ("联络群", "talent:groups"),
                ("一封家书", "talent:letters"),
                ("意见汇总", "talent:opinions"),
                ("家乡页", "talent:hometown_edit"),
                ("同意书", "talent:consent_texts"),
            ],
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
            pages=["talent:mine", "talent:check_in", "talent:correct", "talent:my_letter"],
        ),
    ],
    badges={"asked_back": "back", "answered": "ok", "full": "wait", "stopped": "back"},
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
        "ask and pass on": ["talent.youth.actions.questions", "talent.youth.actions.days"],
        "forget": ["talent.youth.actions", "talent.pool.actions"],
        "what is due": ["talent.pool.duties"],
        "publish for all": ["talent.youth.actions.hometown"],
        "install the demo": ["talent"],
    },
    schedule={
        "raise-late-questions": {"task": "talent.tasks.raise_late", "schedule": 10 * 60},
        "forget-old-youth": {"task": "talent.tasks.forget_old", "schedule": 6 * 60 * 60},
        "send-letters": {"task": "talent.tasks.send_letters", "schedule": 10 * 60},
        "write-unsaid": {"task": "talent.tasks.write_unsaid", "schedule": 60 * 60},
    },
)
