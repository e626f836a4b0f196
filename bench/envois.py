"""What robots and honest people send to public forms: texts, names, addresses, browsers, pauses."""

from dataclasses import dataclass, field
from datetime import timedelta

PERSONNE = {
    "prenom": "Nolwenn",
    "nom": "Kerinvente",
    "organisation": "Mairie d’Exemple",
    "journee_entiere": "oui",
    "consentement": "on",
}
# What robots wrote into the old site, and similar words.
PRODUITS = ("FloodCRM", "MegaCRM", "https://floodcrm.io", "www.venteplus.com", "VentePlus")
COLLES = ("Une rencontre utile. FloodCRM", "Une rencontre utile.FloodCRM", "- FloodCRM", "Merci !\nFloodCRM\n")
BALISES = (
    "[url=https://venteplus.io]ici[/url]",
    '<a href="https://venteplus.io">ici</a>',
    "http://a.io http://b.io www.c.io",
)
POURRIELS = [
    *({"commentaire": text} for text in (*PRODUITS, *COLLES, *BALISES)),
    *({"besoin": text} for text in (*PRODUITS, *COLLES)),
    *({name: text} for name in ("prenom", "nom", "organisation") for text in ("FloodCRM", "https://floodcrm.io")),
]
NOMS = (
    *(
        "A",
        "É",
        "é" * 300,
        "🦊",
        "Anne 🎉",
        "Le",
        "d’Artagnan",
        "D'Artagnan",
        "N'Guyen",
        "田中",
        "さくら",
        "김",
        "Seo",
        "محمد",
    ),
    *("עדי", "‮renversé", "<b>Awena</b>", "Anne <anne>", "Awena & Cie", "O'Brien", "Marie-Thérèse", "Jean  Luc", "null"),
    *("None", "undefined", "Test", "{{ 7|add:7 }}", "'; DROP TABLE", "McDonald", "DeVito", "LeBlanc", "Yann (CCAS)"),
    *("Ñandú", "Ae\u0301lez", "Çağrı", "Ljubčić", "Ó Súilleabháin", "van der Berg", "Müller-Lüdenscheidt", "=1+1", "-"),
    *("Nolwenn, Malo", "Dr Awena", "50", "M.", "Åsa", "ʻOkina", "ᚁ", "Łucja", "AWENA"),
)
TEXTES = (
    *(
        "",
        "RAS",
        "Végétarien",
        "LSF",
        "PMR",
        "Merci !\r\n\r\nAwena",
        "Voir https://www.exemple.bzh/acces",
        "Je ne sais pas.",
    ),
    *(
        "J’arrive à 10 h 30 ; prévoir une boucle magnétique ?",
        "x " * 1900,
        "www.exemple.bzh est notre site",
        "<3",
        "Ticket n° 3",
    ),
)
NAVIGATEURS = (
    {"HTTP_USER_AGENT": "w3m/0.5.3+git20230121"},  # sends no language and no referrer, runs no script
    {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)", "HTTP_ACCEPT_LANGUAGE": "fr,br;q=0.8"},
    {"HTTP_USER_AGENT": "Lynx/2.9.0", "HTTP_ACCEPT_LANGUAGE": "br"},
    {"HTTP_REFERER": "http://autre.exemple.bzh/", "HTTP_DNT": "1", "HTTP_ACCEPT_LANGUAGE": "*"},
    {},
)
# Filled in by the browser or pasted; typed; read by a screen reader.
PAUSES = (timedelta(seconds=4), timedelta(minutes=4), timedelta(hours=2))
PRESSE = timedelta(seconds=0.5)  # somebody whose browser fills in all, and who does not read
ADRESSES = (
    *("honnete{}@exemple.bzh", " honnete{}@exemple.bzh\u00a0", "Honnete{}@EXEMPLE.BZH", "o'honnete{}@exemple.bzh"),
    *("honnete{}+labacces@exemple.bzh", '"honnete{}"@exemple.bzh', "honnete{}@élus.exemple.bzh", "{}@exemple.bzh"),
    *(f"{'h' * 60}{{}}@exemple.bzh", "honnete_{}-a.b@sous.domaine.exemple.bzh", "accueil@exemple.bzh"),
)


@dataclass
class Envoi:
    """One post: its sender, the pause before it, and whether its page is its own or the first."""

    genre: str
    champs: dict
    pause: timedelta = timedelta(minutes=1)
    rejoue: bool = False
    entetes: dict = field(default_factory=dict)


def pourriels(number: int) -> list[Envoi]:
    """So many posts, each kind in turn: from the dump, filling every field, too fast, one page again and again."""
    found = []
    for n in range(number):
        text = POURRIELS[n // 4 % len(POURRIELS)]
        courriel = {"courriel": f"robot{n}@exemple.bzh"}
        everything = {"besoin": "buy now", "commentaire": "buy now", "precision": "buy now"}
        kinds = (
            Envoi("extrait", PERSONNE | courriel | text),
            Envoi("remplit tout", PERSONNE | courriel | everything),
            Envoi("trop vite", PERSONNE | courriel, pause=timedelta(seconds=2)),
            Envoi("rejoue une page", PERSONNE | courriel | everything, rejoue=True),
        )
        found.append(kinds[n % 4])
        found[-1].entetes = robot(n)
    return found


def robot(n: int) -> dict:
    return {"REMOTE_ADDR": f"198.51.{n // 250}.{n % 250}", "HTTP_USER_AGENT": "robot"}


def acharnes(number: int) -> list[Envoi]:
    """So many posts against one mailbox, in many spellings. No single post betrays a robot."""
    return [
        Envoi("une même boîte", PERSONNE | {"courriel": f"victime+{n}@exemple.bzh"}, entetes=robot(1000 + n))
        for n in range(number)
    ]


def honnetes(adresses=("honnete{}@exemple.bzh",)) -> list[Envoi]:
    """Fifty people of one building, with names, words, browsers and pauses of all kinds."""
    found = []
    for n, nom in enumerate(NOMS):
        text = {"commentaire": TEXTES[n % len(TEXTES)], "besoin": TEXTES[(n + 3) % len(TEXTES)]}
        person = {"prenom": nom, "nom": NOMS[(n + 7) % len(NOMS)], "courriel": adresses[n % len(adresses)].format(n)}
        pause, headers = PAUSES[n % len(PAUSES)], NAVIGATEURS[n % len(NAVIGATEURS)]
        found.append(Envoi("honnête", PERSONNE | person | text, pause, entetes=headers))
    return found
