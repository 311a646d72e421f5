from django.urls import path

from qingchun.accounts.views import audit, families, invitations, me, people, sign_in

app_name = "accounts"
urlpatterns = [
    path("accounts/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("accounts/password/<str:token>/", invitations.password, name="password"),
    path("accounts/device/", sign_in.device, name="device"),
    path("sign-in/", sign_in.sign_in_by_code, name="sign_in_by_code"),
    path("sign-in/who/", families.who, name="who"),
    path("sign-in/picture.png", sign_in.challenge_picture, name="challenge_picture"),
    path("more/", me.more, name="more"),
    path("me/", me.me, name="me"),
    path("me/sessions/end/", me.end_other_sessions, name="end_other_sessions"),
    path("me/sessions/<int:pk>/end/", me.end_session, name="end_session"),
    path("me/number/", me.change_number, name="change_own_number"),
    path("me/tokens/", me.make_token, name="make_token"),
    path("me/tokens/<int:pk>/revoke/", me.revoke_token, name="revoke_token"),
    path("act-for/", me.act_for, name="act_for"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("people/import/", people.import_file, name="import"),
    path("people/template.xlsx", people.import_template, name="import_template"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people.reset_password, name="reset_password"),
    path("people/<int:pk>/number/", people.change_number, name="change_number"),
    path("people/<int:pk>/sessions/end/", people.end_sessions, name="end_sessions"),
    path("people/<int:pk>/factors/remove/", people.remove_factors, name="remove_factors"),
    path("people/<int:pk>/duty/", people.assign_duty, name="assign_duty"),
    path("people/<int:pk>/hand-over/", people.hand_over, name="hand_over"),
    path("audit/", audit.desk, name="audit"),
    path("audit/export.xlsx", audit.export, name="audit_export"),
    path("people/<int:pk>/transfer/", people.transfer, name="transfer"),
    path("people/<int:pk>/<slug:step>/", people.post_step, name="post_step"),
]
