"""Tells the operator, at the end of a takeover, what was taken over, what waits, what is missing, and how to go on."""

from collections import Counter

from django.conf import settings

from fiches import registre
from reprise import formulaires
from reprise.lecture import INCONNU
from reprise.models import Anomalie, TypeAnomalie
from reprise.saver import persons_alone
from socle.francais.wording import entier, pluriel
from socle.sauvegardes.commande import manage

SHOWN = 20  # names in a list
KINDS = dict(Anomalie.Type.choices) | dict(TypeAnomalie.choices)
UNITES = {
    "texte": ("ligne lue", "lignes lues"),
    "json": ("valeur lue", "valeurs lues"),
}


class Telling:
    """Mixin of the command; uses its `stdout`, `stderr` and `style`."""

    def tell(self, result, formulaires):
        lignes, write = result.lignes, self.stdout.write
        ecartees = pluriel(lignes["ecartees"], "écartée, indésirable ou secrète", "écartées, indésirables ou secrètes")
        total = pluriel(lignes["total"], *UNITES[result.format])
        write(f"{total}, {entier(lignes['non_attribuees'])} sans champ, {ecartees}")
        for cle, counts in result.fiches.items():
            if counts["lues"]:
                noms, told = figures(cle, counts)
                if cle == INCONNU:
                    told += ", gardée comme anomalie" if counts["lues"] == 1 else ", gardées comme anomalies"
                write(f"  {noms} : {told}")
        for known in formulaires:
            if known.type == INCONNU and known.nombre:
                count = pluriel(known.nombre, "fiche", "fiches")
                write(self.style.WARNING(f"Formulaire {form_name(known.ancien)} : non reconnu, {count} de côté."))
        if result.demo_retirees:
            gone = pluriel(result.demo_retirees, "fiche", "fiches")
            write(f"  {gone} de démonstration {'a' if result.demo_retirees == 1 else 'ont'} laissé la place")
        if result.anomalies:
            count = pluriel(len(result.notes), "anomalie", "anomalies")
            met = len(result.anomalies) - len(result.a_part)
            again = met - len(result.notes)
            details = f" : {entier(met)} lignes du rapport, dont {pluriel(again, 'répétition', 'répétitions')}"
            where = "espace de rédaction ou --rapport"
            write(self.style.WARNING(f"{count} à regarder ({where}){details if again else ''}"))
            kinds = Counter(rows[0]["type"] for rows in result.notes.values())
            for kind, number in kinds.most_common():
                write(f"  {KINDS.get(kind, kind)} : {entier(number)}")
        if result.a_part:
            apart = pluriel(len(result.a_part), "fiche", "fiches")
            write(
                self.style.WARNING(
                    f"{apart} d’un formulaire non reconnu, où figurent des personnes : leur texte n’est que dans le "
                    f"rapport (--rapport). Dites ce qu’il est avec --formulaire."
                )
            )

    def tell_conflicts(self, result):
        count = pluriel(len(result.conflits), "fiche a changé", "fiches ont changé")
        names = [f"{titre} ({', '.join(champs)})" for titre, champs in result.conflits]
        self.warn_of(f"{count} ici et sur l’ancien site, à régler dans l’espace de rédaction :", names)

    def tell_waiting(self, result, again, public, publier):
        """Says what waits for an editor, why, and how to publish it at once."""
        if result.relire:
            self.tell_why(result, again, public, publier)
            self.list_names(result.relire)

    def tell_why(self, result, again, public, publier):
        write = self.stdout.write
        count = pluriel(len(result.relire), "fiche est « à relire »", "fiches sont « à relire »")
        if not result.a_publier:
            write(f"{count} : l’ancien site les disait en attente. Relisez-les dans l’espace de rédaction.")
            return
        if publier:
            write(
                self.style.WARNING(
                    f"{count} : une reprise d’avant y a mis des valeurs que cette source ne dit pas, et que "
                    "l’ancien site cachait peut-être. Relisez-les dans l’espace de rédaction, ou relancez --publier "
                    "avec l’export qui contient ces valeurs, si tout y était public."
                )
            )
            return
        why = (
            f"{public} ne les montre pas, ou pas en entier"
            if public
            else "rien ne dit que l’ancien site les montrait en entier à tous, un export peut contenir ce que seul un "
            "compte y voyait"
        )
        write(self.style.WARNING(f"{count} : {why}. Relisez-les dans l’espace de rédaction."))
        if public:
            return
        write("  Si vous avez ce que voyait un visiteur (son adresse, ou un export JSON fait sans compte), dites-le :")
        write(f"    {manage()} {again.replace(' --publier', ' --public SOURCE', 1)}")
        write(f"  Si tout était public, jusqu’au dernier champ, publiez-les d’un coup :\n    {manage()} {again}")

    def tell_absent(self, result):
        count = pluriel(len(result.absentes), "fiche reprise", "fiches reprises")
        verb = "n’est plus" if len(result.absentes) == 1 else "ne sont plus"
        self.warn_of(
            f"{count} de cet ancien site {verb} dans cette source : supprimées là-bas, ou cachées aux visiteurs. "
            f"Rien n’est retiré ici, à vous d’en décider :",
            [f"{row['fiche']} ({settings.SITE_URL}{row['adresse']})" for row in result.absentes],
        )

    def tell_binned(self, result):
        count = pluriel(len(result.corbeille), "fiche de cette source est", "fiches de cette source sont")
        self.warn_of(f"{count} ici à la corbeille, et y restent telles quelles :", result.corbeille)

    def tell_files(self, fichiers, simulation):
        joints = len(fichiers.joints)
        if simulation:
            done = "serait joint" if joints < 2 else "seraient joints"
            self.stdout.write(f"{pluriel(joints, 'fichier', 'fichiers')} {done} depuis {fichiers.dossier}")
            self.list_names(fichiers.joints)
        else:
            self.stdout.write(f"{pluriel(joints, 'fichier joint', 'fichiers joints')} depuis {fichiers.dossier}")
        for nom in fichiers.vides:
            self.stderr.write(self.style.WARNING(f"  {nom} n’a pas été joint : ce fichier est vide."))
        kept = "serait gardé" if simulation else "est gardé"
        for nom, why in sorted(fichiers.gardes.items()):
            self.stderr.write(self.style.WARNING(f"  {nom} {kept} pour l’équipe seule. {why}"))
        if fichiers.seuls:
            self.stdout.write(f"{pluriel(len(fichiers.seuls), 'fichier', 'fichiers')} qu’aucune fiche ne nomme :")
            self.list_names(fichiers.seuls)

    def warn_of(self, text, noms):
        """Writes a warning and its names; nothing without names."""
        if noms:
            self.stdout.write(self.style.WARNING(text))
            self.list_names(noms)

    def list_names(self, noms):
        for nom in noms[:SHOWN]:
            self.stdout.write(f"  {nom}")
        if len(noms) > SHOWN:
            self.stdout.write(f"  … et {pluriel(len(noms) - SHOWN, 'autre', 'autres')}")


