"""What the wiki gives: the answers of its API, its text."""

import json
import re
from html import escape
from pathlib import Path

from reprise import formulaires
from reprise.titres import sort_key
from tests.reprise.yeswiki import impression
from tests.reprise.yeswiki.site import ADRESSE, LISTES, NOMS, NUMEROS, PARENTS, Champ, Fiche, Ligne, Site

ACCUEIL = "PagePrincipale"
# A prepared form's names of its fields, where they are not the first column of its definition.
_AFFICHES = {"texte": "text", "champs_mail": "email", "lien_internet": "link", "mot_de_passe": "password"}
_SANS_DROITS = ("map", "tags", "titre")  # told as "": for all


# The API


def reponses(site: Site, *, courriels: bool = False) -> dict[str, bytes]:
    """Answers by path after the root of the site: `?api/forms`, `?api/entries`, `files/…`.

    `courriels`: an administrator asks, who reads all. A visitor gets blank e-mail addresses and hidden fields, no
    private records, and none of a closed form.
    """
    forms = {NUMEROS[cle]: formulaire(site, cle) for cle in site.formulaires}
    found = {"?api/forms": forms, f"?{ACCUEIL}/json&demand=lists": listes(), "?api/entries": entrees(site, courriels)}
    for cle in site.formulaires:
        numero = NUMEROS[cle]
        found[f"?api/forms/{numero}"] = forms[numero]
        found[f"?api/forms/{numero}/entries"] = entrees(site, courriels, cle)
    answers = {path: en_json(value) for path, value in found.items()}
    for fiche in site.fiches:
        for cle in fiche.fichiers:
            answers[f"files/{fiche.stocke(cle)}"] = contenu(fiche.fichiers[cle])
    return answers


def en_json(value) -> bytes:
    """As PHP writes it: all but ASCII escaped, and < > & ' \" too."""
    text = json.dumps(value, ensure_ascii=True)
    text = text.replace('\\"', "\\u0022")
    for char in "<>&'":
        text = text.replace(char, f"\\u{ord(char):04X}")
    return text.encode()


def contenu(nom: str) -> bytes:
    starts = {"pdf": b"%PDF-1.4\n", "mp3": b"ID3\x03\x00\x00\x00\x00\x00\x00", "jpg": b"\xff\xd8\xff\xe0"}
    return starts[nom.rpartition(".")[2]] + nom.encode() + b"\n%%EOF\n"


def formulaire(site: Site, cle: str) -> dict:
    """A form: its definition as text, its columns, its prepared fields."""
    champs = site.formulaires[cle]
    rows = [colonnes(site, champ) for champ in champs]
    prepared = [prepare(site, champ) for champ in champs]
    if cle in site.fermes:
        rows.append(["acls", "+", "%", "comments-closed", *[""] * 13])
        prepared.append({"type": "acls", "entryReadRight": "+", "entryWriteRight": "%", "name": None, "id": None})
    return {
        "bn_id_nature": NUMEROS[cle],
        "bn_label_nature": NOMS[cle],
        "bn_description": "",
        "bn_condition": "",
        "bn_sem_context": "",
        "bn_sem_type": "",
        "bn_sem_use_template": "0",
        "bn_template": "\r\n".join("***".join(cell or " " for cell in row) for row in rows),
        "bn_ce_i18n": "fr-FR",
        "bn_only_one_entry": "N",
        "bn_only_one_entry_message": "",
        "template": rows,
        "prepared": prepared,
    }


def droit(site: Site, champ: Champ) -> str:
    return "@admins" if champ.cle in site.caches else "" if champ.type in _SANS_DROITS else "*"


def colonnes(site: Site, champ: Champ) -> list[str]:
    row = [""] * 17
    row[0], row[1], row[2], row[7] = champ.type, champ.nom, champ.label, champ.syntaxe
    if champ.type == "labelhtml":
        return row
    row[6] = champ.cle if champ.type in ("liste", "radio", "checkbox", "tags", "listefiche", "checkboxfiche") else ""
    row[8], row[11] = str(int(champ.requis)), droit(site, champ)
    row[12] = row[11] and "*"
    return row


