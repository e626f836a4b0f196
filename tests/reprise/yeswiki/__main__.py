"""Writes the wiki's files into a folder: `python -m tests.reprise.yeswiki DOSSIER`."""

import os
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.reprise.yeswiki import ecriture
    from tests.reprise.yeswiki.site import fabriquer

    folder, site = Path(sys.argv[1]), fabriquer()
    ecriture.ecrire_json(site, folder / "json")
    (folder / "tout.json").write_bytes(ecriture.en_un_fichier(site))
    (folder / "texte.txt").write_bytes(ecriture.en_texte(site))
