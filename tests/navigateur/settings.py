"""Settings of the site in the browser: those of production, over plain http, in its own folder."""

import os

os.environ["DEBUG"] = "non"
os.environ["HTTPS"] = "non"
os.environ["SECOND_FACTEUR"] = "non"

from labacces.settings import *  # noqa: F403

STATIC_ROOT = os.environ["STATIC_ROOT"]
COURRIELS = os.environ["COURRIELS"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "tests.navigateur.urls"
