"""What a real wiki adds: files in texts, its own forms, odd answers; and the worth of a text without a date."""

import json

import pytest
from PIL import Image

from fiches.attached import Contact, FichierInterne, FichierJoint
from fiches.glossaire.models import Terme
from fiches.ressources.models import Ressource
from participants.evenements.models import Evenement
from projets.models import Annexe, Projet
from reprise import formulaires
from reprise.fichiers import Fichiers
from reprise.lecture import INCONNU
from reprise.models import Anomalie
from reprise.publication import keep_private
from reprise.releve import gather, root_of
from reprise.reseau import Reseau
from reprise.resolution import differences
from reprise.sauvegarde import save_lecture
from reprise.sources import Piece, read_pieces
from reprise.urls_of_old_site import rewrite_texts
from socle.annuaire.models import Statut
from socle.medias.budget import Budget
from socle.medias.fichiers import poids
from socle.medias.pictures import drawn_again
from tests import sampling
from tests.medias import hostiles
from tests.reprise.yeswiki.serveur import answering, saying

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

SITE = "https://wiki.exemple.bzh"
DATES = "20240102030405_20240102030405"
PNG = hostiles.picture("PNG", size=(40, 20))
DESSINE = drawn_again(PNG, "PNG", Budget())  # as it is kept


def fiche(nom, form, **valeurs):
    """A record as the API answers it, with its page."""
    dates = {"date_creation_fiche": "2024-01-02 03:04:05", "date_maj_fiche": "2024-01-02 03:04:05"}
    return {nom: {"id_fiche": nom, "id_typeannonce": form, "url": f"{SITE}/?{nom}", **dates, **valeurs}}


def champ(type, cle, label, **more):
    return {"type": type, "propertyname": cle, "id": cle, "name": cle, "label": label, **more}


GLOSSAIRE = {"bn_id_nature": "8", "bn_label_nature": "Glossaire", "template": [], "prepared": [
    champ("titre", "bf_titre", "Terme"),
    champ("textelong", "bf_definition", "Définition", syntax="html"),
    champ("image", "imagebf_image", "Illustration"),
]}  # fmt: skip
SANS_SYNTAXE = GLOSSAIRE | {"prepared": [champ("titre", "bf_titre", "Terme"), champ("textelong", "bf_d", "Définition")]}
RESSOURCES = {"bn_id_nature": "9", "bn_label_nature": "Ressources", "template": [], "prepared": [
    *(champ("titre", "bf_titre", "Titre"), champ("text", "bf_source", "Source")),
    *(champ("text", "bf_prenom", "Prénom"), champ("text", "bf_nom", "NOM")),
    champ("link", "bf_url", "Ou ajouter un lien URL"),
]}  # fmt: skip


def terme(texte="", nom="LAllerVers", **valeurs):
    return fiche(nom, "8", **{"bf_titre": "L’aller vers", "bf_definition": texte, **valeurs})


def read(*values, nom="tout.json"):
    pieces = [Piece(f"{number}{nom}", json.dumps(value).encode()) for number, value in enumerate(values)]
    return read_pieces(pieces, formulaires.declared())


def save(*values, **options):
    return save_lecture(read(*values), site="ancien", **options)


def anomalies(type):
    return list(Anomalie.objects.open().filter(type=type).values_list("texte", flat=True))


# Files that records show


