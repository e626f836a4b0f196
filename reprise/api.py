"""Reads the JSON of the old wiki's API: forms, lists and records.

The keys of a value tell what it is, so one file may hold all, or each answer may have its file. Both shapes of lists
and forms are read. A record in two answers is one record.
"""

import json
import re
from typing import Any

from reprise.balises import unescape
from reprise.lecture import DumpIllisible
from reprise.urls_of_old_site import looks_like_a_page
from reprise.wiki import (
    INCERTAIN,
    SYSTEME,
    TITRE,
    ChampAncien,
    FicheAncienne,
    FormulaireAncien,
    Wiki,
    clean,
    genre_of,
    is_restricted,
    last_of,
)

# Warnings of PHP before the data, as a page or as text.
_WARNING = re.compile(
    rb"\s*(?:<br />\s*)?(?:<b>)?(?:PHP )?(?:Deprecated|Notice|Warning|Strict Standards)(?:</b>)?:"
    rb"[^\n]*?on line (?:<b>)?[0-9]+(?:</b>)?(?:<br />)?"
)
DEEPEST = 200  # nested arrays and objects
_RECORD_KEYS = {"id_fiche", "id_typeannonce", TITRE}
_NAME = re.compile(r"[A-Za-z0-9]+")


def without_warnings(data: bytes) -> bytes:
    """`data` from the start of the JSON, if only warnings of PHP come before it."""
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf"))
    while match := _WARNING.match(data, start):
        start = match.end()
    return data[start:].lstrip() if start else data