def prepare(site: Site, champ: Champ) -> dict:
    """A field as the wiki prepares it; only the columns tell how a long text is written."""
    if champ.type == "labelhtml":
        return {"type": "labelhtml", "viewtext": "", "formtext": champ.nom}
    said = {
        "id": champ.cle,
        "propertyname": champ.cle,
        "label": escape(champ.label, quote=False),
        "name": champ.nom,
        "type": _AFFICHES.get(champ.type, champ.type),
        "default": "",
        "searchable": "",
        "required": champ.requis,
        "helper": "",
        "read_acl": droit(site, champ),
        "write_acl": droit(site, champ) and "*",
        "sem_type": "",
    }
    if champ.type == "map":
        said |= {"id": "geolocation", "propertyname": "geolocation", "label": "geolocation"}
        return said | {"latitudeField": champ.nom, "longitudeField": champ.label, "autocomplete": None, "geolocate": 0}
    if champ.options is not None:
        options = {key: escape(etiquette(champ, key), quote=False) for key in champ.options}
        said |= {"linkedObjectName": champ.nom, "queries": "", "options": options}
    return said


def listes() -> dict:
    """Lists; those of before 2024 come in today's shape, without children and with numbers as such."""
    found = {}
    for name, options in LISTES.items():
        inside = {key: label for key, label in options.items() if name == "ListthematiqueS" and key in PARENTS}
        nodes = [
            {
                "id": key,
                "label": escape(label, quote=False),
                "children": [{"id": k, "label": v, "children": []} for k, v in inside.items() if PARENTS[k] == label],
            }
            for key, label in options.items()
            if key not in inside
        ]
        if name.startswith("Liste"):  # an old one
            nodes = [{"id": int(n["id"]) if n["id"].isdigit() else n["id"], "label": n["label"]} for n in nodes]
        found[name] = {"title": name, "nodes": nodes, "id": name}
    return found


def entrees(site: Site, courriels: bool, cle: str = "") -> dict:
    hidden = set() if courriels else cachees(site)
    found = (f for f in site.fiches if cle in ("", f.formulaire) and f.identifiant not in hidden)
    return {fiche.identifiant: entree(site, fiche, courriels) for fiche in found}


def cachees(site: Site) -> set[str]:
    return {fiche.identifiant for fiche in site.fiches if fiche.formulaire in site.fermes} | site.privees


def entree(site: Site, fiche: Fiche, courriels: bool) -> dict:
    said: dict[str, object] = {"bf_titre": escape(fiche.titre, quote=False)}
    for champ in site.formulaires[fiche.formulaire]:
        if champ.cle in site.caches and not courriels:
            said[champ.cle] = ""
        elif champ.type == "map":
            if position := fiche.valeurs.get(champ.cle):
                said |= {champ.nom: position[0], champ.label: position[1]}
                said["geolocation"] = {champ.nom: position[0], champ.label: position[1]}
        elif champ.type in ("fichier", "image"):
            said[champ.cle] = fiche.stocke(champ.cle) if champ.cle in fiche.fichiers else ""
        elif champ.type == "champs_mail" and not courriels:
            said[champ.cle] = ""
        elif champ.cle in fiche.valeurs and champ.type != "titre":
            said[champ.cle] = brut(champ, fiche.valeurs[champ.cle])
    author = "192.0.2.17" if len(fiche.titre) % 2 else "AgentExemple"
    return said | {
        "id_typeannonce": NUMEROS[fiche.formulaire],
        "id_fiche": fiche.identifiant,
        "date_creation_fiche": f"{fiche.creation:%Y-%m-%d %H:%M:%S}",
        "statut_fiche": "1" if fiche.publiee else "0",
        "date_maj_fiche": f"{fiche.modification:%Y-%m-%d %H:%M:%S}",
        "user": author,
        "owner": author,
        "html_data": f'data-id_typeannonce="{NUMEROS[fiche.formulaire]}"',
        "url": f"{ADRESSE}/?{fiche.identifiant}",
    }