@pytest.fixture
def dossier(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "medias"
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.mark.parametrize(
    "src",
    [
        f"files/LAllerVers_photo_{DATES}.png",
        f"http://wiki.exemple.bzh/files/LAllerVers_photo_{DATES}.png",
        f"{SITE}/cache/LAllerVers_photo_vignette_600_600_{DATES}.png",
    ],
)
def test_a_picture_of_a_text_is_a_file_of_its_record_and_leaves_its_words_alone(src):
    save(GLOSSAIRE, terme(f'<p>Aller vers <img src="{src}" alt="Le bus"> les gens</p>'))
    joint = FichierJoint.objects.get()
    assert (joint.nom_origine, joint.titre) == (f"LAllerVers_photo_{DATES}.png", "Le bus")
    assert Terme.objects.get().definition.split() == ["Aller", "vers", "Le", "bus", "les", "gens"]
    assert anomalies("fichier_manquant") == [joint.nom_origine]
    assert anomalies("balisage_inconnu") == []


def test_what_a_wiki_text_attaches_is_found_by_the_page_and_the_name_without_dates(dossier):
    texte = 'Le plan : {{attach file="mon plan.png" desc="Un plan" size="big"}}\n{{attach file="guide é.pdf"}}'
    for number in (1, 2):  # the last file is the one that pages showed
        plan = hostiles.picture("PNG", size=(40, number))
        (dossier / f"LAllerVers_mon_plan_2024010203040{number}_20240102030405.png").write_bytes(plan)
    (dossier / f"LAllerVers_guide__{DATES}.pdf_").write_bytes(b"%PDF-1.7")
    value = fiche("LAllerVers", "8", bf_titre="L’aller vers", bf_d=texte)
    fichiers = Fichiers(dossier)
    save(SANS_SYNTAXE, value, fichiers=fichiers)
    assert Terme.objects.get().definition == "Le plan :\nguide é.pdf"
    plan, guide = FichierJoint.objects.all()
    with Image.open(plan.fichier) as image:
        assert (plan.titre, image.size) == ("Un plan", (40, 2))
    assert guide.fichier.read() == b"%PDF-1.7"
    assert anomalies("fichier_manquant") == []
    assert fichiers.seuls == ["LAllerVers_mon_plan_20240102030401_20240102030405.png"]


def test_the_image_of_a_field_is_listed_with_its_format_and_size_once_it_is_here(client, dossier):
    nom = f"LAllerVers_imagebf_image_Le_bus_{DATES}.png"
    value = terme("<p>Texte</p>", imagebf_image=nom)
    save(GLOSSAIRE, value)
    page = Terme.objects.get().get_absolute_url()
    assert "Fichiers" not in client.get(page).content.decode()
    (dossier / nom).write_bytes(PNG)
    for _ in range(2):
        save(GLOSSAIRE, value, fichiers=Fichiers(dossier))
        joint = FichierJoint.objects.get()
        html = client.get(page).content.decode()
        assert f'<a href="{joint.fichier.url}">Le_bus.png</a> (PNG, {poids(len(DESSINE))})' in html
    assert anomalies("fichier_manquant") == []
    assert client.get(joint.fichier.url).getvalue() == DESSINE
    assert client.get(f"/files/{nom}")["Location"] == joint.fichier.url
    vignette = nom.replace("_2024", "_vignette_600_600_2024", 1)
    assert client.get(f"/cache/{vignette}")["Location"] == joint.fichier.url
    terme_ = Terme.objects.get()
    terme_.statut = Statut.BROUILLON
    terme_.save()
    assert client.get(joint.fichier.url).status_code == 404


def test_a_file_that_is_not_what_it_says_is_the_teams_one_without_a_sound_name_is_missing(dossier):
    nom = f"LAllerVers_imagebf_image_bus_{DATES}.png"
    (dossier / nom).write_bytes(b"<html>")
    fichiers = Fichiers(dossier)
    save(
        GLOSSAIRE, terme("<p>T</p>", imagebf_image=nom), terme(nom="Autre", imagebf_image="../x.png"), fichiers=fichiers
    )
    assert list(fichiers.gardes) == anomalies("fichier_interne") == [nom]
    assert anomalies("fichier_manquant") == ["../x.png"]
    assert FichierJoint.objects.get().fichier.name == ""
    assert FichierInterne.objects.get().fichier.read() == b"<html>"


def test_the_annexes_of_a_project_stay_out_of_sight_and_its_pictures_do_not():
    form = {"bn_id_nature": "5", "bn_label_nature": "Projets", "template": [], "prepared": [
        *(champ("titre", "bf_titre", "Titre"), champ("text", "bf_c", "Nom de la collectivité")),
        *(champ("textelong", "bf_d", "Description synthétique du projet"), champ("textelong", "bf_o", "Objectifs")),
        champ("text", "bf_m", "Montant du financement France Relance"),
        *(champ("fichier", "fichierbf_annexe", "Annexe financière Chorus"), champ("image", "imagebf_image", "Image")),
    ]}  # fmt: skip
    annexe, image = f"Guichet_fichierbf_annexe_a_{DATES}.pdf_", f"Guichet_imagebf_image_i_{DATES}.png"
    save(form, fiche("Guichet", "5", bf_titre="Guichet", bf_d="T", fichierbf_annexe=annexe, imagebf_image=image))
    assert Annexe.objects.get(projet=Projet.objects.get()).nom_origine == annexe
    assert FichierJoint.objects.get().nom_origine == image


def test_a_joined_file_that_an_editor_deleted_does_not_come_back(dossier):
    nom = f"LAllerVers_imagebf_image_bus_{DATES}.png"
    (dossier / nom).write_bytes(PNG)
    value = terme("<p>T</p>", imagebf_image=nom)
    save(GLOSSAIRE, value, fichiers=Fichiers(dossier))
    FichierJoint.objects.get().delete()
    save(GLOSSAIRE, value, fichiers=Fichiers(dossier))
    assert not FichierJoint.objects.exists()
    assert anomalies("fichier_manquant") == []


def test_an_address_gives_the_files_of_texts_too(tmp_path, monkeypatch):
    monkeypatch.setattr(Reseau, "pause", 0)
    pasted, plan = f"LAllerVers_photo_{DATES}.png", f"LAllerVers_plan_{DATES}.png"
    form = GLOSSAIRE | {"prepared": [*GLOSSAIRE["prepared"], champ("textelong", "bf_notes", "Notes", syntax="wiki")]}
    entry = terme(f'<img src="files/{pasted}">', bf_notes='{{attach file="plan.png"}}{{attach file="absent.png"}}')
    page = {"LAllerVers": {"html_output": f'<img src="{SITE}/files/{plan}">'}}
    said = {"": {"8": form}, "/8/entries": entry, "/8/entries/html/LAllerVers": page}
    answers = {f"?api/forms{path}": json.dumps(value).encode() for path, value in said.items()}
    with answering(saying(answers | {f"files/{nom}": PNG for nom in (pasted, plan)})) as server:
        root = root_of(server.root)
        for _ in range(2):
            with Reseau(root, agent="essai", local=True) as reseau:
                releve = gather(root, tmp_path / "releve", reseau)
            assert {path.name for path in releve.fichiers.iterdir()} == {pasted, plan}
            assert "LAllerVers_absent.png" in "".join(releve.notes)


# Forms


def test_the_wiki_s_own_agenda_is_events_and_its_blog_is_not():
    agenda = {"bn_id_nature": "2", "bn_label_nature": "Agenda", "template": [], "prepared": [
        *(champ("titre", "bf_titre", "Nom de l'événement"), champ("textelong", "bf_description", "Description")),
        champ("jour", "bf_date_debut_evenement", "Début de l'événement"),
        champ("listedatefin", "bf_date_fin_evenement", "Fin de l'événement"),
        *(champ("link", "bf_site_internet", "Adresse url"), champ("image", "imagebf_image", "Image (facultatif)")),
        *(champ("text", "bf_adresse", "Adresse"), champ("text", "bf_code_postal", "Code postal")),
        champ("text", "bf_ville", "Ville"),
    ]}  # fmt: skip
    blog = {"bn_id_nature": "3", "bn_label_nature": "Blog-actu", "template": [], "prepared": [
        *(champ("image", "imagebf_image", "Image"), champ("titre", "bf_titre", "Titre")),
        *(champ("textelong", "bf_chapeau", "Résumé"), champ("textelong", "bf_description", "Billet")),
    ]}  # fmt: skip
    dates = {"bf_date_debut_evenement": "2027-04-10", "bf_date_fin_evenement": "2027-04-12"}
    sortie = fiche("Sortie", "2", bf_titre="Sortie", bf_description="Au port", bf_ville="Brest", **dates)
    billet = fiche("UnBillet", "3", bf_titre="Un billet", bf_chapeau="Court", bf_description="Long")
    rapport = save(agenda, blog, sortie, billet)
    evenement = Evenement.objects.get()
    assert (evenement.titre, evenement.resume, evenement.adresse) == ("Sortie", "Au port", "Brest")
    assert f"{evenement.debut.astimezone():%d}" in ("09", "10")
    assert rapport.fiches[INCONNU]["lues"] == 1
    assert "Un billet\nRésumé\nCourt\nBillet\nLong" in anomalies("type_inconnu")[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"isRecurrent": "1", "repetition": "m", "days": ["mon"]}, "répète cet événement"),
        ('{"recurrentParentId":"Rencontre"}', "« Rencontre »"),
    ],
)
def test_an_event_that_comes_again_has_its_first_date_and_is_told(data, told):
    form = {"bn_id_nature": "11", "bn_label_nature": "Agenda", "template": [], "prepared": [
        *(champ("titre", "bf_titre", "Nom"), champ("textelong", "bf_resume", "Résumé")),
        champ("jour", "bf_date_debut_evenement", "Début de l'événement"),
        champ("listedatefin", "bf_date_fin_evenement", "Fin de l'événement"),
    ]}  # fmt: skip
    dates = {"bf_date_debut_evenement": "2027-04-10T10:00:00+02:00", "bf_date_fin_evenement_data": data}
    save(form, fiche("Rencontre2", "11", bf_titre="Rencontre", bf_resume="Chaque mois", **dates))
    assert Evenement.objects.get().debut.isoformat() == "2027-04-10T08:00:00+00:00"
    (texte,) = anomalies("non_attribuee")
    assert told in texte


