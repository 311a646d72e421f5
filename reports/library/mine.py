"""What the reports keep of a person, for them to take along."""

from typing import Any, TypedDict

from django.utils.timezone import localtime

from qingchun.accounts.models import User
from reports.library.models import Exemplar, Voice


class VoiceTaken(TypedDict):
    称呼: str
    一句话: str
    照片里还有谁: str
    状态: str
    时间: str


class StoryTaken(TypedDict):
    标题: str
    事迹: str
    状态: str


def voices(user: User, _: Any) -> list[VoiceTaken]:
    return [
        {
            "称呼": voice.called,
            "一句话": voice.words,
            "照片里还有谁": voice.get_others_display(),
            "状态": voice.get_state_display(),
            "时间": f"{localtime(voice.made_at):%Y-%m-%d %H:%M}",
        }
        for voice in Voice.objects.filter(user=user)
    ]


def stories(user: User, _: Any) -> list[StoryTaken]:
    return [
        {"标题": story.title, "事迹": story.story, "状态": story.get_state_display()}
        for story in Exemplar.objects.filter(user=user)
    ]
