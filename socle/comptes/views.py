"""One's own account at the desk: invitation, forgotten password, second factor, sessions."""

from base64 import b32encode
from datetime import timedelta
from textwrap import wrap
from urllib.parse import urlencode

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from socle.bureau import saisie
from socle.comptes import invitations, second_facteur, travaux
from socle.comptes.second_facteur import TropDEssais
from socle.courrier import liens
from socle.courrier.mailboxes import AdresseInvalide, normalise
from socle.courrier.views import GABARIT_INVALIDE, PageALien
from socle.formulaires import protection


def desk_context(request) -> dict:
    request.current_app = admin.site.name
    return admin.site.each_context(request)


def page(request, template: str, title: str, status: int = 200, **context):
    """A page of the desk; no browser or proxy may keep it."""
    shown = desk_context(request) | {"title": title} | context
    return render(request, f"admin/comptes/{template}.html", shown, status=status)


def next_address(request) -> str:
    """Where to go afterwards: the address of the site that was asked for, or the desk."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if safe and asked.startswith("/") else reverse("admin:index")


def activer_address(request) -> str:
    """The page that sets up a second factor; it then leads to the same place."""
    return f"{reverse('comptes:activer')}?{urlencode({'next': next_address(request)})}"


# What was typed in a form whose session had ended (socle/bureau/saisie.py)

FINIE = "Votre session avait pris fin quand vous avez envoyé ce formulaire : rien n’a été enregistré."
D_UN_AUTRE = (
    "Ce qui avait été tapé avant votre connexion l’a été sous un autre compte : rien n’en est montré ni enregistré."
)


@never_cache
def ask_again(request, typed: saisie.Saisie, status: int = 200):
    """The next page of the login, which carries what was typed."""
    if request.premier_facteur:
        step = Code if second_facteur.device(request.premier_facteur) else Activer
        return step.shown(request)
    address = f"{reverse('admin:login')}?{urlencode({'next': typed.page})}"
    own = {"title": "Connexion", "app_path": address, "next": typed.page, "saisie": typed}
    context = desk_context(request) | own | {"form": AdminAuthenticationForm(request)}
    return TemplateResponse(request, "admin/login.html", context, status=status)


@never_cache
def after_password(request, typed: saisie.Saisie):
    if second_facteur.is_due(request.session, request.user):
        request.premier_facteur, request.user = request.user, AnonymousUser()
        return ask_again(request, typed)
    return give_back(request, typed)


@never_cache
def give_back(request, typed: saisie.Saisie, why: str = FINIE, status: int = 200):
    """Gives back what was typed, only to its author; others go on to the page."""
    if typed.compte == request.user.pk:
        return saisie.show_again(request, typed, why, status=status)
    messages.warning(request, D_UN_AUTRE)
    return redirect(typed.page)


@never_cache
def reprendre(request):
    """The way on from the recovery codes, between a login and what was typed."""
    typed = saisie.carried(request)
    if typed is None:
        return redirect("admin:index")
    return give_back(request, typed) if admin.site.has_permission(request) else ask_again(request, typed)


# Choosing a password


class ChoisirForm(SetPasswordForm):
    """The page gives the rules beforehand."""

    error_messages = {"password_mismatch": "Les deux mots de passe ne sont pas les mêmes. Retapez-les."}


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Choisir(PageALien):
    """The page behind a link, where one chooses a password. The second factor is still asked."""

    template_name = "admin/comptes/choisir.html"
    title = ""

    def get(self, request, *args, **kwargs):
        return self._shown(request, ChoisirForm(self.sujet))

    def act(self, request):
        form = ChoisirForm(self.sujet, request.POST)
        if not self.sujet.is_active or not form.is_valid():
            return self._shown(request, form)
        form.save()
        self.sujet.end_sessions()
        liens.revoke(self.sujet)
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


# Per network and day. Two days of them are fewer than the mails that one address gets (invitations.MAX_PAR_JOUR), so
# one stranger cannot use up the mails of somebody else.
DEMANDES = 4
TROP_DE_DEMANDES = (
    "Trop de demandes viennent de votre réseau aujourd’hui. Regardez vos courriels : le lien y est peut-être déjà. "
    "Sinon, réessayez demain, ou écrivez à la personne qui administre le site : elle peut vous envoyer une invitation."
)


@never_cache
def oubli(request):
    """Asks for a link by mail. The answer never depends on the account; a network may ask only so often."""
    form = OubliForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if protection.too_many(request, "mot de passe oublié", posts=DEMANDES, span=timedelta(days=1)):
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
class DuDesk(FormView):
    """A page for somebody who gave a password: `self.compte`."""

    form_class = CodeForm
    title = ""

    def dispatch(self, request, *args, **kwargs):
        who = request.user  # reading it finds out whose session it is
        self.compte = who if who.is_authenticated else request.premier_facteur
        if self.compte is None or not self.compte.is_staff:
            if typed := saisie.carried(request):
                return ask_again(request, typed)
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return self.elsewhere(request) or super().dispatch(request, *args, **kwargs)

    @classmethod
    def shown(cls, request):
        """This page, as the answer to the form of another one."""
        view = cls()
        view.setup(request)
        view.compte = request.premier_facteur
        return view.render_to_response(view.get_context_data(form=view.form_class()))

    def go_on(self, request):
        """After success: leads to what was typed, or to the page that was asked for."""
        typed = saisie.carried(request)
        return give_back(request, typed) if typed else redirect(next_address(request))

    def elsewhere(self, request):
        """The answer to somebody who belongs on another page, or None; by default while the second factor is due."""
        if request.premier_facteur is None:
            return None
        typed = saisie.carried(request)
        return ask_again(request, typed) if typed else redirect("comptes:second_facteur")

    def get_context_data(self, **kwargs):
        typed = saisie.of(self.request)
        after = typed.page if typed else next_address(self.request)
        own = {"title": self.title, "next": after, "compte": self.compte, "saisie": typed}
        return desk_context(self.request) | super().get_context_data(**own | kwargs)


class Code(DuDesk):
    """Asks for a code at login; leads to the setup if there is no factor and one is required."""

    template_name = "admin/comptes/code.html"
    title = "Second facteur"

    def elsewhere(self, request):
        return None if request.premier_facteur else self.go_on(request)

    def get(self, request):
        if second_facteur.device(self.compte) is None:
            return redirect(activer_address(request))
        return super().get(request)

    def form_valid(self, form):
        try:
            if second_facteur.check(self.compte, form.cleaned_data["code"]):
                second_facteur.passed(self.request)
                self.request.user, self.request.premier_facteur = self.compte, None
                return self.go_on(self.request)
            words = "Ce code n’est pas bon, ou il a déjà servi. Attendez le suivant, puis réessayez."
        except TropDEssais as refusal:
            words = f"Trop d’essais. Attendez {refusal.secondes} s, puis tapez un nouveau code."
        form.add_error("code", words)
        return self.form_invalid(form)


class Activer(DuDesk):
    """Sets up an application: a button, a QR code, a code; then the recovery codes, shown once."""

    template_name = "admin/comptes/activer.html"
    title = "Protéger votre compte par un second facteur"

    def elsewhere(self, request):
        """A factor can be replaced only once the present one was shown."""
        return second_facteur.device(self.compte) and super().elsewhere(request)

    def post(self, request):
        if "commencer" in request.POST:
            second_facteur.start(self.compte)
            return self.shown(request) if saisie.carried(request) else redirect(activer_address(request))
        return super().post(request)

    def form_valid(self, form):
        codes = second_facteur.confirm(self.compte, form.cleaned_data["code"])
        if not codes:
            words = "Ce code n’est pas celui de l’application. Attendez le suivant, vérifiez l’heure du téléphone."
            form.add_error("code", words)
            return self.form_invalid(form)
        request = self.request
        request.user, request.premier_facteur = self.compte, None
        self.compte.end_sessions()  # those elsewhere: this session goes on
        update_session_auth_hash(request, self.compte)
        second_facteur.passed(request)
        after = {"next": next_address(request), "saisie": saisie.carried(request)}
        return page(request, "codes", "Vos codes de secours", codes=codes, neuf=True, **after)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(obligatoire=settings.SECOND_FACTEUR, **kwargs)
        if pending := second_facteur.pending(self.compte):
            key = b32encode(pending.bin_key).decode()
            context |= {"qr": qr_code(pending.config_url), "cle": " ".join(wrap(key, 4))}
        return context


def qr_code(text: str) -> str:
    """An SVG with a label, without style or script, as the security policy asks."""
    # Without a size it has a viewBox, and fills the width that the page gives.
    svg = segno.make(text, error="m").svg_inline(scale=5, light="#fff", dark="#000", omitsize=True, svgclass="qr")
    return mark_safe(svg.replace("<svg ", '<svg role="img" aria-label="QR code à lire avec votre application" ', 1))  # noqa: S308


class PreferencesForm(forms.Form):
    def __init__(self, *args, compte, **kwargs):
        now = travaux.chosen(compte)
        super().__init__(*args, initial=now, **kwargs)
        for sorte in travaux.offered(compte):
            self.fields[sorte.cle] = forms.ChoiceField(label=sorte.titre, choices=travaux.Quand, required=False)


class Compte(DuDesk):
    """One's own account: mails, second factor, recovery codes, other sessions."""

    template_name = "admin/comptes/compte.html"
    title = "Mon compte"

    def get_context_data(self, **kwargs):
        appareil, reste = second_facteur.device(self.compte), second_facteur.codes_left(self.compte)
        kwargs |= {"joignable": self._reachable(), "preferences": PreferencesForm(compte=self.compte)}
        return super().get_context_data(appareil=appareil, reste=reste, **kwargs)

    def _reachable(self) -> bool:
        try:
            return bool(normalise(self.compte.email))
        except AdresseInvalide:
            return False

    def post(self, request):
        if "preferences" in request.POST:
            form = PreferencesForm(request.POST, compte=self.compte)
            form.is_valid()  # a value that no page offers changes nothing
            travaux.choose(self.compte, {cle: quand for cle, quand in form.cleaned_data.items() if quand})
            messages.success(request, "C’est noté.")
        if "codes" in request.POST and second_facteur.device(self.compte):
            codes = second_facteur.new_codes(self.compte)
            return page(request, "codes", "Vos nouveaux codes de secours", codes=codes, next=reverse("comptes:compte"))
        if "sessions" in request.POST:
            self.compte.end_sessions()
            update_session_auth_hash(request, self.compte)
            messages.success(request, "Vous n’êtes plus connecté·e que sur cet appareil.")
        return redirect("comptes:compte")
