"""A takeover of the old site's data: alone, after its text, again, and after edits here."""

import io
import json
from copy import deepcopy
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fiches.attached import Contact
from fiches.enquetes.models import Enquete
from fiches.initiatives.models import Initiative
from fiches.podcast.models import Episode
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise import formulaires
from reprise.models import AncienIdentifiant, Anomalie, Ecartee, Origine
from reprise.sauvegarde import save_lecture
from reprise.sources import Piece, read_pieces
from socle.annuaire.models import Entree, Statut
from socle.catalogue import list_sets, sets
from tests.reprise.test_reprise_commande import database
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import NUMEROS, Ligne, fabriquer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

NOMBRES = {
    **{"projet": 3, "initiative": 3, "enquete": 2, "terme": 2, "ressource": 2, "episode": 1, "evenement": 2},
    **{"inscription": 2, "exploration": 1, "annuaire": 1},
}
PUBLIQUES = sum(nombre for cle, nombre in NOMBRES.items() if cle not in ("inscription", "exploration", "annuaire"))
SITE = fabriquer(NOMBRES)


@pytest.fixture
def site():
    return deepcopy(SITE)


def save(*pieces, **options):
    return save_lecture(read_pieces(pieces, formulaires.declared()), site="ancien", **options)


def take_json(site, *, courriels=False):
    return save(Piece("tout.json", ecriture.en_un_fichier(site, courriels=courriels)))


def take_text(site):
    return save(Piece("texte.txt", ecriture.en_texte(site)))


def changed_twice():
    """Changes on both sides."""
    return Anomalie.objects.filter(type="change_des_deux_cotes")


def states(rapport):
    found = {}
    for counts in rapport.fiches.values():
        for name, number in counts.items():
            found[name] = found.get(name, 0) + number
    return {name: number for name, number in found.items() if number and name != "lues"}


def names():
    return dict(AncienIdentifiant.objects.values_list("identifiant", "certain"))


# Alone


def test_data_bring_identifiers_dates_states_and_all_records_but_no_password(site):
    secret, waiting = "$2y$10$abcdefghijklmnopqrstuuS3v7rWq1xq0m8cJ8m3n4o5p6q7r8s9t", site.du_type("terme")[0]
    site.du_type("initiative")[0].valeurs[site.cle("initiative", "Ville")] = secret
    waiting.publiee = False
    rapport = take_json(site)
    assert secret not in str(database()) + str(rapport.anomalies)
    assert rapport.format == "json"
    assert states(rapport) == {"creees": PUBLIQUES + 3}
    assert Entree.objects.published().count() == PUBLIQUES - 1
    public = [fiche for fiche in site.fiches if fiche.formulaire not in ("inscription", "exploration", "annuaire")]
    assert names() == {fiche.identifiant: True for fiche in public}
    for fiche in public:
        entree = Origine.objects.get(identifiant=fiche.identifiant).entree
        paris = ZoneInfo("Europe/Paris")
        assert entree.publiee_le == (None if fiche is waiting else entree.fiche.cree_le)
        assert entree.statut == (Statut.A_RELIRE if fiche is waiting else Statut.PUBLIEE)
        assert entree.fiche.cree_le == fiche.creation.replace(tzinfo=paris)
        assert entree.modifiee_le == entree.fiche.modifiee_le == fiche.modification.replace(tzinfo=paris)
    before = database()
    assert states(take_json(site)) == {"inchangees": PUBLIQUES + 3}
    assert database() == before


@pytest.mark.long
def test_spam_is_taken_out_of_data_too(site):
    for type, label in (("initiative", "Description"), ("enquete", "Acteurs concernés par la démarche")):
        for fiche in site.du_type(type)[:2]:
            fiche.valeurs[site.cle(type, label)] = [Ligne("Un accueil."), Ligne("BestCrmSoft CRM")]
    for fiche in site.du_type("terme"):
        fiche.valeurs[site.cle("terme", "Définition")] = [Ligne("Une définition."), Ligne("BestCrmSoft CRM")]
    rapport = take_json(site)
    told = [a["texte"] for a in rapport.anomalies if a["type"] == "contenu_indesirable"]
    assert told == ["BestCrmSoft CRM"] * 6
    for model in (Initiative, Enquete, Origine):
        assert "BestCrm" not in str(list(model.objects.values()))


# After the text


