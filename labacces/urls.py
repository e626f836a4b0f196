"""Addresses of the site. Those of record types come from the registre."""

from django.contrib import admin
from django.urls import include, path

from fiches import registre
from fiches.views import permalink
from labacces.views import home

urlpatterns = [
    path("", home, name="home"),
    path("p/<int:pk>", permalink, name="permalink"),
    *(path("", include(f"{declaration.model._meta.app_config.name}.urls")) for declaration in registre.types()),
    path("admin/", admin.site.urls),
]
