"""The records that stand beside another: which, in which order, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches import proches
from fiches.glossaire.models import Terme
from fiches.initiatives.models import Initiative
from participants.evenements.models import Evenement
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.journal.cache import forget
from socle.journal.following import Moment
from socle.recherche.analyse import stems
from socle.vie_privee.mentions import EFFACE, MASQUES
from tests.conftest import PageLue, make_many_projets, some_types
from tests.ecrits import NOM_MASQUE
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.sampling import size

pytestmark = pytest.mark.django_db
MENUS = "Les menus de la cantine, la restauration scolaire et le goûter."


@pytest.fixture
def others(places):
    """Records enough for a word of a few of them to be rare."""
    return make_many_projets({"titre": f"Sentier {number}", "themes": []} for number in range(64))


def near(fiche, without=()):
    """What its cards are made of."""
    return proches._read(proches._chosen(fiche, frozenset(without), Moment.now()))


def shown(fiche, *without):
    return [proche.fiche for proche in near(fiche, without)]


def reasons(fiche):
    return {proche.fiche: proche.raison for proche in near(fiche)}


# Which


def test_near_sheets_share_a_theme_or_a_place(places):
    cantine, archives = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Archives")
    projet = ProjetFactory(departement_id="22", commune_id="22050", intercommunalite_id="200068989", themes=[cantine])
    same_place = ProjetFactory(departement_id="22", commune_id="22050", themes=[archives])
    same_theme = ProjetFactory(departement_id="29", themes=[cantine])
    ProjetFactory(departement_id="29", themes=[archives])
    ProjetFactory(themes=[])
    ProjetFactory(draft=True, departement_id="22", themes=[cantine])
    assert shown(projet) == [same_place, same_theme]
    assert shown(ProjetFactory(titre="Seul", themes=[])) == []


@pytest.mark.long
def test_rare_words_weigh_more_than_common_ones(others):
    projet = ProjetFactory(titre="Télégestion des repas", description=MENUS, themes=[])
    rare = ProjetFactory(titre="Repas", description="La télégestion.", themes=[])
    common = [ProjetFactory(titre=f"Repas {n}", description=MENUS, themes=[]) for n in range(6)]
    assert shown(projet)[0] == rare
    assert len(shown(projet)) == proches.OWN
    assert set(shown(projet)) - {rare} <= {*common}


@some_types
def test_what_is_not_public_is_never_near_and_goes_at_once(client, read, declaration, others):
    make = factory_of(declaration.model)
    theme = ThemeFactory(nom="Un thème")
    fiche, public = (make(titre="Télégestion du goûter", themes=[theme]) for _ in range(2))
    for statut in Statut:
        if statut != Statut.PUBLIEE:
            make(titre="Télégestion du goûter", statut=statut, themes=[theme])
    assert public.get_absolute_url() in read(fiche.get_absolute_url()).html
    assert shown(fiche) == [public]
    assert near(declaration.model.objects.exclude(statut=Statut.PUBLIEE).first()) == []
    public.statut = Statut.RETIREE
    public.save()
    assert shown(fiche) == []
    assert public.get_absolute_url() not in read(fiche.get_absolute_url()).html


def test_near_sheets_leave_out_own_versions_and_those_that_a_later_one_replaces(others):
    first = ProjetFactory(titre="Télégestion", themes=[])
    second = ProjetFactory(titre="Télégestion, suite", remplace=first, themes=[])
    third = ProjetFactory(titre="Télégestion, fin", remplace=second, themes=[])
    other = ProjetFactory(titre="La télégestion", themes=[])
    assert shown(first) == shown(second) == shown(third) == [other]
    assert shown(other) == [third]


# Of other types


@some_types
def test_the_name_of_a_type_is_no_word_that_its_records_share(others, declaration):
    """The index holds each record under it; a record that says it shares it with none of them."""
    factory = factory_of(declaration.model)
    fiche = factory(titre=f"{declaration.nom} de télégestion", themes=[])
    other = factory(titre="Télégestion du goûter", themes=[])
    assert stems(reasons(fiche)[other].partition(" : ")[2]) == stems("télégestion")


def test_another_type_comes_after_its_own_if_it_shares_enough(others, read):
    theme = ThemeFactory(nom="Cantine")
    projet, same = (ProjetFactory(titre="Télégestion du goûter", description=MENUS, themes=[theme]) for _ in range(2))
    initiative = factory_of(Initiative)(titre="Télégestion du goûter", description=MENUS, themes=[theme])
    factory_of(Initiative)(titre="Autre chose", themes=[theme])
    assert shown(projet) == [same, initiative]
    assert reasons(projet)[initiative].startswith("Initiative, même thème, mots communs : ")
    cards = read(projet.get_absolute_url()).one("section", **{"aria-labelledby": "t-proches"}).all("li", class_="fiche")
    assert len(cards) == 2


def test_what_the_page_names_already_is_not_named_twice(others, read):
    theme, text = ThemeFactory(nom="Domicile"), "Gérer de loin, la télégestion du goûter."
    terme = factory_of(Terme)(titre="Télégestion", definition=text, themes=[theme])
    user = ProjetFactory(titre="La télégestion", description=text, themes=[theme])
    assert shown(terme) == [user]
    assert shown(terme, user.pk) == []
    assert read(terme.get_absolute_url()).html.count(user.get_absolute_url()) == 1


# Why


def test_a_reason_names_theme_place_and_words(others):
    theme = ThemeFactory(nom="Repas")
    dinan = {"departement_id": "22", "commune_id": "22050", "intercommunalite_id": "200068989"}
    projet = ProjetFactory(titre="Cantines et restauration", description=MENUS, themes=[theme], **dinan)
    here = ProjetFactory(titre="La cantine", themes=[theme], **dinan)
    near_by = ProjetFactory(
        titre="Cantine, Restauration", themes=[theme], **{**dinan, "commune_id": "22339"}
    )  # Taden, 3 km
    far = ProjetFactory(titre="Cantine, la restauration", departement_id="29", commune_id="29019", themes=[])  # Brest
    said = reasons(projet)
    assert said[near_by] == "Même thème, 3 km, mots communs : restauration, cantine"
    assert said[here] == "Même thème, même commune, mot commun : cantine"
    assert said[far] == "Mots communs : restauration, cantine"


def test_a_reason_names_no_word_that_says_nothing_nor_a_part_of_a_compound_word(others):
    for text, said in (
        ("Trop de trajets, ex : le car. Trop, ex : le car, les trajets.", "Mots communs : trajets, car"),
        ("Ils doivent, ils pourront. Des trajets, des trajets. Ils doivent.", "Mot commun : trajets"),
        ("Une demi-journée de trajets, à Saint‑Malo, puis une demi-heure. Demi de trajets.", "Mot commun : trajets"),
    ):
        one, other = (ProjetFactory(titre=titre, description=text, themes=[]) for titre in ("Un", "Deux"))
        assert reasons(one)[other] == said
        one.delete(), other.delete()


def test_what_stands_for_masked_words_is_no_word_of_a_record(client, others):
    masks = " ".join([*MASQUES, EFFACE])
    one = ProjetFactory(titre=f"Télégestion {masks}", collectivite=NOM_MASQUE, description=f"Par {masks}.", themes=[])
    other = ProjetFactory(titre=f"La télégestion {masks}", description=f"De {masks}.", themes=[])
    nameless = ProjetFactory(titre=NOM_MASQUE, description=f"Par {masks}.", themes=[])
    assert reasons(one) == {other: "Mot commun : Télégestion"}
    assert reasons(nameless) == {}
    for word in (*masks.split(), '"nom masqué"'):
        assert one.titre not in PageLue(client.get("/recherche/", {"q": word})).text, word
    assert "[nom masqué]" in PageLue(client.get("/recherche/", {"q": "télégestion"})).text


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x01\x7f \u202e …",
        "\"' OR 1=1 --; DROP TABLE recherche_fts; * ^ NEAR(a b) -télégestion {tete} : x",
        "<script>alert(1)</script> & télégestion",
        "%s %(a)s {0} \\ ' :* & | !",
        "的 🍽 ǅ ß ﬁ télégestion",
        "télégestion " * 20_000,
        " ".join(f"mot{n}" for n in range(5_000)),
        "é" * 5_000,
    ],
)
def test_no_text_breaks_it(client, others, text):
    fiche = ProjetFactory(titre=f"Télégestion {text}"[:400], description=text, themes=[])
    other = ProjetFactory(titre="La télégestion", description=text, themes=[])
    assert shown(fiche) == [other]
    page = client.get(fiche.get_absolute_url())
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()


# Held


@pytest.mark.long
def test_the_held_answer_follows_themes_words_and_places(others):
    theme = ThemeFactory(nom="Cantine")
    fiche, other = ProjetFactory(titre="Un", themes=[theme]), ProjetFactory(titre="Deux", themes=[])
    assert shown(fiche) == []
    other.change({"themes": [theme]})
    assert reasons(fiche)[other] == "Même thème"
    other.change({"themes": [], "titre": "Télégestion"})
    assert shown(fiche) == []
    fiche.change({"themes": [], "titre": "La télégestion"})
    assert reasons(fiche)[other] == "Mot commun : télégestion"
    other.delete()
    assert shown(fiche) == []


def test_a_card_follows_the_clock(others, monkeypatch):
    day = timezone.now() + timedelta(hours=1)
    make = factory_of(Evenement)
    fiche, _ = (make(titre="Balise télégestion", debut=day, fin=day, themes=[]) for _ in range(2))
    assert "À venir" in proches.cards(fiche)
    monkeypatch.setattr(timezone, "now", lambda: day + timedelta(hours=2))
    assert "À venir" not in proches.cards(fiche)


# Cost


@pytest.mark.long
def test_it_costs_the_same_at_one_and_at_many(others, django_assert_num_queries):
    themes = [ThemeFactory(nom="Cantine"), ThemeFactory(nom="Goûter")]
    row = {"titre": "Télégestion", "description": MENUS, "themes": themes}
    row |= {"departement_id": "22", "commune_id": "22050"}
    first, _ = make_many_projets([row, row])

    def cost():
        forget()
        with CaptureQueriesContext(connection) as captured:
            assert near(Projet.objects.get(pk=first.pk))
        return len(captured)

    few = cost()
    make_many_projets([row] * size(20, one_in=2))
    assert cost() == few
    proches.cards(first)
    with django_assert_num_queries(1):  # versions
        assert proches.cards(first)
