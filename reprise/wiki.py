"""What the JSON of a wiki holds, before it is known what each form is here: forms, fields, records as they are.

The reader (api.py) fills these; assemblage.py makes of them the records that a takeover saves.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

# What a field holds, by the words that forms use for its type. What is not named is a text.
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
    # Layout, behaviour, the author's account: nothing that people wrote in the record.
    **dict.fromkeys(("labelhtml", "tabs", "tabchange", "conditionschecking", "acls", "bookmarklet"), "rien"),
    **dict.fromkeys(("metadatas", "listefichesliees", "listefiches", "reactions"), "rien"),
    **dict.fromkeys(("yeswiki_user", "utilisateur_wikini"), "rien"),
}
TITRE = "bf_titre"
ARROW = "➤"
INCERTAIN = "?"  # in place of the number of a form that an answer does not tell
# What the wiki says of a record, not what people wrote in it. `user` and `owner` may be the IP address of somebody.
SYSTEME = frozenset(
    """
    id_fiche id_typeannonce date_creation_fiche date_maj_fiche statut_fiche owner user
    createur url html_data html_output semantic external-data nomwiki categorie_fiche
    date_debut_validite_fiche date_fin_validite_fiche
    """.split()  # noqa: SIM905
)
# By the beginning of a key, where no form says more; the longest first.
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
    """A field of an old form. `options`: {key: label} of a choice, None if nobody says; `syntaxe` of a long text.

    `lecture`: who may read it, as the form says: "*" or "" for all, « @admins », « + »…; None if nobody says. The wiki
    shows it empty to others.
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
        elif self.cle.lower() == "nomwiki":  # the account of whoever wrote
            self.genre = "rien"

    @property
    def reserve(self) -> bool:
        """Whether its form hides it from visitors."""
        return is_restricted(self.lecture or "")

    @property
    def nom(self) -> str:
        """What the field is called where no label of ours stands for it."""
        return self.label or self.cle


@dataclass
class FormulaireAncien:
    """A form of the old site. `deduit`: no definition was there, its fields are what its records hold.

    `ferme`: new records of it are hidden from visitors.
    """

    numero: str
    nom: str = ""
    champs: dict[str, ChampAncien] = field(default_factory=dict)
    deduit: bool = False
    ferme: bool = False


@dataclass
class FicheAncienne:
    """A record as it stands; `ligne` says where."""

    formulaire: str
    valeurs: dict[str, str]
    ligne: int
    identifiant: str = ""
    creation: str = ""
    modification: str = ""
    publiee: bool = True


@dataclass
class Wiki:
    """All that was read. `counts`: values that were told at sight, by the names of `LIGNES`.

    `ignores`: what was there and is nothing that a takeover reads, in French.
    """

    format: str
    formulaires: dict[str, FormulaireAncien] = field(default_factory=dict)
    fiches: list[FicheAncienne] = field(default_factory=list)
    listes: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    ignores: list[str] = field(default_factory=list)
    site: str = ""
    rangs: dict[str, int] = field(default_factory=dict)  # of the records of JSON, each identifier once


def genre_of(cle: str, type_: str = "") -> str:
    """What a field holds, by the type that its form says, else by its key."""
    if type_ in GENRES:
        return GENRES[type_]
    if type_:
        return "texte"
    return next((genre for pattern, genre in _PREFIXES if pattern.match(cle)), "texte")


def is_restricted(droit: str) -> bool:
    """Whether a read right of the wiki keeps visitors out."""
    return droit.strip() not in ("", "*")


def last_of(label: str) -> str:
    """A choice by its own name: in a list that is a tree the wiki writes its parents before it, « A ➤ B »."""
    return label.rpartition(ARROW)[2].strip()


def is_secret(texte: str) -> bool:
    """Whether a value looks like the digest of a password: it is never kept."""
    return bool(_HASH.fullmatch(texte.strip()))


def is_file_name(nom: str) -> bool:
    """Whether a file may be called so here: no folder, nothing hidden, nothing unprintable."""
    return nom.isprintable() and not nom.startswith(".") and not {*"/\\"} & {*nom} and 0 < len(nom.encode()) < 256


def clean(texte: str) -> str:
    """`texte` without what no database holds: NUL, halves of characters."""
    texte = texte.replace("\x00", "")
    try:
        texte.encode()
    except UnicodeEncodeError:
        texte = texte.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return texte
