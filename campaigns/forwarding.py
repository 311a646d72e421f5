"""What an entry says to a group chat: one sentence of the facts, then what was told."""

from collections.abc import Iterable

from campaigns.actions.log import proposed_title
from campaigns.models import Activity, Measure
from qingchun.ground.province import HOME


def quoted(name: str) -> str:
    """A name in quotation marks, unless it brings its own."""
    return name if name.startswith("“") else f"“{name}”"


def forwarded(activity: Activity, figures: Iterable[tuple[Measure, int]]) -> str:
    """Ready to be sent on. Needs: kind and organization along."""
    kind, day = activity.kind, activity.held_on
    own = proposed_title(kind, activity.place, day)
    what = kind.short_name if activity.title == own else quoted(activity.title)
    facts = [f"{day:%-m月%-d日}，{activity.organization.name}在{activity.place}开展{what}"]
    if activity.participants:
        facts.append(f"{activity.participants:,}人参加")
    facts += [f"{measure.label}{value:,}{measure.unit}" for measure, value in figures if value]
    return "\n".join(filter(None, (f"【{HOME.action}】{'，'.join(facts)}。", activity.text)))
