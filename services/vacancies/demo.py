"""A county's vacancies for a newcomer to look around in; all of it made up."""

import datetime as dt

from django.utils.timezone import localdate

from qingchun.ground.demo import phone
from qingchun.organizations.walls import acting, rls_context
from services.vacancies.actions import interests, vacancies, watching
from services.vacancies.models import Vacancy
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth

DESKS = 970  # numbers of made-up employers
# (title, employer, trade, place, pay, people, days, what is said of it)
VACANCIES = (
    ("焊工", "小店区龙城机械厂", "making", "小店区真武路 88 号", (6000, 9000), 5, 30,
     "有焊工证，两班倒，管住，午餐补 15 元。"),
    ("电商客服", "刘家堡草莓合作社", "commerce", "小店区刘家堡乡王吴村", (3500, 5000), 2, 20,
     "春节前后接单，会打字，早晚班轮换。"),
    ("前端工程师", "太原市数智科技公司", "digital", "小店区学府街 132 号", (9000, 15000), 3, 45,
     "会一种前端框架，能独立做页面；双休，五险一金。"),
    ("幼儿教师", "坞城街道中心幼儿园", "care", "小店区坞城路 66 号", None, 2, 25,
     "有教师资格证，喜欢孩子。"),
    ("货车司机", "晋阳物流园", "transport", "小店区小店街道人民南路", (7000, 10000), 4, 2,
     "A2 或 B2 驾照，跑省内，当天往返。"),
)  # fmt: skip


def load(people):
    """Needs: the demo accounts by name; 陈返乡 has checked in."""
    cadre, youth = people["county140105"], people["youth"]
    with rls_context(scope=cadre.acting.organization_id, person=cadre.pk):
        made = [_posted(cadre, n, *row) for n, row in enumerate(VACANCIES)]
    with acting("install the demo"):
        own = Youth.objects.filter(user=youth).first()
    if own:
        with rls_context(person=youth.pk):
            agreed = {ConsentPurpose.WORK}
            interests.ask(
                youth,
                vacancy=made[0],
                youth=own,
                words="干过三年焊工，晚上方便接电话。",
                agreed=agreed,
            )
            watching.watch(youth, youth=own, place="1401", trades=["making", "transport"])


def _posted(cadre, n, title, employer, trade, place, pay, people, days, text):
    low, high = pay or (None, None)
    vacancy = Vacancy(
        title=title, employer=employer, trade=trade, place=place, pay_from=low, pay_to=high,
        people=people, until=localdate() + dt.timedelta(days), text=text,
        contact_name="" if n % 2 else "招聘负责人", contact_phone="" if n % 2 else phone(DESKS + n),
    )  # fmt: skip
    return vacancies.keep(vacancy, actor=cadre)
