from django.urls import path

from projets.views import ProjetDetailView, ProjetListView

app_name = "projets"
urlpatterns = [
    path("projets/", ProjetListView.as_view(), name="list"),
    path("projets.csv", ProjetListView.as_view(suffixe="csv"), name="csv"),
    path("projets/<slug:slug>/", ProjetDetailView.as_view(), name="detail"),
]
