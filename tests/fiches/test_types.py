"""What every record type of the registre keeps: a new one is tested here without a line of its own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fiches.acces import admin_url
from fiches.choice_lists import Choix
from fiches.filters import SitueeFilterSet
from fiches.initiatives.models import Initiative
from fiches.titre_seul import has_title_alone, said_fields, with_title_alone
from socle.annuaire.models import Statut
from socle.catalogue.columns import Column
from socle.francais.valeurs import FILE, as_words
from socle.recherche.models import Indexe
from tests.conftest import TYPES, PageLue, csv_rows, every_type, some_types
from tests.factories import factory_of
from tests.fiches.tableur import full
from tests.projets.formulaire import posted
from tests.sampling import mostly_long, sample, size

pytestmark = pytest.mark.django_db


def rows(client, declaration, query=""):
    return csv_rows(client.get(reverse(f"{declaration.espace}:csv") + query))


@every_type
def test_records_with_a_place_are_counted_by_departement(declaration):
    """The map and its table read that facet: without it, every record is « sans département »."""
    filtres = declaration.liste.filterset_class
    assert not issubclass(filtres, SitueeFilterSet) or "departement" in filtres.base_filters


@some_types
def test_the_public_sees_what_is_published_and_nothing_else(client, read, declaration):
    make = factory_of(declaration.model)
    shown = make(titre="Une fiche montrée")
    hidden = [make(titre=f"Secret {statut.value}", statut=statut) for statut in Statut if statut != Statut.PUBLIEE]
    list_url = reverse(declaration.url_name)
    assert shown.get_absolute_url() in read(list_url).html
    for page in (read(list_url), read(shown.get_absolute_url()), read("/")):
        assert "Secret" not in page.html
    assert not client.get(list_url, {"q": "secret"}).context["selection"].total
    assert [row["identifiant"] for row in rows(client, declaration)] == [str(shown.pk)]
    assert rows(client, declaration, "?q=secret") == []
    assert client.get(f"/p/{shown.pk}")["Location"] == shown.get_absolute_url()
    for fiche in hidden:
        assert client.get(fiche.get_absolute_url()).status_code == 404
        assert client.get(f"/p/{fiche.pk}").status_code == 404
    assert not Indexe.objects.filter(pk__in=[fiche.pk for fiche in hidden]).exists()
    assert [entree.pk for entree in client.get("/recherche/?q=montrée").context["page"]] == [shown.pk]
    assert not client.get("/recherche/?q=secret").context["page"].object_list
    shown.statut = Statut.RETIREE
    shown.save()
    assert "Une fiche montrée" not in read(list_url).html
    assert client.get(shown.get_absolute_url()).status_code == 404


@some_types
def test_a_title_is_alone_until_something_that_is_expected_is_said(places, declaration):
    model, whole = declaration.model, full(declaration)
    undated = {"dans": None} if declaration.cle == "evenement" else {}
    pk = factory_of(model)(titre="Rien d’autre", **undated).pk

    def put(name, value=None):
        field = model._meta.get_field(name)
        if field.many_to_many:
            getattr(model.objects.get(pk=pk), name).set(value.all() if value else [])
        else:
            model.objects.filter(pk=pk).update(**{name: value or (None if field.null else "")})

    for name in said_fields(model):
        put(name)
    for cle, words in declaration.attendus.items():
        assert has_title_alone(model.objects.get(pk=pk))
        assert [fiche.pk for fiche in with_title_alone(model.objects.all())] == [pk]
        name = cle.split("+")[0]
        put(name, getattr(whole, name) or (7 if name == "duree_secondes" else "son.mp3"))
        assert not has_title_alone(model.objects.get(pk=pk)), words
        assert not with_title_alone(model.objects.all()).exists(), words
        put(name)


@some_types
def test_a_value_that_no_facet_knows_is_said_and_refused_by_the_file(client, declaration):
    factory_of(declaration.model).create_batch(2)
    list_url = reverse(declaration.url_name)
    for name in sample(client.get(list_url).context["selection"].facets, one_in=3):
        response = client.get(list_url, {name: "nulle-part"})
        assert "n’existe pas" in response.content.decode(), name
        assert response.context["selection"].total == 2, name
        assert client.get(reverse(f"{declaration.espace}:csv"), {name: "nulle-part"}).status_code == 400, name


@some_types
def test_a_public_file_is_read_as_tuples_and_says_what_its_columns_say_of_a_record(
    client, declaration, monkeypatch, places
):
    fiches = [full(declaration), factory_of(declaration.model)(titre="Presque vide", themes=[])]
    columns = [column.of(declaration.model) for column in declaration.liste().get_columns()]
    expected = {
        str(fiche.pk): {column.nom: column.value(fiche) for column in columns} | {"licence": ""} for fiche in fiches
    }
    monkeypatch.setattr(declaration.model, "from_db", None)  # no record is made
    assert {row["identifiant"]: row for row in rows(client, declaration)} == expected


@some_types
def test_a_column_says_of_a_field_what_its_words_in_a_file_are(declaration, places):
    fiche = full(declaration)
    for field in (*fiche._meta.concrete_fields, *fiche._meta.many_to_many):
        if field.name in ("entree", "remplace"):
            continue  # known by their keys
        assert Column(field.name).value(fiche) == as_words(field, getattr(fiche, field.name), FILE), field


@some_types
def test_every_facet_counts_what_its_link_would_list(client, declaration):
    make = factory_of(declaration.model)
    make.create_batch(3)
    list_url = reverse(declaration.url_name)
    selection = client.get(list_url).context["selection"]
    assert selection.total == 3
    for name in selection.facets:
        for value, count in selection.counts(name).items():
            assert client.get(list_url, {name: value}).context["selection"].total == count, (name, value)


@pytest.mark.long
@some_types
@mostly_long("size", [size(20, one_in=2), 1], one_in=2)
def test_pages_cost_the_same_whatever_their_number(client, django_assert_max_num_queries, declaration, size):
    make = factory_of(declaration.model)
    fiches = make.create_batch(size, titre="Accueil de la fiche")
    client.get("/recherche/?q=accueil")  # what a process remembers
    for query, queries in (("", 8), ("?q=accueil", 10)):
        with django_assert_max_num_queries(queries):
            assert client.get(reverse(declaration.url_name) + query).context["selection"].total == size
    with django_assert_max_num_queries(8):
        assert len(rows(client, declaration)) == size
    client.get(fiches[0].get_absolute_url())  # what is held until the data change is read
    with django_assert_max_num_queries(8):
        assert client.get(fiches[0].get_absolute_url()).status_code == 200


@some_types
def test_a_renamed_record_keeps_its_old_address(client, declaration):
    fiche = factory_of(declaration.model)()
    before = fiche.get_absolute_url()
    fiche.slug = "une-autre-adresse"
    fiche.save()
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (301, fiche.get_absolute_url())
    assert fiche.get_absolute_url() != before


@some_types
def test_a_record_changed_by_words_is_found_by_the_new_ones_only(client, declaration):
    fiche = factory_of(declaration.model)(titre="Le mot tournesol")
    fiche.titre = "Le mot coquelicot"
    fiche.save()
    list_url = reverse(declaration.url_name)
    assert client.get(list_url, {"q": "coquelicot"}).context["selection"].total == 1
    assert client.get(list_url, {"q": "tournesol"}).context["selection"].total == 0


@mostly_long(
    ("cle", "values", "message"),
    [
        ("ressource", {"fichier": ("guide.pdf", b"<script>")}, "n’est pas celui d’un fichier pdf"),
        ("ressource", {"fichier": ("guide.svg", b"<svg/>")}, "enregistrez l’image au format JPG ou PNG"),
        ("ressource", {"fichier": ("guide.html", b"<html>")}, "enregistrez le document au format PDF"),
        ("ressource", {"lien": "javascript:alert(1)"}, "URL valide"),
    ],
    one_in=3,
)
def test_what_a_field_cannot_hold_is_refused_beside_it(admin_client, cle, values, message):
    if "fichier" in values:
        values = {"fichier": SimpleUploadedFile(*values["fichier"])}
    model = TYPES[cle].model
    typed = posted(admin_client, model, titre="Dix gestes", statut="publiee")
    response = admin_client.post(admin_url(model, "add"), typed | values)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not model.objects.exists()


@some_types
def test_what_was_done_is_said_by_an_editor_or_by_the_first_sentence(client, read, declaration):
    texts = dict.fromkeys(declaration.model.textes[:1], "Une première phrase. Une deuxième.")
    fiche = factory_of(declaration.model)(titre="Fiche", **texts)
    assert fiche.fait_affiche == ("Une première phrase." if texts else "")
    fiche.change({"fait": "Une phrase de la rédaction."})
    assert fiche.fait_affiche == "Une phrase de la rédaction."
    said = [line.text for line in read(fiche.get_absolute_url()).all("p", class_="chapo")]
    assert "Une phrase de la rédaction." in said
    assert [row["fait"] for row in rows(client, declaration)] == ["Une phrase de la rédaction."]
    assert fiche.history.first().fait == "Une phrase de la rédaction."


@some_types
def test_a_public_sheet_without_date_is_not_said_to_wait_for_one(admin_client, declaration):
    fiche = factory_of(declaration.model)(titre="Reprise")
    declaration.model.objects.filter(pk=fiche.pk).update(datee=False, publiee_le=None)
    form = PageLue(admin_client.get(admin_url(declaration.model, "change", fiche.pk)))
    assert form.one("div", class_="field-publication").one("div", class_="readonly").text == "date inconnue"


def test_what_is_in_short_is_said_once(read):
    """« En bref : Commune, Commune » said nothing of a scale and of a kind of actor that bear one name."""
    kind, scale = (
        Choix.objects.create(liste=liste, nom="Commune") for liste in (Choix.Liste.TYPE_ACTEUR, Choix.Liste.ECHELLE)
    )
    said = {"acteur": "", "autre_acteur": "", "type_acteur": kind, "echelle": scale, "ville": "Brest"}
    page = read(factory_of(Initiative)(**said).get_absolute_url())
    assert page.one("article").all("details")[0].one("summary").text == "En bref : Commune, Brest"


def test_the_shouted_names_of_an_initiative_are_said_in_one_way(client):
    """Its page, lists, tables and comparisons say them as names are printed; files as they were written."""
    one, other = (factory_of(Initiative)(titre=titre, commune=None) for titre in ("Un", "Autre"))
    Initiative.objects.filter(pk=one.pk).update(acteur="MAISON DE L ENFANCE", ville="PLOUEZOC HAMEAU")
    columns = "?colonnes=acteur&colonnes=ville"
    for address in (
        *(one.get_absolute_url(), f"/initiatives/tableau/{columns}"),
        f"/initiatives/comparer/?fiche={one.pk}&fiche={other.pk}",
    ):
        said = PageLue(client.get(address)).text
        assert "Maison de l’Enfance" in said, address
        assert "Plouezoc Hameau" in said, address
    assert "MAISON DE L ENFANCE" in {row["acteur"] for row in rows(client, TYPES["initiative"])}
