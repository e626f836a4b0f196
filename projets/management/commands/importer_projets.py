"""`manage.py importer_projets F.csv`: the older name of `importer_fiches projet F.csv`."""

from fiches.management.commands.importer_fiches import Command as ImporterFiches


class Command(ImporterFiches):
    help = "Relit un fichier de projets, CSV ou XLSX, exporté du site et corrigé dans un tableur."

    def add_arguments(self, parser):
        self.add_file_arguments(parser)
        parser.set_defaults(type="projet")
