"""`manage.py rejouer_effacements`: after a restore, erases again what was erased since, and only that."""

from django.core.management.base import BaseCommand

from socle.vie_privee import erasure_list, gestes, personnes
from socle.vie_privee.models import Effacement
from socle.vie_privee.purge import compact


class Command(BaseCommand):
    help = (
        "Après la restauration d’une sauvegarde, efface de nouveau ce qui a été effacé depuis, par l’équipe ou par les "
        "personnes elles-mêmes. Ce qui est venu après l’effacement reste. "
        "Après une reprise de l’ancien site, ajoutez --tout."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--tout",
            action="store_true",
            help="rejoue aussi ce que cette base a déjà effacé, sur ce qui vient de l’ancien site (après une reprise)",
        )

    def handle(self, *, tout, **options):
        missed = erasure_list.missed()
        done = gestes.replay(missed)
        people, refused = self._erase(missed, tout=tout)
        unknown = [line for line in missed if not gestes.is_known(line)]
        erasure_list.settle([line for line in missed if line.empreinte not in refused and line not in unknown])
        if people or done:
            compact()
        self.stdout.write(f"Effacements à refaire : {len(missed)}.")
        self.stdout.write(f"Adresses retrouvées, dont tout est effacé : {people}.")
        self.stdout.write(f"Inscriptions et fiches effacées ou retirées une à une : {done}.")
        if unknown:
            self.stderr.write(
                self.style.WARNING(
                    f"Laissées, cette version du site ne sachant pas les refaire : {len(unknown)}. "
                    "Mettez le site à jour, puis relancez cette commande."
                )
            )
        if refused:
            self.stderr.write(
                self.style.WARNING(f"Laissées, leur adresse étant celle d’un compte encore ouvert : {len(refused)}.")
            )

    def _erase(self, missed, *, tout) -> tuple[int, set[str]]:
        """(persons erased, digests of those refused)."""
        wanted = {line.empreinte: (line.efface_le, False) for line in missed if not line.genre}
        if tout:
            known = Effacement.objects.filter(genre="")
            wanted = {line.empreinte: (line.efface_le, True) for line in known} | wanted
        people, refused = 0, set()
        for adresse in list(erasure_list.addresses(wanted)) if wanted else ():
            moment, known = wanted[erasure_list.digest(adresse)]
            try:
                people += bool(personnes.forget_again(adresse, moment=moment, known=known).total)
            except personnes.CompteOuvert:
                refused.add(erasure_list.digest(adresse))
        return people, refused
