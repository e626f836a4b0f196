"""What is kept of a takeover of the extract, and what undoing a second one leaves."""

import pytest

from fiches.models import Contact
from fiches.suivi.annulation import annuler, prepare
from fiches.suivi.models import Reprise, TraceReprise
from participants.inscriptions.models import Inscription
from projets.models import Projet
from tests.labacces.extrait import changed, part
from tests.labacces.test_annulation import different, dump
from tests.labacces.test_reprise_commande import AURAY

pytestmark = pytest.mark.django_db


def test_a_run_that_changes_nothing_has_nothing_to_undo(repris, take_over):
    take_over(part(AURAY))
    second = Reprise.objects.first()
    assert (second.changements, second.traces.count()) == (0, 0)
    assert prepare(second).raison == "Cette reprise n’a rien changé : il n’y a rien à annuler."
    assert prepare(Reprise.objects.last()).possible  # and keeps no earlier one from being undone


def test_it_holds_no_word_of_what_it_created(repris):
    names = set(Inscription.objects.values_list("nom", flat=True)) | set(Contact.objects.values_list("nom", flat=True))
    kept = str(list(TraceReprise.objects.values())) + str(list(Reprise.objects.values()))
    assert not [name for name in names if name and name in kept]


def test_a_changed_extract_is_undone_to_the_first_one(repris, take_over):
    before = dump()
    take_over(changed("Planning Emploi Formation", "Planning Emploi Métier", of=part(AURAY)))
    assert Projet.objects.filter(titre__contains="Emploi Métier").exists()
    annuler(Reprise.objects.first())
    assert different(before, dump()) == {}
