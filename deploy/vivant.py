"""Checks that the site answers on its own port, for the health check of a container: exit 0 or 1."""

import os
import sys
import urllib.request

port = os.environ.get("ECOUTE", "127.0.0.1:8000").rpartition(":")[2]
request = urllib.request.Request(f"http://127.0.0.1:{port}/sante/vivant/", headers={"X-Forwarded-Proto": "https"})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"Le site ne répond pas : {error}")
