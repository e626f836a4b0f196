"""WSGI entry point: `gunicorn labacces.wsgi`."""

import gc
import os

import django

from labacces.refus import Application

os.umask(0o077)  # what the site writes, its own account alone reads
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
django.setup(set_prefix=False)
application = Application()

from socle.journal.conditional import release  # noqa: E402 - its models, once apps are there

release()  # pages are told apart by the code that runs, not by what an upgrade has put down since

# What is loaded now stays: garbage is looked for among the objects of requests alone, and less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
