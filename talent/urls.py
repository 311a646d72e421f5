from django.urls import path, register_converter

from talent import views

app_name = "talent"


class PlaceConverter:
    """A county's short address is its division code: what is printed on a poster."""

    regex = r"14\d{4}(?:\d{3})?"

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(PlaceConverter, "place")
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("privacy/", views.privacy, name="privacy"),
    path("<place:code>/", views.hometown, name="hometown"),
    path("<place:code>/poster/", views.poster, name="poster"),
    path("<place:code>/check-in/", views.check_in, name="check_in"),
    path("check-in/more/", views.check_in_more, name="check_in_more"),
    path("check-in/done/", views.check_in_done, name="check_in_done"),
    path("my/", views.mine, name="mine"),
    path("my/correct/", views.correct, name="correct"),
    path("my/data.<str:form>", views.take_along, name="take_along"),
    path("my/consents/<str:purpose>/", views.change_consent, name="change_consent"),
    path("my/delete/", views.delete_account, name="delete_account"),
    path("my/groups/<int:pk>/join/", views.join_group, name="join_group"),
    path("my/questions/", views.my_questions, name="my_questions"),
    path("my/questions/<int:pk>/", views.my_question, name="my_question"),
    path("my/questions/<int:pk>/more/", views.add_word, name="add_word"),
    path("my/questions/<int:pk>/outcome/", views.say_outcome, name="say_outcome"),
    path("youth/", views.youth, name="youth"),
    path("youth/register/", views.register, name="register"),
    path("youth/paper-form/", views.paper_form, name="paper_form"),
    path("youth/<int:pk>/", views.person, name="person"),
    path("youth/<int:pk>/contact/", views.contact, name="contact"),
    path("youth/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("youth/<int:pk>/merge/", views.merge, name="merge"),
    path("consents/<int:pk>/paper/", views.paper, name="paper"),
    path("groups/", views.groups, name="groups"),
    path("groups/new/", views.make_group, name="group_new"),
    path("groups/<int:pk>/", views.group, name="group"),
    path("groups/<int:pk>/edit/", views.change_group, name="group_edit"),
    path("groups/<int:pk>/note/", views.send_note, name="group_note"),
    path("groups/<int:pk>/picture/", views.group_picture, name="group_picture"),
    path("members/<int:pk>/joined/", views.mark_joined, name="mark_joined"),
    path("inquiries/", views.inquiries, name="inquiries"),
    path("inquiries/<int:pk>/", views.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/answer/", views.answer_inquiry, name="inquiry_answer"),
    path("inquiries/<int:pk>/pass/", views.pass_on, name="inquiry_pass"),
    path("inquiries/<int:pk>/close/", views.close_inquiry, name="inquiry_close"),
    path("inquiries/<int:pk>/publish/", views.publish, name="inquiry_publish"),
    path("published/<int:pk>/remove/", views.unpublish, name="unpublish"),
    path("opinions/", views.opinions, name="opinions"),
    path("hometown/", views.hometown_edit, name="hometown_edit"),
    path("hometown/post/", views.post, name="posting_new"),
    path("postings/<int:pk>/remove/", views.take_down, name="posting_remove"),
    path("consent-texts/", views.consent_texts, name="consent_texts"),
    path("consent-texts/<str:purpose>/", views.publish_text, name="consent_text"),
]