def form_name(ancien) -> str:
    """« 3 « Blog-actu » »."""
    return f"{ancien.numero} « {ancien.nom} »" if ancien.nom else ancien.numero or "sans numéro"


def words(cle: str) -> tuple[str, bool]:
    """(French plural of a type, whether it is feminine)."""
    for declaration in registre.types():
        if declaration.cle == cle:
            return declaration.nom_pluriel, declaration.feminin
    reprise = formulaires.get(cle)  # of persons: inscriptions, explorations; None if that type has left
    return str(reprise.model._meta.verbose_name_plural) if reprise else "fiches de type inconnu", True


# {key in the figures of a run: word for it}; {e} marks the feminine.
MOTS = {
    "lues": "lu{e}",
    "creees": "créé{e}",
    "modifiees": "modifié{e}",
    "publiees": "publié{e}",  # an earlier run left these « à relire »
    "inchangees": "inchangé{e}",
}


def figures(cle: str, counts: dict[str, int]) -> tuple[str, str]:
    """Returns the plural of a type, and what a run did: « 3 lues, 1 créée, 2 en conflit »."""
    noms, feminin = words(cle)
    mots = {etat: mot.format(e="e" if feminin else "") for etat, mot in MOTS.items()}
    told = {etat: pluriel(counts[etat], mot, f"{mot}s") for etat, mot in mots.items() if counts.get(etat)}
    if "modifiees" in told:
        told["modifiees"] += persons_alone(counts)
    if "publiees" in told:
        told["publiees"] += " après avoir attendu"
    if counts.get("conflits"):
        told["conflits"] = f"{entier(counts['conflits'])} en conflit"
    return noms, ", ".join(told.values())
