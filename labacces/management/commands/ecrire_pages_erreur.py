"""`manage.py ecrire_pages_erreur DOSSIER`: writes the error pages as files, for the server in front."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string

PAGES = ("400", "403", "413", "429", "500", "503")


class Command(BaseCommand):
    help = "Écrit les pages d’erreur en fichiers HTML, pour le serveur placé devant l’application (nginx, Caddy)."

    def add_arguments(self, parser):
        parser.add_argument(
            "dossier", type=Path, help="dossier où écrire 400.html, 403.html, 413.html, 429.html, 500.html, 503.html"
        )

    def handle(self, *args, dossier, **options):
        try:
            missing = [folder for folder in (dossier, *dossier.parents) if not folder.exists()]
            for folder in reversed(missing):
                folder.mkdir()
                folder.chmod(0o755)  # the server in front reads them under another account
            for name in PAGES:
                page = dossier / f"{name}.html"
                page.write_text(render_to_string(f"{name}.html"), encoding="utf-8")
                page.chmod(0o644)
        except OSError as error:
            raise CommandError(f"Impossible d’écrire dans {dossier} : {error.strerror}.") from error
        self.stdout.write(f"{len(PAGES)} pages écrites dans {dossier}.")
