from fiches.catalogue.adresses import routes
from projets.views import ProjetDetailView, ProjetListView

app_name = "projets"
urlpatterns = routes("projets", ProjetListView, ProjetDetailView)
