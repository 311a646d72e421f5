from django.urls import path

from services.vacancies.views import desk, mine, public

app_name = "vacancies"
urlpatterns = [
    # For everybody
    path("vacancies/", public.vacancies, name="vacancies"),
    path("<place:code>/vacancies/", public.place_vacancies, name="place_vacancies"),
    path("vacancies/<int:pk>/", public.vacancy, name="vacancy"),
    path("vacancies/<int:pk>/share.jpg", public.share, name="share"),
    # For whoever looks for work
    path("vacancies/<int:pk>/want/", mine.want, name="want"),
    path("my/vacancies/", mine.my_vacancies, name="my_vacancies"),
    path("my/vacancies/stop/", mine.stop, name="stop"),
    path("my/vacancies/<int:pk>/<slug:step>/", mine.my_step, name="my_step"),
    # The desk
    path("desk/vacancies/", desk.desk, name="desk"),
    path("desk/vacancies/new/", desk.vacancy_new, name="vacancy_new"),
    path("desk/vacancies/<int:pk>/", desk.desk_vacancy, name="desk_vacancy"),
    path("desk/vacancies/<int:pk>/edit/", desk.vacancy_edit, name="vacancy_edit"),
    path("desk/vacancies/<int:pk>/step/<slug:step>/", desk.vacancy_step, name="vacancy_step"),
    path("desk/interests/<int:pk>/<slug:step>/", desk.interest_step, name="interest_step"),
]
