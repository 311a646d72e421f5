"""For mypy: Django's choices are enums, which a library without types does not say."""

from collections.abc import Callable

from mypy.nodes import TypeInfo
from mypy.plugin import ClassDefContext, Plugin

BASES = ("models.TextChoices", "models.IntegerChoices")


def _is_enum(context: ClassDefContext) -> None:
    info: TypeInfo = context.cls.info
    info.metaclass_type = context.api.named_type("enum.EnumMeta")
    info.is_enum = True


class Choices(Plugin):
    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _is_enum if fullname.endswith(BASES) else None


def plugin(version: str) -> type[Plugin]:
    return Choices
