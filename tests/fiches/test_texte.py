"""Addresses that people write so that a robot misses them: a reader does not, and no page prints them."""

import pytest

from socle.francais.prose import prose
from socle.francais.resume import first_sentence
from socle.francais.texte import latest_year, mask_courriels
from tests.growth import in_line, repeated
from tests.sampling import mostly_long

MASQUE = "[adresse masquée]"


@pytest.mark.parametrize(
    "address",
    [
        "jean.dupont@exemple.bzh",
        "jean.dupont%40exemple.bzh",
        "jean%2Edupont%2540exemple%2Ebzh",
        "jean.dupont @ exemple.bzh",
        "jean.dupont\u00a0@ exemple.bzh",
        "jean.dupont @exemple.bzh",
        "jean.dupont(at)exemple.bzh",
        "jean.dupont [at] exemple.bzh",
        "jean.dupont{AT}exemple.bzh",
        "jean.dupont (arobase) exemple (point) bzh",
        "jean.dupont arobase exemple.bzh",
        "jean.dupont at exemple.bzh",
        "jean.dupont arobase exemple point bzh",
        "jean.dupont {at} exemple {dot} bzh",
        "jean.dupont[@]exemple.bzh",
        "jean.dupont&#64;exemple.bzh",
        "jean.dupont[at]exemple[dot]bzh",
        "jean.dupont＠exemple.bzh",
        "jean.dupont﹫exemple．bzh",
        "jean.dupont@exemple",
        "jean_dupont@exemple",
        "jeandupont@gmail",
        "jean.dupont\u200b@exemple.bzh",
        "jean.du\u00adpont@exemple.bzh",
        "jean.dupont@exem\u00adple.bzh",
        "jean.dupont@\u200bexemple\u200b.bzh",
        "ste\u0301phane@exemple.bzh",
        "o'neil@exemple.bzh",
        "o’neil@exemple.bzh",
        "jean&co@exemple.bzh",
        "jean+liste@sous-domaine.exemple.bzh",
        f"{'a' * 100}@exemple.bzh",
        "jean.dupont@élysée.exemple",
    ],
)
def test_an_address_is_masked_whole_however_it_is_written(address):
    assert mask_courriels(f"Écrire à ({address}), merci.") == f"Écrire à ({MASQUE}), merci."
    assert mask_courriels(address) == MASQUE


@pytest.mark.parametrize(
    "text",
    [
        "Ville Internet 5@\nBonjour.fin",
        "Lab @rchipel",
        "Laboratoire @rchipel. Le projet",
        "un compte Dem@t ou France Connect",
        "Cyber@ction, l’inform@tique et l’e-l@b",
        "sur Twitter, @ville et @ville_de_brest",
        "15 h @ Rennes",
        "https://mastodon.social/@ville",
        "https://www.google.com/maps/@48.1,-1.6,15z",
        "au format (pdf) ; le chat [at] home",
        "50 % des 40 usagers, 100%40",
        "@@@ @ . (at) [at] %40",
        "un atelier at home, prix at 3.50, l’arobase est un signe",
        "",
    ],
)
def test_what_is_no_address_stays(text):
    assert mask_courriels(text) == text


@pytest.mark.parametrize("sign", ["@", "%40"])
def test_a_link_that_holds_an_address_goes_whole(sign):
    """What would be left of it leads nowhere."""
    text = f"Voir https://exemple.bzh/?m=jean.dupont{sign}exemple.bzh&x=1, puis https://exemple.bzh/autre."
    assert mask_courriels(text) == f"Voir {MASQUE}, puis https://exemple.bzh/autre."
    assert f"<p>Voir {MASQUE}, puis <a" in prose(mask_courriels(text))


UNITS = ["a", "a.a.a", "@", "@@@", "a@", "a@a", "a.a@", "a@a.", "%40", "a%40", "(at)", "a(at)", " @ ", "a ", "'", "a'"]
UNITS += [".", "http://", "https://a@", "\u00ad", "a\u00ad@", "a(point)", "％", "%", "%25", "(", "[at"]


def test_several_addresses_side_by_side():
    text = "a.b@exemple.bzh/c.d@exemple.bzh;e@exemple.bzh f@exemple.bzh|<g@exemple.bzh>"
    assert mask_courriels(text) == f"{MASQUE}/{MASQUE};{MASQUE} {MASQUE}|<{MASQUE}>"


@pytest.mark.long
@mostly_long("unit", UNITS, one_in=9)
def test_masking_is_linear(unit):
    made = repeated(unit)
    assert in_line(mask_courriels, made, 100_000)
    assert in_line(mask_courriels, lambda length: made(length) + "@", 100_000)
    once = mask_courriels(made(100_000))
    assert mask_courriels(once) == once


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Un portail. Puis un autre.", "Un portail."),
        ("Qui paie\u202f? Personne.", "Qui paie ?"),
        ("Avec M. Kerinventé et l’art. 3 de la loi. Voilà", "Avec M. Kerinventé et l’art. 3 de la loi."),
        ("\n\n- Créer un accueil ;\n- l’ouvrir", "Créer un accueil ; l’ouvrir"),
        ("Le projet :\n- un\n- deux", "un"),
        ("Présentation synthétique du projet\nUn portail.", "Un portail."),
        ("Non.\nDeux jours payés.", "Deux jours payés."),
        ("Un logiciel, pour les objectifs fixés ci-dessous\n1 - Réserver", "Un logiciel"),
        ("non", ""),
        ("Pour s’inscrire :\nhttps://exemple.bzh/", ""),
        (
            "La ville souhaite refondre son site afin de mieux répondre aux attentes de ses habitants, sur un socle "
            "technique de dernière génération, hébergé en Bretagne.",
            "La ville souhaite refondre son site afin de mieux répondre aux attentes de ses habitants, sur un socle "
            "technique de dernière génération…",
        ),
        (  # not before its verb
            "Souhaitant s’inscrire dans la stratégie de l’État et de la région, la commune de Rohan entend se doter d’"
            "un site internet performant, au service de ses administrés.",
            "Souhaitant s’inscrire dans la stratégie de l’État et de la région, la commune de Rohan entend se doter d’"
            "un site internet performant…",
        ),
        ("de " * 100, "de…"),
        ("mot " * 60, "mot " * 34 + "mot…"),
        ("M. " * 5_000, "M. " * 45 + "M.…"),
        # Items go on behind « ; »: the first alone would say too little.
        ("Les frais :\n- transport ;\n- repas pris sur place.\n- Une suite.", "transport ; repas pris sur place."),
        ("", ""),
    ],
)
def test_the_first_sentence_is_found_and_bounded(text, said):
    assert first_sentence(text, 140) == said
    assert len(said) <= 140


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("", None),
        ("Lancé en 2017, livré en février 2020.", 2020),
        ("En 2021/2022, puis 2019-2020.", 2022),
        ("Le 3.6.2019.", 2019),
        ("D’ici 2030, comme en 2018.", 2018),
        ("2027", None),
        ("2000 €, 2010 euros, 2015 habitants, 2020\u00a0%", None),
        ("20 000, 2010,50, 120205, 20201", None),
        ("https://exemple.bzh/2024/rapport-2025.pdf", None),
        ("٢٠٢٠", None),
    ],
)
def test_the_latest_year_that_a_text_names_tells_of_when_it_speaks(text, year):
    assert latest_year(text, 2026) == year
