"""What the reports keep of a person, for them to take along."""

from django.utils.timezone import localtime

from reports.library.models import Exemplar, Voice


def voices(user, _):
    return [
        {
            "称呼": voice.called,
            "一句话": voice.words,
            "状态": voice.get_state_display(),
            "时间": f"{localtime(voice.made_at):%Y-%m-%d %H:%M}",
        }
        for voice in Voice.objects.filter(user=user)
    ]


def stories(user, _):
    return [
        {"标题": story.title, "事迹": story.story, "状态": story.get_state_display()}
        for story in Exemplar.objects.filter(user=user)
    ]
