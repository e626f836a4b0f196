from django.urls import path

from participants.contacter import views

app_name = "contacter"
urlpatterns = [
    path("contacter/", views.ContacterView.as_view(), name="equipe"),
    path("contacter/recu/", views.RecuView.as_view(), name="recu-equipe"),
    path("contacter/<int:pk>/", views.ContacterView.as_view(), name="fiche"),
    path("contacter/<int:pk>/recu/", views.RecuView.as_view(), name="recu"),
    path("contacter/stop/<str:jeton>/", views.StopView.as_view(), name="stop"),
]
