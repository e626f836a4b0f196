"""Pages of one's own account at the desk: invitation, forgotten password, second factor, sessions."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from socle.comptes import invitations, second_facteur
from socle.comptes.second_facteur import TropDEssais
from socle.courrier.views import GABARIT_INVALIDE, PageALien
from socle.formulaires import garde


def page(request, template: str, title: str, status: int = 200, **context):
    """A page of the desk; nothing of it may be kept by a browser or a proxy."""
    request.current_app = admin.site.name
    shown = admin.site.each_context(request) | {"title": title} | context
    return render(request, f"admin/comptes/{template}.html", shown, status=status)


def next_address(request) -> str:
    """Where to go afterwards: an address of the site, else the desk."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if safe and asked.startswith("/") else reverse("admin:index")


def activer_address(request) -> str:
    """The page that sets a second factor up, which leads on to the same place."""
    return f"{reverse('comptes:activer')}?{urlencode({'next': next_address(request)})}"


# Choosing a password


class ChoisirForm(SetPasswordForm):
    """Two fields, the rules said before they are broken."""

    error_messages = {"password_mismatch": "Les deux mots de passe ne sont pas les mêmes. Retapez-les."}


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Choisir(PageALien):
    """The page of a link by which a password is chosen. It opens no session: the second factor is asked as ever."""

    template_name = "admin/comptes/choisir.html"
    title = ""

    def get(self, request, *args, **kwargs):
        return self._shown(request, ChoisirForm(self.sujet))

    def post(self, request, *args, **kwargs):
        form = ChoisirForm(self.sujet, request.POST)
        if not self.sujet.is_active or not form.is_valid():
            return self._shown(request, form)
        form.save()
        self.sujet.end_sessions()
        invitations.chosen(self.sujet)
        messages.success(request, "Votre mot de passe est enregistré. Connectez-vous avec lui.")
        return redirect("admin:login")

    def _shown(self, request, form):
        if not self.sujet.is_active:
            return render(request, GABARIT_INVALIDE, status=404)
        return page(request, "choisir", self.title, form=form, compte=self.sujet)


class Invitation(Choisir):
    usage = invitations.INVITATION
    title = "Bienvenue : choisissez votre mot de passe"


class NouveauMotDePasse(Choisir):
    usage = invitations.OUBLI
    title = "Choisissez un nouveau mot de passe"


class OubliForm(forms.Form):
    compte = forms.CharField(
        label="identifiant ou adresse électronique",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "Écrivez votre identifiant ou votre adresse électronique."},
    )


# From one place in a day. Those of two days are fewer than the mails that one address gets (invitations.MAX_PAR_JOUR):
# no stranger takes them from their owner alone.
DEMANDES = 4
TROP_DE_DEMANDES = (
    "Trop de demandes viennent de votre réseau aujourd’hui. Regardez vos courriels : le lien y est peut-être déjà. "
    "Sinon, réessayez demain, ou écrivez à la personne qui administre le site : elle peut vous envoyer une invitation."
)


@never_cache
def oubli(request):
    """Ask for a link by mail. The answer is the same whatever is asked for; a place that asks too often is told so."""
    form = OubliForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if garde.too_many(request, "mot de passe oublié", posts=DEMANDES, span=timedelta(days=1)):
            form.add_error(None, TROP_DE_DEMANDES)
            return page(request, "oubli", "Mot de passe oublié", form=form, status=429)
        invitations.forgotten(form.cleaned_data["compte"])
        return page(request, "oubli_fait", "Regardez votre boîte aux lettres")
    return page(request, "oubli", "Mot de passe oublié", form=form)


# The second factor


class CodeForm(forms.Form):
    code = forms.CharField(
        label="code",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={"required": "Écrivez le code que montre votre application, ou un code de secours."},
    )


@method_decorator(never_cache, name="dispatch")
class DuDesk(View):
    """A page for somebody who gave a password: `self.compte`. `partiel`: the second factor may still be due."""

    partiel = False

    def dispatch(self, request, *args, **kwargs):
        who = request.user  # which finds out whose the session is
        self.compte = who if who.is_authenticated else request.premier_facteur
        if self.compte is None or not self.compte.is_staff:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if request.premier_facteur and not self.partiel:
            return redirect("comptes:second_facteur")
        return super().dispatch(request, *args, **kwargs)


