"""The content of made-up records: the same for the same seed. Knows no model and no database.

Words to search for stand in a known part of the records, in one form, and never in a place or theme: COMMON ones in a
fifth, MIDDLING ones in a hundredth, RARE ones in one of 10 000, at least three records.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random


def _split(words: str, between: str = " ") -> list[str]:
    return words.split(between)


COMMON = _split("concertation diagnostic sobriété partenariat bénévole convivialité")
MIDDLING = _split(
    "méthanisation covoiturage apiculture télétravail compostage géothermie maraîchage ludothécaire "
    "vidéoprojecteur recyclerie généalogie photovoltaïque"
)
RARE = _split(
    "phalanstère ornithorynque clepsydre zeppelin astrolabe palimpseste scaphandre hippogriffe "
    "kaléidoscope sarbacane bathyscaphe mirliton caravansérail dromadaire escarboucle funambule gyroscope "
    "héliotrope ichtyologie jacquemart limonaire manticore nyctalope ocarina"
)
RARE_EVERY = 10_000
WITHOUT_CONSENT = 0.7

_FREQUENT = _split(
    "de la le les et des du à en pour dans une un par sur aux avec au est sont qui que plus ce cette leur "
    "leurs ses son ainsi afin entre dont été être ou se selon chez sans sous vers très tout toute tous "
    "aussi déjà après"
)
_USUAL = _split(
    "agents services collectivité habitants démarche équipe besoins action écoute citoyens qualité école "
    "familles outil accueil dossier réunion calendrier formation budget logiciel site usager élus mairie "
    "commune territoire matériel ordinateur tablette écran serveur réseau borne compte mot rendez-vous "
    "guichet salle atelier jeunes aînés parents enfants travail temps moyens projet année mois semaine "
    "étape bilan suite réponse question demande échange information message courrier document papier "
    "signature paiement facture cantine garderie piscine bibliothèque déchets eau voirie urbanisme permis "
    "plan carte adresse numéro téléphone standard annuaire mise œuvre choix prestataire marché commande "
    "livraison installation essai retour usage durée coût dépense recette aide nouveau ancien simple "
    "rapide commun local public ouvert utile possible présent principal technique humain"
)
_ROOTS = _split(
    "planifi adapt organis mutualis modernis simplifi group install valoris prépar mesur transform précis "
    "harmonis dynamis coordonn sensibilis centralis optimis fiabilis sécuris normalis actualis class "
    "affich anim structur"
)
_WORDS = [
    *_FREQUENT,
    *_USUAL,
    *(
        f"{before}{root}{end}"
        for end in _split("er é ant able age eur")
        for before in ("", "re", "dé", "co", "pré", "sur", "inter", "auto")
        for root in _ROOTS
    ),
]
_WEIGHTS = list(accumulate(1 / (rank + 4) for rank in range(len(_WORDS))))  # as in any text: few words come often

_ACTIONS = _split(
    "Mise en place d’un|Achat d’un|Refonte du|Ouverture d’un|Création d’un|Renouvellement du|Extension du|Essai d’un",
    "|",
)
_OBJECTS = _split(
    "portail des familles|logiciel de gestion|site de la mairie|guichet unique|système de réservation|"
    "standard|plan du réseau d’eau|outil de signalement|registre des demandes|poste de visioconférence|"
    "panneau lumineux|logiciel des marchés publics|service de paiement en ligne|parapheur|"
    "fonds documentaire|espace de coopération",
    "|",
)
_PRENOMS = _split(
    "Maëlle Erwan Nolwenn Yann Gwenola Malo Soazig Tanguy Rozenn Loïc Enora Ronan Katell Gildas Aziliz "
    "Brieuc Annaïg Corentin Morgane Hervé Fatou Idris Lan Joaquim"
)
_NOMS = [
    start + end
    for start in _split("Ker Tré Le Plou Lan Pen Ros Qué Coët Guer Mor Bod")
    for end in _split("vella garec douaron muzec lohec nevez briand ledan quelen souarn gouil tanet")
]
_FONCTIONS = _split(
    "secrétariat général|direction des systèmes d’information|accueil|communication|élu·e|finances",
    "|",
)
_FIRST_DAY = datetime(2021, 1, 4, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lieu:
    """A commune that records may come from; its weight grows with its inhabitants."""

    commune: str
    nom: str
    departement: str
    intercommunalite: str | None
    groupe: str
    poids: float


@dataclass(slots=True)
class Feuille:
    """One made-up record and its person. `lieu`: None for one in sixty; `par_groupe`: of its intercommunalité."""

    rang: int
    titre: str
    lieu: Lieu | None
    par_groupe: bool
    collectivite: str
    description: str
    objectifs: str
    montant_eur: int | None
    themes: list[int]
    publiee_le: datetime
    modifiee_le: datetime
    remplace: bool  # the record before it
    personne: dict[str, str | bool]


def records(count: int, seed: int, lieux: Sequence[Lieu], themes: int) -> Iterator[Feuille]:
    """Yields `count` records; each gets up to three ranks of `themes` themes."""
    rng = Random(seed)
    weights = list(accumulate(lieu.poids for lieu in lieux))
    favoured = list(accumulate(1 / (rank + 2) for rank in range(themes)))
    every = min(RARE_EVERY, count // 3)
    for rang in range(count):
        lieu = rng.choices(lieux, cum_weights=weights)[0] if rng.random() > 1 / 60 else None
        par_groupe = bool(lieu and lieu.intercommunalite) and rng.random() < 0.1
        of = "" if lieu is None else lieu.groupe if par_groupe else f"Mairie de {lieu.nom}"
        planted = [word for word in COMMON if rng.random() < 0.2]
        planted += [word for rank, word in enumerate(MIDDLING) if (rang + 7 * rank) % 100 == 0]
        planted += [word for rank, word in enumerate(RARE) if (rang + 37 * rank) % every == 0]
        published = _FIRST_DAY + timedelta(minutes=rng.randrange(5 * 365 * 24 * 60))
        yield Feuille(
            rang=rang,
            titre=f"{rng.choice(_ACTIONS)} {rng.choice(_OBJECTS)} {' '.join(_draw(rng, 3))}",
            lieu=lieu,
            par_groupe=par_groupe,
            collectivite=of,
            description=_text(rng, planted),
            objectifs=_text(rng, []) if rng.random() < 0.5 else "",
            montant_eur=_amount(rng),
            themes=sorted(set(rng.choices(range(themes), cum_weights=favoured, k=rng.choice((0, 1, 1, 2, 3))))),
            publiee_le=published,
            modifiee_le=published + timedelta(minutes=rng.randrange(200 * 24 * 60)),
            remplace=rang > 0 and rng.random() < 1 / 200,
            personne=_person(rng, rang),
        )


def _draw(rng: Random, length: int) -> list[str]:
    return rng.choices(_WORDS, cum_weights=_WEIGHTS, k=length)


def _text(rng: Random, planted: list[str]) -> str:
    """40 to 200 words in sentences with the `planted` ones among them, sometimes in two paragraphs."""
    words = _draw(rng, rng.randint(40, 200 - len(planted)))
    for word in planted:
        words.insert(rng.randrange(len(words)), word)
    sentences, start = [], 0
    while start < len(words):
        end = start + rng.randint(7, 18)
        sentences.append(f"{' '.join(words[start:end]).capitalize()}.")
        start = end
    cut = len(sentences) // 2 if rng.random() < 0.3 else 0
    return "\n\n".join(filter(None, (" ".join(sentences[:cut]), " ".join(sentences[cut:]))))


def _amount(rng: Random) -> int | None:
    """None for one in six."""
    chance = rng.random()
    return None if chance < 0.13 else 0 if chance < 0.16 else min(round(rng.lognormvariate(9.3, 1), -1), 900_000)


def _person(rng: Random, rang: int) -> dict[str, str | bool]:
    return {
        "nom": f"{rng.choice(_PRENOMS)} {rng.choice(_NOMS)}",
        "fonction": rng.choice(_FONCTIONS),
        "courriel": f"personne-{rang}@exemple.bzh",
        "telephone": f"02 61 91 {rang // 100 % 100:02} {rang % 100:02}",  # numbers that nobody has
        "accord": rng.random() >= WITHOUT_CONSENT,
    }
