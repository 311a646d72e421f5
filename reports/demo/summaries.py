"""The summaries of the finished winter: drafted from its log, sealed, sent and approved."""

import datetime as dt

from django.utils.timezone import get_current_timezone

from campaigns.choices import DeadlineType
from campaigns.models import Photo
from qingchun.accounts.audit import record_event
from qingchun.organizations.models import Organization
from reports.papers import drafting, summing
from reports.papers.actions.sealing import seal
from reports.papers.choices import PaperState, Part
from reports.papers.models import PaperSection, PaperVersion, Summary
from reports.papers.summary_content import EMPTY

OWN_WORDS = {
    Part.PRACTICE: (
        "一是登记一次、层层共用，县里登记的数直接汇总到市里，没有再让县里填表。"
        "二是把服务送到乡镇便民服务中心，返乡青年不出乡镇就能报到、咨询。",
        "抓住除夕前后返乡高峰，在车站设点登记，当天把名单转到所在县，县里三天内联系到人。",
        "请回乡办企业的青年讲自己的账：投了多少、政策补了多少、哪些弯路不要走，座谈时间短、提问时间长。",
    ),
    Part.PROBLEMS: (
        "个别县活动集中在春节前一周，节后返岗高峰的服务跟得不够紧。",
        "流动团员联络群建得快，节后发言少，日常维护的办法还不多。",
    ),
    Part.NEXT: (
        "把人才库里有返乡意向的青年分到人联系，清明、暑期各回访一遍；青年提出的事项办结一件回复一件。",
        "暑期继续开展学子返乡社会实践，岗位提前两个月向县里征集。",
    ),
}


def load(campaign):
    """One approved summary for each city, as of the evening on which it was sent."""
    for number, city in enumerate(Organization.objects.cities()):
        sent_at = dt.datetime(
            2019, 2, 21 + number % 7, 15, 10 + number, tzinfo=get_current_timezone()
        )
        paper = Summary.objects.create(
            purpose=DeadlineType.SUMMARY, campaign=campaign, organization=city,
            state=PaperState.APPROVED, number=1, first_sent_at=sent_at, sent_at=sent_at,
            decided_at=sent_at + dt.timedelta(1),
        )  # fmt: skip
        account = summing.Account(paper)
        sentences = summing.sentences_of(account)
        contents = {part: dict(EMPTY[part]) for part in Part}
        for part in drafting.DRAFTED:
            contents[part] = {"text": drafting.text_of(sentences, part)}
        for part, words in OWN_WORDS.items():
            own = words[number % len(words)]
            text = contents[part]["text"]
            contents[part] = {"text": f"{text}\n{own}" if text else own}
        contents[Part.PICTURES] = {"chosen": _pictures(campaign, city)}
        PaperSection.objects.bulk_create(
            PaperSection(
                paper=paper, organization=city, key=part, content=contents[part],
                version=1, edited_by="王敏", edited_at=sent_at,
            )
            for part in Part
        )  # fmt: skip
        PaperVersion.objects.create(
            paper=paper, organization=city, number=1, sent_at=sent_at, sent_by="王敏",
            content=contents | {"names": {}} | seal(paper, 1, sent_at),
        )  # fmt: skip
        for verb in ("报送总结", "通过总结"):
            record_event(None, verb, paper, version=1)


def _pictures(campaign, city):
    photos = Photo.objects.within(city.code).filter(activity__campaign=campaign)
    return [
        {
            "id": str(photo.pk),
            "words": f"{photo.activity.held_on:%-m月%-d日}，{photo.activity.title}",
        }
        for photo in photos.select_related("activity").order_by("pk")[:2]
    ]
