from django.urls import path

from participants.contacter import views

app_name = "contacter"
urlpatterns = [
    path("contacter/", views.ContacterView.as_view(), name="equipe"),
    path("contacter/recu/", views.RecuView.as_view(), name="recu-equipe"),
    path("contacter/<int:pk>/", views.ContacterView.as_view(), name="fiche"),
    path("contacter/<int:pk>/recu/", views.RecuView.as_view(), name="recu"),
    path("signaler/<int:pk>/", views.SignalerView.as_view(), name="signaler"),
    path("signaler/<int:pk>/recu/", views.SignaleView.as_view(), name="signale"),
    path("avis/<int:pk>/", views.AvisView.as_view(), name="avis"),
    path("avis/<int:pk>/merci/", views.MerciView.as_view(), name="merci"),
    path("contacter/stop/<str:jeton>/", views.StopView.as_view(), name="stop"),
]
