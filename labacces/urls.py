"""Addresses of the site. Those of record types come from the registre."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views import debug
from django.views.decorators.cache import never_cache

from fiches import registre
from fiches.changements import to_take_again
from fiches.suivi.history_views import history
from fiches.views import apercu, permalink, was_deleted
from labacces.completion import completion
from labacces.composants import composants
from labacces.recherche import SITE
from labacces.views import home, introuvable
from socle.comptes.views import oubli
from socle.journal.conditional import conditional
from socle.medias import fichiers as medias
from socle.vues import api
from socle.vues.toutes import routes

handler400 = "labacces.refus.not_understood"
handler403 = "labacces.refus.not_allowed"
handler404 = "labacces.views.introuvable"
handler500 = "labacces.panne.failed"
debug.technical_404_response = introuvable  # in DEBUG too, show the readers' page

urlpatterns = [
    path("", conditional(home, by_minute=True), name="home"),
    path("recherche/completion/", completion, name="completion"),
    routes(SITE),
    path("p/<int:pk>", permalink, name="permalink"),
    path("p/<int:pk>/historique/", never_cache(history), name="historique"),
    path("apercu/<int:pk>/", apercu, name="apercu"),
    path("", include("labacces.machines.urls")),
    path("", include("labacces.pages.urls")),
    path("", include("participants.inscriptions.urls")),
    path("", include("participants.explorations.urls")),
    path("", include("participants.contacter.urls")),
    path("", include("participants.alertes.urls")),
    path("", include("participants.contributions.urls")),
    *(routes(declaration) for declaration in registre.types()),
    api.routes([*registre.types(), SITE], was_deleted=was_deleted, to_take_again=to_take_again),
    path("media/<path:nom>", medias.serve, name="media"),
    path("admin/compte/mot-de-passe-oublie/", oubli, name="admin_password_reset"),  # the name that Django looks for
    path("admin/compte/", include("socle.comptes.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("composants/", composants, name="composants"))
