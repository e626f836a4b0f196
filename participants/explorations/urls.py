from django.urls import path

from participants.explorations import views

app_name = "explorations"
urlpatterns = [
    path("exploration/", views.liste, name="liste"),
    path("exploration/<int:pk>/", views.fiche, name="fiche"),
    path("exploration/participer/", views.ParticiperView.as_view(), name="participer"),
    path("exploration/nouveau-lien/", views.LienView.as_view(), name="lien"),
    path("exploration/confirmer/<str:jeton>/", views.ConfirmerView.as_view(), name="confirmer"),
    path("exploration/ma-fiche/<str:jeton>/", views.PersonnelleView.as_view(), name="personnelle"),
    path("exploration/ma-fiche/<str:jeton>/donnees.json", views.DonneesView.as_view(), name="donnees"),
]