# Odd answers


@pytest.mark.parametrize(
    ("titre", "ours"),
    [
        ("Droits &amp; devoirs <b>gras</b>", "Droits & devoirs gras"),
        ("5 < 6 et <3", "5 < 6 et <3"),
        ("5 &lt; 6 &amp; 7 &gt; 3", "5 < 6 & 7 > 3"),
    ],
)
def test_no_tag_stays_in_a_title(titre, ours):
    save(GLOSSAIRE, terme("<p>T</p>", bf_titre=titre))
    assert Terme.objects.get().titre == ours


def test_a_compact_answer_takes_no_form_for_another():
    rows = [["LAllerVers", "L’aller vers", "<p>Def</p>"], ["NolwennRiou", "Riou Nolwenn", None]]
    compact = {"entries": rows, "fieldMapping": ["id_fiche", "bf_titre", "bf_definition"], "forms": {"8": GLOSSAIRE}}
    lecture = read(compact)
    assert {lue.type for lue in lecture.fiches} == {INCONNU}
    assert "api/entries" in "".join(lecture.ignores)
    rapport = save_lecture(lecture, site="ancien")
    assert not Anomalie.objects.exists()  # a title may name a person
    assert len(rapport.a_part) == 2
    assert {lue.titre: lue.type for lue in read(compact, terme("<p>Def</p>")).fiches}["L’aller vers"] == "terme"
    told = compact | {"fieldMapping": ["id_fiche", "bf_titre", "id_typeannonce"], "entries": [["LEcoute", "É", "8"]]}
    assert [lue.type for lue in read(told).fiches] == ["terme"]


