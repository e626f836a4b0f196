from django.urls import path

from participants.explorations import views

app_name = "explorations"
urlpatterns = [
    path("exploration/", views.liste, name="liste"),
    path("exploration/<int:pk>/", views.fiche, name="fiche"),
    path("exploration/participer/", views.ParticiperView.as_view(), name="participer"),
    path("exploration/nouveau-lien/", views.LienExplorationView.as_view(), name="lien"),
    path("exploration/confirmer/<str:jeton>/", views.ConfirmerExplorationView.as_view(), name="confirmer"),
    path("exploration/ma-fiche/<str:jeton>/", views.PageExplorationView.as_view(), name="personnelle"),
    path("exploration/ma-fiche/<str:jeton>/donnees.json", views.DonneesExplorationView.as_view(), name="donnees"),
]
