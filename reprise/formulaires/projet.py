"""Projects: the labels of the old form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from projets.models import Annexe, Projet
from projets.montant import parse_montant
from reprise import formulaires
from reprise.fields import Formulaire, Libelle, hang
from reprise.models import Anomalie
from reprise.versions import alike, later_versions, link_version, split_version

DEPARTEMENT = "Département"
MONTANT = "Montant du financement France Relance"
RUBRIQUE = Libelle(genre="rubrique")


@formulaires.add
class ProjetReprise(Formulaire):
    cle = "projet"
    model = Projet
    libelles = {
        "1.IDENTIFICATION": RUBRIQUE,
        "La collectivité": RUBRIQUE,
        "Nom de la collectivité": Libelle("collectivite", "ligne"),
        DEPARTEMENT: Libelle(genre="choix", autres=("departement_id",)),
        "Référent du projet": Libelle(genre="ligne", personne=(Contact.Role.REFERENT, "nom")),
        "2.DESCRIPTION DU PROJET": RUBRIQUE,
        "Description synthétique du projet": Libelle("description"),
        "Objectifs": Libelle("objectifs"),
        MONTANT: Libelle("montant_source", "ligne", autres=("montant_eur",)),
        "3.SUIVI DU PROJET": RUBRIQUE,
        "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE": RUBRIQUE,
        "5.ANNEXES": RUBRIQUE,
        "Annexe financière Chorus": Libelle(genre="fichier"),
    }
    complet = True
    fichiers_publics = False  # annexes

    def read_more(self, lue, said, valeurs):
        departement, collectivite = said.get(DEPARTEMENT, ""), valeurs.champs.get("collectivite", "")
        code = self.places.parse_departement(departement) if departement else None
        if departement and code is None:
            valeurs.anomalies.append(("departement_inconnu", DEPARTEMENT, departement))
        elif self._is_elsewhere(collectivite, code):
            valeurs.anomalies.append(("lieu_a_verifier", DEPARTEMENT, departement))
        if code or (code := self._departement_of(collectivite)):
            valeurs.champs["departement_id"] = code
        if texte := said.get(MONTANT, ""):
            montant = parse_montant(texte)
            valeurs.champs["montant_eur"] = montant.eur
            if montant.douteux:
                valeurs.anomalies.append(("montant_a_verifier", MONTANT, texte))

    def _is_elsewhere(self, collectivite: str, code: str | None) -> bool:
        """Whether the only commune of that name lies in another département. Then only the source's département is
        kept.
        """
        commune = code and self.places.find_commune(collectivite, None)
        return bool(commune) and commune.departement_id != code and not self.places.find_commune(collectivite, code)

    def _departement_of(self, collectivite: str) -> str | None:
        """The département that the name of the authority gives. `complete` finds it too, so it must not look like an
        edit.
        """
        plain = Projet(collectivite=collectivite)
        plain.locate(self.places)
        return plain.departement_id

    def prepare(self, fiche, champs):
        named = fiche.pk and {"collectivite", "departement_id"} & champs.keys()
        if named and fiche.is_where_named(self.places):
            fiche.commune = fiche.intercommunalite = None  # not an editor's choice: looked up again from the new name

    def complete(self, fiche, valeurs):
        if fiche.is_elsewhere:
            valeurs.anomalies.append(("lieu_a_verifier", DEPARTEMENT, str(fiche.commune)))
            fiche.commune = fiche.intercommunalite = None
        fiche.locate(self.places)

    def joined(self, valeurs):
        return valeurs.joints  # the other files are annexes, never public

    def attach(self, fiche, valeurs):
        super().attach(fiche, valeurs)
        hang(fiche.annexes.all(), (nom[:300] for nom in valeurs.fichiers), lambda nom: Annexe(projet=fiche))

    def files_of(self, fiche):
        annexes = {annexe.nom_origine: bool(annexe.fichier) for annexe in fiche.annexes.all() if annexe.nom_origine}
        return super().files_of(fiche) | annexes

    def link(self, fiches):
        anomalies, known = [], alike()
        for fiche in fiches:
            if split_version(fiche.titre)[1] > 1 and not link_version(fiche, known):
                anomalies.append((fiche, "version_probable", fiche.titre))
        told = Anomalie.objects.filter(type="version_probable")
        settled = set(told.exclude(reglee_le=None).values_list("entree", flat=True))  # somebody said no
        for fiche in fiches:
            later = [one for one in later_versions(fiche, known) if one.pk not in settled]
            if tied := [one.pk for one in later if link_version(one, known)]:
                told.open().filter(entree__in=tied).settle()
        return anomalies
