from django.urls import include, path

from qingchun import gate, pages, showing
from qingchun.jobs.views import list_pages

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("qingchun.accounts.urls")),
    path("", include("qingchun.notifications.urls")),
    path("", include("qingchun.jobs.urls")),
    path("", include("qingchun.operations.urls")),
    path("", include("campaigns.urls")),
    path("", include("talent.urls")),
    path("", include("services.proxy.urls")),
    path("", include("services.events.urls")),
    path("", include("services.vacancies.urls")),
    path("", include("reports.urls")),
    *list_pages(),
    path("api/v1/", include("qingchun.api")),
    path("favicon.ico", showing.favicon, name="favicon"),
    path("apple-touch-icon.png", showing.touch_icon, name="touch_icon"),
    path("share.jpg", showing.share, name="share"),
    path("robots.txt", showing.robots, name="robots"),
    path("sitemap.xml", showing.sitemap, name="sitemap"),
]
handler400 = gate.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
