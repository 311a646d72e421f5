from django.urls import path

from qingchun.accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/invitation/<str:token>/", views.invitation, name="invitation"),
    path("sign-in/", views.sign_in_by_code, name="sign_in_by_code"),
    path("sign-in/picture.png", views.challenge_picture, name="challenge_picture"),
    path("me/", views.me, name="me"),
    path("me/tokens/", views.make_token, name="make_token"),
    path("act-for/", views.act_for, name="act_for"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/import/", views.import_file, name="import"),
    path("people/template.xlsx", views.import_template, name="import_template"),
    path("people/<int:pk>/reinvite/", views.reinvite, name="reinvite"),
    path("people/<int:pk>/suspend/", views.suspend, name="suspend"),
    path("people/<int:pk>/restore/", views.restore, name="restore"),
    path("people/<int:pk>/duty/", views.assign_duty, name="assign_duty"),
    path("people/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
]
