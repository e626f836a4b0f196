from fiches.catalogue.adresses import routes
from fiches.initiatives.views import InitiativeDetailView, InitiativeListView

app_name = "initiatives"
urlpatterns = routes("initiatives", InitiativeListView, InitiativeDetailView)
