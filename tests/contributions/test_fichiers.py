"""Files that visitors propose: refused in words or made harmless, seen by who may, joined or gone. Invented persons."""

import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fiches import registre
from fiches.attached import Contact, FichierJoint
from participants.contributions import courriels, fichiers, parcours, step_views, views
from participants.contributions.models import Contribution, FichierPropose
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.models import Courriel
from socle.formulaires import protection
from socle.medias.depot import Depot
from socle.vie_privee.personnes import export, forget
from tests.conftest import PageLue
from tests.contributions.test_corrections import MAELLE, address, decide, desk, page, posted, press, typed
from tests.contributions.test_etapes import at_the_end, go_on
from tests.ecrits import NOM_MASQUE, TELEPHONE_MASQUE
from tests.factories import UtilisateurFactory, member
from tests.medias import hostiles
from tests.projets.formulaire import values
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
E = Contribution.Etat
S = FichierPropose.Suite


@pytest.fixture(autouse=True)
def disque(settings, tmp_path):
    """Files on a disk, as in production."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    return settings.MEDIA_ROOT


def on_disk(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


def upload(nom, content):
    file = SimpleUploadedFile("x", content, content_type="application/octet-stream")
    file._name = nom  # as a robot writes it: Django's own class would make it proper already
    return file


def send(client, fiche, *files, **changes):
    return client.post(address(fiche), typed(page(client, fiche), **changes) | {"fichiers": list(files)})


def proposed(client, fiche, *files, **changes):
    assert send(client, fiche, *files, **changes).status_code == 302
    return parcours.confirm(Contribution.objects.latest("pk"))


def whole(answer) -> bytes:
    """All that a browser gets of a file."""
    return b"".join(answer.streaming_content)


def image_and_pdf():
    return upload("Plan d’accès.jpg", hostiles.photo()), upload("Guide.pdf", hostiles.pdf())


# What is refused


@mostly_long("nom", hostiles.BAD, one_in=3)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(client, fiche, disque, nom):
    content, words = hostiles.BAD[nom]
    asked = page(client, fiche)
    data = typed(asked, titre="Un titre plus clair") | {"fichiers": [upload(nom, content)]}
    began = time.thread_time()  # whatever else the machine does
    shown = client.post(address(fiche), data)
    assert time.thread_time() - began < 2
    assert shown.status_code == 200
    said = " ".join(shown.context["form"].errors["fichiers"])
    assert words in said
    assert nom in said
    assert fichiers.DE_NOUVEAU in said
    form = PageLue(shown).one("main").one("form")
    assert [one["value"] for one in form.all("input") if one.has("name", "champ_titre")] == ["Un titre plus clair"]
    assert not Contribution.objects.exists()
    assert on_disk(disque) == []


@mostly_long("nom", hostiles.HARMLESS, ids=lambda nom: nom[:20], one_in=3)
def test_what_hides_in_a_picture_or_its_name_is_gone(client, fiche, disque, nom):
    content, kept, gone = hostiles.HARMLESS[nom]
    row = proposed(client, fiche, upload(nom, content))
    one = row.fichiers.get()
    assert one.nom == kept
    (path,) = on_disk(disque)
    assert path == one.fichier.name
    assert Path(path).stem.isalnum()
    assert len(Path(path).stem) == 32
    stored = (disque / path).read_bytes()
    assert one.poids == len(stored)
    assert gone not in stored
    assert gone.decode() not in path


def test_a_photo_keeps_its_pixels_upright_and_nothing_else(client, fiche, disque):
    row = proposed(client, fiche, upload("photo.jpg", hostiles.photo(orientation=6)))
    with Image.open(disque / row.fichiers.get().fichier.name) as image:
        assert (image.format, image.size) == ("JPEG", (480, 640))
        assert not image.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & image.info.keys()


@pytest.mark.long
def test_too_many_or_too_heavy_files_are_refused_in_words(client, fiche):
    four = [upload(f"{n}.pdf", hostiles.pdf()) for n in range(4)]
    said = send(client, fiche, *four).context["form"].errors["fichiers"][0]
    assert said == "Vous avez choisi 4 fichiers : gardez-en 3 au plus."
    heavy = upload("lourd.pdf", hostiles.pdf() + bytes(8_500_000))
    said = send(client, fiche, heavy).context["form"].errors["fichiers"][0]
    assert "pèse 8,5\xa0Mo : la limite est de 8\xa0Mo" in said


def test_a_post_over_ten_megabytes_is_refused_unread(client, fiche):
    class Unread:
        def read(self, *args):
            raise AssertionError("read")

        readline = read

    for weight in ("2000000000", "10000001"):
        headers = {"CONTENT_LENGTH": weight, "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
        assert client.generic("POST", address(fiche), **headers).status_code == 413
    for url, status in ((address(fiche), 200), ("/contacter/", 413)):  # the second takes no file
        heavy = upload("photo.jpg", hostiles.picture() + bytes(3_000_000))
        assert client.post(url, {"message": "x", "fichiers": [heavy]}).status_code == status


def test_a_bad_file_keeps_no_good_one(client, fiche, disque):
    shown = send(client, fiche, *image_and_pdf(), upload("x.svg", hostiles.SVG), titre="Autre titre")
    assert shown.status_code == 200
    assert "« x.svg »" in shown.context["form"].errors["fichiers"][0]
    assert on_disk(disque) == []


def test_a_name_longer_than_any_disk_holds_is_a_bad_request(client, fiche, disque):
    assert send(client, fiche, upload("a" * 5000 + ".png", hostiles.picture("PNG"))).status_code == 400
    assert on_disk(disque) == []


# When files are opened


def unopened():
    return patch.object(Depot, "receive", side_effect=AssertionError("looked into"))


@mostly_long(
    "wrong",
    [
        {"courriel": ""},
        {"source": "x" * 200_001},
        {"champ_titre": ""},
        {"consentement": ""},
        {"cle": "d’un robot"},
        {"voir": "1"},
        {"revenir": "1"},
    ],
    ids=lambda wrong: min(wrong),
    one_in=3,
)
def test_no_file_is_opened_unless_it_is_sent_with_nothing_else_wrong(client, fiche, wrong):
    data = typed(page(client, fiche), titre="Autre titre") | {"fichiers": list(image_and_pdf())}
    with unopened():
        shown = client.post(address(fiche), data | wrong)
    assert shown.status_code == 200
    assert fichiers.DE_NOUVEAU in PageLue(shown).text


@pytest.mark.long
@pytest.mark.parametrize("action", ["garder", "plus-tard"])
@pytest.mark.parametrize("source", ["Je tiens le standard.", "x" * 200_001])
def test_a_draft_is_kept_without_opening_its_files(client, action, source):
    last = at_the_end(client, "/contribuer/initiatives/", titre="Un atelier")
    with unopened():
        said = typed(last) | {"source": source, "action": action, "fichiers": list(image_and_pdf())}
        shown = client.post(last.request["PATH_INFO"], said, follow=True)
    assert shown.status_code == 200
    assert (step_views.TROP_LONG in PageLue(shown).text) == (len(source) > 200_000)


@pytest.mark.long
def test_a_network_that_keeps_drafts_without_end_is_asked_to_wait(client, monkeypatch):
    last = at_the_end(client, "/contribuer/initiatives/", titre="Un atelier")
    steps = len(last.context["etapes"])
    monkeypatch.setattr(step_views.SuiteView, "posts", 2)
    with unopened():
        answers = [go_on(client, last, "garder", fichiers=image_and_pdf()) for _ in range(2 * steps + 1)]
    assert [answer.status_code for answer in answers].count(429) >= 1
    assert answers[-1].status_code == 429
    assert protection.TROP in PageLue(answers[-1]).text
    posted = values(answers[-1].context["form"])
    assert posted["source"] == "Je tiens le standard.", "what was typed comes back"
    first = f"{last.request['PATH_INFO']}?etape=2"
    refused = client.post(first, {"action": "continuer", "champ_titre": "Autre"})
    assert refused.status_code == 429


@pytest.mark.long
def test_a_network_has_so_many_files_looked_into_a_day_whatever_becomes_of_them(client, fiche, monkeypatch):
    monkeypatch.setattr(fichiers, "ESSAIS", 2)
    bad = upload("macro.docx", hostiles.MACROS["macro.docx"])
    for _ in range(2):
        assert send(client, fiche, bad).status_code == 200
    with unopened():
        refused = send(client, fiche, bad)
    assert refused.status_code == 429
    assert fichiers.TROP in PageLue(refused).text
    assert send(client, fiche, titre="Autre titre").status_code == 302, "texts still pass"


# What is kept, and who sees it


def test_a_picture_and_a_pdf_go_from_the_form_to_the_page_of_the_record(client, read, fiche, disque):
    answer = send(client, fiche, *image_and_pdf())
    assert answer.url == "/contribuer/recue/", "files alone are a correction"
    row = parcours.confirm(Contribution.objects.get())
    image, guide = row.fichiers.all()
    follow = reverse("contributions:suivi", args=[courriels.token(row)])
    assert "Plan d’accès.jpg (JPG, " in read(follow).one("main").text
    assert client.get(f"/media/{image.fichier.name}").status_code == 404
    assert "Fichiers" not in read(fiche.get_absolute_url()).text

    client.force_login(member(REDACTION))
    desk_page = PageLue(client.get(desk(row)))
    (shown,) = [one for one in desk_page.all("img") if one.has("class", "apercu")]
    answer = client.get(shown["src"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    whole(answer)
    for user in (None, UtilisateurFactory(is_superuser=True)):
        if user:
            client.force_login(user)
        url = f"/media/{image.fichier.name}"
        assert client.get(url).status_code == 404, "read from the page of its contribution alone"
    missing = decide(client, row)
    assert missing.status_code == 200
    assert "Choisissez ce que devient ce fichier." in PageLue(missing).text
    before = fiche.version
    choices = {f"fichier-choix_{one.pk}": "joindre" for one in (image, guide)}
    titles = {f"fichier-titre_{image.pk}": "Plan d’accès à la mairie", f"fichier-titre_{guide.pk}": "Guide"}
    assert decide(client, row, **choices, **titles).status_code == 302
    client.logout()

    fiche.refresh_from_db()
    assert fiche.version == before + 1
    assert fiche.history.first().history_change_reason == parcours.RAISON_FICHIERS
    links = {a.text: a["href"] for a in read(fiche.get_absolute_url()).one("main").all("a")}
    served = client.get(links["Plan d’accès à la mairie"])
    assert served["Content-Type"] == "image/jpeg"
    assert hostiles.LIEU not in whole(served)
    answer = client.get(links["Guide"])
    assert answer["Content-Disposition"].startswith("attachment")
    whole(answer)
    row.refresh_from_db()
    assert row.etat == E.ACCEPTEE
    assert [one.suite for one in row.fichiers.all()] == [S.PRIS, S.PRIS]
    assert "Guide.pdf\u00a0: joint à la fiche" in Courriel.objects.latest("pk").texte
    row.delete()
    assert len(on_disk(disque)) == 2, "they are the record’s now"


@pytest.mark.long
def test_a_new_record_gets_its_files_public_once_it_is(client, read):
    last = at_the_end(client, "/contribuer/initiatives/", titre="Un atelier")
    go_on(client, last, "envoyer", fichiers=image_and_pdf())
    row = parcours.confirm(Contribution.objects.get())
    client.force_login(member(ANIMATION))
    assert decide(client, row, "tout").status_code == 302
    client.logout()
    row.refresh_from_db()
    url = FichierJoint.objects.first().fichier.url
    assert client.get(url).status_code == 404
    record = registre.get("initiative").model.objects.get(pk=row.entree_id)
    record.change({"statut": Statut.PUBLIEE})
    answer = client.get(url)
    assert answer.status_code == 200
    whole(answer)
    assert "Plan d’accès (JPG, " in read(record.get_absolute_url()).one("main").text


def test_a_file_is_handed_over_to_be_saved_by_its_author_and_the_team_alone(client, fiche):
    row, other = (proposed(client, fiche, upload(nom, hostiles.photo())) for nom in ("a.jpg", "b.jpg"))
    one = row.fichiers.get()
    follow = reverse("contributions:fichier", args=[courriels.token(row), one.pk])
    at_desk = reverse("admin:contributions_contribution_fichier", args=[row.pk, one.pk])
    assert client.get(at_desk).status_code == 302, "to the page that asks who one is"
    assert client.get(reverse("contributions:fichier", args=[courriels.token(other), one.pk])).status_code == 404
    client.force_login(member(REDACTION))
    for url in (follow, at_desk):
        answer = client.get(url)
        assert answer["Content-Disposition"] == 'attachment; filename="a.jpg"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private, no-store" in answer["Cache-Control"]
        whole(answer)


@pytest.mark.long
def test_nobody_of_the_team_gets_a_file_before_its_address_is_confirmed(client, fiche):
    send(client, fiche, *image_and_pdf())
    row = Contribution.objects.get()
    client.force_login(member(ANIMATION))
    url = reverse("admin:contributions_contribution_fichier", args=[row.pk, row.fichiers.first().pk])
    assert client.get(url).status_code == 404


def test_a_record_that_is_shown_before_it_is_sent_asks_for_its_files_again(client):
    url = "/contribuer/ressources/"
    shown = client.post(
        url, typed(client.get(url), titre="Un guide") | {"voir": "1", "fichiers": list(image_and_pdf())}
    )
    form = PageLue(shown).one("form", **{"aria-label": "Envoyer ma proposition"})
    assert "Choisissez de nouveau vos fichiers" in form.text
    data = {one["name"]: one["value"] for one in form.all("input", type="hidden")}
    assert client.post(url, data | {"fichiers": list(image_and_pdf())}).status_code == 302
    assert Contribution.objects.get().fichiers.count() == 2


# What leaves


def refuse(row, **kwargs):
    parcours.refuse(row, "Non.", tour=row.tour, user=None)


def take_one(row):
    fiche = parcours.published(row.entree)
    first = row.fichiers.first()
    parcours.decide(
        row, {}, "", tour=row.tour, version=fiche.version, user=member(ANIMATION), joints={first.pk: ("Un", [])}
    )


@pytest.mark.long
@mostly_long(
    ("act", "left"),
    [(refuse, 0), (parcours.withdraw, 0), (parcours.erase, 0), (take_one, 1), (lambda row: forget(MAELLE), 0)],
    ids=["refused", "withdrawn", "erased", "one is taken", "its author is forgotten"],
    one_in=3,
)
def test_what_is_not_taken_leaves_the_disk_once_it_is_certain(
    client, fiche, disque, act, left, django_capture_on_commit_callbacks
):
    row = proposed(client, fiche, *image_and_pdf())
    with django_capture_on_commit_callbacks(execute=True):
        act(row)
        assert len(on_disk(disque)) == 2
    assert len(on_disk(disque)) == left
    assert FichierPropose.objects.exclude(fichier="").count() == 0
    assert FichierJoint.objects.count() == left


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_is_undone_leaves_files_where_they_were(client, fiche, disque):
    row = proposed(client, fiche, *image_and_pdf())
    with transaction.atomic():
        parcours.withdraw(row)
        transaction.set_rollback(True)
    assert len(on_disk(disque)) == 2
    assert client.get(reverse("contributions:suivi", args=[courriels.token(row)])).status_code == 200
    parcours.withdraw(row)
    assert on_disk(disque) == []


def test_purging_a_contribution_takes_its_files(client, fiche, disque, django_capture_on_commit_callbacks, settings):
    send(client, fiche, *image_and_pdf())
    late = timezone.now() - timedelta(days=settings.CONSERVATION["contributions_non_confirmees"] + 1)
    Contribution.objects.update(demandee_le=late)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purger", verbosity=0)
    assert on_disk(disque) == []


def test_a_request_that_fails_half_way_leaves_no_file(client, fiche, disque):
    client.raise_request_exception = False
    real, calls = FichierPropose.save, []

    def second_fails(self, *args, **kwargs):
        calls.append(self)
        if len(calls) > 1:
            raise OSError("le disque est plein")
        return real(self, *args, **kwargs)

    with patch.object(FichierPropose, "save", second_fails):
        assert send(client, fiche, *image_and_pdf()).status_code == 500
    assert not Contribution.objects.exists()
    assert on_disk(disque) == []


def test_a_disk_that_is_full_is_told_and_left_as_it_is(client, fiche, disque):
    client.raise_request_exception = False
    room = [SimpleNamespace(free=10_000_000), SimpleNamespace(free=100)]
    with patch("shutil.disk_usage", side_effect=room):
        answer = send(client, fiche, *image_and_pdf())
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.content.decode()
    assert on_disk(disque) == []
    assert not Contribution.objects.exists()


@pytest.mark.long
def test_what_a_killed_request_left_is_purged_and_nothing_else(
    client, fiche, disque, django_capture_on_commit_callbacks
):
    row = proposed(client, fiche, *image_and_pdf())
    with django_capture_on_commit_callbacks(execute=True):
        take_one(row)
    waiting = proposed(client, fiche, upload("c.pdf", hostiles.pdf()))
    (disque / "proposes" / f"{'0' * 32}.pdf").write_bytes(b"x")
    call_command("purger", verbosity=0)
    assert len(on_disk(disque)) == 3, "of today: it may be being saved"
    late = timezone.now() + timedelta(days=2)
    with patch("socle.vie_privee.conservation.timezone.now", lambda: late):
        due = registre_entry("fichiers_sans_proposition").due()
    assert due == [f"proposes/{'0' * 32}.pdf"]
    registre_entry("fichiers_sans_proposition").effacer(due[0])
    assert waiting.fichiers.get().fichier.name in on_disk(disque)


def registre_entry(cle):
    from socle.vie_privee import conservation as personnel

    return next(one for one in personnel.declared() if one.cle == cle)


# Robots, and persons


@pytest.mark.long
def test_a_network_that_sends_files_all_day_is_asked_to_wait(client, fiche, monkeypatch, disque):
    monkeypatch.setattr(fichiers, "ENVOIS", 2)
    for n in range(2):
        assert send(client, fiche, upload(f"{n}.pdf", hostiles.pdf()), titre=f"Titre {n}").status_code == 302
    refused = send(client, fiche, upload("3.pdf", hostiles.pdf()), titre="Titre 3")
    assert refused.status_code == 409
    assert fichiers.TROP in PageLue(refused).text
    assert send(client, fiche, titre="Titre 4").status_code == 302, "texts still pass"
    assert len(on_disk(disque)) == 2


@pytest.mark.long
def test_over_its_posts_no_file_of_a_network_is_looked_into(client, fiche, same_moment, monkeypatch):
    monkeypatch.setattr(views.PageDeProposition, "posts", 1)
    data = typed(page(client, fiche), titre="Autre titre")
    client.post(address(fiche), data | {"courriel": ""})
    with patch.object(Depot, "receive", side_effect=AssertionError("looked into")):
        for action in ({}, {"voir": "1"}, {"voir": "1"}):
            if action:
                client.post(address(fiche), data | action)
            refused = client.post(address(fiche), data | action | {"fichiers": [upload("a.pdf", hostiles.pdf())]})
            assert refused.status_code == 429
            assert refused.context["form"].errors["fichiers"] == [fichiers.DE_NOUVEAU]


@pytest.mark.long
def test_no_network_takes_by_itself_the_room_of_all(client, fiche, settings, monkeypatch, disque):
    assert fichiers.RESEAU * settings.CONSERVATION["contributions_non_confirmees"] < fichiers.INCONNUS
    monkeypatch.setattr(fichiers, "RESEAU", 300)
    assert send(client, fiche, upload("1.pdf", hostiles.pdf())).status_code == 302
    for _ in range(2):
        refused = send(client, fiche, upload("2.pdf", hostiles.pdf()), titre="Titre 2")
        assert (refused.status_code, fichiers.TROP in PageLue(refused).text) == (409, True)
    data = typed(page(client, fiche), titre="Titre 3") | {"fichiers": [upload("3.pdf", hostiles.pdf())]}
    assert client.post(address(fiche), data, REMOTE_ADDR="203.0.113.9").status_code == 302
    for n in range(2):  # where no proxy says who sends, nobody pays for all
        data = typed(page(client, fiche), titre=f"Autre {n}") | {"fichiers": [upload("4.pdf", hostiles.pdf())]}
        assert client.post(address(fiche), data, REMOTE_ADDR="").status_code == 302


@pytest.mark.long
@pytest.mark.parametrize("limit", ["ATTENTE", "INCONNUS"])
def test_what_waits_in_all_has_a_limit_that_is_said(client, fiche, monkeypatch, disque, limit):
    monkeypatch.setattr(fichiers, limit, 300)
    assert send(client, fiche, upload("1.pdf", hostiles.pdf())).status_code == 302
    refused = send(client, fiche, upload("2.pdf", hostiles.pdf()), titre="Titre 2")
    assert refused.status_code == 409
    assert fichiers.PLEIN in PageLue(refused).text
    assert Contribution.objects.count() == len(on_disk(disque)) == 1


@pytest.mark.long
def test_a_copy_for_its_author_names_the_files(client, fiche):
    proposed(client, fiche, *image_and_pdf())
    told = str(export(MAELLE))
    assert "Plan d’accès.jpg" in told
    assert "proposes/" not in told


@pytest.mark.long
@pytest.mark.parametrize("action", ["decider", "tout"])
def test_words_about_persons_in_the_name_of_a_file_are_marked_and_masked_but_for_what_is_kept(client, fiche, action):
    Contact.objects.create(entree=fiche.entree, nom="Yuna Kerinventé")
    nom = "Yuna Kerinventé, Mme Le Dantec et Maëlle Kerdoncuff, 06 39 98 01 23.pdf"
    row = proposed(client, fiche, upload(nom, hostiles.pdf()))
    client.force_login(member(REDACTION))
    page = PageLue(client.get(desk(row)))
    boxes = [box["name"] for box in page.all("input", type="checkbox") if box["name"].startswith("prive-")]
    assert [mark.text for mark in page.all("mark", class_="prive")] == [
        "Yuna Kerinventé",
        "Mme Le Dantec",
        "Maëlle Kerdoncuff",
        "06 39 98 01 23",
    ]
    pk = row.fichiers.get().pk
    kept = {f"fichier-choix_{pk}": "joindre", f"fichier-titre_{pk}": Path(nom).stem, boxes[1]: "oui"}
    sent = posted(client.get(desk(row))) | {"action": action} | kept
    wanted = f"{NOM_MASQUE}, Mme Le Dantec et {NOM_MASQUE}, {TELEPHONE_MASQUE}"
    assert f"S’y ajouteront les fichiers joints : « {wanted} »" in PageLue(client.post(desk(row), sent)).text
    assert press(client, row, sent).status_code == 302
    assert FichierJoint.objects.get().titre == wanted
