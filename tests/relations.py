"""What each route's argument names, and who stands near it: the table the walk goes by."""

from qingchun.stepping import STEPPINGS

# Which thing of the world a route's argument names. A route that is not here fails the walk.
SUBJECTS = {
    **dict.fromkeys(
        (f"accounts:{name}" for name in (
            "person", "reset_password", "change_number", "end_sessions", "assign_duty",
            "hand_over", "transfer", "post_step", "remove_factors",
        )), "membership",
    ),
    "accounts:withdraw": "invitation", "accounts:offer": "invitation",
    "accounts:end_session": "sign_in", "accounts:revoke_token": "token",
    "notifications:open": "message", "notifications:message_step": "delivery",
    "reports:reminders": "campaign", "reports:remind_now": "deadline",
    "campaigns:campaign": "campaign", "campaigns:campaign_notice": "campaign",
    "campaigns:campaign_change": "campaign", "campaigns:campaign_copy": "campaign",
    "campaigns:campaign_step": "campaign", "campaigns:campaign_films": "campaign", "campaigns:campaign_stage": "stage",
    "campaigns:kind_add": "campaign", "campaigns:campaign_kind": "kind", "campaigns:campaign_deadline": "deadline", "campaigns:campaign_extend": "deadline",
    "campaigns:activity": "activity", "campaigns:activity_edit": "activity",
    "campaigns:activity_step": "activity", "campaigns:activity_coverage": "activity",
    "campaigns:activity_coverage_remove": "coverage", "campaigns:activity_answer": "question", "campaigns:undertaking_step": "undertaking",
    "campaigns:photo": "photo", "campaigns:thumbnail": "photo", "campaigns:photo_remove": "photo",
    "campaigns:clip": "clip", "campaigns:clip_part": "clip",
    "reports:board_of": "unit", "reports:board_export": "unit",
    "reports:plan": "plan", "reports:plan_edit": "plan", "reports:plan_section": "plan",
    "reports:plan_step": "plan", "reports:plan_versions": "plan", "reports:plan_print": "plan", "reports:plan_attach": "plan",
    "reports:plan_attachment": "attachment", "reports:plan_detach": "attachment",
    "reports:plan_example": "example",
    "reports:summary": "summary",
    **dict.fromkeys(
        (f"reports:summary_{name}" for name in (
            "edit", "section", "draft", "draft_part", "changes", "pictures", "letter", "figure", "check", "mend", "step",
            "versions", "print", "attach",
        )), "summary",
    ),
    "reports:own_summary_step": "summary",
    "reports:plan_likeness": "plan", "reports:summary_likeness": "summary",
    "reports:demand_step": "demand",
    **dict.fromkeys(
        (f"reports:practice{name}" for name in ("", "_edit", "_use", "_step")), "practice"
    ),
    **dict.fromkeys(
        (f"reports:exemplar{name}" for name in ("", "_edit", "_paper", "_step")), "exemplar"
    ),
    "reports:story": "story", "reports:story_picture": "story", "reports:story_share": "story",
    "reports:policy": "policy", "reports:policy_share": "policy", "reports:policy_edit": "policy", "reports:policy_step": "policy",
    "reports:kit_replace": "kit", "reports:kit_fetch": "kit",
    **dict.fromkeys((f"reports:spot_{name}" for name in ("edit", "remove", "picture")), "spot"),
    "reports:voice": "shown_voice", "reports:voice_picture": "shown_voice",
    "reports:voice_card": "shown_voice",
    "reports:voice_step": "looked_voice", "reports:my_voice_drop": "voice",
    "jobs:file": "export",
    "api-summary-detail": "summary",
    "talent:hometown": "unit", "talent:poster": "unit", "talent:check_in": "unit",
    **dict.fromkeys((f"talent:{name}" for name in ("share", "poster_picture", "invitation")), "unit"),
    "talent:my_question": "inquiry", "talent:my_question_step": "inquiry",
    "talent:join_group": "group", "talent:group_picture": "group",
    "talent:person": "youth", "talent:contact": "youth", "talent:hand_over": "youth", "talent:merge": "youth",
    "talent:paper": "paper", "talent:member_step": "member",
    "talent:group": "group", "talent:group_edit": "group", "talent:group_note": "group",
    "talent:inquiry": "inquiry", "talent:inquiry_step": "inquiry",
    **dict.fromkeys(
        (f"talent:letter_{name}" for name in (
            "part", "part_edit", "part_step", "take_over", "picture",
        )), "letter_part",
    ),
    "talent:letter_step": "home_letter",
    "talent:my_letter": "letter_copy", "talent:my_letter_picture": "letter_copy",
    "talent:letter_opened_picture": "letter_copy",
    "talent:unpublish": "published", "talent:posting_remove": "posting",
    **dict.fromkeys(
        (f"talent:pool_{name}" for name in (
            "record", "edit", "call", "talk", "step", "ask", "agree", "paper", "follower", "card",
        )), "record",
    ),
    "talent:pool_compare": "pair", "talent:pool_part": "likeness", "talent:offer": "offer",
    "talent:offer_remove": "offer", "talent:search_drop": "search",
    **dict.fromkeys(
        (f"talent:sheet{name}" for name in (
            "", "_step", "_wrong",
        )), "sheet",
    ),
    "talent:sheet_habit_forget": "habit", "talent:sheet_answer_forget": "answer",
    "proxy:checklist": "unit", "proxy:sheet": "unit", "proxy:item": "service", "proxy:ask": "service",
    "proxy:example": "sample", "proxy:register": "service", "proxy:signed": "signed", "proxy:slip": "slip",
    **dict.fromkeys(
        ("proxy:my_request", *(f"proxy:{name}" for name in (
            "my_photo", "my_step", "my_hour", "my_slip", "my_list", "my_calendar",
        ))), "case",
    ),
    "proxy:photo": "image", "proxy:photo_drop": "image",
    **dict.fromkeys(
        ("proxy:case", *(f"proxy:case_{name}" for name in (
            "step", "hour", "note", "hand_over",
            "paper", "photo", "receipt", "slip",
        ))), "case",
    ),
    "proxy:trip": "trip", "proxy:trip_results": "trip", "proxy:slot_step": "slot",
    "proxy:phrase_drop": "phrase", "proxy:item_adopt": "template", "proxy:item_desk": "own_item",
    **dict.fromkeys(
        (f"proxy:item_{name}" for name in (
            "edit", "template", "step", "example",
        )), "own_item",
    ),
    "vacancies:place_vacancies": "unit",
    **dict.fromkeys((f"vacancies:{name}" for name in ("vacancy", "share", "want")), "vacancy"),
    **dict.fromkeys(
        (f"vacancies:{name}" for name in ("desk_vacancy", "vacancy_edit", "vacancy_step")), "own_vacancy"
    ),
    "vacancies:interest_step": "interest", "vacancies:my_step": "own_interest",
    "events:place_events": "unit",
    **dict.fromkeys(
        (f"events:{name}" for name in (
            "event", "picture", "calendar", "poster", "poster_picture", "share", "join",
        )), "event",
    ),
    **dict.fromkeys(
        (f"events:{name}" for name in (
            "my_event", "my_step", "my_calendar", "my_certificate", "correct", "choose", "answer", "protect",
        )), "own_signup",
    ),
    **dict.fromkeys(
        (f"events:{name}" for name in (
            "desk_event", "event_edit", "event_step", "event_copy", "set_picture",
            "write_entry", "people", "door", "scanned", "posts", "evening", "evening_act",
            "seat_sheet", "people_export", "sign_in_sheet",
        )), "own_event",
    ),
    **dict.fromkeys((f"events:{name}" for name in ("shift", "shift_call_off", "shift_delete")), "shift"),
    "events:signup_step": "signup", "events:door_step": "signup",
    "events:certificate": "signup", "events:report_step": "report",
    "events:serve": "point", "events:visit_drop": "visit",
    "api-organization-detail": "unit", "api-campaign-detail": "campaign",
    "api-activity-detail": "activity", "api-plan-detail": "plan", "api-talent-detail": "record",
}  # fmt: skip
OTHER = {
    "step": "propose",
    "key": "text",
    "name": "all.activities",
    "token": "forged:token",
    "format": "json",
    "form": "",
    "purpose": "",
    "which": "after",
}
OTHER_BY_ROUTE = {
    "talent:my_question_step": {"step": "say-more"},
    "notifications:reword": {"key": "deadline"},
    "proxy:my_step": {"step": "withdraw"},
    "vacancies:my_step": {"step": "take-back"},
    "talent:take_along": {"form": "json"},
    "talent:change_consent": {"purpose": "pool"},
    "talent:consent_text": {"purpose": "pool"},
    "reports:summary_section": {"key": "next"},
    "reports:summary_draft_part": {"key": "service"},
}


