"""What is odd in the figures, pointed out before somebody else does. Evidence, never a judgement."""

from dataclasses import dataclass

from django.db import connection
from django.urls import reverse

from campaigns.checks import LIMIT_SQL, MANY_A_DAY, MANY_PEOPLE, NAMES, PEOPLE, TIMES_THE_USUAL
from campaigns.models import Photo
from campaigns.perceptual_hash import alike
from qingchun.organizations.querysets import code_range


@dataclass(frozen=True)
class Oddity:
    what: str
    unit: str
    text: str
    link: str


# What the log and the yearbook show, in one question: (what, unit, day, number, record, words).
# A day with many times the entries of the unit's other days; an entry with a crowd, a day of a point
# with one, an entry twice, each unless somebody was asked when it was typed and said that it is so;
# a county whose whole winter was written down on the edition's last day; how many young people it has.
ASKED = f"""
WITH log AS (
    SELECT a.*, left(a.organization_id, 6) AS unit, max(participants) OVER (
        PARTITION BY left(a.organization_id, 6), kind_id ORDER BY logged_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS past FROM campaigns_activity a
    WHERE campaign_id = %(campaign)s AND deleted_at IS NULL
    AND organization_id >= %(low)s AND organization_id < %(high)s
), days AS (
    SELECT unit, held_on, count(*) AS entries, sum(count(*)) OVER w AS in_all, count(*) OVER w AS days
    FROM log GROUP BY unit, held_on WINDOW w AS (PARTITION BY unit)
), served AS (
    SELECT d.*, left(d.organization_id, 6) AS unit, p.name, max(served) OVER (
        PARTITION BY left(d.organization_id, 6) ORDER BY d.at, d.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS past FROM events_pointday d JOIN events_servicepoint p ON p.id = d.point_id
    WHERE d.campaign_id = %(campaign)s
    AND d.organization_id >= %(low)s AND d.organization_id < %(high)s
)
SELECT o.*, u.name FROM (
SELECT 'day', unit, held_on, entries, NULL::text, '' FROM days
WHERE entries >= %(many)s AND entries * greatest(days - 1, 1) >= %(times)s * (in_all - entries)
UNION ALL
(SELECT 'crowd', unit, held_on, participants, id::text, title FROM log
WHERE participants >= {LIMIT_SQL.format(past="past")}
AND NOT jsonb_exists(coalesce(sure, '{{}}'), 'crowd:' || participants) ORDER BY unit, id LIMIT 50)
UNION ALL
(SELECT 'figure', log.unit, held_on, f.value::bigint, log.id::text, m.label FROM log
CROSS JOIN LATERAL jsonb_each_text(log.figures) f
JOIN campaigns_measure m ON m.kind_id = log.kind_id AND m.key = f.key
WHERE log.figures <> '{{}}' AND m.unit = ANY(%(people)s) AND f.value::bigint >= {MANY_PEOPLE}
AND NOT jsonb_exists(coalesce(sure, '{{}}'), 'figure-' || f.key || ':' || f.value)
ORDER BY log.unit, log.id LIMIT 50)
UNION ALL
(SELECT 'served', unit, "on", served, NULL, name FROM served
WHERE served >= {LIMIT_SQL.format(past="past")}
AND NOT jsonb_exists(coalesce(sure, '{{}}'), 'served:' || served) ORDER BY unit, id LIMIT 50)
UNION ALL
(SELECT 'twice', unit, held_on, count(*), (array_agg(id ORDER BY logged_at DESC))[1]::text, place FROM log
GROUP BY unit, organization_id, kind_id, held_on, place HAVING count(*) > 1
AND count(*) FILTER (WHERE NOT coalesce(sure, '{{}}')::text LIKE '%%twice:%%') > 1
ORDER BY unit, held_on LIMIT 50)
UNION ALL
SELECT 'last', unit, NULL, count(*), NULL, '' FROM log
GROUP BY unit HAVING min((logged_at AT TIME ZONE 'Asia/Shanghai')::date) >= %(last_day)s
UNION ALL
SELECT 'young', organization_id, NULL, people, NULL, '' FROM reports_youthcount
WHERE organization_id >= %(low)s AND organization_id < %(high)s
) o (what, unit, held_on, number, record, words)
JOIN organizations_organization u ON u.code = o.unit
"""


def oddities(campaign, unit, figures):
    """Everything odd in one unit's edition, in two queries."""
    (low, high), last_day = code_range(unit.code), campaign.ends_on
    given = {"campaign": campaign.pk, "low": low, "high": high, "last_day": last_day}
    given |= {"many": MANY_A_DAY, "times": TIMES_THE_USUAL, "people": list(PEOPLE)}
    with connection.cursor() as cursor:
        cursor.execute(ASKED, given)
        rows = sorted(cursor.fetchall(), key=lambda row: (WHAT.index(row[0]), row[1]))
    people = next((f.units for f in figures if f.name == "all.people"), {})
    found = []
    for what, code, day, number, record, words, name in rows:
        text, link = _said(what, day, number, words, people.get(code, 0), last_day), None
        if record:
            link = reverse("campaigns:activity", args=[record])
        if text:
            link = link or f"{reverse('campaigns:activities')}?campaign={campaign.pk}&unit={code}"
            found.append(Oddity(NAMES[what], name, text, link))
    for first, second in used_twice(campaign, unit):
        text = f"“{first['title']}”与{second['unit']}“{second['title']}”用了同一张照片。"
        link = reverse("campaigns:activity", args=[first["activity"]])
        found.append(Oddity(NAMES["photo"], first["unit"], text, link))
    return found


WHAT = list(NAMES)


def _said(what, day, number, words, people, last_day):
    if what == "day":
        times = TIMES_THE_USUAL
        return f"{day:%-m月%-d日}一天登记了 {number} 场，是平常日子的 {times} 倍以上。"
    if what == "crowd":
        return f"“{words}”登记了 {number:,} 人次。"
    if what == "figure":
        return f"{day:%-m月%-d日}的一场，“{words}”登记了 {number:,}。"
    if what == "served":
        return f"“{words}”{day:%-m月%-d日}登记服务 {number:,} 人次。"
    if what == "twice":
        return f"{day:%-m月%-d日}在{words}的同一项登记了 {number} 次。"
    if what == "last":
        return f"全部 {number} 场都是最后一天（{last_day:%-m月%-d日}）才登记的。"
    return f"联系服务 {people:,} 人，比本地青年总数 {number:,} 人还多。" if people > number else ""


def used_twice(campaign, unit):
    """Pairs of pictures of different entries that look the same."""
    photos = (
        Photo.objects.within(unit.code)
        .filter(activity__campaign=campaign, activity__deleted_at=None, look__isnull=False)
        .order_by("added_at", "pk")
        .values_list(
            "look", "activity_id", "organization__name", "activity__title", "pk", "activity__sure"
        )
    )
    photos = list(photos)
    pairs, seen = [], set()
    for one, other in alike([look for look, *_ in photos]):
        first, second = photos[one], photos[other]
        is_said = any(f"photo:{photo[4]}" in (photo[5] or {}) for photo in (first, second))
        if not is_said and first[1] != second[1] and (first[1], second[1]) not in seen:
            seen.add((first[1], second[1]))
            pairs.append(
                tuple(
                    {"activity": a, "unit": name, "title": title}
                    for _, a, name, title, *_ in (first, second)
                )
            )
    return pairs
