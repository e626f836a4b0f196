"""Addresses of the site. Those of record types come from the registre."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from fiches import registre
from fiches.views import apercu, permalink
from labacces.completion import completion
from labacces.composants import composants
from labacces.recherche import RechercheView
from labacces.views import home
from socle.catalogue.adresses import routes
from socle.comptes.views import oubli
from socle.medias import fichiers as medias
from socle.memoire.conditional import conditional

handler404 = "labacces.views.introuvable"

urlpatterns = [
    path("", conditional(home, by_minute=True), name="home"),
    path("recherche/", conditional(RechercheView.as_view(), by_minute=True), name="recherche"),
    path("recherche/completion/", completion, name="completion"),
    path("recherche.csv", conditional(RechercheView.as_view(suffixe="csv")), name="recherche-csv"),
    path("p/<int:pk>", permalink, name="permalink"),
    path("apercu/<int:pk>/", apercu, name="apercu"),
    path("", include("labacces.pages.urls")),
    path("", include("participants.inscriptions.urls")),
    path("", include("participants.explorations.urls")),
    path("", include("participants.contacter.urls")),
    *(routes(declaration) for declaration in registre.types()),
    path("media/<path:nom>", medias.serve, name="media"),
    path("admin/compte/mot-de-passe-oublie/", oubli, name="admin_password_reset"),  # the name that Django looks for
    path("admin/compte/", include("socle.comptes.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("composants/", composants, name="composants"))
