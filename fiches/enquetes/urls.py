from fiches.catalogue.adresses import routes
from fiches.enquetes.views import EnqueteDetailView, EnqueteListView

app_name = "enquetes"
urlpatterns = routes("indemnisation", EnqueteListView, EnqueteDetailView)
