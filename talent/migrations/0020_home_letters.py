import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

KINDS = [("student", "在校学生"), ("worker", "务工青年"), ("founder", "创业青年"), ("other", "其他")]
WANTS = [
    ("job", "找工作"), ("internship", "实习实践"), ("start", "创业"), ("volunteer", "志愿服务"),
    ("matchmaking", "青春有约"), ("papers", "代办证件"), ("pool", "加入人才库"),
]  # fmt: skip


def number():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def unit():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to="organizations.organization",
        verbose_name="单位",
    )  # fmt: skip


def edition(name):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=name,
        to="campaigns.campaign",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_invitation_of_a_number"),
        ("campaigns", "0023_daysoff"),
        ("organizations", "0004_names"),
        ("talent", "0019_text_for_a_story"),
    ]
    operations = [
        migrations.CreateModel(
            name="HomeLetter",
            fields=[
                ("id", number()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("writing", "还没有发出"), ("sent", "已发出"), ("stopped", "已停发"),
                        ],
                        default="writing", max_length=8, verbose_name="状态",
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发出时间")),
                (
                    "sent_by_name",
                    models.CharField(blank=True, max_length=50, verbose_name="发出人"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("campaign", edition("home_letters")),
                ("organization", unit()),
            ],
            options={
                "verbose_name": "家书",
                "verbose_name_plural": "家书",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "organization"),
                        name="talent_one_letter_in_an_edition",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterPart",
            fields=[
                ("id", number()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("greeting", "问候"), ("change", "变化"), ("person", "家乡的人"),
                            ("place", "家乡的地方"),
                        ],
                        max_length=10, verbose_name="写什么",
                    ),
                ),
                ("title", models.CharField(max_length=40, verbose_name="标题")),
                ("text", models.CharField(max_length=600, verbose_name="内容")),
                (
                    "for_kind",
                    models.CharField(
                        blank=True, choices=KINDS, max_length=10, verbose_name="给哪类青年"
                    ),
                ),
                (
                    "for_want",
                    models.CharField(
                        blank=True, choices=WANTS, max_length=12, verbose_name="给需要什么的"
                    ),
                ),
                (
                    "before",
                    models.FileField(
                        blank=True, upload_to="letters/%Y/", verbose_name="以前的照片"
                    ),
                ),
                (
                    "before_says",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="以前的照片上是什么"
                    ),
                ),
                (
                    "after",
                    models.FileField(
                        blank=True, upload_to="letters/%Y/", verbose_name="现在的照片"
                    ),
                ),
                (
                    "after_says",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="现在的照片上是什么"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"), ("waiting", "待审定"), ("approved", "已审定"),
                        ],
                        default="draft", max_length=10, verbose_name="状态",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=100, verbose_name="退回原因")),
                ("written_by_name", models.CharField(max_length=50, verbose_name="执笔")),
                (
                    "written_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="写好时间"
                    ),
                ),
                (
                    "approved_by_name",
                    models.CharField(blank=True, max_length=50, verbose_name="审定人"),
                ),
                ("approved_at", models.DateTimeField(null=True, verbose_name="审定时间")),
                ("version", models.PositiveIntegerField(default=1)),
                ("campaign", edition("letter_parts")),
                ("organization", unit()),
                (
                    "taken_from",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL,
                        related_name="taken", to="talent.letterpart",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+", to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "家书段落",
                "verbose_name_plural": "家书段落",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        fields=["campaign", "organization"], name="talent_parts_of_a_letter"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="talent_approved_part_has_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterCopy",
            fields=[
                ("id", number()),
                (
                    "sent_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="发出时间"
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="打开时间")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("thanks", "收到，谢谢"), ("coming", "我今年回来"),
                            ("not_now", "暂不回来"), ("ask", "想问一问"),
                        ],
                        max_length=8, verbose_name="回信",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="回信时间")),
                ("campaign", edition("letter_copies")),
                ("organization", unit()),
                (
                    "youth",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters", to="talent.youth",
                    ),
                ),
            ],
            options={
                "verbose_name": "收到的家书",
                "verbose_name_plural": "收到的家书",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        fields=["campaign", "organization"], name="talent_copies_of_a_letter"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("youth__isnull", False)),
                        fields=("youth", "campaign"),
                        name="talent_one_letter_to_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", ""),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="talent_answered_letter_has_a_time",
                    ),
                ],
            },
        ),
    ]  # fmt: skip
