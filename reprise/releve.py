"""Fetches an old wiki from its address: forms, lists, records of each form, then the files that they name.

Each answer is kept whole in a folder, a source like any other (sources.py), so that a run can go on after a cut.
Nothing here touches the database.
"""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.utils import timezone

from reprise import api
from reprise.balises import Joints, file_of, plain
from reprise.file_names import undated
from reprise.lecture import DumpIllisible
from reprise.reseau import Coupure, RefusDuSite, Reseau, TropGrand, parse_address
from reprise.sources import MAX_DATA, Piece
from reprise.urls_of_old_site import ACCUEIL, looks_like_a_page
from reprise.wiki import Wiki, genre_of, is_file_name
from socle.medias.depot import AUDIO
from socle.medias.fichiers import poids

MARQUE = "releve.json"  # tells whose answers a folder holds
MAX_FORMS = 500
IN_A_ROW = 3  # failed files in a row before the run stops
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SCRIPT = re.compile(r"(?:wakka|index)\.php$")
_SHOWN = re.compile(r"(?:files|cache)/[^\"'<>?\\\s]+")  # addresses of files in the page of a record
_DOCUMENT = ("text/html", "application/xhtml+xml")


@dataclass
class Releve:
    """What was fetched. `notes`: what is missing or old, in French. `fichiers`: the folder of files."""

    site: str
    pieces: list[Piece] = field(default_factory=list)
    fichiers: Path | None = None
    notes: list[str] = field(default_factory=list)


def is_address(source: str) -> bool:
    return bool(_ADDRESS.match(source))


def root_of(source: str) -> httpx.URL:
    """The root of a wiki, from its address or that of one of its pages. Raises RefusDuSite.

    « https://site/UnePage » is a page, « https://site/UnDossier/ » a folder.
    """
    url = parse_address(source)
    folder, _, page = _SCRIPT.sub("", url.path).rpartition("/")
    path = f"{folder}/" if looks_like_a_page(page) else f"{folder}/{page}"
    return url.copy_with(path=path if path.endswith("/") else f"{path}/", query=None, fragment=None)


def site_of(root: httpx.URL) -> str:
    """The name of a wiki, also fit for a folder: host, with port and folder if any."""
    name = "_".join(filter(None, (root.host.lower(), str(root.port or ""), root.path.strip("/"))))
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).strip(".")[:150] or "site"


def gather(
    root: httpx.URL,
    dossier: Path,
    reseau: Reseau,
    *,
    fichiers: bool = True,
    recommencer: bool = False,
    progress: Callable[[Iterable, str], Iterable] = lambda rows, what: rows,
) -> Releve:
    """Fetches what `dossier` does not hold yet. Raises SourceRefusee.

    `fichiers`: fetch files too. `recommencer`: forget what was kept. `progress(rows, what)` wraps the rows to fetch.
    """
    kept = f"Ce qui est relevé est gardé dans {dossier} : relancez la même commande, elle reprendra où elle en est."
    try:
        return _Lecture(root, dossier, reseau, recommencer).read(fichiers, progress)
    except Coupure as error:
        raise Coupure(f"{error} {kept}") from error
    except DumpIllisible as error:
        where = f" (ligne {error.ligne})" if error.ligne else ""
        raise Coupure(f"{error}{where} {kept}") from error
    except KeyboardInterrupt:
        raise Coupure(f"Arrêté à votre demande. {kept}") from None
    except OSError as error:
        raise RefusDuSite(f"{dossier} ne peut pas être écrit : {error.strerror}.") from error


