"""The wiki: forms with every kind of field, three hundred records, always the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from reprise.fields import Formulaire
from reprise.formulaires import declared
from reprise.reconnaissance import plie
from reprise.urls_of_old_site import identifiant_yeswiki

ADRESSE = "https://wiki.exemple.bzh"
NOMBRES = {
    **{"projet": 60, "initiative": 60, "enquete": 40, "terme": 50, "ressource": 30, "episode": 10},
    **{"evenement": 15, "inscription": 20, "exploration": 10, "annuaire": 5},
}
NUMEROS = {cle: str(number) for number, cle in enumerate(NOMBRES, 2)}
NOMS = {
    **{"projet": "Projets France Relance", "initiative": "Initiatives", "enquete": "Enquêtes", "terme": "Glossaire"},
    **{"ressource": "Ressources", "episode": "Podcast", "evenement": "Agenda", "inscription": "Inscriptions"},
    **{"exploration": "Exploration", "annuaire": "Annuaire des lieux"},
}
LISTES: dict[str, dict[str, str]] = {
    "ListeDepartement": {
        **{"22": "22 - Côtes-d'Armor", "29": "29 - Finistère", "35": "35 - Ille-et-Vilaine", "56": "56 - Morbihan"},
    },
    "ListeTypeActeur": {"asso": "Association", "coll": "Collectivité", "autre": "Autre"},
    "ListeEchelle": {"0q": "Quartier", "1": "Commune", "2": "Intercommunalité", "3": "Département", "4": "Pays"},
    "ListmotsClefs": {"num": "Numérique", "acc": "Accueil, orientation", "dro": "Droits & démarches"},
    "ListreconnaissancE": {
        "ind": "Indemnisation des frais (Transports, repas, garde d’enfants, achats…)",
        "rem": "Rémunération du temps consacré à l’action",
    },
    "ListtypeDOrganisation": {"1": "Commune", "2": "Association", "3": "Organisme de sécurité sociale"},
    "ListniveauDeParticipation": {"cons": "Consultation", "conc": "Co-conception"},
    "ListeRessource": {"out": "Outils", "gui": "Guide", "etu": "Étude"},
    "ListthematiqueS": {"acc": "Accueil", "num": "Numérique", "med": "Médiation", "nonr": "Non-recours"},
    "ListprofilS": {"exp": "Expert spécialiste", "usa": 'Expert en usages / "Usagers"', "cur": "Curieux"},
    "ListeOuiNon": {"oui": "Oui", "non": "Non"},
}
PARENTS = {"med": "Numérique"}  # of the list of themes
_LISTE_DE = {
    "Département": "ListeDepartement",
    "Type d'acteurs qui propose cette initiative": "ListeTypeActeur",
    "Echelle d'action": "ListeEchelle",
    "Échelle territoriale de l'action": "ListeEchelle",
    "Mot clef de l'action": "ListmotsClefs",
    "Mode de reconnaissance de la participation": "ListreconnaissancE",
    "Type d'organisation concernée": "ListtypeDOrganisation",
    "Niveau de participation visé, en terme d'implication dans la décision publique": "ListniveauDeParticipation",
    "Type de ressources": "ListeRessource",
    "Thématique de votre ressource": "ListthematiqueS",
    "Groupe de cases à cocher": "ListprofilS",
    "Je serai présent.e toute la journée :": "ListeOuiNon",
}
_CHOISIES = ("liste", "radio", "checkbox")
_MOTS = """
    accueil droits numérique usagers commune portail familles médiation non-recours écoute
    œuvre l’accès d'aide RSA CCAS agents été Île atelier service public démarche vélo
    formation habitants réseau jardin école mairie rencontre
""".split()  # noqa: SIM905
PRENOMS = """
    Awena Malo Nolwenn Erwan Gaïd Fañch Soizic Loeiza Tugdual Rozenn
""".split()  # noqa: SIM905
FAMILLES = """
    Tanguy Riou Prigent Kerdoncuff Le-Bihan Salaün Cadiou Morvan Quéméner Guivarch
