"""WSGI entry point: `gunicorn labacces.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # what the site writes, its own account alone reads
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
application = get_wsgi_application()
