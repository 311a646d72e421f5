"""What a person wants against what a county can give, both ways, with the reason in words."""

from django.utils.timezone import localdate

from qingchun.ground.prepared import prepared
from talent.pool.choices import OfferKind, Stage, Support, Trade
from talent.pool.models import Offer, TalentRecord

MOST = 5


def reason(record, offer):
    """Why the two fit, as one says it; empty when they do not.

    Something the person wants must be given, or a mentor be of their trade.
    """
    shared = [Support(s).label for s in record.supports if s in offer.supports]
    same_trade = record.trade in offer.trades
    if offer.trades and not same_trade:
        return ""
    said = []
    if shared:
        said.append(f"想要{'、'.join(shared)}，这里能给")
    if same_trade:
        said.append(f"做{Trade(record.trade).label}，正对口")
    elif not shared:
        return ""
    if not shared and offer.kind != OfferKind.MENTOR:
        return ""
    return "；".join(said) + "。"


def offers_for(record):
    """[(offer, reason)]: what home and those above it can give this person, the closest first."""
    found = prepared(Offer.objects).of_unit(record.organization_id).standing(localdate())
    found = found.select_related("organization")[:200]
    fitting = [(offer, why) for offer in found if (why := reason(record, offer))]
    return sorted(fitting, key=lambda pair: -pair[1].count("；"))[:MOST]


def people_for(offer, user):
    """[(record, reason)]: who of one's people could use this offer."""
    found = TalentRecord.objects.visible_to(user).standing().exclude(stage=Stage.RESTS)
    wants = found.filter(supports__overlap=offer.supports)
    if offer.kind == OfferKind.MENTOR:
        wants = wants | found.filter(trade__in=offer.trades)
    if offer.trades:
        wants = wants.filter(trade__in=offer.trades)
    people = wants.select_related("organization").order_by("-pk")[:50]
    return [(record, why) for record in people if (why := reason(record, offer))]
