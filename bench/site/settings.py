"""Settings of the bench: the real ones, without the static files, which a server in front may serve."""

from labacces.settings import *  # noqa: F403
from labacces.settings import LOGGING, MIDDLEWARE, STORAGES

MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise")]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "WARNING"}}