class _Lecture:
    def __init__(self, root: httpx.URL, dossier: Path, reseau: Reseau, recommencer: bool):
        self.dossier, self.reseau, self.root = dossier, reseau, root
        self.releve, self.wiki = Releve(site_of(root)), Wiki("json")
        self.reponses, self.fichiers = dossier / "reponses", dossier / "fichiers"
        self.left = MAX_DATA
        self.oldest: float | None = None
        self.open(str(root), recommencer)

    # The folder

    def open(self, adresse: str, recommencer: bool) -> None:
        """Opens or makes the folder of this wiki; refuses a folder with something else."""
        mark = self.dossier / MARQUE
        if self.dossier.exists() and (not self.dossier.is_dir() or (any(self.dossier.iterdir()) and not mark.exists())):
            raise RefusDuSite(
                f"{self.dossier} contient autre chose que le relevé d’un wiki : donnez un dossier vide avec --dossier."
            )
        said = {}
        if mark.exists():
            try:
                said = dict(json.loads(mark.read_text(encoding="utf-8")))
            except ValueError as error:
                raise RefusDuSite(f"{mark} ne se lit plus : donnez un autre dossier avec --dossier.") from error
            if said.get("adresse") != adresse:
                raise RefusDuSite(
                    f"{self.dossier} contient le relevé de {said.get('adresse')} : donnez un autre dossier avec "
                    f"--dossier."
                )
        if recommencer:
            for folder in (self.reponses, self.fichiers):
                shutil.rmtree(folder, ignore_errors=True)
            said = {}
        self.dossier.mkdir(parents=True, exist_ok=True)
        self.dossier.chmod(0o700)  # it holds personal data
        self.mark(adresse, said.get("racine") or adresse)
        for folder in (self.reponses, self.fichiers):
            folder.mkdir(exist_ok=True)

    def mark(self, adresse: str, racine: str) -> None:
        """Notes whose folder it is, and where its wiki was found in the end."""
        self.adresse, self.root = adresse, parse_address(racine)
        with self.written(self.dossier / MARQUE) as file:
            file.write(json.dumps({"adresse": adresse, "racine": racine}).encode())

    @contextmanager
    def written(self, path: Path):
        """A file that takes its place once complete."""
        part = self.dossier / ".partiel"
        try:
            with part.open("w+b") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    # Answers

    def read(self, fichiers: bool, progress) -> Releve:
        whole = self.forms()
        self.lists()
        numeros = [numero for numero in self.wiki.formulaires if re.fullmatch(r"[0-9]{1,10}", numero)]
        if len(numeros) > MAX_FORMS:
            raise RefusDuSite(
                f"{self.root} dit avoir {len(numeros)} formulaires : ce n’est pas un wiki qui se reprend."
            )
        if whole:
            self.records("fiches.json", f"{ACCUEIL}/json&demand=entries", "Les fiches")
        for numero in progress([] if whole else numeros, "formulaire"):
            self.records(f"fiches-{numero}.json", f"api/forms/{numero}/entries", f"Formulaire {numero} : les fiches")
        if self.oldest:
            when = f"{timezone.localtime(datetime.fromtimestamp(self.oldest, UTC)):%d/%m/%Y à %H h %M}"
            self.releve.notes.append(
                f"Des réponses relevées le {when} ont resservi : --reprendre-a-zero les redemande à l’ancien site."
            )
        if fichiers:
            self.files(progress)
            self.releve.fichiers = self.fichiers
        return self.releve

    def forms(self) -> bool:
        """Reads the forms; returns whether only the handler from before the API gives them."""
        tried = None
        ways = (("formulaires.json", "api/forms"), ("formulaires-anciens.json", f"{ACCUEIL}/json&demand=forms"))
        for whole, (nom, query) in enumerate(ways):
            came = self.answer(nom, query)
            if self.wiki.formulaires:
                return bool(whole)
            self.stop_if_tired(came)
            tried = tried or came
            (self.reponses / nom).unlink(missing_ok=True)  # data of something else
        raise RefusDuSite(
            f"{self.root} ne répond pas comme un YesWiki : « ?api/forms » donne "
            f"{_said(tried) if tried else 'des données d’autre chose'}. Vérifiez que c’est bien l’adresse de son "
            f"accueil. Si oui, son API est fermée, ou ce wiki est trop ancien : demandez ses exports à qui "
            f"l’administre, et donnez-en le dossier à cette commande."
        )

    def lists(self) -> None:
        """Reads the lists, which forms usually hold too."""
        if self.answer("listes.json", f"{ACCUEIL}/json&demand=lists"):
            self.releve.notes.append("Les listes n’ont pas été données : les choix viennent des formulaires seuls.")

    def records(self, nom: str, query: str, what: str) -> None:
        if came := self.answer(nom, query):
            self.stop_if_tired(came)
            if came.status_code == 200:  # usually a page about repairs
                raise Coupure(f"{came.url} donne {_said(came)}.")
            self.releve.notes.append(f"{what} n’ont pas été données : {_said(came)}.")

    def stop_if_tired(self, came: httpx.Response | None) -> None:
        if came and (came.status_code >= 500 or came.status_code == 429):
            raise Coupure(f"{came.url} donne {_said(came)}.")

    def answer(self, nom: str, query: str) -> httpx.Response | None:
        """Adds an answer to the wiki, from the folder or from the site; returns None, or what came in its place."""
        path = self.reponses / nom
        if path.exists():
            data = path.read_bytes()
            self.oldest = min(self.oldest or path.stat().st_mtime, path.stat().st_mtime)
            return self.add(nom, data, api.parse(data, f"{path}"))
        into = io.BytesIO()
        try:
            reponse = self.reseau.get(self.root.copy_with(query=query.encode()), limit=self.left, into=into)
        except TropGrand:
            raise RefusDuSite(
                f"Les fiches de {self.root} dépassent {MAX_DATA // 1024**2} Mo : c’est trop pour une seule fois. "
                f"Enregistrez ses réponses formulaire par formulaire, et donnez-les à cette commande."
            ) from None
        data = into.getvalue()
        start = api.without_warnings(data).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if reponse.status_code != 200 or start not in (b"{", b"[", b"n"):  # old wikis call their data text/html too
            return reponse
        self.moved(reponse.url, query)
        value = api.parse(data, f"{reponse.url}")
        with self.written(path) as file:
            file.write(data)
        return self.add(nom, data, value)

    def add(self, nom: str, data: bytes, value: Any) -> None:
        self.left -= len(data)
        api.add(self.wiki, value, nom, Path(nom).stem)
        self.releve.pieces.append(Piece(nom, data))

    def moved(self, url: httpx.URL, query: str) -> None:
        """Follows the wiki if it redirected us to another host or folder."""
        found = url.copy_with(query=None)
        if found != self.root and url.query == query.encode() and url.path.endswith("/"):
            self.mark(self.adresse, str(found))

    # Files

    def files(self, progress) -> None:
        manquants, failed = [], 0
        for nom, (identifiant, cle) in progress(self.named().items(), "fichier"):
            path = self.fichiers / nom
            if path.exists():
                continue
            why, again = self.file(path, identifiant, cle)
            if why:
                manquants.append(f"{nom} ({why})")
            failed = failed + 1 if again else 0
            if failed == IN_A_ROW:
                raise Coupure(f"{self.root.host} ne donne plus ses fichiers ({why}).")
        if manquants:
            shown = "\n  ".join(manquants)
            self.releve.notes.append(f"Fichiers que l’ancien site n’a pas donnés :\n  {shown}")

    def file(self, path: Path, identifiant: str, cle: str) -> tuple[str, bool]:
        """Fetches a file; returns the reason for a failure or "", and whether the site is failing."""
        nom, why = quote(path.name), ""
        places = [self.root.join(f"files/{nom}")]
        if identifiant:
            query = f"{identifiant}_{quote(cle)}/download&file={nom}"
            places.append(self.root.copy_with(query=query.encode()))
        for place in places:
            try:
                with self.written(path) as file:
                    came = self.reseau.get(place, limit=AUDIO.size, into=file)
                    if came.status_code != 200 or came.headers.get("Content-Type", "").lower().startswith(_DOCUMENT):
                        raise _Absent
            except TropGrand:
                return f"plus de {poids(AUDIO.size)}", False
            except RefusDuSite as error:  # a redirect elsewhere: only this file is missing
                why = why or str(error).rstrip(".")
            except _Absent:
                why = why or _said(came)
                if came.status_code >= 500:
                    return why, True
            else:
                return "", False
        return why, False

    def named(self) -> dict[str, tuple[str, str]]:
        """{name: (page of the record, key of the field)} of the files to fetch; ("", "") if a text names the file."""
        found, odd = {}, []
        kept = {undated(path.name) for path in self.fichiers.iterdir()}
        for fiche in self.wiki.fiches:
            form = self.wiki.formulaires.get(fiche.formulaire)
            for cle, texte in fiche.valeurs.items():
                champ = form and form.champs.get(cle)
                genre = champ.genre if champ else genre_of(cle)
                if genre == "texte" and ("files/" in texte or "{{" in texte):
                    for nom in self.named_in(fiche, texte, champ.syntaxe if champ else "", kept):
                        found.setdefault(nom, ("", ""))
                if genre not in ("fichier", "image") or not texte.strip():
                    continue
                nom = texte.strip().rpartition("/files/")[2]
                if is_file_name(nom):
                    found.setdefault(nom, (fiche.identifiant, cle))
                else:
                    odd.append(texte[:200])
        self.releve.notes += [f"« {texte} » n’est pas le nom d’un fichier : il n’a pas été demandé." for texte in odd]
        return found

    def named_in(self, fiche, texte: str, syntaxe: str, kept: set[str]) -> list[str]:
        """The stored names of the files that a text names. `kept`: names without dates to leave out.

        `{{attach}}` gives no dates: the page of the record shows them.
        """
        joints = Joints(fiche.identifiant)
        plain(texte, syntaxe, site=self.wiki.site, joints=joints)
        noms = [nom for nom in joints.noms if is_file_name(nom)]
        noms = [nom for nom in noms if nom not in kept]
        shown = self.shown(fiche) if any(undated(nom) == nom for nom in noms) else {}
        return [shown.get(nom, nom) for nom in noms]

    def shown(self, fiche) -> dict[str, str]:
        """{name without dates: name} of the files on the page of a record."""
        query, into = f"api/forms/{fiche.formulaire}/entries/html/{fiche.identifiant}", io.BytesIO()
        with suppress(TropGrand):
            self.reseau.get(self.root.copy_with(query=query.encode()), limit=self.left, into=into)
        page = into.getvalue().decode("utf-8", "replace").replace("\\/", "/")
        noms = (file_of(address, "") for address in _SHOWN.findall(page))
        return {undated(nom): nom for nom in noms if is_file_name(nom)}


class _Absent(Exception):
    """The file is not at this address."""


def _said(reponse: httpx.Response) -> str:
    if reponse.status_code == 200:
        return "une page au lieu de données"
    if reponse.status_code in (401, 403):
        return f"un refus ({reponse.status_code}), réservé sans doute à qui a un compte"
    return f"une erreur ({reponse.status_code})"
