"""The addresses of one's own account, below those of the desk."""

from django.urls import path

from socle.comptes import views

app_name = "comptes"
urlpatterns = [
    path("", views.Compte.as_view(), name="compte"),
    path("invitation/<str:jeton>/", views.Invitation.as_view(), name="invitation"),
    path("mot-de-passe-oublie/", views.oubli, name="oubli"),
    path("mot-de-passe/<str:jeton>/", views.NouveauMotDePasse.as_view(), name="nouveau_mot_de_passe"),
    path("reprendre/", views.reprendre, name="reprendre"),
    path("second-facteur/", views.Code.as_view(), name="second_facteur"),
    path("second-facteur/activer/", views.Activer.as_view(), name="activer"),
]