WARNINGS = (
    b"<br />\n<b>Deprecated</b>:  Function f() is deprecated in <b>/var/www/x.php</b> on line <b>88</b><br />\n" * 90,
    b'\nWarning: Undefined array key "x" in /var/www/x.php on line 12\n\nDeprecated: f() in /x.php on line 1\n',
    b"\xef\xbb\xbfPHP Notice:  x in /x.php on line 3\n",
)


@pytest.mark.parametrize("warnings", WARNINGS)
def test_warnings_of_php_before_the_data_are_left_and_told(warnings):
    data = warnings + json.dumps([GLOSSAIRE, terme("<p>Deprecated</p>")]).encode()
    lecture = read_pieces([Piece("entries", data)], formulaires.declared())
    assert [lue.type for lue in lecture.fiches] == ["terme"]
    assert "avertissements de PHP" in lecture.ignores[0]


# A wiki whose server rewrites its addresses


def test_a_rewritten_wiki_is_known_by_its_records():
    value = {"LEcoute": terme('<p><a href="?LAllerVers">voir</a></p>', nom="LEcoute")["LEcoute"]}
    value["LEcoute"]["url"] = f"{SITE}/LEcoute"
    save(GLOSSAIRE, value)
    assert Terme.objects.get().definition == f"voir ({SITE}/?LAllerVers)"
    ours = Terme.objects.get().get_absolute_url()
    texte = f"{SITE}/LEcoute, {SITE}/LEcoute/edit {SITE}/?LEcoute {SITE}/Inconnue {SITE}/files/LEcoute.pdf"
    found = rewrite_texts([texte], ["wiki.exemple.bzh"])[0].split()
    assert [address.endswith(ours) for address in (found[0].rstrip(","), *found[1:])] == [True] * 3 + [False] * 2


