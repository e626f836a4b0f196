from django.urls import path

from participants.alertes import views

app_name = "alertes"
urlpatterns = [
    path("alertes/", views.AlertesView.as_view(), name="demande"),
    path("alertes/confirmer/<str:jeton>/", views.ConfirmerAlerteView.as_view(), name="confirmer"),
    path("alertes/la-mienne/<str:jeton>/", views.PageAlerteView.as_view(), name="personnelle"),
]
