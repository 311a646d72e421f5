"""乡村振兴青年人才库: who is in it, what was said, what was decided about them."""

from typing import NotRequired, TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.timezone import localdate, now

from qingchun.accounts.models import Membership
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedFileField, SealedTextField
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    POST_ENDED,
    UNIT_CLOSED,
    WITHDRAWN,
    By,
    Cascade,
    Follow,
    Stay,
)
from qingchun.organizations.law import PERSON, Doing, Law, Near, Open, Self, Told, When, Where
from qingchun.organizations.models import Organization, OrganizationOwned
from talent.pool.choices import (
    IN_THE_POOL,
    Agreed,
    Education,
    FoundBy,
    Heard,
    Intention,
    Stage,
    Support,
    Trade,
)
from talent.pool.querysets import TalentQuerySet
from talent.youth.models.people import Youth


class Source(TypedDict):
    """How a fact was heard, from whom, on which day; of a spreadsheet, where it stands in it."""

    by: str
    who: str
    on: str
    sheet: NotRequired[str]
    row: NotRequired[int]
    tab: NotRequired[str]


def place_in_a_sheet(source: Source) -> str:
    """Where in a spreadsheet it stands, in words; empty where it came otherwise."""
    if not source.get("row"):
        return ""
    return f"{source['sheet']} {source.get('tab', '')}第 {source['row']} 行"


