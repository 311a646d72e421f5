from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", views.CampaignList.as_view(), name="campaigns"),
    path("campaigns/first/", views.first_campaign, name="campaign_first"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/notice/", views.notice, name="campaign_notice"),
    path("campaigns/<int:pk>/change/", views.change_campaign, name="campaign_change"),
    path("campaigns/<int:pk>/copy/", views.copy_campaign, name="campaign_copy"),
    path("campaigns/<int:pk>/steps/<slug:step>/", views.campaign_step, name="campaign_step"),
    path("campaigns/kinds/<int:pk>/", views.change_kind, name="campaign_kind"),
    path("campaigns/stages/<int:pk>/", views.change_stage, name="campaign_stage"),
    path("campaigns/deadlines/<int:pk>/", views.decide_deadline, name="campaign_deadline"),
    path("campaigns/deadlines/<int:pk>/extend/", views.extend, name="campaign_extend"),
    path("calendar/", views.make_calendar_key, name="calendar_key"),
    path("calendar/drop/", views.drop_calendar_key, name="calendar_key_drop"),
    path("calendar/<str:key>.ics", views.calendar, name="calendar"),
    path("activities/", views.activities, name="activities"),
    path("activities/export.xlsx", views.export, name="activities_export"),
    path("activities/new/", views.log, name="activity_log"),
    path("activities/<uuid:pk>/", views.activity, name="activity"),
    path("activities/<uuid:pk>/edit/", views.edit, name="activity_edit"),
    path("activities/<uuid:pk>/steps/<slug:step>/", views.activity_step, name="activity_step"),
    path("activities/<uuid:pk>/coverage/", views.add_coverage, name="activity_coverage"),
    path("questions/<int:pk>/answer/", views.answer, name="activity_answer"),
    path("coverage/<int:pk>/remove/", views.remove_coverage, name="activity_coverage_remove"),
    path("undertakings/<int:pk>/<slug:step>/", views.undertaking_step, name="undertaking_step"),
    path("photos/", views.photos, name="photos"),
    path("photos/<uuid:pk>/", views.photo, name="photo"),
    path("photos/<uuid:pk>/small/", views.thumbnail, name="thumbnail"),
    path("photos/<uuid:pk>/remove/", views.remove_photo, name="photo_remove"),
]
