"""The forms, fields and records in a wiki's JSON, not yet matched with our types.

api.py fills these classes; assemblage.py turns them into the records that a takeover saves.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

# What a field holds, by the type that its form gives. A type that is not listed is a text.
GENRES = {
    **dict.fromkeys(("liste", "radio"), "choix"),
    **dict.fromkeys(("checkbox",), "listes"),
    **dict.fromkeys(("listefiche", "radiofiche", "checkboxfiche"), "fiches"),
    **dict.fromkeys(("tags",), "mots"),
    **dict.fromkeys(("champs_mail", "email"), "courriel"),
    **dict.fromkeys(("lien_internet", "link", "url"), "lien"),
    **dict.fromkeys(("fichier", "file"), "fichier"),
    **dict.fromkeys(("image",), "image"),
    **dict.fromkeys(("map", "carte_google"), "carte"),
    **dict.fromkeys(("mot_de_passe", "password"), "secret"),
    **dict.fromkeys(("textelong", "textarea"), "texte"),
    # Layout, behaviour, account of the author: no text of people.
    **dict.fromkeys(("labelhtml", "tabs", "tabchange", "conditionschecking", "acls", "bookmarklet"), "rien"),
    **dict.fromkeys(("metadatas", "listefichesliees", "listefiches", "reactions"), "rien"),
    **dict.fromkeys(("yeswiki_user", "utilisateur_wikini"), "rien"),
}
TITRE = "bf_titre"
ARROW = "➤"
INCERTAIN = "?"  # an answer without the number of its form
# What the wiki itself adds to a record. `user` and `owner` may hold the IP address of a person.
SYSTEME = frozenset(
    """
    id_fiche id_typeannonce date_creation_fiche date_maj_fiche statut_fiche owner user
    createur url html_data html_output semantic external-data nomwiki categorie_fiche
    date_debut_validite_fiche date_fin_validite_fiche
    """.split()  # noqa: SIM905
)
# By the start of a key, where no form tells; longest first.
_PREFIXES = (
    (re.compile(r"^(?:liste|checkbox|radio)fiche[0-9]"), "fiches"),
    (re.compile(r"^checkbox[A-Z]"), "listes"),
    (re.compile(r"^(?:liste|radio)[A-Z]"), "choix"),
    (re.compile(r"^image(?:bf_|image|[A-Z_])"), "image"),
    (re.compile(r"^fichier(?:bf_|fichier|[A-Z_])"), "fichier"),
    (re.compile(r"^bf_(?:mail|courriel|email)$"), "courriel"),
    (re.compile(r"^bf_(?:site_internet|url|lien)$"), "lien"),
    (re.compile(r"^bf_tags$"), "mots"),
    (re.compile(r"^(?:bf_latitude|bf_longitude|geolocation|carte_google)$"), "carte"),
)
_SECRET = re.compile(r"mot[_ ]?de[_ ]?passe|password", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|\$(?:2[aby]|argon2\w*|[156])\$\S{20,}", re.IGNORECASE)


@dataclass
class ChampAncien:
    """A field of an old form.

    `options`: {key: label} of a choice. `syntaxe`: markup of a long text. `lecture`: who may read the field ("*" or ""
    for all, « @admins », « + »…); others see it empty. None if unknown.
    """

    cle: str
    label: str = ""
    genre: str = ""
    options: dict[str, str] | None = None
    syntaxe: str = ""
    lecture: str | None = None

    def __post_init__(self):
        if _SECRET.search(self.cle) or _SECRET.search(self.label):
            self.genre = "secret"
        elif self.cle.lower() == "nomwiki":  # the account of the writer
            self.genre = "rien"

    @property
    def reserve(self) -> bool:
        """Whether visitors may not read it."""
        return is_restricted(self.lecture or "")

    @property
    def nom(self) -> str:
        return self.label or self.cle


@dataclass
class FormulaireAncien:
    """A form of the old site.

    `deduit`: there was no definition, so the fields come from the records. `ferme`: new records are hidden from
    visitors.
    """

    numero: str
    nom: str = ""
    champs: dict[str, ChampAncien] = field(default_factory=dict)
    deduit: bool = False
    ferme: bool = False


@dataclass
class FicheAncienne:
    """`ligne`: where the record stands."""

    formulaire: str
    valeurs: dict[str, str]
    ligne: int
    identifiant: str = ""
    creation: str = ""
    modification: str = ""
    publiee: bool = True


@dataclass
class Wiki:
    """All that was read.

    `counts`: values counted at once, under the names of `LIGNES`. `ignores`: what a takeover does not read, in French.
    """

    format: str
    formulaires: dict[str, FormulaireAncien] = field(default_factory=dict)
    fiches: list[FicheAncienne] = field(default_factory=list)
    listes: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    ignores: list[str] = field(default_factory=list)
    site: str = ""
    rangs: dict[str, int] = field(default_factory=dict)  # {identifier: rank} of the records of JSON


def genre_of(cle: str, type_: str = "") -> str:
    """The type in the form decides, else the key."""
    if type_ in GENRES:
        return GENRES[type_]
    if type_:
        return "texte"
    return next((genre for pattern, genre in _PREFIXES if pattern.match(cle)), "texte")


def is_restricted(droit: str) -> bool:
    return droit.strip() not in ("", "*")


def last_of(label: str) -> str:
    """The last name of a choice in a tree: the wiki writes its parents first, « A ➤ B »."""
    return label.rpartition(ARROW)[2].strip()


def is_secret(texte: str) -> bool:
    """Whether a value looks like the digest of a password: such a value is never kept."""
    return bool(_HASH.fullmatch(texte.strip()))


def is_file_name(nom: str) -> bool:
    """Whether the name has no folder, is not hidden, and is printable."""
    return nom.isprintable() and not nom.startswith(".") and not {*"/\\"} & {*nom} and 0 < len(nom.encode()) < 256


def clean(texte: str) -> str:
    """Removes what a database refuses: NUL, halves of characters."""
    texte = texte.replace("\x00", "")
    try:
        texte.encode()
    except UnicodeEncodeError:
        texte = texte.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return texte
