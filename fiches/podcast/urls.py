from fiches.catalogue.adresses import routes
from fiches.podcast.views import EpisodeDetailView, EpisodeListView

app_name = "podcast"
urlpatterns = routes("podcast", EpisodeListView, EpisodeDetailView)
