"""New records that visitors propose, from the doors to the mail that they are public. Persons are invented."""

from datetime import timedelta

import pytest

from fiches import registre
from fiches.suivi.fusion import merge, undo
from fiches.suivi.models import Fusion
from participants.contributions import champs, comparaison, courriels, parcours
from participants.contributions.forms import REFUS
from participants.contributions.models import Contribution
from participants.contributions.steps import steps
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier import liens
from socle.courrier.models import Courriel
from tests import sampling
from tests.conftest import PageLue
from tests.contributions.test_corrections import MAELLE, VOUS, decide, desk, posted, press, typed
from tests.factories import ProjetFactory, member

pytestmark = pytest.mark.django_db
BUS = {"titre": "Un bus des démarches", "description": "Un mardi sur deux, dans six hameaux.", "montant_eur": "8 200"}
PAGE = "/contribuer/projets/"


def send(client, page=PAGE, **said):
    """Go through the form of a type, on one page or in steps, to the answer of its last page."""
    answer = shown = client.get(page)
    while etapes := shown.context.get("etapes"):
        last = shown.context["etape"] == etapes[-1]
        data = typed(shown, **said) if last else filled(shown, **said)
        answer = client.post(page, data | {"action": "envoyer" if last else "continuer"})
        if last or answer.status_code != 302:
            return answer
        page = answer.url
        shown = client.get(page)
        if shown.status_code == 302:
            page, shown = shown.url, client.get(shown.url)
    return client.post(page, typed(answer, **said))


def filled(shown, **said):
    """What a step sends back with these words in its fields."""
    data = {name: value for name, value in typed(shown).items() if name not in VOUS}
    return data | {
        f"champ_{name}": value for name, value in said.items() if f"champ_{name}" in shown.context["form"].fields
    }


def confirmed(client, **said):
    assert send(client, **BUS | said).status_code == 302
    return parcours.confirm(Contribution.objects.latest("pk"))


@pytest.mark.long
def test_every_type_has_its_door_and_its_form(client, read):
    doors = {a["href"] for a in read("/contribuer/").one("main").all("a")}
    for declaration in registre.types():
        page = f"/contribuer/{declaration.adresse}/"
        assert page in doors
        answer = send(client, page, titre="Une chose à dire")
        assert answer.status_code == 302, (page, answer.context and answer.context["form"].errors)
        row = parcours.confirm(Contribution.objects.latest("pk"))
        suites = {field.champ.name: (comparaison.PRISE, field.propose) for field in comparaison.lines(row)}
        fiche = parcours.create(row, suites, "", tour=row.tour, user=member(REDACTION))
        assert (type(fiche), fiche.titre, fiche.statut) == (declaration.model, "Une chose à dire", Statut.A_RELIRE)
    assert client.get("/contribuer/rien/").status_code == 404
    assert "/contribuer/" in {a["href"] for a in read("/").one("main").all("a")}


def test_no_field_is_asked_that_makes_no_sense_or_that_an_administration_alone_knows():
    new = {one.name for one in champs.asked_of_new(Projet)}
    assert {"titre", "fait", "montant_eur", "suivi"} <= new
    assert not {"montant_source", "siret", "rna", "notification_ue", "versement"} & new
    assert {one.name for step in steps(Projet) for one in step.champs} == new
    assert "siret" in {one.name for one in champs.offered(Projet)}, "who reads a wrong one may correct it"
    assert "montant_source" not in {one.name for one in champs.offered(Projet)}
    assert "fait" not in {one.name for one in champs.offered(registre.get("terme").model)}


def test_a_new_record_is_read_again_then_published_and_its_author_is_told(client):
    row = confirmed(client)
    assert (row.nature, row.entree, row.type) == (Contribution.Nature.FICHE, None, "projet")
    client.force_login(member(REDACTION))
    assert decide(client, row, choix_montant_eur="garder").status_code == 302
    row.refresh_from_db()
    fiche = Projet.objects.get(pk=row.entree_id)
    assert (fiche.statut, fiche.titre, fiche.montant_eur) == (Statut.A_RELIRE, BUS["titre"], None)
    assert fiche.history.get().history_change_reason == parcours.RAISON_FICHE
    client.logout()
    assert client.get(fiche.get_absolute_url()).status_code == 404
    mail = Courriel.objects.latest("pk")
    assert f"/p/{fiche.pk}" not in mail.texte, "no mail names a page that nobody can read"
    assert "est acceptée en partie. La fiche n’est pas encore publique" in mail.texte
    address = liens.adresse("contributions:suivi", courriels.token(row))
    assert "met la fiche en forme" in PageLue(client.get(address)).text
    for statut in (Statut.PUBLIEE, Statut.RETIREE, Statut.PUBLIEE):
        fiche.change({"statut": statut}, user=member(ANIMATION))
    told = Courriel.objects.filter(objet="Votre fiche est publiée")
    assert [one.destinataire for one in told] == [MAELLE], "once"
    assert f"/p/{fiche.pk}" in told[0].texte
    assert "La fiche est publiée" in PageLue(client.get(address)).text
    page = client.get(fiche.get_absolute_url()).content.decode()
    assert "Kerdoncuff" not in page
    assert MAELLE not in page


