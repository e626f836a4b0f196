"""Every public page prints French as it should be printed, whatever people typed; files keep what they typed."""

import re

import pytest
from django.urls import reverse

from fiches import registre
from fiches.choice_lists import Choix, Theme
from tests.conftest import PageLue
from tests.factories import ProjetFactory
from tests.test_consistency import answer, make_site

TITRE = 'PORTAIL D\'ACCUEIL : POUR QUI? "DÉMARCHES" ET RSA'
TYPED = (
    "L'accueil d'ici : qu'en dire? On parle d'\"aller vers\" ; voir https://exemple.bzh/a?b=c;d'e : c'est là !\n\n"
    '- 20 000 € pour 1 500 habitants, soit 5 % (n° 3)...\n- «presque rien» "une cantine"!'
)
LINE = 'L\'état : "civil" ?'

INLINE = {"a", "abbr", "b", "em", "i", "mark", "small", "span", "strong", "time", "svg", "use"}
SPOKEN = ("aria-label", "alt", "title", "placeholder")
NOT_PROSE = {"script", "style", "code", "kbd", "pre", "textarea"}

WRONG = {
    "ordinary blank before a mark": r"(?<=\S)[ ](?=[:;!?»€%](?!\w))",
    "no blank before a mark": r"[\w»)][;!?](?=\s|$)|\w:(?=\s)|\d[€%]",
    "wide no-break blank before a mark": r"\u00a0[;!?]",
    "blank inside quotes": r"«(?!\u00a0)|(?<!\u00a0)»",
    "straight apostrophe": r"\w'",
    "straight quote": r'"(?!\u00a0»)',  # « " » names the sign
    "three dots": r"\.\.\.",
    "ordinary blank in a number": r"(?<!\d)\d{1,3} \d{3}(?!\d)",
    "capitals": r"PORTAIL",
    "first of the month": r"\b1 (?:janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc)",
}


def visible(element):
    """The words of a page, blanks as they are, a line for each block; what is read aloud included."""
    if element.name in NOT_PROSE:
        return ""
    spoken = [element.attributes[name] for name in SPOKEN if element.attributes.get(name)]
    if element.name == "meta" and element.attributes.get("name") == "description":
        spoken.append(element["content"])
    words = "".join(child if isinstance(child, str) else visible(child) for child in element.children)
    return words if element.name in INLINE and not spoken else "\n".join(["", *spoken, words, ""])


@pytest.fixture
def typed(db):
    """The site's sheets, written as people write them."""
    addresses = make_site()
    Theme.objects.update(nom=LINE)
    for declaration in registre.types():
        for fiche in declaration.model.objects.all():
            for field in fiche._meta.local_fields:
                if field.name in (*fiche.textes, "variantes", "references"):
                    setattr(fiche, field.name, TYPED)
                elif field.name in ("collectivite", "acteur", "autre_acteur", "ville", "lieu", "adresse", "source"):
                    setattr(fiche, field.name, LINE)
                elif getattr(field, "related_model", None) is Choix:
                    liste = field.remote_field.limit_choices_to["liste"]
                    setattr(fiche, field.name, Choix.objects.get_or_create(liste=liste, nom=LINE)[0])
            fiche.titre = TITRE
            fiche.save()
            for field in fiche._meta.local_many_to_many:
                if field.related_model is Choix:
                    liste = field.remote_field.limit_choices_to["liste"]
                    getattr(fiche, field.name).add(Choix.objects.get_or_create(liste=liste, nom=LINE)[0])
    searches = {f"q-{name}": f"{address}?q=accueil" for name, address in addresses.items() if name.endswith(":list")}
    quoted = {
        "quoted": '/recherche/?q="état civil" l\'eau',
        "type": "/recherche/?type=projet",
        "none": "/absent-l'eau/",
    }
    return addresses | searches | quoted


@pytest.mark.long
def test_no_public_page_prints_a_wrong_blank_a_straight_apostrophe_or_quote(typed):
    read = 0
    for name, address in typed.items():
        response, html, _ = answer(address)
        # What changed between two versions is shown letter by letter, as it was typed.
        if "html" not in response["Content-Type"] or not html or name == "historique":
            continue
        read += 1
        text = re.sub(r"https?://\S+", "", visible(PageLue(response)))
        for fault, pattern in WRONG.items():
            found = [text[max(0, match.start() - 30) : match.end() + 20] for match in re.finditer(pattern, text)]
            assert not found, f"{name}: {fault}: {found}"
    assert read > 2 * len(registre.types())


def test_addresses_and_files_keep_what_was_typed(client, typed):
    page = client.get(typed["projets:detail"]).content.decode()
    assert 'href="https://exemple.bzh/a?b=c;d&#x27;e"' in page
    body = b"".join(client.get(typed["projets:csv"]).streaming_content).decode()
    assert "L'accueil d'ici : qu'en dire?" in body
    assert "PORTAIL D'ACCUEIL : POUR QUI?" in body


def test_a_searched_word_is_marked_under_a_well_printed_title_and_places_have_each_its_own_word(client, read, places):
    ProjetFactory(titre="ACCUEIL D'URGENCE : POUR QUI ?", description="L'accueil d'urgence.", departement_id="44")
    address = reverse("projets:list")
    html = client.get(address, {"q": "urgence"}).content.decode()
    assert ">Accueil d’urgence\u00a0: pour qui\u202f?</a>" in html
    assert "L’accueil d’<mark>urgence</mark>." in html
    said = read(address, {"departement": ["35", "22"]}).status
    assert said == "0 projet en Ille-et-Vilaine ou dans les Côtes-d’Armor"
    assert read(address, {"region": ["53", "52"]}).status == "1 projet en Bretagne ou dans les Pays de la Loire"
