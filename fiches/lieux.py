"""Places of a record that agree: a commune gives intercommunalité, département and région.

Types with places extend Situee.
"""

from django.core.exceptions import ValidationError

from socle.territoires.models import Commune
from socle.territoires.prepositions import dans_le_departement
from socle.territoires.reconnaissance import Reconnaisseur


class Situee:
    """Mixin for records with `departement`, `commune` and maybe `intercommunalite`.

    Forms and files refuse contradictions (`clean`). A save corrects them: first the commune counts, then the
    département.
    """

    lus_avant = ("commune", "departement__region")
    reconnaisseur: Reconnaisseur | None = None  # shared by a batch, so that places are read once

    def clean(self):
        """If only the commune changed, the département follows."""
        super().clean()
        before = self.as_saved() if self.is_elsewhere else None
        if before and (before.commune != self.commune and before.departement_id == self.departement_id):
            self.departement_id = self.commune.departement_id
        self.check_places()

    @property
    def is_elsewhere(self) -> bool:
        """Whether the commune lies in another département than the record's."""
        both = self.commune_id and self.departement_id
        return bool(both) and self.commune.departement_id != self.departement_id

    def check_places(self) -> None:
        """ValidationError if places contradict each other."""
        if self.is_elsewhere:
            where = dans_le_departement(self.commune.departement_id, self.commune.departement.nom)
            then = "corrigez le département, ou videz-le, il suivra la commune."
            message = f"La commune, {self.commune.nom}, est {where} : {then}"
            raise ValidationError({"departement": message}, code="lieu")
        group = None if self.commune_id else getattr(self, "intercommunalite", None)
        if group and self.departement_id and self.departement_id not in (_departements(group) or {self.departement_id}):
            message = (
                f"L’intercommunalité, {group.nom}, n’a pas de commune dans ce département : corrigez l’un des deux."
            )
            raise ValidationError({"departement": message}, code="lieu")

    def follow_address(self, before: "Situee | None") -> None:
        """Set the commune that a new `adresse` names for sure; chosen places stay.

        `before`: the record as stored, None if new. A commune that its address does not name was chosen; so was a
        département other than the commune's.
        """
        known = before.commune if before else None
        if (before is None or self.adresse != before.adresse) and self.commune == known:
            places = self.reconnaisseur or Reconnaisseur()
            if known is None or known == places.find_in_address(before.adresse):
                found = places.find_in_address(self.adresse)
                old = known and known.departement_id
                chosen = self.departement_id and self.departement_id != old
                if not (found and chosen and found.departement_id != self.departement_id):
                    self.commune = found
        self.settle_places()

    def settle_places(self) -> None:
        """Set the other places from the commune, or from an intercommunalité that lies in one département."""
        has_group = hasattr(self, "intercommunalite_id")
        if self.commune_id:
            self.departement_id = self.commune.departement_id
            if has_group:
                self.intercommunalite_id = self.commune.intercommunalite_id
        elif has_group and self.intercommunalite_id:
            where = _departements(self.intercommunalite)
            if self.departement_id is None and len(where) == 1:
                self.departement_id = where.pop()
            elif self.departement_id and where and self.departement_id not in where:
                self.intercommunalite = None


def _departements(group) -> set[str]:
    """The départements of a group's communes; empty if no commune is known."""
    rows = Commune.objects.filter(intercommunalite=group).order_by()
    return set(rows.values_list("departement", flat=True).distinct())
