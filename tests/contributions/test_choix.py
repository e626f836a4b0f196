"""Corrections of fields of several choices."""

import pytest
from django.urls import reverse

from fiches.choice_lists import Choix
from fiches.suivi import public_history
from fiches.suivi.comparaison import ADDED, REMOVED, SAME
from participants.contributions import comparaison, parcours
from participants.contributions.models import Contribution
from tests.conftest import PageLue, as_read
from tests.contributions.test_corrections import address, confirmed, decide, desk, page, typed
from tests.factories.enquetes import EnqueteFactory, choix
from tests.fiches.test_choix_des_revisions import CHOIX, A, B, C, chosen, fresh, made, rows
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquete():
    return EnqueteFactory(modes=["Bons d’achat", "Frais, repas"], types=["Commune"])


def keys(*noms, liste=Choix.Liste.RECONNAISSANCE):
    return [str(choix(liste, nom).pk) for nom in noms]


def test_choices_are_corrected_and_compared_one_by_one(client, enquete, staff):
    row = confirmed(client, enquete, modes_reconnaissance=keys("Bons d’achat", "Gratification"))
    said = {"vu": "Bons d’achat | Frais, repas", "propose": "Bons d’achat | Gratification"}
    assert row.valeurs == {"modes_reconnaissance": said}
    (ligne,) = comparaison.lines(row, parcours.published(row.entree))
    pieces = [(piece.kind, piece.text) for piece in ligne.proposition.pieces if piece.text != ", "]
    assert pieces == [(SAME, "Bons d’achat"), (REMOVED, "Frais, repas"), (ADDED, "Gratification")]
    assert "1 choix retiré, 1 choix ajouté" in PageLue(client.get(desk(row))).text
    assert decide(client, row).status_code == 302
    assert [one.nom for one in enquete.modes_reconnaissance.order_by("nom")] == ["Bons d’achat", "Gratification"]


@pytest.mark.long
@mostly_long("cle, champ", CHOIX, one_in=3)
def test_what_is_taken_is_told_choice_by_choice_in_public(client, staff, cle, champ):
    fiche = made(cle, champ, A, B)
    row = confirmed(client, fiche, **{champ: [str(one.pk) for one in rows(fiche, champ, B, C)]})
    assert decide(client, row).status_code == 302
    assert chosen(fiche, champ) == [B, C]
    [last, *_] = public_history.read(fresh(fiche), 1).object_list
    [told] = last.differences
    assert [(piece.kind, piece.text) for piece in told.pieces if piece.text != ", "] == [
        (REMOVED, A),
        (SAME, B),
        (ADDED, C),
    ]
    html = as_read(client.get(reverse("historique", args=[fiche.pk])))
    assert "1 choix retiré, 1 choix ajouté" in html


@pytest.mark.long
def test_choices_changed_since_they_were_read_are_a_conflict(client, enquete):
    modes, types = keys("Bons d’achat"), keys("Commune", "Association", liste=Choix.Liste.TYPE_ORGANISATION)
    opened = typed(page(client, enquete), modes_reconnaissance=modes, types_organisation=types)
    enquete.change({"modes_reconnaissance": [choix(Choix.Liste.RECONNAISSANCE, "Gratification")]})
    assert client.post(address(enquete), opened).status_code == 302
    row = parcours.confirm(Contribution.objects.get())
    lines = {ligne.champ.name: ligne for ligne in comparaison.lines(row, parcours.published(row.entree))}
    assert {name: ligne.conflit for name, ligne in lines.items()} == {
        "modes_reconnaissance": True,
        "types_organisation": False,
    }
    assert lines["modes_reconnaissance"].vu == "Bons d’achat | Frais, repas"


@pytest.mark.long
def test_a_choice_that_was_no_more_when_the_page_was_read_is_not_proposed_to_go(client, enquete):
    choix(Choix.Liste.RECONNAISSANCE, "Frais, repas").delete()
    opened = typed(page(client, enquete), contexte="Un contexte.")
    enquete.change({"titre": "Un autre titre"})
    assert client.post(address(enquete), opened).status_code == 302
    assert list(Contribution.objects.get().valeurs) == ["contexte"]