def test_a_record_that_may_exist_already_is_shown_first(client):
    there = ProjetFactory(titre="Le bus des démarches")
    ProjetFactory(titre="Le bus des démarches", draft=True)
    answer = send(client, **BUS)
    assert answer.status_code == 200
    links = {a["href"] for a in PageLue(answer).one("section", id="envoyer").all("a")}
    assert {there.get_absolute_url(), f"/contribuer/correction/{there.pk}/"} <= links
    assert "Cette fiche existe peut-être déjà" in PageLue(answer).text
    assert not Contribution.objects.exists()
    page = answer.request["PATH_INFO"]
    assert "Cette fiche existe peut-être déjà" in PageLue(client.get(page)).text, "before they send, too"
    assert client.post(page, typed(answer) | {"nouvelle": "on", "action": "envoyer"}).status_code == 302


@pytest.mark.long
def test_without_a_title_nothing_is_sent_and_nothing_is_created(client):
    answer = send(client, description="Un mardi sur deux.")
    assert answer.status_code == 200
    assert "champ_titre" in answer.context["form"].errors
    row = confirmed(client)
    client.force_login(member(REDACTION))
    assert decide(client, row, choix_titre="garder").status_code == 200
    assert decide(client, row, choix_titre="main", main_titre="").status_code == 200
    assert not Projet.objects.exists()


@pytest.mark.long
def test_two_editors_make_one_record(client):
    row = confirmed(client)
    client.force_login(member(REDACTION))
    opened = posted(client.get(desk(row))) | {"action": "decider"}
    assert press(client, row, opened).status_code == 302
    assert press(client, row, opened).status_code == 409
    assert Projet.objects.count() == 1


@pytest.mark.long
def test_one_refused_or_withdrawn_makes_no_record(client):
    row = confirmed(client)
    client.force_login(member(REDACTION))
    assert decide(client, row, "refuser", mot="Nous l’avons déjà.").status_code == 302
    other = confirmed(client, titre="Un autre bus")
    opened = posted(client.get(desk(other)))
    parcours.withdraw(other)
    assert press(client, other, opened | {"action": "tout"}).status_code == 409
    assert not Projet.objects.exists()


@pytest.mark.long
def test_of_one_refused_the_reason_is_told_not_what_became_of_each_field(client):
    row = confirmed(client)
    client.force_login(member(REDACTION))
    assert decide(client, row, "refuser", motif=REFUS[0]).status_code == 302
    follow = PageLue(client.get(liens.adresse("contributions:suivi", courriels.token(row))))
    mail = Courriel.objects.latest("pk")
    for told in (follow.one("main").text, mail.texte, mail.html):
        assert REFUS[0] in told
        assert "laissé" not in told
    assert "/contribuer/" in {a["href"] for a in follow.one("main").all("a")}, "what the reason invites to"


@pytest.mark.long
def test_a_definition_is_proposed_from_the_page_of_a_word(client, read):
    word = registre.get("terme").model(titre="Aller vers", statut=Statut.PUBLIEE)
    word.save()
    links = {a.text: a["href"] for a in read(word.get_absolute_url()).one("main").all("a")}
    address = links["Proposer une définition"]
    page = read(address)
    assert "open" in page.one("details", id="champ-definition").attributes
    assert "open" not in page.one("details", id="champ-variantes").attributes
    assert client.post(address, typed(client.get(address), definition="Aller à la rencontre.")).status_code == 302
    row = parcours.confirm(Contribution.objects.get())
    client.force_login(member(REDACTION))
    assert decide(client, row).status_code == 302
    word.refresh_from_db()
    assert word.is_defini


@pytest.mark.long
def test_the_link_of_a_closed_one_lasts_a_month(client):
    row = confirmed(client)
    suites = {"titre": (comparaison.PRISE, BUS["titre"])}
    parcours.create(row, suites, "", tour=row.tour, user=member(REDACTION)).change({"statut": Statut.PUBLIEE})
    row.refresh_from_db()
    assert max(row.liens.values_list("expire_le", flat=True)) - row.close_le < courriels.APRES + timedelta(minutes=1)


@pytest.fixture
def made(client):
    """A record that was made of a proposal, « à relire »; its contribution; who decided."""
    row = confirmed(client, titre="Un bus des démarches")
    user = member(ANIMATION)
    suites = {"titre": (comparaison.PRISE, "Un bus des démarches")}
    fiche = parcours.create(row, suites, "", tour=row.tour, user=user)
    Courriel.objects.all().delete()
    return fiche, Contribution.objects.get(pk=row.pk), user


def followed(client, row) -> str:
    """What the page that its author follows says first."""
    page = PageLue(client.get(liens.adresse("contributions:suivi", courriels.token(row))))
    return page.one("div", class_="note").text.replace("\u00a0", " ")


def mailed() -> list[str]:
    return [mail.texte.replace("\u00a0", " ") for mail in Courriel.objects.filter(destinataire=MAELLE).order_by("pk")]


