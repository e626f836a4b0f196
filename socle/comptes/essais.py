"""Failed logins, counted by django-axes without keeping who tried, from where or with what.

Name and place are two digests of the day (socle/vie_privee/empreintes.py). Only both together are refused for a while,
so nobody can lock out somebody else, or a whole office.
"""

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.shortcuts import render
from django.utils import timezone

from socle.bureau import saisie
from socle.vie_privee.empreintes import of_the_day


class EssaisBackend(AxesStandaloneBackend):
    """Refuses a login after too many failures; does nothing without a request (a command, a test)."""

    def authenticate(self, request, **credentials):
        return super().authenticate(request, **credentials) if request is not None else None


class Essais(AxesDatabaseHandler):
    """The handler of axes, without browser and page."""

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""
            super().user_login_failed(sender, credentials, request, **kwargs)


@receiver(pre_save, sender=AccessAttempt, dispatch_uid="essai sans saisie")
def _leave_out_what_was_typed(instance, **kwargs):
    instance.get_data = instance.post_data = ""


def name_digest(request, credentials: dict | None) -> str | None:
    """The digest of the day; « Anne » and « anne » are the same."""
    name = (credentials or {}).get("username") or (request.POST.get("username") if request else None)
    return of_the_day("identifiant", name.strip().casefold()).hex()[:32] if name else None


def refused(request, original_response=None, credentials=None):
    """The page that says when to try again."""
    row = AccessAttempt.objects.filter(
        username=name_digest(request, credentials), ip_address=request.axes_ip_address
    ).first()
    start = row.attempt_time if row else timezone.now()
    again = timezone.localtime(start + settings.AXES_COOLOFF_TIME)
    own = {"title": "Trop d’essais", "heure": again, "saisie": saisie.carried(request)}
    context = admin.site.each_context(request) | own
    response = render(request, "admin/comptes/refus.html", context, status=429)
    response["Retry-After"] = str(max(int((again - timezone.now()).total_seconds()), 1))
    response["Cache-Control"] = "no-store"
    return response
