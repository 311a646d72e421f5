from django.urls import path, register_converter

from qingchun.ground.province import HOME
from talent.pool.views import alike, enrolment, offers, records, sheet_habits, sheets
from talent.youth.views import checkin, groups, hometown, mine, people, public, questions, sharing

app_name = "talent"


class PlaceConverter:
    """A place's short address is its division code: what is printed on a poster."""

    regex = rf"{HOME.code}\d{{2}}(?:\d{{2}}(?:\d{{3}})?)?"

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(PlaceConverter, "place")
urlpatterns = [
    path("", public.home, name="home"),
    path("find/", public.find, name="find"),
    path("privacy/", public.privacy, name="privacy"),
    path("<place:code>/", public.hometown, name="hometown"),
    path("<place:code>/poster/", public.poster, name="poster"),
    path("<place:code>/share.jpg", sharing.share, name="share"),
    path("<place:code>/poster.jpg", sharing.poster_picture, name="poster_picture"),
    path("<place:code>/invitation.jpg", sharing.invitation, name="invitation"),
    path("<place:code>/check-in/", checkin.check_in, name="check_in"),
    path("check-in/more/", checkin.check_in_more, name="check_in_more"),
    path("check-in/done/", checkin.check_in_done, name="check_in_done"),
    path("my/", mine.mine, name="mine"),
    path("my/correct/", mine.correct, name="correct"),
    path("my/data.<str:form>", mine.take_along, name="take_along"),
    path("my/consents/<str:purpose>/", mine.change_consent, name="change_consent"),
    path("my/delete/", mine.delete_account, name="delete_account"),
    path("my/groups/<int:pk>/join/", mine.join_group, name="join_group"),
    path("my/questions/", mine.my_questions, name="my_questions"),
    path("my/questions/<int:pk>/", mine.my_question, name="my_question"),
    path(
        "my/questions/<int:pk>/steps/<slug:step>/",
        mine.my_question_step,
        name="my_question_step",
    ),
    path("youth/", people.youth, name="youth"),
    path("youth/register/", people.register, name="register"),
    path("youth/paper-form/", people.paper_form, name="paper_form"),
    path("youth/<int:pk>/", people.person, name="person"),
    path("youth/<int:pk>/contact/", people.contact, name="contact"),
    path("youth/<int:pk>/hand-over/", people.hand_over, name="hand_over"),
    path("youth/<int:pk>/merge/", people.merge, name="merge"),
    path("consents/<int:pk>/paper/", people.paper, name="paper"),
    path("join/<str:token>/", enrolment.join, name="join"),
    path("my/pool/", enrolment.my_pool, name="my_pool"),
    path("pool/", records.pool_list, name="pool"),
    path("pool/map/", records.pool_map, name="pool_map"),
    path("pool/today/", records.pool_today, name="pool_today"),
    path("pool/new/", records.pool_new, name="pool_new"),
    path("pool/ask/", records.pool_ask_all, name="pool_ask_all"),
    path("pool/open/", records.pool_open, name="pool_open"),
    path("pool/<int:pk>/", records.pool_record, name="pool_record"),
    path("pool/<int:pk>/edit/", records.pool_edit, name="pool_edit"),
    path("pool/<int:pk>/call/", records.pool_call, name="pool_call"),
    path("pool/<int:pk>/talk/", records.pool_talk, name="pool_talk"),
    path("pool/<int:pk>/steps/<slug:step>/", records.pool_step, name="pool_step"),
    path("pool/<int:pk>/ask/", records.pool_ask, name="pool_ask"),
    path("pool/<int:pk>/agree/", records.pool_agree, name="pool_agree"),
    path("pool/<int:pk>/paper/", records.pool_paper, name="pool_paper"),
    path("pool/<int:pk>/follower/", records.pool_follower, name="pool_follower"),
    path("pool/<int:pk>/card/", records.pool_card, name="pool_card"),
    path("pool/alike/", alike.pool_alike, name="pool_alike"),
    path("pool/alike/<int:pk>/part/", alike.pool_part, name="pool_part"),
    path("pool/<int:pk>/alike/<int:other>/", alike.pool_compare, name="pool_compare"),
    path("pool/searches/", offers.search_save, name="search_save"),
    path("pool/searches/<int:pk>/drop/", offers.search_drop, name="search_drop"),
    path("pool/skills/", offers.skills, name="skills"),
    path("pool/skills/drop/", offers.skill_drop, name="skill_drop"),
    path("pool/sheets/", sheets.sheet_list, name="sheets"),
    path("pool/sheets/template.xlsx", sheets.sheet_template, name="sheet_template"),
    path("pool/sheets/habits/", sheet_habits.sheet_habits, name="sheet_habits"),
    path(
        "pool/sheets/habits/<int:pk>/forget/",
        sheet_habits.sheet_habit_forget,
        name="sheet_habit_forget",
    ),
    path(
        "pool/sheets/answers/<int:pk>/forget/",
        sheet_habits.sheet_answer_forget,
        name="sheet_answer_forget",
    ),
    path("pool/sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("pool/sheets/<int:pk>/steps/<slug:step>/", sheets.sheet_step, name="sheet_step"),
    path("pool/sheets/<int:pk>/wrong.xlsx", sheets.sheet_wrong, name="sheet_wrong"),
    path("pool/exports/", sheets.exports, name="exports"),
    path("offers/", offers.offers, name="offers"),
    path("offers/new/", offers.offer_new, name="offer_new"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/remove/", offers.offer_remove, name="offer_remove"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.make_group, name="group_new"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/edit/", groups.change_group, name="group_edit"),
    path("groups/<int:pk>/note/", groups.send_note, name="group_note"),
    path("groups/<int:pk>/picture/", mine.group_picture, name="group_picture"),
    path("members/<int:pk>/<slug:step>/", groups.member_step, name="member_step"),
    path("inquiries/", questions.inquiries, name="inquiries"),
    path("inquiries/<int:pk>/", questions.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/steps/<slug:step>/", questions.inquiry_step, name="inquiry_step"),
    path("published/<int:pk>/remove/", questions.unpublish, name="unpublish"),
    path("opinions/", questions.opinions, name="opinions"),
    path("hometown/", hometown.hometown_edit, name="hometown_edit"),
    path("hometown/post/", hometown.post, name="posting_new"),
    path("postings/<int:pk>/remove/", hometown.take_down, name="posting_remove"),
    path("consent-texts/", hometown.consent_texts, name="consent_texts"),
    path("consent-texts/<str:purpose>/", hometown.publish_text, name="consent_text"),
]
