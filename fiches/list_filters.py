"""Filters of the desk's lists of records."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from fiches.suivi import doublons, fraicheur
from socle.annuaire.models import Statut
from socle.bureau.list_filters import CaseListFilter

OLD = timedelta(days=2 * 365)


def _themed(model) -> Exists:
    return Exists(model.themes.through.objects.filter(**{model._meta.model_name: OuterRef("pk")}))


class ClassementListFilter(CaseListFilter):
    title = "classement"
    parameter_name = "classement"

    def cases_of(self, model):
        themed = _themed(model)
        return [
            ("aucun", "sans thème", ~themed),
            ("automatique", "thèmes proposés automatiquement", Q(themed, themes_automatiques=True)),
            ("choisi", "thèmes choisis par la rédaction", Q(themed, themes_automatiques=False)),
        ]


class AReprendreListFilter(CaseListFilter):
    title = "entretien"
    parameter_name = "a_reprendre"
    cases = [
        # Compared with all records, not only those listed: a draft may double a published one.
        ("doublon", "doublons possibles", doublons.doubled),
        (
            "ancienne",
            "publiées, inchangées depuis deux ans",
            lambda rows: rows.filter(statut=Statut.PUBLIEE, modifiee_le__lt=timezone.now() - OLD),
        ),
    ]


class FraicheurListFilter(CaseListFilter):
    """Records to check again: all, one's own, those of nobody."""

    title = "relecture"
    parameter_name = "relecture"

    def cases_of(self, model):
        cle = registre.for_model(model).cle

        def due(narrow):
            return lambda rows: rows.filter(pk__in=narrow(fraicheur.due(cle)).values("pk"))

        def mine(entries):
            return entries.filter(veille__responsable=self.request.user)

        return [
            ("due", "à revérifier", due(lambda entries: entries)),
            ("moi", "à revérifier, confiées à moi", due(mine)),
            ("sans", "à revérifier, sans personne chargée", due(fraicheur.orphans)),
        ]


class ManqueListFilter(CaseListFilter):
    """Records without themes, or without a value that the type expects."""

    title = "ce qui manque"
    parameter_name = "manque"

    def cases_of(self, model):
        return [(cle, label, registre.lacks(model, cle)) for cle, label in expected(model).items()]


def expected(model: type[Fiche]) -> dict[str, str]:
    """{field names joined by « + »: words for a record with none of them}."""
    return {"themes": "sans thème"} | registre.for_model(model).attendus