def parse(data: bytes, nom: str) -> Any:
    """The value in a file. Raises DumpIllisible, with where and what to do."""
    data = without_warnings(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DumpIllisible(
            f"{nom} n’est pas en UTF-8 : un caractère ne se lit pas. Redemandez-le à l’ancien site, sans l’ouvrir ni "
            f"l’enregistrer dans un autre logiciel, puis recommencez.",
            data.count(b"\n", 0, error.start) + 1,
        ) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or "Unterminated" in error.msg
        why = "il s’arrête avant sa fin" if cut else f"quelque chose ne s’y lit pas, à la colonne {error.colno}"
        raise DumpIllisible(
            f"{nom} n’est pas du JSON complet : {why}. Redemandez-le à l’ancien site en entier, puis recommencez.",
            error.lineno,
        ) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
        raise DumpIllisible(
            f"{nom} n’est pas une réponse de l’ancien site : ce JSON ne peut pas être lu. Vérifiez que vous avez "
            f"choisi le bon fichier, puis recommencez."
        ) from None


def add(wiki: Wiki, value: Any, nom: str, stem: str = "") -> None:
    """Adds all that a value holds to `wiki`. `nom`: its name in messages; `stem`: name of the file without suffix."""
    found = _Walk(wiki, nom)
    found.walk(value, stem, 0)
    if not found.any and value not in (None, {}, []):
        wiki.ignores.append(f"{nom} : ni fiche, ni formulaire, ni liste de l’ancien site.")


class _Walk:
    def __init__(self, wiki: Wiki, nom: str):
        self.wiki, self.nom, self.any = wiki, nom, False

    def walk(self, value: Any, key: str, depth: int) -> None:
        if depth > DEEPEST:
            raise DumpIllisible(f"{self.nom} n’est pas une réponse de l’ancien site : tout y est trop imbriqué.")
        if isinstance(value, list):
            for item in value:
                self.walk(item, "", depth + 1)
        elif isinstance(value, dict):
            if "bn_id_nature" in value:
                self._form(value)
            elif ("nodes" in value and "title" in value) or ("label" in value and "titre_liste" in value):
                self._list(value, key)
            elif _is_record(value):
                self._record(value, key if depth and looks_like_a_page(key) else "")
            elif isinstance(value.get("fieldMapping"), list) and isinstance(value.get("entries"), list):
                self._compact(value, depth)
            else:
                for name, item in value.items():
                    self.walk(item, name, depth + 1)
                return
            self.any = True

    # Forms and lists

    def _form(self, value: dict) -> None:
        numero = _string(value.get("bn_id_nature"))
        form = FormulaireAncien(numero, _text(value.get("bn_label_nature")))
        columns = _columns(value)
        prepared = value.get("prepared")
        prepared = list(prepared.values()) if isinstance(prepared, dict) else prepared
        for said in prepared if isinstance(prepared, list) else ():
            if isinstance(said, dict):
                _add_prepared(form, said, _columns_of(said, columns))
                form.ferme = form.ferme or is_restricted(_string(said.get("entryReadRight")))
        if not form.champs:
            for row in columns:
                champ = _field_of_columns(row)
                if champ:
                    form.champs[champ.cle] = champ
        self.wiki.formulaires[numero] = form

    def _list(self, value: dict, key: str) -> None:
        name = _string(value.get("id")) or key
        if name:
            nodes = "nodes" in value
            self.wiki.listes[name] = dict(_nodes(value["nodes"])) if nodes else _options(value["label"]) or {}

    # Records

    def _compact(self, value: dict, depth: int) -> None:
        names = [_string(name) for name in value["fieldMapping"]]
        if "id_typeannonce" not in names:
            self.wiki.ignores.append(
                f"{self.nom} : ces fiches, de plusieurs formulaires peut-être, ne disent pas duquel elles sont. "
                f"Demandez plutôt « ?api/entries » à l’ancien site."
            )
        for row in value["entries"]:
            if isinstance(row, list):
                self.walk({"id_typeannonce": INCERTAIN} | dict(zip(names, row, strict=False)), "", depth + 1)
        self.walk(value.get("forms"), "", depth + 1)

    def _record(self, value: dict, key: str) -> None:
        wiki, said = self.wiki, {name: item for name, item in value.items() if isinstance(name, str)}
        identifiant = _string(said.get("id_fiche")) or key  # given as the key only with `fields=…`
        fiche = FicheAncienne(
            formulaire=_string(said.get("id_typeannonce")),
            valeurs={},
            ligne=wiki.rangs.setdefault(identifiant or f"/{len(wiki.rangs)}", len(wiki.rangs) + 1),
            identifiant=identifiant if _NAME.fullmatch(identifiant) and len(identifiant) <= 191 else "",
            creation=_string(said.get("date_creation_fiche")),
            modification=_string(said.get("date_maj_fiche")),
            publiee=_string(said.get("statut_fiche")) != "0",
        )
        url = _string(said.get("url"))
        if not wiki.site and ("/?" in url or url.endswith(f"/{identifiant}")):
            wiki.site = url.partition("/?")[0].removesuffix(f"/{identifiant}")
        if fiche.formulaire == INCERTAIN:
            del said["id_typeannonce"]
        for name, item in said.items():
            if name == "geolocation" and isinstance(item, dict):
                self._position(fiche, said, item)
                continue
            wiki.counts["total"] += 1
            if name in SYSTEME:
                wiki.counts["libelles"] += 1
            else:
                fiche.valeurs[clean(name)] = _value(item)
        wiki.fiches.append(fiche)

    def _position(self, fiche: FicheAncienne, said: dict, item: dict) -> None:
        """Reads the position, which most answers give here and among the fields."""
        for name, part in item.items():
            self.wiki.counts["total"] += 1
            if name in said:
                self.wiki.counts["repetitions"] += 1
            else:
                fiche.valeurs[clean(name)] = _string(part)


def _is_record(value: dict) -> bool:
    return bool(_RECORD_KEYS & value.keys()) and not isinstance(value.get(TITRE), dict | list)


def _string(value: Any) -> str:
    """A scalar as text; "" for anything else."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return clean(str(value)) if isinstance(value, str | int | float) else ""


def _text(value: Any) -> str:
    return " ".join(unescape(_string(value)).split())


def _value(value: Any) -> str:
    """A field's value as text; {"num": "1", "acc": "1"}, the ticked boxes of very old data, gives "num,acc"."""
    if isinstance(value, dict) and value and all(_string(item) in ("", "0", "1", "on") for item in value.values()):
        return ",".join(clean(name) for name, item in value.items() if _string(item) in ("1", "on"))
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ",".join(map(_string, value))
    if isinstance(value, dict | list):
        return clean(json.dumps(value, ensure_ascii=False)) if value else ""
    return _string(value)


def _nodes(nodes: Any, depth: int = 0):
    for key, node in nodes.items() if isinstance(nodes, dict) else enumerate(nodes if isinstance(nodes, list) else ()):
        if isinstance(node, dict) and depth < DEEPEST:
            identifier = node.get("id", key)
            yield _string(identifier), last_of(_text(node.get("label")))
            yield from _nodes(node.get("children"), depth + 1)


def _options(value: Any) -> dict[str, str] | None:
    """{key: label} of a choice, or None. PHP writes an array if the keys count from 0."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    return {str(key): last_of(_text(label)) for key, label in value.items()} if isinstance(value, dict) else None


def _columns(form: dict) -> list[list[str]]:
    template = form.get("template")
    if isinstance(template, list) and template:
        return [[_string(cell).strip() for cell in row] for row in template if isinstance(row, list)]
    lines = _string(form.get("bn_template")).splitlines()
    rows = [[cell.strip() for cell in line.split("***")] for line in lines if not line.startswith("#")]
    return [row for row in rows if len(row) >= 4]


def _key(row: list[str]) -> str:
    """The key of a field in records, from columns 0, 1 and 6: the whole key since June 2024, a part of it before."""
    kind, name, own = row[0], row[1], row[6] if len(row) > 6 else ""
    if kind == "titre":
        return TITRE
    if kind == "tags":
        return own or name
    if kind in ("liste", "radio", "checkbox", "listefiche", "radiofiche", "checkboxfiche", "image", "fichier"):
        return own if own.startswith(kind + name) else kind + name + (own if genre_of("", kind) not in _FILES else "")
    return name


_FILES = ("image", "fichier")


def _field_of_columns(row: list[str]) -> ChampAncien | None:
    row = [*row, *[""] * 12]
    if not row[0] or not row[1]:
        return None
    champ = ChampAncien(_key(row), _text(row[2]), genre_of("", row[0]), syntaxe=row[7], lecture=row[11])
    if champ.genre == "carte":
        champ.label = ""
    return champ


def _columns_of(said: dict, columns: list[list[str]]) -> list[str]:
    """The columns of a field by its name, which some choices lack, else by its list."""
    rows = [row for row in columns if len(row) > 2 and row[1]]
    named = (row for row in rows if row[1] == _string(said.get("name")))
    listed = (row for row in rows if row[:2] == [_string(said.get("type")), _string(said.get("linkedObjectName"))])
    return next(named, next(listed, []))


def _add_prepared(form: FormulaireAncien, said: dict, row: list[str]) -> None:
    kind = _string(said.get("type"))
    cle = _string(said.get("propertyname")) or _string(said.get("id")) or (_key(row) if row else "")
    lecture = _string(said.get("read_acl", row[11] if len(row) > 11 else ""))
    if kind in ("map", "carte_google"):
        for name in (said.get("latitudeField"), said.get("longitudeField")):
            if _string(name):
                form.champs[_string(name)] = ChampAncien(_string(name), "", "carte", lecture=lecture)
        return
    if not cle:
        return
    syntaxe = _string(said.get("syntax")) or _string(said.get("subType"))
    if not syntaxe and row and row[0] == "textelong" and len(row) > 7:
        syntaxe = row[7]
    options = _options(said.get("options"))
    champ = ChampAncien(cle, _text(said.get("label")), genre_of(cle, kind), options, syntaxe, lecture)
    if champ.genre in ("choix", "listes") and cle.startswith(("checkboxfiche", "listefiche", "radiofiche")):
        champ.genre = "fiches"
    form.champs[cle] = champ