@pytest.mark.long
def test_data_after_the_text_double_nothing(site):
    take_text(site)
    kept = set(Entree.objects.values_list("pk", flat=True))
    guessed = names()
    rapport = take_json(site)
    assert not rapport.fiches["projet"]["creees"]
    assert states(rapport).keys() <= {"modifiees", "inchangees", "personnes_seules"}
    assert set(Entree.objects.values_list("pk", flat=True)) == kept
    assert Origine.objects.exclude(identifiant="").count() == len(kept) == PUBLIQUES
    assert set(names().values()) == {True}
    assert not any(guessed.values())
    assert Inscription.objects.count() == NOMBRES["inscription"]
    assert not changed_twice().exists()
    fiche = site.du_type("terme")[0]
    terme = Origine.objects.get(identifiant=fiche.identifiant).entree.fiche
    assert timezone.make_naive(terme.cree_le) == timezone.make_naive(terme.publiee_le) == fiche.creation
    assert timezone.make_naive(terme.modifiee_le) == fiche.modification
    for one in list_sets.every():
        assert list_sets.ListSets(one).sets.valeurs == sets.read(one.liste.filterset_class).valeurs
    before = database()
    assert states(take_json(site)) == {"inchangees": PUBLIQUES + 3}
    assert database() == before


@pytest.mark.long
def test_the_text_after_data_takes_nothing_back(site):
    site.du_type("initiative")[2].valeurs[site.cle("initiative", "Enjeux")] = [
        Ligne("Un lien", lien="https://exemple.bzh/a?b=1")
    ]
    take_json(site)
    before = {table: rows for table, rows in database().items() if "Anomalie" not in table}
    origines = before.pop("reprise.Origine")
    persons = before.pop("inscriptions.Inscription")
    contacts = before.pop("fiches.Contact")
    explored = [row.as_texts() for row in Exploration.objects.all()]
    rapport = take_text(site)
    assert not states(rapport).get("creees")
    after = {table: rows for table, rows in database().items() if table in before}
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {"recherche.Indexe", "explorations.Exploration"}
    assert [row.as_texts() for row in Exploration.objects.all()] == explored
    assert len(Origine.objects.all()) == len(origines)
    assert Inscription.objects.count() == len(persons)
    assert Contact.objects.count() >= len(contacts)  # data hid the address of some
    assert Initiative.objects.filter(enjeux="Un lien (https://exemple.bzh/a?b=1)").exists()


@pytest.mark.long
def test_twins_find_each_other_by_what_they_say(site):
    """Two records of one title stand in another order in each format."""
    one, other = site.du_type("initiative")[:2]
    label = site.cle("initiative", "Nom de l'acteur")
    one.valeurs[label], other.valeurs[label] = "Un acteur", "Un autre"
    take_text(site)
    before = dict(Initiative.objects.values_list("acteur", "pk"))
    site.fiches.reverse()
    assert not take_json(site).fiches["initiative"]["creees"]
    assert dict(Initiative.objects.values_list("acteur", "pk")) == before
    for fiche in (one, other):
        assert Origine.objects.get(identifiant=fiche.identifiant).pk == before[fiche.valeurs[label]]


# Edits here


@pytest.mark.long
@pytest.mark.parametrize("first", [take_text, take_json])
def test_a_record_or_a_person_that_was_deleted_here_stays_away(site, first):
    first(site)
    fiche = site.du_type("initiative")[2]
    Initiative.objects.get(titre=fiche.titre).delete()
    Inscription.objects.all()[0].delete()
    if first is take_json:
        fiche.titre = "Un tout autre titre"
    assert not take_json(site).fiches["initiative"]["creees"]
    assert Inscription.objects.count() == NOMBRES["inscription"] - 1
    assert site.du_type("inscription")[0].titre.split()[0] not in str(Ecartee.objects.values())


@pytest.mark.long
def test_an_address_that_data_hide_stays(site):
    take_text(site)
    registered = sorted(Inscription.objects.values_list("prenom", "courriel"))
    referents = sorted(Contact.objects.filter(entree__type="enquete").values_list("nom", "fonction", "courriel"))
    assert all(courriel for _, courriel in registered)
    assert any(courriel for *_, courriel in referents)
    for _ in range(2):
        take_json(site)
        assert sorted(Inscription.objects.values_list("prenom", "courriel")) == registered
        found = sorted(Contact.objects.filter(entree__type="enquete").values_list("nom", "fonction", "courriel"))
        assert found == referents


# Files


