"""Writes a new record type from the code of docs/record-type.md, and says what is left to do.

    .venv/bin/python outils/nouveau_type.py retours

The code blocks of the page are the files. For another name, words of that type replace the words of the page.
"""

import argparse
import ast
import importlib.util
import keyword
import os
import re
import subprocess
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

PAGE = RACINE / "docs" / "record-type.md"
# A block of the page: its file, whole or in part, then its code.
_BLOCK = re.compile(r"^\*\*`([^`\n]+)`\*\*[^\n]*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAISON = ("labacces", "reprise", "projets", "participants", "fiches", "socle")
LONGUEUR_DE_CLE = 20  # characters of `Entree.type`
# The page's own type.
EXEMPLE, CLASSE, SINGULIER, PLURIEL = "retours", "Retour", "retour d’expérience", "retours d’expérience"
ACCROCHE = "Ce que d’autres ont essayé, et ce qu’ils en retiennent."
A_ECRIRE = "À écrire : ce qu’on trouve ici, en une phrase courte."
# {file: the text before its line}.
PLACES = {
    "labacces/settings.py": r'(?s:.*\n    "fiches\.\w+",\n)',
    "pyproject.toml": r'name = "Each small type is a room of its own"\n.*\nmodules = \[[^\]]*"',
    "templates/components/icones.html": r"(?s:.*</symbol>\n)",
}

# What is left to do, if it could not be done here.
MIGRATION = "Lancez .venv/bin/python manage.py makemigrations {}"
MISE_EN_FORME = "Lancez « make format »"
DESSIN = "Lancez .venv/bin/python outils/draw_house.py"


class Refus(Exception):
    """Why nothing was written, in French."""


def blocks() -> dict[str, str]:
    """{path: code} of the page: whole files, and lines to add to a file."""
    return dict(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def in_words_of(dossier: str, classe: str, singulier: str, pluriel: str, feminin: bool) -> dict[str, str]:
    words = {
        PLURIEL.capitalize(): capital(pluriel),
        in_menu(PLURIEL): in_menu(pluriel),
        PLURIEL: pluriel,
        SINGULIER: singulier,
        EXEMPLE: dossier,
        CLASSE.upper(): classe.upper(),
        CLASSE: classe,
        CLASSE.lower(): classe.lower(),
        "feminin=False": f"feminin={feminin}",
        ACCROCHE: ACCROCHE if dossier == EXEMPLE else A_ECRIRE,
    }
    known = re.compile("|".join(map(re.escape, words)))
    return {said(path, known, words): said(code, known, words) for path, code in blocks().items()}


def in_menu(pluriel: str) -> str:
    """« retours d’expérience » → « Retours »: no apostrophe in its menu name and address."""
    return capital(re.split(r" \w+’", pluriel)[0])


def said(text: str, known: re.Pattern, words: dict[str, str]) -> str:
    return known.sub(lambda found: words[found[0]], text)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def check(dossier: str, classe: str, singulier: str, pluriel: str) -> None:
    """Refuses a name that Python or the site could not take."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", dossier) or keyword.iskeyword(dossier):
        raise Refus(
            f"« {dossier} » n’est pas un nom de dossier : écrivez des lettres sans accent, en minuscules, des chiffres "
            "ou « _ », une lettre d’abord, par exemple « comptes_rendus »."
        )
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", classe) or keyword.iskeyword(classe):
        raise Refus(
            f"« {classe} » n’est pas un nom de classe : écrivez des lettres sans accent, une majuscule d’abord, au "
            "singulier, par exemple « --classe CompteRendu »."
        )
    if len(classe) > LONGUEUR_DE_CLE:
        raise Refus(
            f"« {classe} » a plus de {LONGUEUR_DE_CLE} lettres : choisissez-en une plus courte avec « --classe »."
        )
    for words in (singulier, pluriel):
        if not re.fullmatch(r"[^\W\d_][\w ’-]*", words) or words[:1].isupper():
            raise Refus(
                f"« {words} » ne va pas : écrivez des mots, une minuscule d’abord, par exemple « compte rendu »."
            )


def check_free(dossier: str, classe: str, pluriel: str, files: dict[str, str]) -> None:
    """Refuses a name that a folder, class, address or file of the site has."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    os.environ.setdefault("SECRET_KEY", "pour-cette-commande-seule")
    import django
    from django.apps import apps
    from django.urls import Resolver404, resolve
    from django.utils.text import slugify

    django.setup()
    if (RACINE / "fiches" / dossier).exists() or dossier in {config.label for config in apps.get_app_configs()}:
        raise Refus(f"« {dossier} » est déjà pris par un dossier du site : choisissez un autre nom.")
    mine = {name for code in files.values() for name in classes_of(code)}
    for path in (path for floor in MAISON for path in sorted((RACINE / floor).rglob("*.py"))):
        if "migrations" not in path.parts and (taken := sorted(mine & classes_of(path.read_text(encoding="utf-8")))):
            there = path.relative_to(RACINE)
            raise Refus(f"La classe « {taken[0]} » existe déjà ({there}) : dites-en une autre avec « --classe ».")
    if classe.lower() in {model._meta.model_name for model in apps.get_models()}:
        raise Refus(f"Un modèle s’appelle déjà « {classe} » : dites une autre classe avec « --classe ».")
    address = f"/{slugify(in_menu(pluriel))}/"
    try:
        resolve(address)
    except Resolver404:
        pass
    else:
        raise Refus(f"L’adresse « {address} » est déjà prise : dites un autre pluriel avec « --pluriel ».")
    for path in files:
        if (RACINE / path).exists():
            raise Refus(f"« {path} » existe déjà, et rien n’est remplacé : déplacez-le, ou choisissez un autre nom.")


def classes_of(code: str) -> set[str]:
    return {node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)} - {"Migration", "Command"}


def write(files: dict[str, str]) -> None:
    for path, code in files.items():
        place = RACINE / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(code)
    migrations = (RACINE / next(iter(files))).parent / "migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch(exist_ok=False)


def add(path: str, line: str) -> bool:
    """Adds a line of the page to a file of the site; False if its place is not found."""
    file = RACINE / path
    text = file.read_text(encoding="utf-8")
    place = last_place(path, text)
    if place is None:
        return False
    added = f", {line.strip()}" if path == "pyproject.toml" else line
    file.write_text(text[:place] + added + text[place:], encoding="utf-8")
    return True


def last_place(path: str, text: str) -> int | None:
    found = re.search(PLACES[path], text)
    return found and found.end()


def run(*command: str) -> bool:
    done = subprocess.run([sys.executable, *command], cwd=RACINE, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
    return done.returncode == 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="outils/nouveau_type.py",
        usage="%(prog)s dossier [--classe C] [--singulier S] [--pluriel P] [--feminin]",
        description="Écrit un nouveau type de fiche, avec ses tests, d’après le code de docs/record-type.md. Aucun "
        "fichier n’est remplacé.",
        add_help=False,
    )
    group = found.add_argument_group("À dire")
    group.add_argument("dossier", nargs="?", help="le dossier dans fiches/, au pluriel et sans accent : ateliers")
    group.add_argument("--classe", help="le nom de la classe, au singulier (le dossier sans son « s » : Atelier)")
    group.add_argument("--singulier", help="le nom d’une fiche, tel qu’on le lit : « compte rendu »")
    group.add_argument("--pluriel", help="le nom de plusieurs fiches : « comptes rendus »")
    group.add_argument("--feminin", action="store_true", help="ce nom est féminin")
    group.add_argument("-h", "--help", action="help", help="montre cette aide")
    return found


def asked(arguments) -> tuple[str, str, str, str, bool]:
    options, unknown = parser().parse_known_args(arguments)
    if unknown or not options.dossier:
        wrong = f"« {unknown[0]} » n’est pas compris." if unknown else "Dites le nom du dossier."
        raise Refus(f"{wrong} Voyez « python outils/nouveau_type.py --help ».")
    dossier = options.dossier
    example = dossier == EXEMPLE
    classe = options.classe or "".join(part.removesuffix("s").capitalize() for part in dossier.split("_"))
    singulier = options.singulier or (SINGULIER if example else classe_in_words(classe))
    pluriel = options.pluriel or (PLURIEL if example else dossier.replace("_", " "))
    singulier, pluriel = (words.strip().replace("'", "’") for words in (singulier, pluriel))
    return dossier, classe, singulier, pluriel, options.feminin


def classe_in_words(classe: str) -> str:
    """CompteRendu → « compte rendu »."""
    return " ".join(re.findall(r"[A-Z][a-z0-9]*", classe)).lower()


def main(arguments=None) -> int:
    try:
        dossier, classe, singulier, pluriel, feminin = asked(arguments)
        check(dossier, classe, singulier, pluriel)
        found = in_words_of(dossier, classe, singulier, pluriel, feminin)
        files = {path: code for path, code in found.items() if path not in PLACES}
        check_free(dossier, classe, pluriel, files)
    except Refus as refus:
        print(refus, file=sys.stderr)
        return 2
    write(files)
    print("Écrit :", *(f"  {path}" for path in files), sep="\n")
    lines = {path: line for path, line in found.items() if path in PLACES}
    missing = [path for path, line in lines.items() if not add(path, line)]
    print("Ajouté :", *(f"  {path} : {line.strip()}" for path, line in lines.items() if path not in missing), sep="\n")
    left = [f"Ajoutez dans {path} : {lines[path].strip()}" for path in missing]
    left += follow(dossier, files) if not missing else [MIGRATION.format(dossier), MISE_EN_FORME, DESSIN]
    print(
        "Ensuite :",
        *(f"  {one}" for one in left),
        f"  Relisez fiches/{dossier}/, changez champs et phrases. Si vous changez des champs, effacez la migration et "
        f"relancez « manage.py makemigrations {dossier} ».",
        "  Dessinez son voyant dans templates/components/icones.html, puis lancez « make images ».",
        "  Appliquez la migration : .venv/bin/python manage.py migrate",
        f"  Jouez ses tests : .venv/bin/pytest tests/fiches/test_{dossier}.py",
        "  Dites-le dans CHANGELOG.md et docs/corrections-csv.md. Le reste : docs/record-type.md",
        sep="\n",
    )
    return 1 if MIGRATION.format(dossier) in left else 0


def follow(dossier: str, files: dict[str, str]) -> list[str]:
    """Make the migration, format all, draw the house again; what could not be done."""
    if not run("manage.py", "makemigrations", dossier, "--verbosity", "0"):
        return [MIGRATION.format(dossier), MISE_EN_FORME, DESSIN]
    print(f"  fiches/{dossier}/migrations/0001_initial.py")
    left = []
    written = [f"fiches/{dossier}", *(path for path in files if path.startswith("tests/"))]
    if importlib.util.find_spec("ruff"):  # other words make other lines, and another order of imports
        run("-m", "ruff", "check", "--quiet", "--select", "I", "--fix", *written)
        run("-m", "ruff", "format", "--quiet", *written)
    else:
        left.append(MISE_EN_FORME)
    if not importlib.util.find_spec("grimp") or not run("outils/draw_house.py"):
        left.append(DESSIN)
    return left


if __name__ == "__main__":
    sys.exit(main())