class TalentRecord(OrganizationOwned):
    """人才库的一条: ``organization`` is the county or township of home. Outlives editions.

    Seen by home's cadres and by the person. Without the person's consent it holds how to reach
    them and what they do, and what is left out is named in ``AFTER_CONSENT``.
    """

    AFTER_CONSENT = ("education", "experience", "qualities")
    # What cadres and sheets fill in, and what each fact's source is kept for.
    FACTS = (
        "name", "village", "birth_year", "education", "trade", "skills", "experience", "doing",
        "lives_at", "intention", "project", "project_field", "employs", "supports",
        "support_text", "qualities", "found_by",
    )  # fmt: skip

    # Few indexes, since the rows come by the ten thousand: those below begin with the unit, and
    # what is empty in most rows is indexed where it is not.
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="单位", db_index=False
    )
    county = models.GeneratedField(
        expression=Left("organization_id", 6),
        output_field=models.CharField(max_length=6, db_collation="C"),
        db_persist=True,
    )
    # Where the person checked in themselves; or the account that claimed the record.
    youth = models.OneToOneField(Youth, models.SET_NULL, null=True, related_name="talent")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)
    name = models.CharField("姓名", max_length=LONGEST_NAME)
    # Sealed; found again by their marks, shown by their ends alone.
    phone_sealed = models.BinaryField(null=True)
    phone_mark = models.BigIntegerField(null=True)
    phone_shown = models.CharField("手机号", max_length=16, blank=True)
    identity_sealed = models.BinaryField(null=True)
    identity_mark = models.BigIntegerField(null=True)
    village = models.CharField("村（社区）", max_length=40, blank=True)
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True)
    education = models.CharField("学历", max_length=10, choices=Education, blank=True)
    trade = models.CharField("行业", max_length=12, choices=Trade, blank=True)
    skills = ArrayField(
        models.CharField(max_length=20), verbose_name="技能", default=list, blank=True
    )
    experience = models.CharField("经历", max_length=500, blank=True)
    doing = models.CharField("现在做什么", max_length=60, blank=True)
    lives_at = models.CharField("现居地", max_length=40, blank=True)
    # Two digits of the province, for the map; empty when it cannot be told.
    lives_in = models.CharField(max_length=2, blank=True, editable=False)
    intention = models.CharField("返乡意向", max_length=10, choices=Intention, blank=True)
    project = models.CharField("项目或企业", max_length=60, blank=True)
    project_field = models.CharField("做什么", max_length=60, blank=True)
    employs = models.PositiveIntegerField("带动就业", null=True)
    supports = ArrayField(
        models.CharField(max_length=12, choices=Support),
        verbose_name="需要的支持",
        default=list,
        blank=True,
    )
    support_text = models.CharField("需要说明", max_length=200, blank=True)
    # 有理想、有本领、有担当: the words of those who know the person, never a mark.
    qualities = models.CharField("身边人的评价", max_length=200, blank=True)
    found_by = models.CharField("怎么发现的", max_length=10, choices=FoundBy, blank=True)
    follower = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name="联系人", db_index=False
    )
    stage = models.CharField("阶段", max_length=10, choices=Stage, default=Stage.FOUND)
    agreed = models.CharField("本人同意", max_length=5, choices=Agreed, default=Agreed.NONE)
    agreed_on = models.DateField("同意日期", null=True)
    # Of the text that was agreed to.
    agreed_version = models.PositiveSmallIntegerField("版本", null=True)
    paper = SealedFileField(
        "纸质同意书", upload_to="consents/%Y/%m/", blank=True, what="signed consent"
    )
    asked_at = models.DateTimeField("征询时间", null=True)
    # Of the address sent to the person; the address itself is kept nowhere.
    claim_digest = models.CharField(max_length=64, null=True, editable=False)
    # Silent until then, the record goes.
    answer_by = models.DateField("答复期限", null=True)
    last_talked_on = models.DateField("最近联系", null=True)
    next_on = models.DateField("下次联系", null=True)
    # What stood in the cells of a sheet that were not understood.
    typed = SealedTextField("表格里的原话", blank=True, db_default="", what="talent words")
    # By field; "*" stands for the others.
    sources: dict[str, Source] = models.JSONField(default=dict)
    sheet = models.ForeignKey("talent.Sheet", models.SET_NULL, null=True)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="doubles", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField("登记时间", default=now, editable=False)

    objects = TalentQuerySet.as_manager()

    law = Law(
        Near(),
        Doing(
            "check in",
            "claim",
            "pool consent",
            "open above home",
            "merge",
            "hand over",
            "count",
            "what is due",
            "seal anew",
            "merge units",
            "forget",
            "install the demo",
        ),
        Self("user"),
        reads=When(
            "agreed <> 'none'",
            Where(f"id IN (SELECT record_id FROM talent_opening WHERE user_id = {PERSON})", ""),
            "打开过的人，须本人同意入库",
        ),
        on={
            UNIT_CLOSED: By("talent.pool.actions.moving.follow_unit"),
            POST_ENDED: Follow(),
            WITHDRAWN: By("talent.pool.actions.leaving.leave"),
            LEFT: By("talent.pool.actions.leaving.leave_pool"),
            MERGED: By("talent.pool.actions.deduplication.bring_records"),
            MOVED: By("talent.pool.actions.moving.records"),
        },
        basis=("pool",),
        told=Told("人才库", "talent.pool.mine.pool"),
        person=True,
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "青年人才"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "phone_mark"],
                condition=Q(merged_into=None),
                name="talent_one_record_of_a_phone",
            ),
            models.UniqueConstraint(
                fields=["county", "identity_mark"],
                condition=Q(merged_into=None),
                name="talent_one_record_of_an_identity",
            ),
            models.UniqueConstraint(
                fields=["claim_digest"],
                condition=Q(claim_digest__isnull=False),
                name="talent_one_record_of_an_address",
            ),
            models.CheckConstraint(
                name="talent_in_the_pool_by_consent",
                condition=~Q(stage__in=IN_THE_POOL) | ~Q(agreed=Agreed.NONE),
            ),
            models.CheckConstraint(
                name="talent_consent_has_a_day_and_silence_an_end",
                condition=Q(agreed=Agreed.NONE, agreed_on=None, answer_by__isnull=False)
                | ~Q(agreed=Agreed.NONE) & Q(agreed_on__isnull=False, answer_by=None),
            ),
            models.CheckConstraint(
                name="talent_holds_little_before_consent",
                condition=~Q(agreed=Agreed.NONE)
                | Q(identity_sealed=None, education="", experience="", qualities=""),
            ),
        ]
        indexes = [
            models.Index(F("county").asc(), F("id").desc(), name="talent_record_of_a_county"),
            models.Index(
                fields=["organization", "next_on"],
                name="talent_record_next",
                condition=Q(next_on__isnull=False, merged_into=None),
            ),
            models.Index(
                fields=["organization", "stage", "intention"], name="talent_record_counts"
            ),
            models.Index(fields=["county", "name"], name="talent_record_namesakes"),
            models.Index(
                fields=["answer_by"],
                name="talent_record_silent",
                condition=Q(answer_by__isnull=False),
            ),
            *(
                models.Index(
                    fields=[name],
                    name=f"talent_record_{name}",
                    condition=Q(**{f"{name}__isnull": False}),
                )
                for name in ("user", "follower", "merged_into")
            ),
        ]

    @property
    def masked_name(self):
        return self.name[:1] + "*" * max(1, min(2, len(self.name) - 1))

    @property
    def gist(self):
        """The line below the name, in a list."""
        trade = self.trade and self.get_trade_display()
        intention = self.intention and self.get_intention_display()
        told = (self.organization.name, self.village, trade, "、".join(self.skills), intention)
        return " · ".join(filter(None, told))

    @property
    def is_agreed(self):
        return self.agreed != Agreed.NONE

    @property
    def tone(self):
        """The state whose colour a stage is shown in."""
        if self.stage in IN_THE_POOL:
            return "approved"
        return "due" if self.stage == Stage.CONTACTED else "draft"

    @property
    def needs(self):
        return [Support(support).label for support in self.supports]

    def said(self):
        """(fact, as people say it) of each fact that is known, but for the name."""
        for name in self.FACTS[1:]:
            value = self.needs if name == "supports" else getattr(self, name)
            if value not in ("", None, []):
                shown = getattr(self, f"get_{name}_display", lambda value=value: value)()
                yield name, "、".join(shown) if isinstance(shown, list) else shown

    def source_of(self, name):
        """Where a fact comes from, in words: 张小店电话了解，2019-01-08."""
        source = self.sources.get(name) or self.sources.get("*") or {}
        if not source:
            return ""
        heard = Heard(source["by"]).label if source["by"] in Heard.values else ""
        told = (source["who"], heard, source["on"], place_in_a_sheet(source))
        return "，".join(told if told[-1] else told[:-1])

    @property
    def is_overdue(self):
        return bool(self.next_on) and self.next_on < localdate()


class PoolWords(models.Model):
    """The keyed pairs of characters of a record: searched without a wall, read by nobody.

    Behind row-level security an array's index could not be used (see docs/how/what-is-sealed.md).
    """

    record = models.OneToOneField(
        TalentRecord, models.CASCADE, primary_key=True, db_constraint=False, related_name="words"
    )
    pairs = ArrayField(models.IntegerField())
    # Whether they tell how a name is said as well: not where a version before wrote them.
    is_said = models.BooleanField(default=True, db_default=False)

    law = Open(
        "只有词的带密钥的记号，没有人名",
        on={
            LEFT: Cascade(),
            MERGED: Stay("the double's find it again when the two are parted"),
        },
        told="marks that nobody reads",
    )

    class Meta:
        verbose_name = verbose_name_plural = "搜索索引"
        indexes = [GinIndex(fields=["pairs"], name="talent_pool_words")]

    def __str__(self):
        return str(self.pk)
