"""Protection of public forms, without account or captcha: honest posts pass.

A form that extends `FormulaireProtege` gets two hidden fields: a signed key, which tells when the page was asked for,
and a trap. Then

- a post too fast for a person, or a day late, comes back with all that was typed and a new key;
- a post sent twice (a double click) counts once (`first_time`); one page serves a few posts (`uses`);
- posts are counted by address (`count`) under a key thrown away each day: no IP address is stored, and the digests of
  yesterday name nobody;
- a filled trap and signs of spam make a post doubtful (`doute`): it waits for the staff and is not lost.
"""

import secrets
import time
from contextlib import contextmanager
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import salted_hmac

from socle.formulaires.champs import AccessibleMixin, VotreCourrielField
from socle.formulaires.indesirable import doubtful
from socle.formulaires.models import Comptage
from socle.vie_privee.empreintes import of_the_day, reseau, throw_away_keys
from socle.vie_privee.models import CleDuJour

RAPIDE = timedelta(seconds=3)
LONGUE = timedelta(hours=24)
PIEGE = "precision"

TROP_VITE = "Votre envoi a été très rapide. Relisez-vous, puis appuyez sur le même bouton : rien n’est perdu."
TROP = "Trop d’envois viennent de votre réseau. Attendez dix minutes, puis envoyez de nouveau : rien n’est perdu."
TROP_TARD = "Cette page était ouverte depuis longtemps. Ce que vous avez écrit est là : envoyez-le de nouveau."


class FormulaireProtege(forms.Form):
    """A subclass sets `usage`, and `noms` and `textes`: fields checked for spam."""

    usage = ""
    saisie = True  # whether there is something to type; with only a button, people are three times as fast
    noms: tuple[str, ...] = ()
    textes: tuple[str, ...] = ()

    cle = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)
    # A person does not see it and no browser fills it; a robot that fills all fields does.
    precision = forms.CharField(required=False, label="ne remplissez pas ce champ", max_length=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name not in ("cle", PIEGE)), PIEGE, "cle"])
        self.fields[PIEGE].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if not self.is_bound:
            self.initial["cle"] = self.new_key()

    def new_key(self) -> str:
        return signing.dumps(secrets.token_urlsafe(12), salt=self._salt)

    @property
    def _salt(self) -> str:
        return f"formulaire.{self.usage}"

    def clean(self):
        cleaned = super().clean()
        wrong = self._wrong_time()
        if wrong:
            self.add_error(None, ValidationError(wrong, code="cle"))
        if self.errors and wrong != TROP_VITE:
            self._renew_key()
        return cleaned

    def _wrong_time(self) -> str:
        try:
            self._opened(max_age=LONGUE)
        except signing.BadSignature:
            return TROP_TARD
        try:
            self._opened(max_age=RAPIDE if self.saisie else RAPIDE / 3)
        except signing.SignatureExpired:
            return ""
        return TROP_VITE

    def _opened(self, max_age):
        return signing.loads(self.cleaned_data.get("cle", ""), salt=self._salt, max_age=max_age)

    def _renew_key(self):
        """Renews the key of the page, unless it stays good for an hour."""
        try:
            self._opened(max_age=LONGUE - timedelta(hours=1))
        except signing.BadSignature:
            self.data = self.data.copy()
            self.data[self.add_prefix("cle")] = self.new_key()

    @property
    def doute(self) -> str:
        """Why the staff should look at a valid post first, or ""."""
        if self.cleaned_data.get(PIEGE):
            return "le champ caché est rempli"
        names = [self.cleaned_data.get(name) or "" for name in self.noms]
        texts = [self.cleaned_data.get(name) or "" for name in self.textes]
        return doubtful(names, texts)

    def first_time(self) -> bool:
        """Whether this post is new. Call it in the transaction of its effect, to be undone with it."""
        typed = sorted((name, self.data.getlist(self.add_prefix(name))) for name in self.fields if name != PIEGE)
        typed += sorted((name, one.name, one.size) for name in self.files for one in self.files.getlist(name))
        post = salted_hmac(self._salt, repr((self.usage, typed)).encode("utf-8", "surrogatepass"), algorithm="sha256")
        # Kept until the page is too old. Another page has another key, so its post is another one.
        return _add(post.hexdigest(), timezone.localdate() + LONGUE) == 1

    def uses(self) -> int:
        """How many posts this page has served today: a robot fetches a page once and replays it."""
        return count(f"{self.usage}, page", self.cleaned_data["cle"])


class LienForm(AccessibleMixin, FormulaireProtege):
    """The form « Recevoir un nouveau lien »."""

    courriel = VotreCourrielField(
        label="adresse électronique",
        help_text="Celle que vous avez donnée la première fois.",
    )

    def __init__(self, *args, usage: str, **kwargs):
        self.usage = usage
        super().__init__(*args, **kwargs)


@contextmanager
def steady():
    """Gives all answers the same duration, or it would tell whether an address is registered.

    The worker sleeps meanwhile; docs/decisions/plain-django.md says why.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, settings.REPONSE_MINIMALE - (time.monotonic() - began)))


def count(what: str, value: str, number: int = 1, *, span: timedelta = timedelta(days=1)) -> int:
    """Counts `value` in the present span (a day at most); returns the count. `number`: how much to add."""
    now, day = timezone.now(), timezone.localdate()
    slot = int(now.timestamp() // span.total_seconds()) if span < timedelta(days=1) else 0
    return _add(of_the_day(what, str(slot), value).hex(), day, number)


def _add(empreinte: str, jour: date, number: int = 1) -> int:
    """Adds in one statement, so that two requests at once are both counted, and each gets its own result."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO formulaires_comptage (empreinte, jour, nombre) VALUES (%s, %s, %s) ON CONFLICT (empreinte) "
            "DO UPDATE SET nombre = formulaires_comptage.nombre + excluded.nombre RETURNING nombre",
            [empreinte, jour.isoformat(), number],
        )
        return cursor.fetchone()[0]


def too_many(request, usage: str, *, posts: int, span: timedelta) -> bool:
    """Whether this network has sent more than `posts` in the present span."""
    network = reseau(request)
    return bool(network) and count(f"{usage}, réseau", network, span=span) > posts


@receiver(post_save, sender=CleDuJour, dispatch_uid="comptages des jours d’avant")
def forget(**kwargs) -> None:
    """Deletes keys and counts of past days, when the key of a day is made and by a task."""
    throw_away_keys()
    Comptage.objects.filter(jour__lt=timezone.localdate()).delete()