""".split()  # noqa: SIM905


@dataclass
class Champ:
    """A field of a wiki's form, by the columns of its definition. `ours`: the label that the takeover knows."""

    type: str
    nom: str
    label: str
    syntaxe: str = ""
    requis: bool = False
    ours: str = ""

    @property
    def cle(self) -> str:
        if self.type == "titre":
            return "bf_titre"
        if self.type in (*_CHOISIES, "listefiche", "checkboxfiche", "image", "fichier"):
            return self.type + self.nom
        return self.nom

    @property
    def options(self) -> dict[str, str] | None:
        return LISTES[self.nom] if self.type in _CHOISIES else None


@dataclass
class Ligne:
    """A line of a long text: a list item if `depth` is not 0; `lien`: the address behind its words."""

    texte: str
    depth: int = 0
    gras: bool = False
    lien: str = ""

    @property
    def nue(self) -> str:
        return "- " * self.depth + self.texte + (f" ({self.lien})" if self.lien else "")


@dataclass
class Fiche:
    """`valeurs` by key: a text, the keys of a choice, lines of a long text, a pair for a position."""

    formulaire: str
    identifiant: str
    titre: str
    creation: datetime
    modification: datetime
    valeurs: dict[str, object] = field(default_factory=dict)
    fichiers: dict[str, str] = field(default_factory=dict)  # {key: short name}
    publiee: bool = True

    def stocke(self, cle: str) -> str:
        """The wiki's name for the file of a field."""
        name, _, extension = self.fichiers[cle].rpartition(".")
        mistrusted = "" if extension in ("mp3", "png", "jpg") else "_"
        date = f"{self.creation:%Y%m%d%H%M%S}"
        return f"{self.identifiant}_{cle}_{name}_{date}_{date}.{extension}{mistrusted}"


@dataclass
class Site:
    """The wiki. Hidden from visitors: `fermes`, types; `privees`, identifiers of records; `caches`, keys of fields."""

    formulaires: dict[str, list[Champ]]  # by type
    fiches: list[Fiche]
    fermes: set[str] = field(default_factory=set)
    privees: set[str] = field(default_factory=set)
    caches: set[str] = field(default_factory=set)

    def cle(self, type: str, label: str) -> str:
        """The key of the field that the takeover knows by this label."""
        return next(champ.cle for champ in self.formulaires[type] if champ.ours == label)

    def du_type(self, cle: str) -> list[Fiche]:
        return [fiche for fiche in self.fiches if fiche.formulaire == cle]


def fabriquer(nombres: dict[str, int] | None = None, graine: int = 22) -> Site:
    """A wiki with so many records of each form; the same for the same arguments."""
    return _Fabrique(Random(graine)).faire(nombres or NOMBRES)


def champs_de(form: Formulaire) -> list[Champ]:
    """The fields of an old form: labels that the takeover knows, and what such forms add."""
    champs = [Champ("titre", "bf_titre", "Nom de la fiche", requis=True)]
    syntaxes = ["wiki", "html", "nohtml"]
    if rubriques := form.of("rubrique"):
        champs.append(Champ("labelhtml", f"<h2>{rubriques[0]}</h2>", ""))
    for number, label in enumerate(form.labels):
        genre, name = form.libelles[label].genre, _nom(label, [champ.nom for champ in champs])
        if label in _LISTE_DE:
            several = genre == "listes"
            kind = "checkbox" if several else "radio" if form.cle == "inscription" else "liste"
            champs.append(Champ(kind, _LISTE_DE[label], label, requis=number == 1))
        elif genre == "courriel":
            champs.append(Champ("champs_mail", "bf_mail", label))
        elif genre == "lien":
            champs.append(Champ("lien_internet", "bf_site_internet", label))
        elif genre == "fichier":
            champs.append(Champ("fichier", "bf_annexe", label))
        elif genre in ("ligne", "noms"):
            champs.append(Champ("texte", name, label, requis=number == 0))
        else:
            champs.append(Champ("textelong", name, label, syntaxe=syntaxes[number % 3]))
        champs[-1].ours = label
    return champs + _DE_PLUS.get(form.cle, [])


def _nom(label: str, taken: list[str]) -> str:
    """A key from the first long words of a label, as makers of forms do."""
    words = [word for word in plie(label).split() if len(word) > 3] or plie(label).split()
    size = next(size for size in range(2, 20) if f"bf_{'_'.join(words[:size])}" not in taken)
    return f"bf_{'_'.join(words[:size])}"