# The worth of a text without a date


def dump(definition, titre="L’aller vers"):
    return read_pieces(
        [Piece("t.txt", f"{titre}\n{titre}\nDéfinition\n{definition}\n".encode())], formulaires.declared()
    )


def test_a_text_takes_the_place_of_nothing_that_dated_data_said():
    save(GLOSSAIRE, terme("<p>La nouvelle</p>"))
    rapport = save_lecture(dump("L’ancienne"), site="ancien")
    assert rapport.fiches["terme"]["conflits"] == 1
    assert Terme.objects.get().definition == "La nouvelle"
    both = Anomalie.objects.open().filter(type="change_des_deux_cotes")
    assert differences(Terme.objects.get(), both.get().valeurs) == {"definition": ("La nouvelle", "L’ancienne")}
    save(GLOSSAIRE, terme("<p>La nouvelle</p>"))
    assert not both.exists()


def test_a_text_fills_what_dated_data_left_empty_and_newer_data_are_taken():
    save(GLOSSAIRE, terme(""))
    save_lecture(dump("Enfin"), site="ancien")
    assert Terme.objects.get().definition == "Enfin"
    save(GLOSSAIRE, terme("<p>Mieux</p>"))
    assert Terme.objects.get().definition == "Mieux"


def test_persons_that_dated_data_told_are_not_those_of_a_text():
    save(RESSOURCES, fiche("UnGuide", "9", bf_titre="Un guide", bf_source="Ici", bf_prenom="Awena", bf_nom="Tanguy"))
    text = "Un guide\nUn guide\nSource\nIci\nPrénom\nMalo\nNOM\nRiou\n"
    lecture = read_pieces([Piece("t.txt", text.encode())], formulaires.declared())
    assert lecture.fiches[0].champs["NOM"].texte == "Riou"
    save_lecture(lecture, site="ancien")
    assert Contact.objects.get(entree=Ressource.objects.get().pk).nom == "Awena Tanguy"


# Files of fields hidden from visitors


