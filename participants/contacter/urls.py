from django.urls import path

from participants.contacter import views

answer = views.PageSurFiche.as_view
app_name = "contacter"
urlpatterns = [
    path("contacter/", views.ContacterView.as_view(), name="equipe"),
    path("contacter/recu/", views.RecuParEquipeView.as_view(), name="recu-equipe"),
    path("contacter/<int:pk>/", views.ContacterView.as_view(), name="fiche"),
    path("contacter/<int:pk>/recu/", answer(template_name="contacter/recu.html"), name="recu"),
    path("signaler/<int:pk>/", views.SignalerView.as_view(), name="signaler"),
    path("signaler/<int:pk>/recu/", answer(template_name="contacter/signale.html"), name="signale"),
    path("avis/<int:pk>/", views.AvisView.as_view(), name="avis"),
    path("avis/<int:pk>/merci/", answer(template_name="contacter/merci.html"), name="merci"),
    path("contacter/stop/<str:jeton>/", views.StopView.as_view(), name="stop"),
]
