"""/a-propos/, /aide/…: one address for each key, and the operator's logos."""

from django.urls import path

from labacces.pages.models import Page
from labacces.pages.operateur import logo
from labacces.pages.views import page
from socle.journal.conditional import conditional

app_name = "pages"
urlpatterns = [
    *(path(f"{cle}/", conditional(page), {"cle": cle}, name=cle) for cle in Page.Cle.values),
    path("logos/<path:nom>", logo, name="logo"),
]
