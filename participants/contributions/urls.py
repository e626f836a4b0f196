from django.urls import path
from django.views.generic import TemplateView

from fiches import registre
from participants.contributions import step_views, views

page = TemplateView.as_view
types = {"types": registre.types}  # the pages to propose a record, one per type
app_name = "contributions"
urlpatterns = [
    path("contribuer/", page(template_name="contributions/portes.html", extra_context=types), name="portes"),
    path("contribuer/correction/<int:pk>/", views.CorrectionView.as_view(), name="correction"),
    path("contribuer/recue/", page(template_name="contributions/recue.html"), name="recue"),
    path("contribuer/effacee/", page(template_name="contributions/effacee.html"), name="effacee"),
    path("contribuer/confirmer/<str:jeton>/", views.ConfirmerContributionView.as_view(), name="confirmer"),
    path("contribuer/suivi/<str:jeton>/", views.SuiviView.as_view(), name="suivi"),
    path("contribuer/suivi/<str:jeton>/fichiers/<int:fichier>/", views.SuiviView.as_view(), name="fichier"),
    path("contribuer/suite/<str:jeton>/", step_views.SuiteView.as_view(), name="suite"),
    path("contribuer/<slug:type>/", step_views.proposer, name="proposer"),
]
