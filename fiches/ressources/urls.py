from fiches.catalogue.adresses import routes
from fiches.ressources.views import RessourceDetailView, RessourceListView

app_name = "ressources"
urlpatterns = routes("ressources", RessourceListView, RessourceDetailView)
