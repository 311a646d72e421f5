from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingchun.accounts.steps import ROADS, Step
from qingchun.organizations.access import routes

LOCK = settings.BASE_DIR / "steps.lock"
STATES = settings.BASE_DIR / "docs" / "states.md"
HEAD = """# 每种记录怎么走

由 `manage.py steps_lock` 按代码里的声明画出，不用手改；`tests/steps/` 核对。括号里是整体须处的状态。
"""


def roads():
    list(routes())  # views bring all actions along: a step counts once it is imported
    return sorted(ROADS.values(), key=lambda road: road.name)


def lines():
    """The law of every step, a line each: a change shows in the diff."""
    for road in roads():
        for key, step in road.listed():
            moves = "|".join(f"{came_from}>{to}" for came_from, to in step.moves)
            tells = "|".join(f"{state}:{told.key}" for state, told in step.tells.items())
            may = step.may.__name__ + ("  own" if step.own else "")
            yield (
                f"{road.name}  {key}  {moves}  within {'|'.join(step.within) or '-'}"
                f"  may {may}  needs {_needs(step)}  tells {tells or '-'}  {step.verb}"
            )


def _needs(step):
    """The name of what asks it; of one written on the spot, what it looks at."""
    if step.needs is Step.__dataclass_fields__["needs"].default:
        return "-"
    name = step.needs.__name__
    return name if name.isidentifier() else f"({' '.join(step.needs.__code__.co_names)})"


def states(road):
    """(state, label) of every state there is."""
    known = road.model._meta.get_field(road.state) if road.stored else road.model.STATES
    return list(known.choices)


def diagram(road):
    """A road as a state diagram, in Mermaid's words."""
    yield f"## {road.called}\n\n```mermaid\nstateDiagram-v2"
    yield from (f"    {state} : {label}" for state, label in states(road))
    moves = (
        f"    {came_from} --> {to} : {step.verb}{_within(road, step)}"
        for _, step in road.listed()
        for came_from, to in step.moves
    )
    yield from dict.fromkeys(moves)  # the same by whoever does it
    yield "```\n"


def _within(road, step):
    if not step.within:
        return ""
    field = road.model._meta.get_field(road.whole)
    labels = dict(field.related_model._meta.get_field("state").choices)
    return f"（{'、'.join(str(labels[state]) for state in step.within)}）"


def texts():
    """{file: what must stand in it}."""
    drawn = "\n".join([HEAD, *(line for road in roads() for line in diagram(road))])
    return {LOCK: "\n".join(lines()) + "\n", STATES: drawn}


class Command(BaseCommand):
    help = "把每一步的规矩写进 steps.lock，状态图画进 docs/states.md；加 --check 只核对。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        for file, text in texts().items():
            if not check:
                file.write_text(text, encoding="utf-8")
            elif not file.exists() or file.read_text(encoding="utf-8") != text:
                raise CommandError(
                    f"{file.name} 与代码不符：请核对后执行 manage.py steps_lock，一并提交。"
                )
