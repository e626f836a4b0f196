from django.urls import path
from django.views.generic import TemplateView

from participants.inscriptions import views

app_name = "inscriptions"
urlpatterns = [
    path("agenda/<slug:slug>.ics", views.evenement_ics, name="ics"),
    path("agenda/<slug:slug>/inscription/", views.InscriptionView.as_view(), name="inscrire"),
    path("inscription/nouveau-lien/", views.LienInscriptionView.as_view(), name="lien"),
    path("inscription/effacee/", TemplateView.as_view(template_name="inscriptions/effacee.html"), name="effacee"),
    path("inscription/confirmer/<str:jeton>/", views.ConfirmerInscriptionView.as_view(), name="confirmer"),
    path("inscription/proposition/<str:jeton>/", views.PropositionView.as_view(), name="proposition"),
    path("inscription/<str:jeton>/", views.PageInscriptionView.as_view(), name="personnelle"),
    path("inscription/<str:jeton>/agenda.ics", views.CalendrierView.as_view(), name="mon-ics"),
    path("inscription/<str:jeton>/donnees.json", views.DonneesInscriptionView.as_view(), name="donnees"),
]
