"""Places of a record that say the same thing: a commune says its intercommunalité, its département and its région."""

from django.core.exceptions import ValidationError

from socle.territoires.models import Commune
from socle.territoires.prepositions import dans_le_departement
from socle.territoires.reconnaissance import Reconnaisseur


class Situee:
    """Mixed into a record with a `departement`, and as its type has them a `commune` and an `intercommunalite`.

    `clean` refuses what contradicts itself, for forms and files; a save never keeps it: the commune counts first, then
    the département.
    """

    def clean(self):
        super().clean()
        self.check_places()

    def check_places(self) -> None:
        """ValidationError for places that contradict each other. A commune that has just changed takes the département
        of the one before along.
        """
        commune = getattr(self, "commune", None)
        if commune and self.departement_id and self.departement_id != commune.departement_id:
            if self._was_of_the_commune_before():
                self.departement_id = commune.departement_id
            else:
                where = dans_le_departement(commune.departement_id, commune.departement.nom)
                message = f"{commune.nom} est {where} : corrigez le département, ou videz-le, il suivra la commune."
                raise ValidationError({"departement": message}, code="lieu")
        group = None if commune else getattr(self, "intercommunalite", None)
        if group and self.departement_id and self.departement_id not in (_departements(group) or {self.departement_id}):
            message = f"{group.nom} n’a pas de commune dans ce département : corrigez l’un des deux."
            raise ValidationError({"departement": message}, code="lieu")

    def _was_of_the_commune_before(self) -> bool:
        """Whether the département is that of the commune which another one has just replaced."""
        if self.pk is None:
            return False
        before = type(self)._base_manager.filter(pk=self.pk).values_list("commune", "departement").first()
        return before is not None and before[0] != self.commune_id and before[1] == self.departement_id

    def follow_address(self, before: "Situee | None") -> None:
        """Find the commune that a new `adresse` names, where that is safe; what an editor chose stays.

        `before`: the record as it is saved, None for a new one. A commune that its address does not name was chosen,
        and so was a département that is not the commune's.
        """
        known = before.commune if before else None
        if (before is None or self.adresse != before.adresse) and self.commune == known:
            places = Reconnaisseur()
            if known is None or known == places.find_in_address(before.adresse):
                found = places.find_in_address(self.adresse)
                old = known and known.departement_id
                chosen = self.departement_id and self.departement_id != old
                if not (found and chosen and found.departement_id != self.departement_id):
                    self.commune = found
        self.settle_places()

    def settle_places(self) -> None:
        """Make the places follow from the commune, or from the intercommunalité if it lies in one département."""
        commune, has_group = getattr(self, "commune", None), hasattr(self, "intercommunalite_id")
        if commune:
            self.departement_id = commune.departement_id
            if has_group:
                self.intercommunalite_id = commune.intercommunalite_id
        elif has_group and self.intercommunalite_id:
            where = _departements(self.intercommunalite)
            if self.departement_id is None and len(where) == 1:
                self.departement_id = where.pop()
            elif self.departement_id and where and self.departement_id not in where:
                self.intercommunalite = None


def _departements(group) -> set[str]:
    """The départements in which an intercommunalité has communes; none for one of which no commune is known."""
    rows = Commune.objects.filter(intercommunalite=group).order_by()
    return set(rows.values_list("departement", flat=True).distinct())
