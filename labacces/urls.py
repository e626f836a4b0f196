"""Addresses of the site. Those of record types come from the registre."""

from django.contrib import admin
from django.urls import path

from fiches import medias, registre
from fiches.catalogue.adresses import routes
from fiches.views import permalink
from labacces.recherche import RechercheView
from labacces.views import home, wakka

handler404 = "labacces.views.introuvable"

urlpatterns = [
    path("", home, name="home"),
    path("recherche/", RechercheView.as_view(), name="recherche"),
    path("recherche.csv", RechercheView.as_view(suffixe="csv"), name="recherche-csv"),
    path("wakka.php", wakka, name="wakka"),
    path("p/<int:pk>", permalink, name="permalink"),
    *(routes(declaration) for declaration in registre.types()),
    path("media/<path:nom>", medias.serve, name="media"),
    path("admin/", admin.site.urls),
]
