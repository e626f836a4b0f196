"""Events of the old site: the one label of their form, and what their titles and texts tell besides."""

from fiches import registre
from fiches.registre import Formulaire
from fiches.reprise import RepriseFiche
from participants.evenements.models import Evenement


class EvenementReprise(RepriseFiche):
    model = Evenement
    textes = {"Résumé": "resume"}

    def make_room(self, demo):
        """One that holds a registration made or edited here stays; those of demo leave with theirs."""
        gone = 0
        for evenement in demo:
            inscriptions = list(evenement.inscriptions.all())
            if all(inscription.is_unedited_demo for inscription in inscriptions):
                for row in (*inscriptions, evenement):
                    row.delete()
                gone += len(inscriptions) + 1
        return gone

    def complete(self, fiche, valeurs):
        fiche.find_link()


registre.add_formulaire(
    Formulaire(
        cle="evenement",
        labels=("Résumé",),
        titres_sans_corps=1,
        date_au_titre=True,
    ),
    reprise=EvenementReprise,
)
