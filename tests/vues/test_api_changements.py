"""What the API tells changed since a cursor, and since a moment, to whoever keeps a copy."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from fiches import registre
from fiches.suivi import corbeille
from fiches.suivi.fusion import merge
from labacces.pages.models import Page, Renseignements
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.journal.models import Compteur, Ligne, Nature
from socle.journal.writing import inscrire, lot, renew
from socle.recherche.models import Synonymes
from socle.territoires.models import Region
from socle.vues import api_changements
from tests import sampling
from tests.conftest import PLACED
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.vues.lecture import PROJETS, get
from tests.vues.test_api import conforms

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/changements"
TYPES = {one.cle for one in registre.types()}


@pytest.fixture
def begun(client, places):
    """Where a copy begins to follow."""
    return get(client, CHANGES)["curseur"]


def since(client, cursor, **more):
    return get(client, f"{CHANGES}?{urlencode({'apres': cursor, **more})}")


def told(answer):
    """{record, or type to take again: (nature, what it was merged into)}."""
    return {one["identifiant"] or one["type"]: (one["nature"], one["vers"]) for one in answer["resultats"]}


def retire(projet):
    projet.statut = Statut.RETIREE
    projet.save()


# Where to begin, and what is told


def test_without_a_cursor_all_lists_are_to_be_taken_and_followed_from_there(client, places, settings):
    ProjetFactory()
    first = get(client, CHANGES)
    assert told(first) == dict.fromkeys(TYPES, ("reprendre", None))
    assert first["a_lire"].keys() == TYPES
    for address in first["a_lire"].values():
        assert address.startswith(f"{settings.SITE_URL}/api/v1/")
        assert len(get(client, address)["resultats"]) == get(client, address)["total"]
    assert since(client, first["curseur"]) == {
        "curseur": first["curseur"],
        "suivant": None,
        "a_lire": {},
        "resultats": [],
    }


def test_what_became_public_changed_left_or_was_merged_is_told_with_its_number_and_time(client, begun):
    came, kept, lost, left, thrown = ProjetFactory.create_batch(5)
    begun = get(client, CHANGES)["curseur"]
    came.save()
    merge(kept, lost, {})
    retire(left)
    corbeille.throw_away(thrown)
    draft = ProjetFactory(statut=Statut.BROUILLON)
    answer = since(client, begun)
    assert told(answer) == {
        came.pk: ("modifiee", None),
        kept.pk: ("modifiee", None),
        lost.pk: ("retiree", kept.pk),
        left.pk: ("retiree", None),
        thrown.pk: ("retiree", None),
    }
    numbers = [one["numero"] for one in answer["resultats"]]
    assert numbers == sorted(numbers)
    for one in answer["resultats"]:
        written = Ligne.objects.get(numero=one["numero"]).le
        assert datetime.fromisoformat(one["le"]) == written.replace(microsecond=0)
        assert one["le"].endswith("Z")
    read = get(client, answer["a_lire"]["projet"])["resultats"]
    assert {came.pk, kept.pk} <= {one["identifiant"] for one in read}
    assert not {lost.pk, left.pk, thrown.pk, draft.pk} & {one["identifiant"] for one in read}
    draft.statut = Statut.PUBLIEE
    draft.save()
    assert told(since(client, answer["curseur"])) == {draft.pk: ("publiee", None)}


def test_a_record_that_changed_several_times_is_told_once_as_it_is(client, begun):
    projet, other = ProjetFactory(), ProjetFactory()
    projet.save()
    retire(projet)
    answer = since(client, begun)
    assert [(one["identifiant"], one["nature"]) for one in answer["resultats"]] == [
        (other.pk, "publiee"),
        (projet.pk, "retiree"),
    ]


def test_nothing_tells_of_what_the_public_never_met(client, begun):
    """Drafts, saved, thrown away, erased; one that was published and taken back in one transaction."""
    draft, gone, kept = ProjetFactory.create_batch(3, statut=Statut.BROUILLON)
    draft.save()
    corbeille.throw_away(draft)
    gone.delete()
    with lot():
        kept.statut = Statut.PUBLIEE
        kept.save()
        retire(kept)
    assert since(client, begun)["resultats"] == []


def test_what_was_public_before_and_after_a_lot_changed_in_it(client, places):
    projet = ProjetFactory()
    cursor = get(client, CHANGES)["curseur"]
    with lot():
        retire(projet)
        projet.statut = Statut.PUBLIEE
        projet.save()
    assert told(since(client, cursor)) == {projet.pk: ("modifiee", None)}
    with lot():
        retire(projet)
        projet.statut = Statut.PUBLIEE
        projet.save()
        retire(projet)
    assert told(since(client, cursor)) == {projet.pk: ("retiree", None)}


def test_a_record_is_merged_into_one_that_the_public_never_met(client, places):
    kept, lost = ProjetFactory(statut=Statut.BROUILLON), ProjetFactory()
    cursor = get(client, CHANGES)["curseur"]
    merge(kept, lost, {})
    answer = since(client, cursor)
    assert told(answer) == {lost.pk: ("retiree", None)}


def test_what_is_no_record_says_which_lists_to_take_again(client, begun):
    for change, types in (
        (lambda: ThemeFactory(nom="Accueil"), TYPES),
        (lambda: Region.objects.get(pk="53").save(), PLACED.keys()),
        (lambda: Renseignements(pk=1, licence="lo-2.0").save(), TYPES),
        (lambda: inscrire("migration", nature=Nature.RETIREE), TYPES),
        (lambda: Page.objects.shown("aide").save(), set()),
        (lambda: Synonymes.objects.create(mots="fablab, atelier"), set()),
    ):
        change()
        answer = since(client, begun)
        assert told(answer) == dict.fromkeys(types, ("reprendre", None))
        assert answer["a_lire"].keys() == types
        assert not any("modifiee_depuis" in address for address in answer["a_lire"].values())
        assert answer["curseur"] != begun
        begun = answer["curseur"]


def test_parts_follow_one_another_to_the_end(client, begun):
    pks = [ProjetFactory().pk for _ in range(6)]
    found, parts, page = [], 0, since(client, begun, limite=2)
    while True:
        found += [one["identifiant"] for one in page["resultats"] if one["identifiant"]]
        parts += 1
        if not page["suivant"]:
            break
        assert page["suivant"].endswith(f"{CHANGES}?apres={page['curseur']}&limite=2")
        page = get(client, page["suivant"])
    assert (found, parts) == (pks, 3)
    assert page["curseur"] == get(client, CHANGES)["curseur"]
    response = client.get(f"{CHANGES}?apres={begun}&limite=1")
    assert response["Link"] == f'<{response.json()["suivant"]}>; rel="next"'
    assert "Link" not in client.get(f"{CHANGES}?apres={begun}")


# Cursors of another log


@pytest.mark.parametrize("how", ["purged", "emptied", "restored to fewer", "restored and renewed", "of another base"])
def test_a_cursor_that_is_not_of_this_log_says_take_all_again(client, begun, how):
    ProjetFactory()
    cursor = get(client, CHANGES)["curseur"]
    last = Ligne.objects.order_by("numero").last()
    if how == "purged":
        ProjetFactory()
        last.delete()
    elif how == "emptied":
        Ligne.objects.filter(numero__gt=0).delete()
    elif how == "restored to fewer":
        Compteur.objects.update(numero=last.numero - 1)
        last.delete()
        ProjetFactory()
    elif how == "restored and renewed":
        renew()
    else:
        cursor = f"{last.numero}-{(last.jeton + 1) % 2**64:016x}"
    said = get(client, f"{CHANGES}?apres={cursor}", 410)
    assert said["title"] == "Curseur inconnu"
    assert said["detail"].startswith("Reprenez tout")
    assert "sans « apres »" in said["detail"].replace("\u00a0", " ")
    assert since(client, get(client, CHANGES)["curseur"])["resultats"] == []


CURSOR = "1-0123456789abcdef"
MADE_UP = ["", "0", "-1-0123456789abcdef", "1-0123456789abcde", "1-0123456789ABCDEF", f"{CURSOR}0", "\0", CURSOR[2:]]
MADE_UP += ["²-0123456789abcdef", *(f"{'9' * length}-0123456789abcdef" for length in (19, 20, 400))]


@pytest.mark.parametrize("text", MADE_UP)
def test_what_is_no_cursor_is_refused(client, db, text):
    (fault,) = get(client, f"{CHANGES}?{urlencode({'apres': text})}", 400)["parametres"]
    assert fault["nom"] == "apres"


@pytest.mark.parametrize(
    "query",
    ["apres={0}&apres={0}", "limite=0", "limite=1001", "limite=", "limite=x", "limite=1&limite=2", "page=2", "x=%00"],
)
def test_what_is_asked_wrong_is_refused(client, begun, query):
    assert get(client, f"{CHANGES}?{query.format(begun)}", 400)["parametres"]


@pytest.mark.parametrize("numero", [0, 1, 2**63 - 1])
def test_a_cursor_that_nobody_gave_is_unknown(client, db, numero):
    get(client, f"{CHANGES}?apres={numero}-0123456789abcdef", 410)


# As any answer of the API


def test_the_document_describes_it(client, begun):
    document = get(client, "/api/v1/openapi.json")
    operation = document["paths"][CHANGES]["get"]
    assert [one["name"] for one in operation["parameters"]] == ["apres", "limite"]
    ProjetFactory()
    ThemeFactory()
    conforms(document, operation["responses"]["200"], since(client, begun))
    conforms(document, operation["responses"]["200"], get(client, CHANGES))
    conforms(document, operation["responses"]["400"], get(client, f"{CHANGES}?apres=x", 400))
    conforms(document, operation["responses"]["410"], get(client, f"{CHANGES}?apres={CURSOR}", 410))
    assert "Reprenez tout" in operation["responses"]["410"]["description"]


@pytest.mark.long
def test_it_costs_the_same_however_many_changed(client, begun, django_assert_max_num_queries):
    ProjetFactory.create_batch(20)
    get(client, f"{CHANGES}?apres={begun}")
    with django_assert_max_num_queries(4):
        assert len(since(client, begun)["resultats"]) == 20


def test_beside_a_replica_a_change_waits_until_the_replica_has_it(client, begun, monkeypatch):
    """A list that is read right after may be answered by the replica."""
    before = ProjetFactory()
    Ligne.objects.filter(entree=before.pk).update(le=timezone.now() - timedelta(seconds=40))
    ProjetFactory()
    monkeypatch.setattr(api_changements, "late", lambda: timedelta(seconds=30))
    answer = since(client, begun)
    assert told(answer) == {before.pk: ("publiee", None)}
    assert get(client, CHANGES)["curseur"] == answer["curseur"]
    assert since(client, answer["curseur"])["resultats"] == []
    monkeypatch.setattr(api_changements, "late", timedelta)
    ahead = get(client, CHANGES)["curseur"]
    monkeypatch.setattr(api_changements, "late", lambda: timedelta(seconds=30))
    assert since(client, ahead) == {"curseur": ahead, "suivant": None, "a_lire": {}, "resultats": []}


def test_lists_and_files_say_where_changes_are_told(client, begun, settings):
    where = f"<{settings.SITE_URL}{CHANGES}>"
    assert get(client, PROJETS)["changements"] == f"{settings.SITE_URL}{CHANGES}"
    for address in (PROJETS, "/projets.csv", "/projets.json", "/projets.atom", "/recherche.csv"):
        assert f'{where}; rel="monitor"' in client.get(address)["Link"], address


# Since a moment


def at(moment, **values):
    """A project that the change log tells of at a moment."""
    projet = ProjetFactory(**values)
    Ligne.objects.filter(entree=projet.pk).update(le=moment)
    return projet


@pytest.fixture
def three(places):
    """Of midnight in Paris, of a second before, of half a second after."""
    midnight = datetime(2099, 3, 11, 23, tzinfo=UTC)
    late, early = midnight + timedelta(seconds=0.5), midnight - timedelta(seconds=1)
    return [at(moment, titre=titre).titre for moment, titre in ((late, "c"), (midnight, "b"), (early, "a"))]


@sampling.mostly_long(
    ("asked", "titres"),
    [
        ("2099-03-12", "bc"),
        ("2099-03-11", "abc"),
        ("2099-03-11T23:00:00Z", "bc"),
        ("2099-03-11t23:00:00.000001z", "bc"),
        ("2099-03-11T23:00:01Z", ""),
        ("2099-03-12T00:00:00", "bc"),
        ("2099-03-12T00:00:00+01:00", "bc"),
        ("2099-03-12T00:00:00 01:00", "bc"),
        ("2099-03-12T05:00:00-05:00", ""),
        ("2099-03-11T22:59:60Z", "abc"),
        ("2099-03-11T23:00Z", "bc"),
        ("9999-12-31T23:59:59-23:59", ""),
    ],
    one_in=3,
)
def test_what_changed_since_a_moment_is_asked_to_the_second(client, three, asked, titres):
    found = get(client, f"{PROJETS}?{urlencode({'modifiee_depuis': asked})}")
    assert sorted(row["titre"] for row in found["resultats"]) == [*titres]


def test_it_is_said_in_the_sentence_and_kept_by_what_follows(client, three):
    found = get(client, f"{PROJETS}?modifiee_depuis=2099-03-11T22:00:00Z&limite=1")
    assert found["phrase"] == "3 projets dont la page a changé depuis le 11 mars 2099 à 23:00:00"
    assert "modifiee_depuis=2099-03-11T22%3A00%3A00Z" in found["suivant"]
    assert get(client, f"{PROJETS}?modifiee_depuis=2099-03-12")["phrase"].endswith("depuis le 12 mars 2099")
    assert get(client, f"{PROJETS}?modifiee_depuis=0001-01-01T00:00:00%2B23:59")["total"] == 3


def test_what_was_taken_over_without_a_date_has_one_there(client, places):
    projet = ProjetFactory()
    Projet.objects.filter(pk=projet.pk).update(datee=False)
    today = timezone.localdate()
    (found,) = get(client, f"{PROJETS}?modifiee_depuis={today}")["resultats"]
    assert (found["identifiant"], found["modifiee_le"]) == (projet.pk, None)
    assert get(client, f"{PROJETS}?modifiee_depuis={today + timedelta(days=1)}")["total"] == 0


@sampling.mostly_long("declaration", registre.types(), ids=lambda one: one.adresse, one_in=3)
def test_each_list_page_and_file_takes_it(client, places, declaration):
    before = factory_of(declaration.model)()
    Ligne.objects.update(le=datetime(2020, 1, 1, tzinfo=UTC))
    after = factory_of(declaration.model)()
    asked = f"modifiee_depuis={after.entree.modifiee_le:%Y-%m-%dT%H:%M:%S}Z"
    assert get(client, f"/api/v1/{declaration.adresse}?{asked}")["total"] == 1
    assert client.get(f"/{declaration.adresse}/?{asked}").context["selection"].total == 1
    rows = b"".join(client.get(f"/{declaration.adresse}.jsonl?{asked}").streaming_content).decode().splitlines()
    assert [json.loads(row)["identifiant"] for row in rows] == [after.pk] != [before.pk]


NO_MOMENT = ["hier", "2026-02-30", "0000-01-01", "2026-02-30T10:00:00Z", "12/03/2026", "\0", "99999-01-01"]
NO_MOMENT += ["2026-03-12T", "2026-03-12T25:00:00Z", "2026-03-12T10:00:61Z", "2026-03-12T10:00:00+25:00"]
NO_MOMENT += ["20260312", "2026-W11-4", "1773306131"]


@pytest.mark.parametrize("asked", NO_MOMENT)
def test_a_moment_that_is_none_is_refused(client, db, asked):
    (fault,) = get(client, f"{PROJETS}?{urlencode({'modifiee_depuis': asked})}", 400)["parametres"]
    assert fault["nom"] == "modifiee_depuis"
