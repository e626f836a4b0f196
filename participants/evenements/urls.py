from fiches.catalogue.adresses import routes
from participants.evenements.views import EvenementDetailView, EvenementListView

app_name = "evenements"
urlpatterns = routes("agenda", EvenementListView, EvenementDetailView)
