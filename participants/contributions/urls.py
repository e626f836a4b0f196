from django.urls import path

from participants.contributions import step_views, views

app_name = "contributions"
urlpatterns = [
    path("contribuer/", views.ContribuerView.as_view(), name="portes"),
    path("contribuer/correction/<int:pk>/", views.CorrectionView.as_view(), name="correction"),
    path("contribuer/recue/", views.ContributionRecueView.as_view(), name="recue"),
    path("contribuer/effacee/", views.ContributionEffaceeView.as_view(), name="effacee"),
    path("contribuer/confirmer/<str:jeton>/", views.ConfirmerContributionView.as_view(), name="confirmer"),
    path("contribuer/suivi/<str:jeton>/", views.SuiviView.as_view(), name="suivi"),
    path("contribuer/suivi/<str:jeton>/fichiers/<int:fichier>/", views.SuiviView.as_view(), name="fichier"),
    path("contribuer/suite/<str:jeton>/", step_views.SuiteView.as_view(), name="suite"),
    path("contribuer/<slug:type>/", step_views.proposer, name="proposer"),
]