def test_whoever_proposed_a_record_that_is_merged_is_told_in_which(client, made):
    fiche, row, user = made
    merge(ProjetFactory(titre="Le bus des hameaux"), fiche, {}, user=user)
    [text] = mailed()
    assert "est reprise dans une autre, qui est publiée : « Le bus des hameaux »" in text
    row.refresh_from_db()
    said = followed(client, row)
    assert "Elle est reprise dans une autre fiche, qui est publiée." in said
    assert "Le bus des hameaux" in said


@pytest.mark.long
def test_merged_into_one_that_is_not_public_they_are_told_when_it_is(client, made):
    fiche, row, user = made
    kept = ProjetFactory(draft=True, titre="Un titre encore secret")
    merge(kept, fiche, {}, user=user)
    [text] = mailed()
    assert "« Un bus des démarches », est reprise dans une autre, que l’équipe met en forme" in text
    row.refresh_from_db()
    said = followed(client, row)
    assert "Elle est reprise dans une autre fiche, que l’équipe met en forme" in said
    assert "secret" not in text + said
    Projet.objects.get(pk=kept.pk).change({"statut": Statut.PUBLIEE})
    assert "est publiée" in mailed()[1]


@pytest.mark.long
def test_they_are_told_again_if_the_merge_is_undone_and_when_it_is_public(client, made):
    fiche, row, user = made
    merge(ProjetFactory(titre="Le bus des hameaux"), fiche, {}, user=user)
    undo(Fusion.objects.get(), user=user)
    assert "n’est plus reprise dans une autre" in mailed()[1]
    assert "un courriel vous dira quand elle est publiée" in mailed()[1]
    row.refresh_from_db()
    assert "Acceptée : l’équipe met la fiche en forme" in followed(client, row)
    Projet.objects.get(pk=fiche.pk).change({"statut": Statut.PUBLIEE})
    assert "La fiche que vous avez proposée est publiée : « Un bus des démarches »" in mailed()[2]
    assert len(mailed()) == 3


@pytest.mark.long
def test_of_merges_one_upon_another_the_author_of_what_is_parted_is_told(client, made):
    fiche, row, user = made
    between, last = ProjetFactory(titre="Le bus des hameaux"), ProjetFactory()
    merge(between, fiche, {}, user=user)
    merge(last, Projet.objects.get(pk=between.pk), {}, user=user)
    assert len(mailed()) == 2
    undo(Fusion.objects.get(perdue=between.pk), user=user)
    assert len(mailed()) == 2
    row.refresh_from_db()
    assert "Elle est reprise dans une autre fiche, qui est publiée." in followed(client, row)
    undo(Fusion.objects.get(), user=user)
    assert "n’est plus reprise dans une autre" in mailed()[2]
    row.refresh_from_db()
    assert "Acceptée : l’équipe met la fiche en forme" in followed(client, row)


@pytest.mark.long
@pytest.mark.parametrize("draft", [True, False])
@pytest.mark.parametrize("withdrawn", ["before", "after"])
def test_one_that_had_been_published_is_not_announced_again(client, made, draft, withdrawn):
    fiche, row, user = made
    fiche.change({"statut": Statut.PUBLIEE})
    if withdrawn == "before":
        fiche.change({"statut": Statut.RETIREE})
    merge(ProjetFactory(draft=draft), Projet.objects.get(pk=fiche.pk), {}, user=user)
    undo(Fusion.objects.get(), user=user)
    here = Projet.objects.get(pk=fiche.pk)
    if withdrawn == "before":
        assert "Elle n’est pas publiée aujourd’hui" in mailed()[-1]
    else:
        here.change({"statut": Statut.RETIREE})
    row.refresh_from_db()
    assert "acceptée et publiée ; la fiche n’est plus publiée aujourd’hui" in followed(client, row)
    here.change({"statut": Statut.PUBLIEE})
    assert len(mailed()) == 3, "published once, merged, parted"


@sampling.mostly_long(
    ("statuts", "says"),
    [
        ([Statut.PUBLIEE], "La fiche est publiée"),
        ([Statut.PUBLIEE, Statut.RETIREE], "acceptée et publiée ; la fiche n’est plus publiée aujourd’hui"),
        ([Statut.PUBLIEE, Statut.BROUILLON], "acceptée et publiée ; la fiche n’est plus publiée aujourd’hui"),
        ([Statut.RETIREE], "puis l’équipe n’a pas publié la fiche"),
        ([Statut.CORBEILLE], "puis l’équipe n’a pas publié la fiche"),
        ([Statut.BROUILLON], "l’équipe met la fiche en forme avant de la publier"),
    ],
    one_in=3,
)
def test_the_page_that_is_followed_says_where_the_record_is_now(client, made, statuts, says):
    fiche, row, _ = made
    for statut in statuts:
        fiche.change({"statut": statut})
    row.refresh_from_db()
    said = followed(client, row)
    assert says in said
    assert "Un bus des démarches" in said


@pytest.mark.long
def test_the_mail_to_an_address_that_nobody_confirmed_names_nothing(client):
    send(client, **BUS)
    mail = Courriel.objects.get()
    assert BUS["titre"] not in mail.objet + mail.texte + mail.html
