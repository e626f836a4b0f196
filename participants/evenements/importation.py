"""Events from a spreadsheet: dates whose time may be unknown."""

from django.utils import timezone

from fiches.tableur.importation import Importation
from participants.evenements.dates import midnight
from socle.francais.valeurs import read_moment

DATES = ("debut", "fin")


class ImportationEvenements(Importation):
    def complete(self, fiche, before, changed, cells):
        if changed & {*DATES}:
            fiche.heure_connue = any(self._has_time(nom, fiche, changed, cells) for nom in DATES)

    @staticmethod
    def _has_time(nom, fiche, changed, cells) -> bool:
        """Whether the date has a time: in its cell if that changed, otherwise in the record."""
        if nom in changed:
            found = read_moment(cells[nom].strip())
            return bool(found and found[1])
        value = getattr(fiche, nom)
        return bool(value and fiche.heure_connue and timezone.localtime(value) != midnight(timezone.localdate(value)))
