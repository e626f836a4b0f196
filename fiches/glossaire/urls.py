from fiches.catalogue.adresses import routes
from fiches.glossaire.views import TermeDetailView, TermeListView

app_name = "glossaire"
urlpatterns = routes("glossaire", TermeListView, TermeDetailView)