def reserve(form, *cles):
    """The same form, with fields for administrators alone."""
    prepared = [champ | {"read_acl": "@admins"} if champ["id"] in cles else champ for champ in form["prepared"]]
    return form | {"prepared": prepared}


IMAGE, PHOTO = f"LAllerVers_imagebf_image_bus_{DATES}.png", f"LAllerVers_photo_{DATES}.png"
ANNEXE = f"LAllerVers_fichierbf_f_plan_{DATES}.pdf_"
AVEC_FICHIER = GLOSSAIRE | {"prepared": [*GLOSSAIRE["prepared"], champ("fichier", "fichierbf_f", "Plan")]}


def illustre():
    return terme(f'<p>Texte <img src="files/{PHOTO}"></p>', imagebf_image=IMAGE, fichierbf_f=ANNEXE)


@pytest.fixture
def fichiers(dossier):
    for nom in (IMAGE, PHOTO):
        (dossier / nom).write_bytes(PNG)
    (dossier / ANNEXE).write_bytes(b"%PDF-1.7")
    return Fichiers(dossier)


@sampling.mostly_long(
    ("cles", "hidden"),
    [
        (["imagebf_image"], {IMAGE}),
        (["bf_definition"], {PHOTO}),
        (["fichierbf_f"], {ANNEXE}),
        (["imagebf_image", "bf_definition", "fichierbf_f"], {IMAGE, PHOTO, ANNEXE}),
    ],
    one_in=3,
)
def test_a_file_that_visitors_could_not_read_waits_beside_the_record(fichiers, cles, hidden):
    form = reserve(AVEC_FICHIER, *cles)
    save(form, illustre(), fichiers=fichiers)
    everything = {IMAGE, PHOTO, ANNEXE}
    assert Terme.objects.published().exists()
    assert {joint.nom_origine for joint in FichierJoint.objects.all()} == everything - hidden
    told = Anomalie.objects.open().filter(type="valeur_reservee", champ="Fichier")
    assert set(told.values_list("texte", flat=True)) == hidden
    assert fichiers.seuls == []
    save(form, illustre(), fichiers=fichiers, options={"publier": True})
    assert {joint.nom_origine for joint in FichierJoint.objects.exclude(fichier="")} == everything
    assert not told.exists()


def test_a_record_with_a_file_that_the_source_does_not_name_is_not_published(fichiers):
    lecture = read(AVEC_FICHIER, illustre())
    keep_private(lecture, None)
    save_lecture(lecture, site="ancien", fichiers=fichiers)
    assert FichierJoint.objects.count() == 3
    visitor = terme(f'<p>Texte <img src="files/{PHOTO}"></p>', imagebf_image="", fichierbf_f=ANNEXE)
    save(reserve(AVEC_FICHIER, "imagebf_image"), visitor, options={"publier": True})
    assert not Terme.objects.published().exists()
    save(AVEC_FICHIER, illustre(), options={"publier": True})
    assert Terme.objects.published().exists()


def test_the_hidden_document_of_a_resource_is_told_and_not_called_a_stranger(dossier):
    prepared = [*RESSOURCES["prepared"], champ("fichier", "fichierbf_f", "Fichier", read_acl="@admins")]
    form = RESSOURCES | {"prepared": prepared}
    nom = f"UnGuide_fichierbf_f_guide_{DATES}.pdf_"
    (dossier / nom).write_bytes(b"%PDF-1.7")
    value = fiche("UnGuide", "9", bf_titre="Un guide", bf_source="Ici", fichierbf_f=nom)
    for _ in range(2):
        found = Fichiers(dossier)
        save(form, value, fichiers=found)
        ressource = Ressource.objects.get()
        assert (ressource.statut, ressource.nom_origine, bool(ressource.fichier)) == (Statut.PUBLIEE, "", False)
        assert anomalies("valeur_reservee") == [nom]
        assert found.seuls == []
    save(form, value, fichiers=found, options={"publier": True})
    assert Ressource.objects.get().fichier
