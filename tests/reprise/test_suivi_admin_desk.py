"""What the takeover left to settle, at the desk: beside the form, in lists, and where to settle it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fiches.glossaire.models import Terme
from fiches.suivi import doublons
from fiches.textes import as_text
from reprise.models import A_FAIRE, Anomalie, Origine, TypeAnomalie
from socle.vie_privee.public_text import Decision
from tests.conftest import TYPES, PageLue
from tests.factories import ProjetFactory, factory_of
from tests.projets.formulaire import change_url, posted, values
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


@pytest.fixture
def anomalies():
    entree = ProjetFactory(titre="Portail").entree
    rows = [("lien_vide", entree), ("montant_a_verifier", entree), ("type_inconnu", None)]
    return [Anomalie.objects.create(entree=where, type=kind, texte=kind, empreinte=kind) for kind, where in rows]


@pytest.mark.long
def test_each_anomaly_says_what_to_do_in_the_list_and_beside_the_form(client, anne, anomalies):
    assert set(A_FAIRE) == {*Anomalie.Type.values, *TypeAnomalie.values}
    listed = client.get(reverse("admin:reprise_anomalie_changelist")).content.decode()
    sheet = reverse("admin:projets_projet_change", args=[anomalies[0].entree_id])
    form = client.get(sheet).content.decode()
    for anomalie in anomalies:
        assert anomalie.a_faire in listed
        assert (anomalie.a_faire in form) == (anomalie.entree is not None)
    anomalies[0].reglee_le = timezone.now()
    anomalies[0].save()
    assert anomalies[0].a_faire not in client.get(sheet).content.decode()


@pytest.mark.long
def test_anomalies_open_first_lead_to_their_sheet_and_are_settled(client, anne, anomalies):
    address = reverse("admin:reprise_anomalie_changelist")
    response = client.post(address, {"action": "mark_settled", "_selected_action": [anomalies[2].pk]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["1 ligne réglée."]
    anomalies[2].refresh_from_db()
    assert anomalies[2].reglee_par == anne
    assert anomalies[2] not in client.get(address).context["cl"].result_list
    rows = list(client.get(address, {"suite": "toutes"}).context["cl"].result_list)
    assert rows[-1] == anomalies[2]
    page = client.get(address).content.decode()
    assert [word for word in ("à régler", "déjà réglé", "tout") if f">{word}</a>" in page] == [
        *("à régler", "déjà réglé", "tout")
    ]
    sheet = reverse("admin:projets_projet_change", args=[anomalies[0].entree_id])
    assert sheet in client.get(address).content.decode()
    assert client.get(address, {"suite": "ouverte"}).context["cl"].result_count == 2
    assert client.get(address, {"suite": "reglee"}).context["cl"].result_count == 1
    assert client.get(address, {"q": "montant_a"}).context["cl"].result_count == 1


def test_an_anomaly_is_settled_and_opened_again_but_never_edited_or_deleted(client, anne, anomalies):
    row = anomalies[0]
    address = reverse("admin:reprise_anomalie_change", args=[row.pk])
    client.post(address, {"regle": "on", "texte": "Autre", "type": "doublon_probable"})
    row.refresh_from_db()
    assert (row.reglee_par, row.texte, row.type) == (anne, "lien_vide", "lien_vide")
    client.post(address, {})
    row.refresh_from_db()
    assert (row.reglee_le, row.reglee_par) == (None, None)
    assert client.post(f"/admin/reprise/anomalie/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/reprise/anomalie/add/").status_code == 403


@pytest.mark.long
def test_what_the_takeover_left_open_stands_beside_the_sheet_and_is_settled_there(client, anne):
    projet = ProjetFactory()
    Origine.objects.create(entree=projet.entree, type="projet", cle="x", site="ancien.exemple.bzh", premiere_ligne=12)
    anomalie = Anomalie.objects.create(entree=projet.entree, type="montant_a_verifier", texte="15 000 ?", empreinte="a")
    other = Anomalie.objects.create(entree=ProjetFactory().entree, type="lien_vide", empreinte="b")
    page = client.get(change_url(projet)).content.decode()
    for words in ("Montant à vérifier", "15 000 ?", "Reprise de l’ancien site le"):
        assert words in page
    data = posted(client, projet, anomalies_reglees=[anomalie.pk])
    assert client.post(change_url(projet), data).status_code == 302
    anomalie.refresh_from_db()
    assert anomalie.reglee_par == anne
    assert projet.history.count() == 1
    data = posted(client, projet, anomalies_reglees=[other.pk])
    assert client.post(change_url(projet), data).status_code == 302  # of another record
    assert Anomalie.objects.open().get() == other


# Where to settle each


@pytest.mark.long
def test_a_record_of_no_known_type_is_put_aside_or_becomes_a_sheet(client, anne):
    aside, kept = [
        Anomalie.objects.create(type="type_inconnu", texte=f"{titre}\nSon texte", empreinte=titre, ligne=12)
        for titre in ("Essai", "Un guichet")
    ]
    forms = [reverse("admin:reprise_anomalie_change", args=[row.pk]) for row in (aside, kept)]
    client.post(forms[0].replace("change", "ecarter"))
    page = PageLue(client.get(forms[1]))
    assert "Un guichet" in page.text
    (link,) = [link["href"] for link in page.all("a") if link.text == "ressource"]
    assert PageLue(client.get(link)).one("textarea", name="source").text == "Son texte"
    (link,) = [link["href"] for link in page.all("a") if link.text == "terme"]
    data = values(client.get(link).context["adminform"].form)
    assert (data["titre"], data["definition"]) == ("Un guichet", "Son texte")
    rows = {"contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}
    other = factory_of(Terme)()
    form = reverse("admin:glossaire_terme_change", args=[other.pk])
    again = values(client.get(form).context["adminform"].form) | rows
    assert client.post(f"{form}?{link.partition('?')[2]}", again).status_code == 302
    assert Anomalie.objects.open().exists()  # it is about a new record
    other.delete()
    assert client.post(link, data | rows).status_code == 302
    assert Terme.objects.get().definition == "Son texte"
    assert not Anomalie.objects.open().exists()
    assert Anomalie.objects.get(pk=kept.pk).reglee_par == anne
    assert client.get(link).context["adminform"].form.initial.get("titre", "") == ""  # it is settled


SETTLED = {
    "lien_a_verifier": ("Lien Web si existant", "initiative", {"lien": "https://exemple.bzh/ailleurs"}, "id_lien"),
    "lieu_a_verifier": ("Département", "projet", {"commune_id": "22050"}, "id_commune"),
    "departement_inconnu": ("Département", "projet", {"departement_id": "22"}, "id_departement"),
    "montant_a_verifier": ("Montant du financement France Relance", "projet", {"montant_eur": 12}, "id_montant_eur"),
    "titre_manquant": ("titre", "projet", {"titre": "Un guichet commun"}, "id_titre"),
    "definition_manquante": ("Définition", "terme", {"definition": "Un lieu"}, "id_definition"),
    "non_attribuee": ("Autre", "projet", {"suivi": "Il y a aussi une ligne perdue"}, ""),
    "valeur_reservee": ("Objectifs", "projet", {"objectifs": "une ligne perdue"}, "id_objectifs"),
    "balisage_inconnu": ("Objectifs", "projet", {"objectifs": "Relu"}, "id_objectifs"),
    "version_probable": ("", "projet", {"remplace_id": None}, "id_remplace"),
}


def test_a_title_of_which_words_are_masked_is_as_missing_as_before(client, anne):
    fiche = factory_of(TYPES["projet"].model)(titre="Ewen Quéméner")
    Origine.objects.create(entree=fiche.entree, type="projet", cle="x", valeurs={"titre": "Ewen Quéméner"})
    Anomalie.objects.create(entree=fiche.entree, type="titre_manquant", champ="titre", empreinte="a")
    fiche.change({"suivi": "Relu"}, decisions=[Decision("titre", "Ewen Quéméner")])
    assert "Ewen" not in fiche.titre
    assert Anomalie.objects.open().exists()
    fiche.change({"titre": "Un guichet commun"})
    assert not Anomalie.objects.open().exists()


@mostly_long("kind", SETTLED, one_in=3)
def test_an_anomaly_leads_to_where_it_is_settled_and_is_settled_there(client, anne, kind, places):
    champ, cle, changes, part = SETTLED[kind]
    model = TYPES[cle].model
    fiche = factory_of(model)(draft=True, **({"definition": ""} if cle == "terme" else {}))
    if kind == "version_probable":
        changes = {"remplace_id": factory_of(model)().pk}
    if kind == "balisage_inconnu":
        fiche.change({"objectifs": "avec une ligne perdue"})
    said = {name: as_text(getattr(fiche, name)) for name in (*changes, "lien") if hasattr(fiche, name)}
    Origine.objects.create(entree=fiche.entree, type=cle, cle="x", valeurs=said)
    row = Anomalie.objects.create(entree=fiche.entree, type=kind, champ=champ, texte="une ligne perdue", empreinte="a")
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[fiche.pk])
    listed = PageLue(client.get(reverse("admin:reprise_anomalie_changelist")))
    (link,) = [link["href"] for link in listed.all("a") if link.text == row.a_faire]
    assert link == (f"{address}#{part}" if part else address)
    assert not part or f'id="{part}"' in client.get(address).content.decode()
    fiche.change({})
    assert Anomalie.objects.open().exists()
    fiche.change(changes)
    assert not Anomalie.objects.open().exists()


def test_twins_are_told_apart_from_the_anomaly(client, anne):
    one, two = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail")
    row = Anomalie.objects.create(entree=two.entree, type="doublon_probable", texte="Portail", empreinte="a")
    page = client.get(reverse("admin:reprise_anomalie_change", args=[row.pk])).content.decode()
    assert "comparer et fusionner" in page
    client.post(reverse("admin:reprise_anomalie_distinguer", args=[row.pk]))
    assert not Anomalie.objects.open().exists()
    assert not doublons.pairs(type(one))
