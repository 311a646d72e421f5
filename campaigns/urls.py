from django.urls import path

from campaigns.views import clips, editions, feeds, log, photos

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", editions.CampaignList.as_view(), name="campaigns"),
    path("campaigns/first/", editions.first_campaign, name="campaign_first"),
    path("campaigns/<int:pk>/", editions.campaign, name="campaign"),
    path("campaigns/<int:pk>/notice/", editions.notice, name="campaign_notice"),
    path("campaigns/<int:pk>/change/", editions.change_campaign, name="campaign_change"),
    path("campaigns/<int:pk>/copy/", editions.copy_campaign, name="campaign_copy"),
    path("campaigns/<int:pk>/steps/<slug:step>/", editions.campaign_step, name="campaign_step"),
    path("campaigns/<int:pk>/kinds/new/", editions.add_kind, name="kind_add"),
    path("campaigns/kinds/<int:pk>/", editions.change_kind, name="campaign_kind"),
    path("campaigns/stages/<int:pk>/", editions.change_stage, name="campaign_stage"),
    path("campaigns/deadlines/<int:pk>/", editions.decide_deadline, name="campaign_deadline"),
    path("campaigns/deadlines/<int:pk>/extend/", editions.extend, name="campaign_extend"),
    path("calendar/", feeds.make_calendar_key, name="calendar_key"),
    path("calendar/drop/", feeds.drop_calendar_key, name="calendar_key_drop"),
    path("calendar/<str:key>.ics", feeds.calendar, name="calendar"),
    path("activities/", log.activities, name="activities"),
    path("activities/many/", log.activities_many, name="activities_many"),
    path("activities/new/", log.log, name="activity_log"),
    path("activities/<uuid:pk>/", log.activity, name="activity"),
    path("activities/<uuid:pk>/edit/", log.edit, name="activity_edit"),
    path("activities/<uuid:pk>/steps/<slug:step>/", log.activity_step, name="activity_step"),
    path("activities/<uuid:pk>/coverage/", log.add_coverage, name="activity_coverage"),
    path("questions/<int:pk>/answer/", log.answer, name="activity_answer"),
    path("coverage/<int:pk>/remove/", log.remove_coverage, name="activity_coverage_remove"),
    path("undertakings/<int:pk>/<slug:step>/", log.undertaking_step, name="undertaking_step"),
    path("photos/", photos.photos, name="photos"),
    path("photos/<uuid:pk>/", photos.photo, name="photo"),
    path("photos/<uuid:pk>/small/", photos.thumbnail, name="thumbnail"),
    path("photos/<uuid:pk>/remove/", photos.remove_photo, name="photo_remove"),
    path("clips/", clips.begin, name="clips"),
    path("clips/<uuid:pk>/", clips.film, name="clip"),
    path("clips/<uuid:pk>/parts/", clips.part, name="clip_part"),
]
