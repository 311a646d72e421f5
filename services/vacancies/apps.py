from django.apps import AppConfig


class VacanciesConfig(AppConfig):
    name = "services.vacancies"
    verbose_name = "家乡岗位"
