"""Files that are kept already: what they would be if they came today, said, then done with `--appliquer`."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from fiches.assainissement import Soin, look, mend, tidy
from socle.francais.wording import pluriel

FAIT = {
    Soin.REDESSINER: ("image redessinée", "images redessinées"),
    Soin.REECRIRE: ("document réécrit sans son auteur", "documents réécrits sans leur auteur"),
    Soin.RETIRER: ("document avec macros retiré du public", "documents avec macros retirés du public"),
    Soin.REGARDER: ("fichier à regarder", "fichiers à regarder"),
}
A_FAIRE = {
    Soin.REDESSINER: ("image à redessiner", "images à redessiner"),
    Soin.REECRIRE: ("document à réécrire sans son auteur", "documents à réécrire sans leur auteur"),
    Soin.RETIRER: ("document avec macros à retirer du public", "documents avec macros à retirer du public"),
    Soin.REGARDER: ("fichier à regarder", "fichiers à regarder"),
}


class Command(BaseCommand):
    help = (
        "Dit quels fichiers déjà déposés ne sont pas comme ceux qu’on dépose aujourd’hui : images trop grandes ou qui "
        "disent où elles ont été prises, documents qui nomment leur auteur, documents avec macros. Avec --appliquer, "
        "redessine les images, ôte le nom des auteurs et retire du public les documents avec macros, que l’équipe "
        "garde dans le formulaire de la fiche. Sans risque à relancer."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--appliquer", action="store_true", help="fait ce qui est dit, au lieu de le dire seulement"
        )

    def handle(self, *, appliquer, verbosity, **options):
        done, left = Counter(), Counter()
        try:
            if appliquer:
                tidy()
            for found in look():
                mended = appliquer and mend(found)
                (done if mended else left)[found.soin] += 1
                if verbosity:
                    self.tell(found, mended)
        except OSError as error:
            raise CommandError(
                f"Arrêt : un fichier n’a pas pu être lu ou écrit ({error.strerror or error}). Faites de la place, ou "
                "vérifiez les droits, puis relancez : ce qui est fait l’est, rien n’est perdu."
            ) from error
        said = [pluriel(done[soin], *FAIT[soin]) for soin in Soin if done[soin]]
        said += [pluriel(left[soin], *A_FAIRE[soin]) for soin in Soin if left[soin]]
        if verbosity or left:
            self.stdout.write(f"{', '.join(said)}." if said else "Tous les fichiers sont comme ceux d’aujourd’hui.")
        if any(left[soin] for soin in Soin if soin != Soin.REGARDER) and not appliquer:
            self.stdout.write("Rien n’a été changé : relancez avec --appliquer.")

    def tell(self, found, mended):
        what = FAIT[found.soin][0] if mended else A_FAIRE[found.soin][0]
        whose = f" (fiche « {found.entree.titre} », n° {found.entree.pk})" if found.entree else ""
        self.stdout.write(f"{found.nom}{whose} : {what}. {found.raison}".rstrip())