def brut(champ: Champ, value) -> str:
    """A value as the wiki stores it."""
    if isinstance(value, str):
        return value
    if champ.type in ("liste", "radio", "checkbox", "listefiche", "checkboxfiche"):
        return ",".join(value)
    return {"wiki": en_wiki, "html": en_html, "nohtml": en_clair}[champ.syntaxe](value)


def en_clair(lines: list[Ligne]) -> str:
    return "\r\n".join(line.nue for line in lines)


def en_wiki(lines: list[Ligne]) -> str:
    found = []
    for line in lines:
        words = f"**{line.texte}**" if line.gras else line.texte
        words = f"[[{line.lien} {line.texte}]]" if line.lien else words
        found.append(" " * line.depth + f"- {words}" if line.depth else words)
    return "\r\n".join(found)


def en_html(lines: list[Ligne]) -> str:
    out, depth = [], 0
    for line in lines:
        words = escape(line.texte)
        words = f"<strong>{words}</strong>" if line.gras else words
        words = f'<a href="{escape(line.lien)}" target="_blank">{words}</a>' if line.lien else words
        out.append("<ul>" * (line.depth - depth) + "</ul>" * (depth - line.depth))
        depth = line.depth
        out.append(f"<li>{words}</li>" if depth else f"<p>{words}</p>")
    return "".join(out) + "</ul>" * depth


def etiquette(champ: Champ, key: str) -> str:
    label = champ.options[key]
    return f" {PARENTS[key]} ➤ {label}" if champ.nom == "ListthematiqueS" and key in PARENTS else label


# The text


def en_texte(site: Site) -> bytes:
    """The text dump of the same records, as visitors read them: registrations first, then all by title."""
    forms = {form.cle: form for form in formulaires.declared()}
    lines: list[str] = []
    for fiche in site.du_type("inscription"):
        lines += imprimee(site, fiche).printed(forms["inscription"])
    hidden = cachees(site)
    others = [f for f in site.fiches if f.formulaire != "inscription" and f.identifiant not in hidden]
    for fiche in sorted(others, key=lambda fiche: sort_key(fiche.titre)):
        printed = imprimee(site, fiche)
        lines += printed.printed(forms[fiche.formulaire]) if fiche.formulaire in forms else [fiche.titre]
    return ("\n".join(lines) + "\n").encode()


def imprimee(site: Site, fiche: Fiche) -> impression.Fiche:
    """A record as its page shows it: labels that the takeover knows, links by their words alone."""
    printed = impression.Fiche(fiche.formulaire, fiche.titre)
    for champ in site.formulaires[fiche.formulaire]:
        value = fiche.valeurs.get(champ.cle)
        if champ.type == "fichier" and champ.cle in fiche.fichiers:
            printed.fichier = fiche.fichiers[champ.cle]
        if not champ.ours or not value or champ.cle in site.caches:
            continue
        if champ.options is not None:
            several = champ.type == "checkbox"
            lines = [("- " * several + champ.options[key], several) for key in value]
        elif isinstance(value, str):
            lines = [(value, False)]
        else:
            lines = [("- " * line.depth + line.texte, bool(line.depth)) for line in value]
        printed.champs[champ.ours] = impression.Texte(lines)
    return printed


# Folders


def ecrire_json(site: Site, dossier: Path, **options) -> Path:
    """The answers of the API in files: forms, lists, the records of each form."""
    dossier.mkdir(parents=True, exist_ok=True)
    for path, data in reponses(site, **options).items():
        if path == "?api/forms" or "demand=lists" in path or path.endswith("/entries"):
            name = path.removeprefix("?").replace("/", "-").replace("&", "-").replace("=", "-")
            (dossier / f"{name}.json").write_bytes(data)
    return dossier


def en_un_fichier(site: Site, **options) -> bytes:
    answers = reponses(site, **options)
    lists = answers[f"?{ACCUEIL}/json&demand=lists"]
    parts = [(b"forms", answers["?api/forms"]), (b"lists", lists), (b"entries", answers["?api/entries"])]
    return b"{" + b",".join(b'"' + name + b'":' + data for name, data in parts) + b"}"


def sans_adresses(texte: str) -> str:
    """A text without the addresses of its links, as the dump prints it."""
    return re.sub(r" \(https?://[^\s()]+\)", "", texte)
