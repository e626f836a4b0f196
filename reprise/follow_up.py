"""Where each anomaly is settled, which change of its record settles it, and which anomaly comes next."""

from collections.abc import Callable

from django.contrib import messages
from django.db import models
from django.utils.html import format_html

from fiches import registre
from fiches.acces import admin_url, change_url
from fiches.attached import Contact, FichierInterne
from fiches.models import Fiche
from fiches.textes import as_text
from reprise import formulaires
from reprise.fields import Formulaire
from reprise.models import Anomalie, Origine
from reprise.resolution import differences
from reprise.settling import changeable_entries
from socle.vie_privee.public_text import as_written

T = Anomalie.Type
# Settled by a decision on the anomaly's own page.
ON_ITS_PAGE = (T.CONTENU_INDESIRABLE, T.TYPE_INCONNU, T.DOUBLON_PROBABLE, T.CHANGE_DES_DEUX_COTES)
# The part of a record's form that settles it, where its label does not name the field.
PARTS = {
    T.TITRE_MANQUANT: "id_titre",
    T.MONTANT_A_VERIFIER: "id_montant_eur",
    T.LIEU_A_VERIFIER: "id_commune",
    T.VERSION_PROBABLE: "id_remplace",
    T.COURRIEL_INVALIDE: "contacts-group",
    T.FICHIER_INTERNE: "fichiers_internes-group",
    T.EVENEMENT_A_PRECISER: "id_debut",
}


def settled_at(anomalie: Anomalie) -> str:
    """The address where an anomaly is settled: a field of its record's form, else its own page."""
    if anomalie.entree is None or anomalie.type in ON_ITS_PAGE:
        return admin_url(anomalie, "change", anomalie.pk)
    part = PARTS.get(anomalie.type) or next((f"id_{name}" for name in _fields(anomalie)), "")
    return f"{change_url(anomalie.entree)}{'#' if part else ''}{part}"


def _fields(anomalie: Anomalie) -> list[str]:
    reprise = formulaires.get(anomalie.entree.type)
    if reprise is None:
        return []
    names = [reprise.filled_by(anomalie.champ), *reprise.fields_under(anomalie.champ)]
    return [name.removesuffix("_id") for name in names if name]


def to_settle(site, request, type: str) -> models.QuerySet:
    if not request.user.has_perm("reprise.change_anomalie"):
        return Anomalie.objects.none()
    mine = models.Q(entree=None) | models.Q(entree__in=changeable_entries(site, request))
    return Anomalie.objects.open().filter(mine, type=type).select_related("entree").order_by("pk")


def settle_seen(fiche: Fiche, user=None) -> list[Anomalie]:
    """Settles and returns the open anomalies of a record that no longer hold."""
    open_ones = list(Anomalie.objects.open().filter(entree=fiche.pk).select_related("entree"))
    reprise = formulaires.get(registre.for_model(type(fiche)).cle) if open_ones else None
    if reprise is None:
        return []
    said = Origine.objects.filter(pk=fiche.pk).values_list("valeurs", flat=True).first() or {}
    look = _Look(as_written(fiche), reprise, said)
    seen = [anomalie for anomalie in open_ones if look.is_over(anomalie)]
    if seen:
        Anomalie.objects.filter(pk__in=[anomalie.pk for anomalie in seen]).settle(user)
    return seen