class Code(DuDesk):
    """At login: ask for a code, or have a factor set up if there is none and one is required."""

    partiel = True

    def get(self, request):
        if request.premier_facteur is None:
            return redirect(next_address(request))
        if second_facteur.device(self.compte) is None:
            return redirect(activer_address(request))
        return self._ask(request, CodeForm())

    def post(self, request):
        if request.premier_facteur is None:
            return redirect(next_address(request))
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                if second_facteur.check(self.compte, form.cleaned_data["code"]):
                    second_facteur.passed(request)
                    return redirect(next_address(request))
                form.add_error(
                    "code", "Ce code n’est pas bon, ou il a déjà servi. Attendez le suivant, puis réessayez."
                )
            except TropDEssais as refusal:
                form.add_error("code", f"Trop d’essais. Attendez {refusal.secondes} s, puis tapez un nouveau code.")
        return self._ask(request, form)

    def _ask(self, request, form):
        return page(request, "code", "Second facteur", form=form, next=next_address(request), compte=self.compte)


class Activer(DuDesk):
    """Set an application up: a button, a QR code, a code of it; then the recovery codes, shown once."""

    partiel = True

    def _barred(self, request):
        """Whoever has a factor changes it once it was shown."""
        return request.premier_facteur is not None and second_facteur.device(self.compte) is not None

    def get(self, request):
        if self._barred(request):
            return redirect("comptes:second_facteur")
        return self._shown(request, CodeForm())

    def post(self, request):
        if self._barred(request):
            return redirect("comptes:second_facteur")
        if "commencer" in request.POST:
            second_facteur.start(self.compte)
            return redirect(activer_address(request))
        form = CodeForm(request.POST)
        if form.is_valid():
            codes = second_facteur.confirm(self.compte, form.cleaned_data["code"])
            if codes:
                return self._done(request, codes)
            words = "Ce code n’est pas celui de l’application. Attendez le suivant, vérifiez l’heure du téléphone."
            form.add_error("code", words)
        return self._shown(request, form)

    def _done(self, request, codes):
        request.user, request.premier_facteur = self.compte, None
        self.compte.end_sessions()  # elsewhere: this one goes on
        update_session_auth_hash(request, self.compte)
        second_facteur.passed(request)
        return page(request, "codes", "Vos codes de secours", codes=codes, next=next_address(request), neuf=True)

    def _shown(self, request, form):
        pending = second_facteur.pending(self.compte)
        context = {"form": form, "next": next_address(request), "obligatoire": settings.SECOND_FACTEUR}
        if pending:
            secret = pending.config_url.partition("secret=")[2].partition("&")[0]
            groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
            context |= {"qr": qr_code(pending.config_url), "cle": " ".join(groups)}
        return page(request, "activer", "Protéger votre compte par un second facteur", **context)


def qr_code(text: str) -> str:
    """An SVG without style or script, as the policy of the site wants it; it says what it is."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=5,
        border=4,
        light="#fff",
        dark="#000",
        nl=False,
        omitsize=True,  # a viewBox: it is drawn at the size of the page, whole
        svgclass="qr",
    )
    svg = out.getvalue().decode()
    return mark_safe(svg.replace("<svg ", '<svg role="img" aria-label="QR code à lire avec votre application" ', 1))  # noqa: S308


class Compte(DuDesk):
    """One's own account: second factor, recovery codes, other sessions."""

    def get(self, request):
        return page(
            request,
            "compte",
            "Mon compte",
            compte=self.compte,
            appareil=second_facteur.device(self.compte),
            reste=second_facteur.codes_left(self.compte),
            obligatoire=settings.SECOND_FACTEUR,
        )

    def post(self, request):
        if "codes" in request.POST and second_facteur.device(self.compte):
            codes = second_facteur.new_codes(self.compte)
            return page(request, "codes", "Vos nouveaux codes de secours", codes=codes, next=reverse("comptes:compte"))
        if "sessions" in request.POST:
            self.compte.end_sessions()
            update_session_auth_hash(request, self.compte)
            messages.success(request, "Vous n’êtes plus connecté·e que sur cet appareil.")
        return redirect("comptes:compte")
