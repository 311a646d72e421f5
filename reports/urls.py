from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/<str:code>/", views.board, name="board_of"),
    path("board/<str:code>/export.xlsx", views.export_board, name="board_export"),
    path("plans/", views.plans, name="plans"),
    path("plans/start/", views.start_plan, name="plan_start"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/edit/", views.edit_plan, name="plan_edit"),
    path("plans/<int:pk>/sections/<slug:key>/", views.save_section, name="plan_section"),
    path("plans/<int:pk>/submit/", views.submit, name="plan_submit"),
    path("plans/<int:pk>/take-back/", views.take_back, name="plan_take_back"),
    path("plans/<int:pk>/review/", views.start_review, name="plan_review"),
    path("plans/<int:pk>/send-back/", views.send_back, name="plan_send_back"),
    path("plans/<int:pk>/approve/", views.approve, name="plan_approve"),
    path("plans/<int:pk>/publish/", views.publish, name="plan_publish"),
    path("plans/<int:pk>/versions/", views.versions, name="plan_versions"),
    path("plans/<int:pk>/print/", views.print_plan, name="plan_print"),
    path("plans/<int:pk>/attach/", views.attach, name="plan_attach"),
    path("attachments/<int:pk>/", views.attachment, name="plan_attachment"),
    path("attachments/<int:pk>/remove/", views.detach, name="plan_detach"),
    path("examples/<int:pk>/", views.example, name="plan_example"),
    path("summaries/", views.summaries, name="summaries"),
    path("summaries/sent/", views.note_summary, name="summary_sent"),
    path("campaigns/<int:pk>/reminders/", views.reminders, name="reminders"),
    path("deadlines/<int:pk>/remind/", views.remind_now, name="remind_now"),
]
