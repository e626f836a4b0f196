"""The walk of docs/record-type.md, which is what outils/nouveau_type.py writes: in a copy of the site, it works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from outils import nouveau_type

ROOT = Path(settings.BASE_DIR)
WRITTEN = ["fiches/retours", "tests/factories/retours.py", "tests/fiches/test_retours.py"]


class CopieDuSite:
    """A copy of the tree, in which commands are run."""

    def __init__(self, place: Path):
        self.place = place
        asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.check_output(asked, cwd=ROOT, text=True).split("\0"):
            if (ROOT / name).is_file():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, place / name)
        for words in (["init", "--quiet"], ["add", "--all"]):  # tests ask which files there are
            subprocess.run(["git", *words], cwd=place, check=True)

    def run(self, *words: str) -> subprocess.CompletedProcess:
        ours = ("DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS")
        environment = {name: value for name, value in os.environ.items() if name not in ours} | {"SECRET_KEY": "essai"}
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=self.place, env=environment, capture_output=True, text=True, check=False)

    def succeeds(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return CopieDuSite(tmp_path_factory.mktemp("site"))


@pytest.mark.long
def test_the_type_of_the_page_works_and_so_does_one_of_another_name(copy):
    said = copy.succeeds("outils/nouveau_type.py", "retours")
    assert "Écrit :" in said
    for path, code in nouveau_type.blocks().items():
        assert code.strip() in (copy.place / path).read_text(encoding="utf-8"), path
    copy.succeeds("outils/nouveau_type.py", "comptes_rendus", "--classe", "CompteRendu", "--pluriel", "comptes rendus")
    copy.succeeds("manage.py", "check")
    others = ["fiches/comptes_rendus", "tests/factories/comptes_rendus.py", "tests/fiches/test_comptes_rendus.py"]
    copy.succeeds("-m", "ruff", "check", *WRITTEN, *others, "labacces/settings.py")
    copy.succeeds("-m", "ruff", "format", "--check", *WRITTEN, *others)
    subprocess.run(["git", "add", "--all"], cwd=copy.place, check=True)
    own = ["tests/outils/walk.py", "tests/fiches/test_retours.py", "tests/fiches/test_comptes_rendus.py"]
    of_all = [
        f"tests/{name}.py" for name in ("fiches/test_types", "comptes/test_droits", "vues/test_carte", "test_house")
    ]
    asked = ["-k", "walk or retour or comptes_rendus or house", "-m", "long or not long"]
    copy.succeeds("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *own, *of_all, *asked)


@pytest.mark.long
def test_a_second_time_nothing_is_written(copy):
    before = {path: path.read_bytes() for path in (copy.place / "fiches").rglob("*.py")}
    done = copy.run("outils/nouveau_type.py", "glossaire")
    assert done.returncode == 2
    assert "« glossaire » est déjà pris" in done.stderr
    assert {path: path.read_bytes() for path in (copy.place / "fiches").rglob("*.py")} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Dites le nom du dossier."),
        (["retours", "--vite"], "« --vite » n’est pas compris."),
        (["mes-retours"], "« mes-retours » n’est pas un nom de dossier"),
        (["Retours"], "en minuscules"),
        (["class"], "n’est pas un nom de dossier"),
        (["été"], "sans accent"),
        (["../retours"], "n’est pas un nom de dossier"),
        (["essais", "--classe", "mon essai"], "« mon essai » n’est pas un nom de classe"),
        (["essais", "--classe", "UnEssaiDontLeNomEstLong"], "plus de 20 lettres"),
        (["essais", "--pluriel", 'essais"'], "ne va pas"),
        (["glossaire"], "déjà pris par un dossier"),
        (["projets"], "déjà pris par un dossier"),
        (["auth"], "déjà pris par un dossier"),
        (["essais", "--classe", "Projet"], "« ProjetAdmin » existe déjà (projets/admin.py)"),
        (["essais", "--classe", "Group"], "Un modèle s’appelle déjà « Group »"),
        (["essais", "--pluriel", "recherche d’emploi"], "L’adresse « /recherche/ » est déjà prise"),
    ],
)
def test_a_name_that_cannot_be_taken_is_refused_in_french(capsys, monkeypatch, arguments, said):
    monkeypatch.setattr(nouveau_type, "write", pytest.fail)
    assert nouveau_type.main(arguments) == 2
    assert said in capsys.readouterr().err


def test_no_file_is_overwritten(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(nouveau_type, "RACINE", tmp_path)
    (tmp_path / "tests/fiches").mkdir(parents=True)
    kept = tmp_path / "tests/fiches/test_essais.py"
    kept.write_text("à moi")
    assert nouveau_type.main(["essais"]) == 2
    assert "« tests/fiches/test_essais.py » existe déjà, et rien n’est remplacé" in capsys.readouterr().err
    assert kept.read_text() == "à moi"
    assert not (tmp_path / "fiches").exists()


def test_the_help_is_in_french(capsys):
    with pytest.raises(SystemExit):
        nouveau_type.main(["--help"])
    said = capsys.readouterr().out
    assert "Écrit un nouveau type de fiche" in said
    assert not {"positional", "options:", "optional", "show this help"} & set(said.split("\n") + said.split())
