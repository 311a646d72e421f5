import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import qingchun.ground.sealed_fields

TRADES = [
    ("crops", "种植"),
    ("livestock", "养殖"),
    ("processing", "农产品加工"),
    ("commerce", "电商销售"),
    ("tourism", "餐饮文旅"),
    ("craft", "手工非遗"),
    ("building", "建筑装修"),
    ("transport", "运输物流"),
    ("making", "制造维修"),
    ("digital", "信息技术"),
    ("care", "教育医疗"),
    ("other", "其他"),
]
TYPES = [
    ("student", "在校学生"),
    ("worker", "务工青年"),
    ("founder", "创业青年"),
    ("other", "其他"),
]


def unit():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        to="organizations.organization",
        verbose_name="单位",
    )


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("campaigns", "0022_clips"),
        ("organizations", "0004_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Vacancy",
            fields=[
                ("id", key()),
                ("title", models.CharField(max_length=40, verbose_name="岗位")),
                ("employer", models.CharField(max_length=40, verbose_name="用人单位")),
                ("trade", models.CharField(choices=TRADES, max_length=12, verbose_name="行业")),
                ("place", models.CharField(max_length=80, verbose_name="上班地点")),
                (
                    "pay_from",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="月薪从"),
                ),
                ("pay_to", models.PositiveIntegerField(blank=True, null=True, verbose_name="月薪到")),
                ("people", models.PositiveSmallIntegerField(verbose_name="招几人")),
                ("until", models.DateField(verbose_name="招到哪天")),
                (
                    "text",
                    models.TextField(blank=True, max_length=1000, verbose_name="做什么、要求和待遇"),
                ),
                ("contact_name", models.CharField(blank=True, max_length=50, verbose_name="联系人")),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=20, verbose_name="联系电话"),
                ),
                (
                    "down_why",
                    models.CharField(
                        blank=True,
                        choices=[("filled", "招满了"), ("wrong", "写错了，或者不属实")],
                        max_length=6,
                        verbose_name="为什么下架",
                    ),
                ),
                ("vouched_by", models.CharField(max_length=50, verbose_name="担保人")),
                (
                    "posted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="发布时间"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="campaigns.campaign",
                    ),
                ),
                ("organization", unit()),
            ],
            options={
                "verbose_name": "岗位",
                "verbose_name_plural": "岗位",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        F("organization").asc(), F("id").desc(), name="vacancies_newest_of_a_unit"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(pay_from=None, pay_to=None)
                        | Q(pay_from__gt=0, pay_to__gte=F("pay_from"), pay_to__lte=200000),
                        name="vacancies_pay_goes_up",
                    ),
                    models.CheckConstraint(
                        condition=Q(people__range=(1, 1000)), name="vacancies_people_are_plausible"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "phone",
                    qingchun.ground.sealed_fields.SealedNumberField(
                        blank=True,
                        db_column="phone_sealed",
                        max_length=16,
                        verbose_name="手机号",
                        what="talent phone",
                    ),
                ),
                ("phone_mark", qingchun.ground.sealed_fields.mark_of("phone")),
                ("kind", models.CharField(choices=TYPES, max_length=10, verbose_name="身份")),
                (
                    "words",
                    qingchun.ground.sealed_fields.SealedTextField(
                        blank=True, max_length=200, verbose_name="想说的话", what="youth words"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "等联系"), ("replied", "已答复")],
                        default="asked",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("answered_by", models.CharField(blank=True, max_length=50, verbose_name="答复人")),
                ("organization", unit()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vacancy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interests",
                        to="vacancies.vacancy",
                    ),
                ),
            ],
            options={
                "verbose_name": "想去的人",
                "verbose_name_plural": "想去的人",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("vacancy", "user"), name="vacancies_asked_once"),
                    models.CheckConstraint(
                        condition=Q(state="asked", answered_at=None, answer="")
                        | Q(state="replied", answered_at__isnull=False) & ~Q(answer=""),
                        name="vacancies_answer_has_a_time_and_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", key()),
                (
                    "trades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=TRADES, max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="行业",
                    ),
                ),
                ("seen", models.BigIntegerField(default=0)),
                ("told_on", models.DateField(null=True, verbose_name="最近告诉")),
                ("organization", unit()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "有合适的告诉我",
                "verbose_name_plural": "有合适的告诉我",
            },
        ),
    ]
