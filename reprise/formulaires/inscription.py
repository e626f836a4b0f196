"""Registrations: the labels of the old form, in its order, and how its fields become ours."""

from django.core.management.base import CommandError

from participants.evenements.models import Evenement
from participants.inscriptions import places
from participants.inscriptions.attribution import lock_all
from participants.inscriptions.models import Inscription
from participants.models import DEMONSTRATION
from reprise import formulaires
from reprise.fields import Libelle
from reprise.lecture import AnomalieLue
from reprise.models import TypeAnomalie, digest
from reprise.participants import ParticipantSaver, RepriseParticipant
from socle.francais.texte import fold

JOURNEE = "Je serai présent.e toute la journée :"
REPONSES = {"oui": True, "non": False}


def without_courriel(cle: str) -> str:
    return cle.rpartition(" | ")[0]


class InscriptionSaver(ParticipantSaver):
    """Saves registrations, and ties them to the event given by `--evenement`: the dump names none."""

    def __init__(self, reprise, rapport):
        super().__init__(reprise, rapport)
        self.slug = rapport.options.get("evenement", "")

    def _begin(self):
        super()._begin()
        self.named: dict[str, list[Inscription]] = {}  # rows from before this run
        for cle, row in self.rows.items():
            self.named.setdefault(without_courriel(cle), []).append(row)

    def _remove_demo(self):
        lock_all(self.model.objects.filter(source=DEMONSTRATION).values_list("evenement", flat=True))
        return super()._remove_demo()

    def _find(self, cle, valeurs):
        """If one source hides the address, the name is enough, provided that one person only has it."""
        found = super()._find(cle, valeurs)
        if found or "\t" in cle:
            return found
        hidden = "courriel" not in valeurs.champs
        named = without_courriel(cle)
        rows = [row for row in self.named.get(named, ()) if row.pk not in self.met]
        rows = [row for row in rows if hidden or "courriel" not in row.valeurs]
        if len(rows) != 1:
            return None
        (row,) = rows
        if not hidden:
            self._call(row, cle)
        return row

    def _is_left_out(self, cle, valeurs):
        hidden = "courriel" not in valeurs.champs
        return super()._is_left_out(cle, valeurs) or (hidden and digest(without_courriel(cle)) in self.left_out)

    def _update(self, row, lue, valeurs):
        etat = super()._update(row, lue, valeurs)
        return "modifiees" if etat == "inchangees" and self.slug and row.evenement_id is None else etat

    def link(self):
        """Ties registrations last, since the events of the dump come after them."""
        if self.slug:
            evenement = Evenement.objects.in_use().filter(slug=self.slug).first()
            if evenement is None:
                raise CommandError(
                    f"L’événement « {self.slug} » n’existe pas : donnez la dernière partie de l’adresse de sa page. "
                    "Rien n’a été enregistré."
                )
            free = [row.pk for row, _, _ in self.saved if row.evenement_id is None]
            places.attach(evenement, free)
            return
        for row, name, ligne in self.saved:
            if row.evenement_id is None:
                self.note(row, AnomalieLue(TypeAnomalie.EVENEMENT_A_PRECISER, name, "", ligne, ""))


@formulaires.add
class InscriptionReprise(RepriseParticipant):
    cle = "inscription"
    model = Inscription
    saver = InscriptionSaver
    titre = "prenom"  # the form prints no title: the first name is a line like others
    sans_titre = True
    identite = ("prenom", "nom", "courriel")
    libelles = {
        "Prénom": Libelle("prenom", "ligne"),
        "NOM": Libelle("nom", "ligne"),
        "Organisation": Libelle("organisation", "ligne"),
        "Courriel": Libelle("courriel", "courriel"),
        JOURNEE: Libelle(genre="choix", autres=("journee_entiere",)),
        "Commentaire libre": Libelle("commentaire"),
    }

    def read_more(self, lue, said, valeurs):
        answer = said.get(JOURNEE, "").strip()
        if fold(answer) in REPONSES:
            valeurs.champs["journee_entiere"] = REPONSES[fold(answer)]
        elif answer:
            valeurs.anomalies.append(("non_attribuee", JOURNEE, answer))
