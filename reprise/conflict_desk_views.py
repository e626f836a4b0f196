"""The page of a record's open conflicts at the desk: ours and theirs side by side, a choice for each field."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from fiches.acces import admin_url, change_url
from fiches.desk_base import desk_page
from fiches.models import Fiche
from fiches.suivi.comparaison import ADDED, REMOVED, compare_texts
from fiches.suivi.historique import MovedOn, author, versions
from fiches.textes import SEPARATEUR, as_text
from reprise.models import Conflit
from reprise.resolution import DecisionRefusee, decide, label_of
from reprise.settling import changeable_entries
from socle.annuaire.models import Entree
from socle.francais.mots import moment, pluriel
from socle.francais.nombres import whole
from socle.francais.valeurs import TYPED, Illisible, as_words, read_words

GARDER, PRENDRE = "garder", "prendre"


def conflicts_url(pk: int) -> str:
    """Address of the page of a record's conflicts."""
    return reverse("admin:reprise_conflit_fiche", args=[pk])


def to_decide(site, request):
    """Entries of the records with open conflicts that this person may decide on, in the order they are offered."""
    return changeable_entries(site, request).filter(pk__in=Conflit.objects.open().values("entree")).order_by("pk")


def following(entries, pk: int) -> str:
    """Address of the page of the next record but `pk`, of the first one behind the last; "" if there is none."""
    others = entries.exclude(pk=pk)
    found = others.filter(pk__gt=pk).first() or others.first()
    return conflicts_url(found.pk) if found else ""


@dataclass
class ChampEnConflit:
    """A field in conflict as its page shows it: ours as it stands now, theirs, words that only one side has marked."""

    conflit: Conflit
    fiche: Fiche
    choix: str = ""
    erreur: str = ""

    @property
    def label(self) -> str:
        return label_of(type(self.fiche), self.conflit.champ)

    @property
    def cotes(self):
        """[(title, choice, pieces)] of the two sides; no pieces for an empty one."""
        champ = self.conflit.champ
        now = as_text(getattr(self.fiche, champ)) if hasattr(self.fiche, champ) else self.conflit.ici
        pieces = compare_texts(readable(type(self.fiche), champ, now), self.theirs)
        ours = [piece for piece in pieces if piece.kind != ADDED]
        theirs = [piece for piece in pieces if piece.kind != REMOVED]
        return [("Le nôtre", GARDER, ours), ("L’ancien site", PRENDRE, theirs)]

    @property
    def theirs(self) -> str:
        return readable(type(self.fiche), self.conflit.champ, self.conflit.ancien_site)

    @property
    def lu(self) -> str:
        """By which a text of the old site that has changed meanwhile is known."""
        return f"{self.conflit.pk}-{hashlib.sha256(self.conflit.ancien_site.encode()).hexdigest()[:16]}"


def readable(model: type[models.Model], champ: str, texte: str) -> str:
    """A text of the takeover (`as_text`) as people read it: names for keys, a line for each of several values."""
    try:
        field = model._meta.get_field(champ)
    except FieldDoesNotExist:
        return texte
    if field.many_to_many:
        return "\n".join(texte.split(SEPARATEUR))
    if field.is_relation and texte and champ == field.attname:
        return as_words(field, texte, TYPED)
    if isinstance(field, models.DateTimeField | models.DecimalField):
        with suppress(Illisible):
            return as_words(field, read_words(field, texte))
    return str(dict(field.flatchoices).get(texte, texte)) if field.choices else texte


def open_of(fiche: Fiche) -> list[Conflit]:
    """The open conflicts of a record, in the order of its form."""
    order = [name for one in fiche._meta.get_fields() if one.concrete for name in (one.name, one.attname)]
    rows = Conflit.objects.open().filter(entree=fiche.pk)
    return sorted(rows, key=lambda row: (order.index(row.champ) if row.champ in order else len(order), row.pk))


def conflicts_view(site, request, pk):
    """The open conflicts of a record, and what is decided of them."""
    entree = Entree.objects.in_use().filter(pk=pk).first()
    if entree is None:
        raise Http404("Cette fiche n’existe pas ou n’existe plus.")
    fiche = entree.fiche
    model_admin = site.get_model_admin(type(fiche))
    if not model_admin.has_change_permission(request, fiche):
        raise PermissionDenied
    champs, erreur = [ChampEnConflit(conflit, fiche) for conflit in open_of(fiche)], ""
    if request.method == "POST":
        erreur = _decide(model_admin, request, fiche, champs)
        if not erreur:
            return redirect(_next(site, request, entree))
        fiche = entree.fiche
        for champ in champs:
            champ.fiche = fiche
    entries = to_decide(site, request)
    context = {
        "fiche": fiche,
        "champs": champs,
        "erreur": erreur,
        "title": "Régler les conflits",
        "subtitle": str(fiche),
        "adresse_fiche": change_url(entree),
        "adresse_liste": admin_url(Conflit, "changelist") if request.user.has_perm("reprise.view_conflit") else "",
        "restent": entries.exclude(pk=pk).count(),
        "suivante": following(entries, pk),
    }
    return desk_page(model_admin, request, "admin/reprise/conflits.html", context)


def _decide(model_admin, request, fiche: Fiche, champs: list[ChampEnConflit]) -> str:
    """Carry out what was sent; "" if it is done, else what to tell. `champs` keep what was picked."""
    seen, read = whole(request.POST.get("version_lue", ""), 9), set(request.POST.getlist("lu"))
    for champ in champs:
        champ.choix = request.POST.get(f"choix-{champ.conflit.pk}", "")
    chosen = {key: [champ.conflit for champ in champs if champ.choix == key] for key in (GARDER, PRENDRE)}
    if champs and not any(chosen.values()):
        return "Choisissez ce que devient au moins un champ, puis enregistrez."
    try:
        if read != {champ.lu for champ in champs} or seen is None:
            raise MovedOn(fiche)
        with transaction.atomic():
            take, keep = chosen[PRENDRE], chosen[GARDER]
            saved = decide(fiche, take=take, keep=keep, seen=seen, user=request.user)
            model_admin.log_change(request, saved, "Conflits réglés.")
    except MovedOn:
        last = versions(type(fiche), fiche.pk).first()
        who = f" Dernière version : le {moment(last.history_date)}, par {author(last)}." if last else ""
        return (
            "La fiche ou l’ancien site a changé pendant que vous choisissiez. Rien n’a été enregistré, vos choix sont "
            f"gardés ci-dessous : relisez-les, puis enregistrez.{who}"
        )
    except DecisionRefusee as refus:
        for champ in champs:
            champ.erreur = refus.erreurs.get(champ.conflit.pk, "")
        why = refus.erreurs.get(None) or "Gardez le nôtre pour le champ signalé plus bas, ou corrigez-le dans la fiche."
        return f"Rien n’a été enregistré. {why}"
    count = pluriel(len(take) + len(keep), "conflit réglé", "conflits réglés")
    model_admin.message_user(request, f"« {saved} » : {count}.", messages.SUCCESS)
    return ""


def _next(site, request, entree: Entree) -> str:
    """The next record with conflicts; what is left of this one, or its form if it was the last."""
    entries = to_decide(site, request)
    if address := following(entries, entree.pk):
        return address
    if entries.exists():
        return conflicts_url(entree.pk)
    messages.info(request, "Il n’y a plus d’autre conflit à régler.")
    return change_url(entree)
