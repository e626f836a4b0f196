"""Dead links of public records: found by a task that is off, told to who reads records again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from fiches.initiatives.models import Initiative
from fiches.suivi import dead_links, fraicheur
from fiches.suivi.models import LienSortant
from socle.annuaire.models import Statut
from socle.reseau.probe import Constat
from socle.taches import passage, schedule
from tests.factories import ProjetFactory, factory_of
from tests.projets.formulaire import change_url

pytestmark = pytest.mark.django_db
MORT, VIVANT, INCONNU = Constat(False, "cette page n’existe plus (404)"), Constat(True), Constat(None, "on ne sait")
SOURD = Constat(False, "ce site ne répond pas", False)
PAGE, AUTRE = "https://exemple.bzh/page", "https://exemple.bzh/autre"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(dead_links, "PAUSE", 0)


def check(*weeks: dict[str, Constat], first=0):
    """A run each week, from the `first` on, where addresses answer so, any other being there."""
    now, asked = timezone.now(), []
    for number, found in enumerate(weeks):

        def answers(address, *, agent, found=found):
            asked.append(address)
            return found.get(address, VIVANT)

        with (
            patch("django.utils.timezone.now", return_value=now + timedelta(weeks=first + number)),
            patch.object(dead_links, "probe", answers),
        ):
            bilan = dead_links.check()
    return bilan, asked


def due():
    return {row.pk: fraicheur.reason(row) for row in fraicheur.with_day(fraicheur.due())}


def test_the_task_is_off_unless_it_is_asked_for(settings):
    assert settings.VERIFIER_LIENS is False
    assert "liens" not in {tache.cle for tache in schedule.turned_on()}
    settings.VERIFIER_LIENS = True
    assert {tache.commande for tache in schedule.turned_on() if tache.cle == "liens"} == {"verifier_liens"}


def test_a_page_that_is_asked_reads_who_asks(settings):
    settings.SITE_URL = "https://accès.exemple.bzh"
    ProjetFactory(description=f"Voir {PAGE}")
    with patch.object(dead_links, "probe", return_value=VIVANT) as asked:
        dead_links.check()
    assert asked.call_args.kwargs["agent"].startswith("LabAcces, verification des liens (https://")
    assert asked.call_args.kwargs["agent"].isascii()


def test_links_are_those_of_public_texts_and_fields_and_no_other():
    public = factory_of(Initiative)(
        lien=PAGE,
        description=f"Voir ({AUTRE}), puis http://exemple.bzh/x.",
        realisations="mailto:a@exemple.bzh ftp://x/",
    )
    ProjetFactory(description=f"{PAGE} {PAGE}", draft=True)
    own = ProjetFactory(description="Voir http://127.0.0.1:8000/projets/ et http:// rien.")
    assert dict(dead_links.links()) == {public.pk: {PAGE, AUTRE, "http://exemple.bzh/x"}}
    assert own.pk not in dict(dead_links.links())


def test_a_link_that_did_not_answer_twice_is_dead_and_its_record_to_be_read_again_first():
    other = ProjetFactory(description=f"Voir {AUTRE}.")
    fiche = ProjetFactory(titre="Un portail", description=f"Voir {PAGE}.")
    bilan, asked = check({PAGE: MORT})
    assert (bilan.demandes, bilan.morts, sorted(asked)) == (2, 0, [AUTRE, PAGE])
    assert due() == {}
    bilan, _ = check({}, {PAGE: MORT}, first=1)
    assert (bilan.morts, due()) == (0, {}), "it answered between"
    bilan, _ = check({PAGE: MORT}, first=3)
    assert bilan.morts == 1
    assert due() == {fiche.pk: f"un lien ne répond plus : {PAGE}"}
    assert other.pk not in due()


def test_it_is_settled_by_a_change_by_toujours_exact_or_by_an_answer():
    for settle in (
        lambda fiche: fiche.change({"description": "Sans lien."}),
        fraicheur.verify,
        lambda fiche: check({}, first=1),
    ):
        fiche = ProjetFactory(description=f"Voir {PAGE}.")
        ProjetFactory(description=f"Voir {AUTRE}.")
        check({PAGE: MORT}, {PAGE: MORT})
        assert fiche.pk in due()
        with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(weeks=1, days=1)):
            settle(fiche)
        assert fiche.pk not in due()
        ProjetFactory._meta.model.objects.update(statut=Statut.RETIREE)


def test_what_nobody_can_tell_kills_no_link():
    fiche = ProjetFactory(description=f"{PAGE} {AUTRE}")
    check(*[{PAGE: INCONNU}] * 4)
    assert due() == {}
    assert LienSortant.objects.get(entree=fiche.pk, adresse=PAGE).constat == "on ne sait"


def test_an_address_is_asked_once_a_week_for_all_its_records_and_so_many_a_run(monkeypatch):
    monkeypatch.setattr(dead_links, "A_LA_FOIS", 3)
    for number in range(5):
        ProjetFactory.create_batch(2, description=f"https://exemple.bzh/{number}")
    assert [len(check({})[1]) for _ in range(3)] == [3, 2, 0]


def test_a_machine_without_a_network_kills_no_link_and_its_task_fails():
    ProjetFactory(description=f"{PAGE} {AUTRE}")
    tache = schedule.TacheProgrammee("liens", "verifier_liens", "demande", minutes=1)
    for _ in range(3):
        with patch.object(dead_links, "probe", lambda *args, **kwargs: SOURD):
            issue, said = passage.run(tache)
            passage.last_runs()["liens"].delete()
        assert issue is passage.Issue.EN_ECHEC
        assert "aucune réponse" in said
        assert "n’a sans doute pas accès à Internet" in said
    assert not LienSortant.objects.exclude(regarde_le=None).exists()


def test_sites_that_are_gone_are_told_from_a_network_that_is():
    ProjetFactory(description=AUTRE)
    check({})
    fiche = ProjetFactory(description=PAGE)
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=1)):
        bilan, asked = check({PAGE: SOURD})
        assert (bilan.coupe, asked) == (False, [PAGE, AUTRE]), "who answered last is asked again"
        assert LienSortant.objects.get(entree=fiche.pk).echecs == 1
        LienSortant.objects.filter(entree=fiche.pk).update(regarde_le=None)
        assert check({PAGE: SOURD, AUTRE: SOURD})[0].coupe


@pytest.mark.parametrize("links", [[PAGE], [PAGE, AUTRE]])
def test_the_few_links_of_a_site_are_dead_in_the_end_though_none_ever_answered(links):
    ProjetFactory(description=" ".join(links))
    silence = dict.fromkeys(links, SOURD)
    for _ in range(dead_links.PASSAGES):
        bilan, _ = check(silence)
        assert (bilan.coupe, bilan.morts) == (True, 0)
    for week in range(3):
        bilan, asked = check(silence, first=week)
        assert (bilan.coupe, bilan.morts, len(asked)) == (False, len(links), len(links))
    bilan, _ = check({}, first=3)
    assert (bilan.coupe, bilan.morts) == (False, 0), "they answered"


@pytest.mark.parametrize(("number", "constat"), [(11, SOURD), (2, Constat(None, "le réseau n’a pas répondu", False))])
def test_many_silent_links_or_a_network_that_refuses_are_no_dead_links_however_often(number, constat):
    links = [f"https://exemple.bzh/{rank}" for rank in range(number)]
    ProjetFactory(description=" ".join(links))
    for _ in range(dead_links.PASSAGES + 2):
        bilan, _ = check(dict.fromkeys(links, constat))
        assert (bilan.coupe, bilan.morts) == (True, 0)


def test_the_form_names_the_dead_links_and_no_page_does(client, anne, read):
    fiche = ProjetFactory(description=f"{PAGE} {AUTRE}")
    check({PAGE: MORT}, {PAGE: MORT})
    assert f"{PAGE} (cette page n’existe plus (404))" in read(change_url(fiche)).text
    assert f"un lien ne répond plus : {PAGE}" in read("/admin/a-reverifier/").text
    client.logout()
    assert "ne répond plus" not in read(fiche.get_absolute_url()).text


def test_a_record_that_is_withdrawn_or_leads_nowhere_is_followed_no_more():
    one, two = ProjetFactory(description=PAGE), ProjetFactory(description=AUTRE)
    dead_links.follow()
    one.change({"statut": Statut.RETIREE})
    two.change({"description": "Rien."})
    dead_links.follow()
    assert not LienSortant.objects.exists()
