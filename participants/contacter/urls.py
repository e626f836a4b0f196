from django.urls import path

from participants.contacter import views

app_name = "contacter"
urlpatterns = [
    path("contacter/", views.ContacterView.as_view(), name="equipe"),
    path("contacter/<int:pk>/", views.ContacterView.as_view(), name="fiche"),
    path("signaler/<int:pk>/", views.SignalerView.as_view(), name="signaler"),
    path("avis/<int:pk>/", views.AvisView.as_view(), name="avis"),
    path("contacter/stop/<str:jeton>/", views.StopView.as_view(), name="stop"),
]
