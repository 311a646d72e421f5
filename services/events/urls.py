from django.urls import path

from services.events.views import (
    desk,
    evening,
    guests,
    mine,
    people,
    placing,
    public,
    shifts,
    warmth,
)

app_name = "events"
# For everybody
urlpatterns = [
    path("<place:code>/events/", public.place_events, name="place_events"),
    path("events/<int:pk>/", public.event, name="event"),
    path("events/<int:pk>/picture/", public.picture, name="picture"),
    path("events/<int:pk>/calendar.ics", public.calendar, name="calendar"),
    path("events/<int:pk>/poster/", public.poster, name="poster"),
    path("events/<int:pk>/share.jpg", public.share, name="share"),
    path("events/<int:pk>/poster.jpg", public.poster_picture, name="poster_picture"),
    path("certificates/", public.verify, name="verify"),
    path("pledge/", public.pledge, name="pledge"),
]
# For whoever signs up
urlpatterns += [
    path("pledge/print/", public.pledge_sheet, name="pledge_sheet"),
    path("pledge/sign/", mine.sign_pledge, name="pledge_sign"),
    path("pledge/take-back/", mine.take_back_pledge, name="pledge_take_back"),
    path("events/<int:pk>/join/", mine.join, name="join"),
    path("my/events/", mine.my_events, name="my_events"),
    path("my/events/<int:pk>/", mine.my_event, name="my_event"),
    path("my/events/<int:pk>/calendar.ics", mine.calendar, name="my_calendar"),
    path("my/events/<int:pk>/certificate/", mine.certificate, name="my_certificate"),
    path("my/events/<int:pk>/profile/", evening.correct, name="correct"),
    path("my/events/<int:pk>/choose/", evening.choose, name="choose"),
    path("my/events/<int:pk>/answer/", evening.answer, name="answer"),
    path("my/events/<int:pk>/protect/", evening.protect, name="protect"),
    path("my/events/<int:pk>/<slug:step>/", mine.my_step, name="my_step"),
]
# The desk
urlpatterns += [
    path("desk/events/", desk.event_list, name="desk"),
    path("desk/events/new/", desk.event_new, name="event_new"),
    path("desk/events/<int:pk>/", desk.desk_event, name="desk_event"),
    path("desk/events/<int:pk>/edit/", desk.event_edit, name="event_edit"),
    path("desk/events/<int:pk>/step/<slug:step>/", desk.event_step, name="event_step"),
    path("desk/events/<int:pk>/copy/", desk.copy, name="event_copy"),
    path("desk/events/<int:pk>/picture/", desk.set_picture, name="set_picture"),
    path("desk/events/<int:pk>/entry/", desk.write_entry, name="write_entry"),
    path("desk/events/<int:pk>/people/", people.people, name="people"),
    path("desk/events/<int:pk>/people.xlsx", guests.export_people, name="people_export"),
    path("desk/events/<int:pk>/sheet/", guests.sign_in_sheet, name="sign_in_sheet"),
    path("desk/events/<int:pk>/door/", people.the_door, name="door"),
    path("desk/events/<int:pk>/scanned/", people.scanned, name="scanned"),
    path("desk/events/<int:pk>/posts/", placing.posts, name="posts"),
    path("desk/shifts/<int:pk>/", shifts.shift, name="shift"),
    path("desk/shifts/<int:pk>/call-off/", shifts.call_off, name="shift_call_off"),
    path("desk/shifts/<int:pk>/delete/", shifts.delete, name="shift_delete"),
    path("desk/events/<int:pk>/evening/", evening.evening, name="evening"),
    path("desk/events/<int:pk>/evening/act/", evening.act, name="evening_act"),
    path("desk/events/<int:pk>/evening/seats/", evening.seat_sheet, name="seat_sheet"),
    path("desk/signups/<int:pk>/certificate/", people.certificate, name="certificate"),
    path("desk/signups/<int:pk>/door/<slug:step>/", people.door_step, name="door_step"),
    path("desk/signups/<int:pk>/<slug:step>/", people.signup_step, name="signup_step"),
    path("desk/reports/<int:pk>/<slug:step>/", evening.report_step, name="report_step"),
    path("desk/points/", warmth.points, name="points"),
    path("desk/points/<int:pk>/served/", warmth.serve, name="serve"),
    path("desk/visits/", warmth.visits, name="visits"),
    path("desk/visits/<int:pk>/drop/", warmth.visit_drop, name="visit_drop"),
    path("desk/event-figures/", warmth.figures_page, name="figures"),
]