_DE_PLUS = {
    "evenement": [
        Champ("jour", "bf_date_debut_evenement", "Début de l'événement"),
        Champ("listedatefin", "bf_date_fin_evenement", "Fin de l'événement"),
        Champ("texte", "bf_adresse", "Adresse postale"),
        Champ("texte", "bf_ville", "Commune du rendez-vous"),
        Champ("bookmarklet", "marque", "Marque-page"),
    ],
    "initiative": [
        Champ("tags", "bf_tags", "Mots libres"),
        Champ("image", "bf_image", "Illustration"),
        Champ("map", "bf_latitude", "bf_longitude"),
        Champ("listefiche", "4", "Enquête liée"),
        Champ("checkboxfiche", "5", "Termes liés"),
        Champ("acls", "acls", ""),
    ],
    "enquete": [Champ("map", "bf_latitude", "bf_longitude")],
    "ressource": [
        Champ("fichier", "fichier", "Votre fichier"),
        Champ("calc", "bf_calcul", "Calcul"),
        Champ("reactions", "reactions", "Réactions"),
    ],
    "episode": [Champ("fichier", "bf_fichier", "Enregistrement")],
    "inscription": [
        Champ("utilisateur_wikini", "nomwiki", "Compte"),
        Champ("mot_de_passe", "mot_de_passe_wikini", "Mot de passe"),
    ],
}
_ANNUAIRE = [
    Champ("titre", "bf_titre", "Nom du lieu", requis=True),
    Champ("texte", "bf_horaires", "Horaires d'ouverture"),
    Champ("texte", "bf_surface", "Surface en m²"),
    Champ("texte", "bf_acces", "Moyens d'accès"),
]


