"""WSGI entry point: `gunicorn labacces.wsgi`."""

import gc
import os

import django

from labacces.refus import Application

os.umask(0o077)  # only the site's account can read what it writes
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
django.setup(set_prefix=False)
application = Application()

from socle.journal.conditional import release  # noqa: E402 - its models need the apps

release()  # computed now: ETags follow the running code, not a later upgrade's

# Objects loaded now stay: garbage is looked for among those of requests, less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
