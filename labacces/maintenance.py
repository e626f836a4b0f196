"""Close the site while it is worked on: as long as the file exists, every page answers 503."""

from django.conf import settings
from django.shortcuts import render

RETRY_AFTER = 300  # seconds


class MaintenanceMiddleware:
    """503 with the maintenance page while settings.MAINTENANCE exists (`touch var/maintenance`); no database is asked.

    It stands after the static files, which the page needs, and before all that reads a session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.MAINTENANCE.exists():
            return self.get_response(request)
        response = render(None, "503.html", status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