@pytest.mark.long
def test_a_file_has_one_name_after_text_and_data(site):
    take_text(site)
    assert set(
        Projet.objects.get(annexes__isnull=False, titre=site.du_type("projet")[0].titre).annexes.values_list(
            "nom_origine", flat=True
        )
    ) == {"Document_projet_0.pdf"}
    missing = Anomalie.objects.filter(type="fichier_manquant")
    number = missing.count()
    missing.filter(texte="Document_projet_0.pdf").update(reglee_le=timezone.now())
    for take in (take_json, take_text, take_json):
        take(site)
        first = site.du_type("projet")[0]
        stored = first.stocke("fichierbf_annexe")
        projet = Projet.objects.get(titre=first.titre)
        assert [annexe.nom_origine for annexe in projet.annexes.all()] == [stored]
        assert Episode.objects.get().nom_origine == site.du_type("episode")[0].stocke("fichierbf_fichier")
        assert missing.filter(reglee_le=None, entree__type="projet").count() == 1  # the other one
        assert missing.filter(texte=stored).exclude(reglee_le=None).count() == 1  # settled, it does not come back
    assert missing.exclude(entree__type="initiative").count() == number


# Forms


def test_persons_of_an_unknown_form_stand_in_the_report_alone(site):
    entries = {"A": {"id_fiche": "ClaireCadiou", "id_typeannonce": "77", "bf_titre": "Claire Cadiou", "bf_mail": ""}}
    data = {"forms": json.loads(ecriture.reponses(site)["?api/forms"]), "entries": entries}
    rapport = save(Piece("a.json", json.dumps(data).encode()))
    assert "Cadiou" in str(rapport.anomalies)
    assert "Cadiou" not in str(database())


def run(*arguments, **options):
    out = io.StringIO()
    call_command("importer_yeswiki", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_an_operator_says_what_a_form_is(site, tmp_path):
    ecriture.ecrire_json(site, tmp_path / "json")
    pairs = (f"{NUMEROS['annuaire']}=ressource", f"{NUMEROS['terme']}=inconnu")
    said = run(tmp_path / "json", *(word for pair in pairs for word in ("--formulaire", pair)))
    assert "3 lues, 3 créées" in said.partition("ressources")[2]
    assert f"--formulaire {pairs[0]} --formulaire {pairs[1]}" in said  # the command to run again
    assert not Entree.objects.filter(type="terme").exists()
    lieu = site.du_type("annuaire")[0]
    assert Origine.objects.get(identifiant=lieu.identifiant).type == "ressource"
    assert Anomalie.objects.filter(type="type_inconnu", texte__contains=site.du_type("terme")[0].titre).exists()


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("2=projets", "ce type n’existe pas. Types possibles : .*projet"),
        ("999=projet", "cette source n’a pas de formulaire 999"),
        (f"{NUMEROS['terme']}=projet", "les libellés de ce formulaire sont ceux de « terme »"),
    ],
)
def test_a_form_that_cannot_be_is_told(site, tmp_path, pair, said):
    (tmp_path / "a.json").write_bytes(ecriture.en_un_fichier(site))
    with pytest.raises(CommandError, match=said):
        run(tmp_path / "a.json", "--formulaire", pair)


def test_records_without_their_forms_are_refused_with_what_to_ask_for(site, tmp_path):
    (tmp_path / "a.json").write_bytes(ecriture.en_json(ecriture.entrees(site, False)))
    with pytest.raises(CommandError, match=r"Il manque les formulaires.*\?api/forms"):
        run(tmp_path / "a.json")


def test_a_source_that_cannot_be_read_is_refused_whole(site, tmp_path):
    ecriture.ecrire_json(site, tmp_path / "json")
    (tmp_path / "json" / "z.json").write_bytes(b'{"A": {"bf_titre": "x"')
    with pytest.raises(CommandError, match=r"z\.json n’est pas du JSON complet"):
        run(tmp_path / "json")
    assert not Entree.objects.exists()
    (tmp_path / "vide").mkdir()
    with pytest.raises(CommandError, match="aucun export"):
        run(tmp_path / "vide")
    with pytest.raises(CommandError, match="n’existe pas"):
        run(tmp_path / "absent")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "grand.json").open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(CommandError, match="dépasse 100 Mo"):
        run(tmp_path / "grand.json")
    with pytest.raises(CommandError, match="dépasse 50 Mo"):
        run(tmp_path)