class _Look:
    """A record now, beside what the old site said of it."""

    def __init__(self, fiche: Fiche, reprise: Formulaire, said: dict[str, str]):
        self.fiche, self.reprise, self.said = fiche, reprise, said

    def is_over(self, anomalie: Anomalie) -> bool:
        rule = RULES.get(anomalie.type)
        return rule is not None and rule(self, anomalie)

    def is_filled(self, anomalie) -> bool:
        champ = self.reprise.filled_by(anomalie.champ)
        return bool(champ and getattr(self.fiche, champ))

    def has_file(self, anomalie) -> bool:
        return self.is_filled(anomalie) or self.reprise.files_of(self.fiche).get(anomalie.texte, False)

    def is_another(self, anomalie) -> bool:
        return any(self._now(name) != self.said.get(name, "") for name in self.reprise.fields_under(anomalie.champ))

    def is_there(self, anomalie) -> bool:
        """A field holds its text, which the old site did not put there."""
        texte = anomalie.texte.strip()
        named = {f.name for f in self.fiche._meta.concrete_fields if f.editable and not f.is_relation}
        return bool(texte) and any(texte in self._now(name) and texte not in self.said.get(name, "") for name in named)

    def is_gone(self, anomalie) -> bool:
        return not any(anomalie.texte in self._now(name) for name in self.fiche.textes)

    def says_the_same(self, anomalie) -> bool:
        return not differences(self.fiche, anomalie.valeurs)

    def has_thrown_away(self, anomalie) -> bool:
        """The team no longer keeps that file."""
        return not FichierInterne.objects.filter(entree=self.fiche.pk, nom_origine=anomalie.texte).exists()

    def has_no_such_person(self, anomalie) -> bool:
        rows = Contact.objects.filter(entree=self.fiche.pk).values_list("nom", "courriel")
        return not any(anomalie.texte in " ".join(row) for row in rows)

    def _now(self, name: str) -> str:
        return as_text(getattr(self.fiche, name))


RULES: dict[str, Callable[[_Look, Anomalie], bool]] = {
    T.LIEN_VIDE: _Look.is_filled,
    T.TITRE_MANQUANT: lambda look, _: look.fiche.titre != look.said.get("titre", ""),
    T.DEFINITION_MANQUANTE: _Look.is_filled,
    T.FICHIER_MANQUANT: _Look.has_file,
    T.MONTANT_A_VERIFIER: _Look.is_another,
    T.LIEN_A_VERIFIER: _Look.is_another,
    T.LIEU_A_VERIFIER: lambda look, _: look.fiche.commune_id is not None,
    T.DEPARTEMENT_INCONNU: lambda look, _: look.fiche.departement_id is not None,
    T.VERSION_PROBABLE: lambda look, _: getattr(look.fiche, "remplace_id", None) is not None,
    T.NON_ATTRIBUEE: _Look.is_there,
    T.VALEUR_RESERVEE: _Look.is_there,
    T.BALISAGE_INCONNU: _Look.is_gone,
    T.COURRIEL_INVALIDE: _Look.has_no_such_person,
    T.FICHIER_INTERNE: _Look.has_thrown_away,
    T.CHANGE_DES_DEUX_COTES: _Look.says_the_same,
}


def settle_seen_of_person(row, user=None) -> None:
    """Settles what was odd in a person's address, once the address has changed."""
    odd = row.anomalies.model.objects.open().filter(participant=row.pk, type=T.COURRIEL_INVALIDE)
    odd.exclude(texte=row.courriel).settle(user)


def tell_settled(site, request, seen: list[Anomalie]) -> None:
    """Tells the editor which anomalies are settled, with a link to the next one like the last."""
    last = seen[-1]
    said = f"C’est réglé : {', '.join(dict.fromkeys(one.get_type_display() for one in seen))}."
    messages.success(request, format_html("{} {}", said, next_link(site, request, last)))


def next_link(site, request, anomalie: Anomalie) -> str:
    """« La suivante (18 à régler) »: a link to the next open one of that type; "" if none."""
    rows = list(to_settle(site, request, anomalie.type))
    if not rows:
        return ""
    following = next((row for row in rows if row.pk > anomalie.pk), rows[0])
    return format_html('<a href="{}">La suivante</a> ({} à régler)', settled_at(following), len(rows))


def initial_of(anomalie: Anomalie, model: type[Fiche]) -> dict[str, str]:
    """First values for the form of a new record: title and text of the record of unknown type."""
    titre, _, texte = anomalie.texte.partition("\n")
    fields = model._meta.concrete_fields
    texts = model.textes or [field.name for field in fields if isinstance(field, models.TextField)]
    return {"titre": titre, texts[0]: texte}