def _stepping(name):
    """Whose steps a route takes; None of another route."""
    found = {stepping.route: stepping for stepping in STEPPINGS.values()}
    for road, stepping in STEPPINGS.items():
        found |= dict.fromkeys((f"api-{road}-steps", f"api-{road}-step"), stepping)
    return found.get(name)


def subject_of(name):
    """What a route names: a step's in the API is what the page's is."""
    stepping = _stepping(name)
    return SUBJECTS.get(stepping.route if stepping else name)


def other(name):
    """What its further arguments are: of a step's address the first that has a button."""
    if stepping := _stepping(name):
        return {"step": next(key for key, step in stepping.road.steps.items() if step.label)}
    return OTHER_BY_ROUTE.get(name, OTHER)


# Belongs to the whole League: nobody's neighbour.
COMMON = {
    "story",
    "kit",
    "shown_voice",
    "event",
    "vacancy",
    "campaign",
    "kind",
    "deadline",
    "stage",
    "example",
    "template",
}
# Who has the object in their scope; a plan is the city's and the province's alone.
NEAR = {
    "plan": {"province", "city"},
    "summary": {"province", "city"},
    "demand": {"city"},
    **{key: {"province", "city"} for key in ("practice", "exemplar", "spot", "policy")},
    "voice": {"province", "city", "county", "youth"},
    "looked_voice": {"province", "city", "county"},
    "attachment": {"province", "city"},
    "undertaking": {"county"},
    "message": {"county"},  # addressed to one person
    "delivery": {"province"},
    # One's own alone: neither the unit above nor a colleague.
    "sign_in": {"county"},
    "token": {"county"},
    # A young person is seen by home alone: not by the city, not by the province.
    "youth": {"county"},
    "paper": {"county"},
    "member": {"county"},
    "inquiry": {"county"},
    "letter_copy": {"youth"},
    **{key: {"county"} for key in ("record", "pair", "likeness", "search", "sheet", "export")},
    **{key: {"county"} for key in ("habit", "answer")},
    **{key: {"county"} for key in ("case", "signed", "slip", "trip", "slot", "phrase")},
    **{key: {"county"} for key in ("own_event", "signup", "report", "visit", "shift")},
    "own_signup": {"youth"},
    **{key: {"county"} for key in ("own_vacancy", "interest")},
    "own_interest": {"youth"},
    "point": {"province", "city", "county", "township"},
    # A township works by its county's list.
    "own_item": {"county", "township"},
}
# The asker's own pages, and those that are open to all.
NEAR_BY_ROUTE = {key: {"youth"} for key in ("talent:my_question", "talent:my_question_step")} | {
    **{
        f"proxy:{name}": {"youth"}
        for name in (
            "my_request",
            "my_photo",
            "my_step",
            "my_hour",
            "my_slip",
            "my_list",
            "my_calendar",
            "photo_drop",
        )
    },
    "proxy:photo": {"county", "youth"},
    "proxy:ask": {
        "province",
        "city",
        "other city",
        "county",
        "next county",
        "far county",
        "township",
        "youth",
    },
    "proxy:register": {"county", "township"},
    "talent:join_group": {"youth"},
    "talent:group_picture": {"province", "city", "county", "youth"},
    # Whoever is below may read what a unit offers; it takes it back itself.
    "talent:offer": {"county", "township"},
}
NEAR_BY_DEFAULT = {"province", "city", "county"}
