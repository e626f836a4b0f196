"""The public forms of bench/indesirables.py: what people write in each, and the rows that it makes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench.envois import Envoi


@dataclass(frozen=True)
class Porte:
    """A public form. `champs`: the fields that somebody fills; `lignes`: the rows that it makes.

    `etat`: the field with the state of a row; `boite`: mails that it may send to a mailbox in a day. `action`: the
    button of its steps, "" for a form of one page; `droit`: robots post all straight to the last step.
    """

    nom: str
    adresse: str
    champs: Callable[[dict], dict]
    lignes: object
    etat: str
    boite: int
    action: str = ""
    droit: bool = False

    def states(self) -> Counter:
        return Counter(self.lignes.order_by().values_list(self.etat, flat=True))


def portes() -> dict[str, Porte]:
    from fiches.glossaire.models import Terme
    from participants.alertes.models import Alerte
    from participants.contacter.models import AvisDuMois, Signalement
    from participants.contributions.models import Contribution, FicheEnCours
    from projets.models import Projet

    projet = Projet(titre="Un portail", statut="publiee", description="Un portail pour les familles.")
    terme = Terme(titre="Guichet", statut="publiee", definition="Un lieu où l’on est reçu.")
    projet.save()
    terme.save()

    def text(said):
        return said.get("commentaire") or said.get("besoin") or "L’horaire d’été a changé."

    def proposal(field, before=""):
        def fields(said):
            known = {"source": "Je tiens le standard d’accueil.", "nom": f"{said['prenom']} {said['nom']}"}
            return known | courriel(said) | {"champ_" + field: f"{before}{text(said)}"} | titled(said, field)

        return fields

    def titled(said, field, new=("references", "enjeux")):
        return {"champ_titre": f"L’accueil de {said['nom']}"} if field in new else {}

    def courriel(said):
        return {"courriel": said["courriel"], "consentement": "on"}

    proposed = Contribution.objects

    def corrects(nom, record, field, query=""):
        said = proposal(field, f"{getattr(record, field)}\n")
        url = f"/contribuer/correction/{record.pk}/{query}"
        return Porte(nom, url, said, proposed.filter(entree=record.pk), "etat", 10)

    def steps(nom, type, url, action="continuer", droit=False):
        rows = proposed.filter(entree=None, type=type)
        return Porte(nom, f"/contribuer/{url}/", proposal("enjeux"), rows, "etat", 10, action, droit)

    found = (
        Porte(
            "fiche",
            "/contribuer/glossaire/",
            proposal("references"),
            proposed.filter(entree=None, type="terme"),
            "etat",
            10,
        ),
        steps("etapes", "initiative", "initiatives"),
        steps("tout-droit", "projet", "projets", droit=True),
        Porte(
            "plus-tard",
            "/contribuer/indemnisation/",
            proposal("enjeux"),
            FicheEnCours.objects.filter(type="enquete").exclude(courriel=""),
            "etape",
            5,
            "plus-tard",
        ),
        corrects("correction", projet, "description"),
        corrects("definition", terme, "definition", "?champ=definition"),
        Porte(
            "signaler",
            f"/signaler/{projet.pk}/",
            lambda said: {"texte": text(said), "courriel": said["courriel"]},
            Signalement.objects.all(),
            "doute",
            5,
        ),
        Porte("avis", f"/avis/{projet.pk}/", lambda said: {"avis": "oui"}, AvisDuMois.objects.all(), "oui", 0),
        Porte(
            "alertes",
            "/alertes/?type=projet",
            lambda said: courriel(said) | {"rythme": "jour"},
            Alerte.objects.all(),
            "etat",
            5,
        ),
    )
    return {porte.nom: porte for porte in found}


def arrived(porte: Porte, envois: list[Envoi]) -> int:
    """How many of these people left a row; for a vote, how many were counted."""
    from socle.courrier.mailboxes import normalise

    if porte.nom == "avis":
        return sum(porte.lignes.values_list("oui", flat=True))
    rows = Counter(porte.lignes.values_list("courriel", flat=True))
    if porte.nom == "alertes":  # one for each address
        return sum(normalise(envoi.champs["courriel"]) in rows for envoi in envois)
    return sum((rows & Counter(normalise(envoi.champs["courriel"]) for envoi in envois)).values())