class _Fabrique:
    def __init__(self, hasard: Random):
        self.hasard, self.noms, self.nombre = hasard, set(), 0

    def faire(self, nombres: dict[str, int]) -> Site:
        forms = {form.cle: form for form in declared()}
        formulaires = {cle: champs_de(forms[cle]) if cle in forms else _ANNUAIRE for cle in nombres}
        site = Site(formulaires, [])
        for cle, nombre in nombres.items():
            for number in range(nombre):
                site.fiches.append(self.fiche(cle, number, formulaires[cle], site))
        for fiche in site.fiches:
            for cle, value in fiche.valeurs.items():
                if isinstance(value, list) and value and str(value[0]).startswith("@"):
                    others = site.du_type(value[0][1:])
                    fiche.valeurs[cle] = [other.identifiant for other in others[: len(value)]]
        twins = site.du_type("initiative")[:2]
        if len(twins) == 2:  # one title, two records
            twins[1].titre = twins[0].titre
            twins[1].identifiant = f"{twins[0].identifiant}2"
        return site

    def mots(self, least=3, most=8) -> str:
        self.nombre += 1
        words = [self.hasard.choice(_MOTS) for _ in range(self.hasard.randint(least, most))]
        return f"{' '.join(words)} {self.nombre}"

    def fiche(self, cle: str, number: int, champs: list[Champ], site: Site) -> Fiche:
        creation = datetime(2021, 1, 4, 9) + timedelta(hours=31 * len(site.fiches), seconds=number)
        titre = self.titre(cle, number)
        identifiant = name = identifiant_yeswiki(titre)
        suffix = 1
        while identifiant.lower() in self.noms:
            suffix += 1
            identifiant = f"{name}{suffix}"
        self.noms.add(identifiant.lower())
        fiche = Fiche(cle, identifiant, titre, creation, creation + timedelta(days=number % 40, minutes=3))
        personne = (PRENOMS[number % 10], f"{FAMILLES[number // 10 % 10]}-{number}")
        for champ in champs:
            if champ.type == "titre":
                continue
            maker: Callable = getattr(self, f"_{champ.type}", self._rien)
            value = maker(champ, fiche, number)
            if cle == "inscription" and champ.label in ("Prénom", "NOM", "Courriel"):
                prenom, nom = personne
                value = {"Prénom": prenom, "NOM": nom, "Courriel": f"{prenom}.{nom}@exemple.bzh".lower()}[champ.label]
            if value is not None:
                fiche.valeurs[champ.cle] = value
        if cle == "inscription":
            fiche.titre = " ".join(personne)
        if cle in ("terme", "evenement", "annuaire") and not any(isinstance(v, list) for v in fiche.valeurs.values()):
            for champ in champs:
                if champ.type == "textelong":
                    fiche.valeurs[champ.cle] = [Ligne(self.mots())]
        return fiche

    def titre(self, cle: str, number: int) -> str:
        start = ["", "« ", "É", "L'", "CCAS & ", "d’"][number % 6]
        end = {0: "", 1: " »"}.get(number % 6, "") if number % 6 < 2 else ""
        words = self.mots(2, 6)
        return f"{start}{words}{end}".strip() + (" - 12/03/2024" if cle == "evenement" and number % 3 == 0 else "")

    # A value for each type of field, or None

    def _rien(self, champ, fiche, number):
        return None

    def _texte(self, champ, fiche, number):
        if champ.label.startswith("Montant"):
            return ["12 500", "1 008 €", "20000,50", ""][number % 4]
        if champ.nom == "bf_ville":
            return "Rennes"
        if champ.ours in ("Auteur de la fiche", "Nom du référent ou de la référente", "Référent du projet"):
            return f"{PRENOMS[number % 10]} {FAMILLES[(number + 3) % 10]}"
        return None if number % 5 == 4 and not champ.requis else self.mots(1, 4)

    def _textelong(self, champ, fiche, number):
        if self.hasard.random() < 0.2:
            return None
        lines = [Ligne(self.mots(), gras=self.hasard.random() < 0.2) for _ in range(self.hasard.randint(1, 3))]
        if self.hasard.random() < 0.4:
            lines += [Ligne(self.mots(), 1), Ligne(self.mots(), 1)]
            if self.hasard.random() < 0.5:
                lines.append(Ligne(self.mots(), 2))
        elif self.hasard.random() < 0.2 and champ.syntaxe != "nohtml":
            lines[-1].lien = f"https://exemple.bzh/page?a=1&id={self.nombre}"
        return lines

    def _liste(self, champ, fiche, number):
        return [self.hasard.choice(list(champ.options))] if number % 6 != 5 else []

    _radio = _liste

    def _checkbox(self, champ, fiche, number):
        return self.hasard.sample(list(champ.options), number % 3)

    def _champs_mail(self, champ, fiche, number):
        return f"contact{number}@exemple.bzh" if number % 7 else "contact chez exemple"

    def _lien_internet(self, champ, fiche, number):
        return ["https://exemple.bzh/page?a=1&b=2", "https://", ""][number % 3]

    def _jour(self, champ, fiche, number):
        return ["2024-03-12", "2024-11-15T09:30:00+01:00", ""][number % 3]

    def _listedatefin(self, champ, fiche, number):
        return ["", "2024-11-15T12:00:00+01:00", ""][number % 3]

    def _map(self, champ, fiche, number):
        return ("48.117300", f"-1.{677800 + number}") if number % 4 == 0 else None

    def _tags(self, champ, fiche, number):
        return "aller vers,accueil" if number % 10 == 0 else ""

    def _calc(self, champ, fiche, number):
        return ""

    def _reactions(self, champ, fiche, number):
        return "oui"

    def _utilisateur_wikini(self, champ, fiche, number):
        return f"{PRENOMS[number % 10]}Exemple"

    def _mot_de_passe(self, champ, fiche, number):
        return "5f4dcc3b5aa765d61d8327deb882cf99"

    def _listefiche(self, champ, fiche, number):
        return ["@enquete"] if number % 12 == 0 else []

    def _checkboxfiche(self, champ, fiche, number):
        return ["@terme", "@terme"] if number % 12 == 1 else []

    def _fichier(self, champ, fiche, number):
        if number % 2 == 0 or fiche.formulaire == "episode":
            extension = "mp3" if fiche.formulaire == "episode" else "pdf"
            fiche.fichiers[champ.cle] = f"Document_{fiche.formulaire}_{number}.{extension}"

    def _image(self, champ, fiche, number):
        if number % 15 == 0:
            fiche.fichiers[champ.cle] = f"photo_{number}.jpg"
