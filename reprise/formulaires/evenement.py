"""Events: the one label of the old form, and what titles, texts and data tell besides."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from fiches.textes import as_text
from participants.evenements.dates import YEARS, midnight, split_date
from participants.evenements.models import Evenement
from reprise import formulaires
from reprise.fields import Formulaire, Libelle, one_line
from socle.francais.texte import fold
from socle.francais.valeurs import read_moment

_LINK = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
DEBUT, FIN = "Début", "Fin"
ADRESSE, CODE_POSTAL, VILLE = "Adresse", "Code postal", "Ville"


def read_date(text: str) -> tuple[datetime | None, bool]:
    """Returns (date of a start or an end, whether the time is known); (None, False) without a possible date."""
    found, timed = read_moment(text) or (None, False)
    return (found, timed) if found and found.year in YEARS else (None, False)


def only_link(text: str) -> str:
    """The only http(s) address in `text`, which leads to registration; "" if there is none or several."""
    found = {match.group().rstrip(".,;:!?…)'’\"") for match in _LINK.finditer(text)}
    if len(found) != 1:
        return ""
    link = found.pop()
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        return ""
    return link if len(link) <= 500 else ""


@formulaires.add
class EvenementReprise(Formulaire):
    cle = "evenement"
    model = Evenement
    libelles = {
        "Résumé": Libelle("resume", autrement="Description"),  # as in the agenda of a wiki
        # A blog has a « Résumé » too.
        DEBUT: Libelle(autres=("debut", "heure_connue"), cle="bf_date_debut_evenement", exige=True),
        FIN: Libelle(autres=("fin",), cle="bf_date_fin_evenement"),
        ADRESSE: Libelle(ensemble=("adresse",), cle="bf_adresse"),
        CODE_POSTAL: Libelle(ensemble=("adresse",), cle="bf_code_postal"),
        VILLE: Libelle(ensemble=("adresse",), cle="bf_ville"),
    }
    titres_sans_corps = 1
    date_au_titre = True

    def make_room(self, demo):
        """Keeps an event with a registration made or edited here; demo registrations leave with their event."""
        gone = 0
        for evenement in demo:
            inscriptions = list(evenement.inscriptions.all())
            if all(inscription.is_unedited_demo for inscription in inscriptions):
                for row in (*inscriptions, evenement):
                    row.delete()
                gone += len(inscriptions) + 1
        return gone

    def read_more(self, lue, said, valeurs):
        debut, known = read_date(said.get(DEBUT, ""))
        fin, _ = read_date(said.get(FIN, ""))
        if debut and fin and fin < debut:
            fin = None
        if debut:
            valeurs.champs |= {"debut": debut, "heure_connue": known, **({"fin": fin} if fin else {})}
        for label, moment in ((DEBUT, debut), (FIN, debut and fin)):
            if said.get(label) and not moment:
                valeurs.anomalies.append(("non_attribuee", label, said[label]))
        town = " ".join(filter(None, (said.get(CODE_POSTAL, ""), said.get(VILLE, ""))))
        adresse = ", ".join(filter(None, (said.get(ADRESSE, ""), town)))
        if adresse:
            valeurs.champs["adresse"] = one_line(adresse, 300)
            if not all(said.get(label) for label in (ADRESSE, CODE_POSTAL, VILLE)):  # hidden from visitors
                valeurs.morceaux = frozenset(["adresse"])

    def dated(self, titre):
        rest, day = split_date(titre)
        return (fold(rest), day) if day else None

    def reconcile(self, fiche, base, valeurs):
        """A date read from the title is not an edit: the date in the old site's data replaces it.

        A title whose day is only written otherwise (« 15/11/24 », « 15/11/2024 ») is the same title.
        """
        super().reconcile(fiche, base, valeurs)
        read = self.dated(valeurs.champs[self.titre])
        known = [titre for titre in (fiche.titre, base.get(self.titre, "")) if read and self.dated(titre) == read]
        valeurs.champs[self.titre] = next(iter(known), valeurs.champs[self.titre])
        debut = valeurs.champs.get("debut")
        if debut and fiche.fin and fiche.fin < debut:
            valeurs.champs.setdefault("fin", None)
        _, day = split_date(fiche.titre)
        if "debut" not in base and day and not fiche.heure_connue and fiche.debut == midnight(day):
            base |= {name: as_text(getattr(fiche, name)) for name in ("debut", "heure_connue")}
        elif "debut" not in base and fiche.debut is None:
            base["heure_connue"] = as_text(fiche.heure_connue)

    def prepare(self, fiche, champs):
        """Clears a département that came from the old address, so that it is read again. An editor's choice stays.

        If the address gave a commune, the event follows by itself.
        """
        if fiche.pk and fiche.departement_id and fiche.commune_id is None and "adresse" in champs:
            commune = self.places.find_in_address(fiche.adresse)
            if commune and commune.departement_id == fiche.departement_id:
                fiche.departement = None

    def complete(self, fiche, valeurs):
        fiche.lien_externe = fiche.lien_externe or only_link(fiche.resume)
