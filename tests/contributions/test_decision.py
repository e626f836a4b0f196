"""The page where an editor decides: what they write there is published or said to be in the way, never lost."""

import pytest

from fiches import registre
from participants.contributions import champs
from participants.contributions.forms import AUTREMENT, DECIDER, PERDRAIT
from participants.contributions.models import Contribution
from tests import sampling
from tests.conftest import PageLue
from tests.contributions.test_corrections import confirmed, decide, desk, posted, press
from tests.factories import factory_of
from tests.factories.contributions import ContributionFactory

pytestmark = pytest.mark.django_db
E = Contribution.Etat


@pytest.mark.long
def test_a_text_that_is_written_beside_another_choice_is_not_lost(client, fiche, staff):
    row = confirmed(client, fiche, titre="Un portail clair")
    answer = decide(client, row, main_titre="Un titre à moi")
    page = PageLue(answer)
    assert PERDRAIT[DECIDER] in page.text
    assert page.one("input", name="main_titre")["value"] == "Un titre à moi"
    fiche.refresh_from_db()
    row.refresh_from_db()
    assert (fiche.titre, row.etat) == ("Un portail", E.RECUE)
    again = posted(answer) | {"action": "decider"}
    assert press(client, row, again | {"choix_titre": "main"}).status_code == 302
    fiche.refresh_from_db()
    assert fiche.titre == "Un titre à moi"


@pytest.mark.long
@pytest.mark.parametrize(
    ("action", "said"), [("tout", {}), ("question", {"mot": "Où ?"}), ("refuser", {"mot": "Non."})]
)
def test_no_button_loses_what_is_written(client, fiche, staff, action, said):
    row = confirmed(client, fiche, titre="Un portail clair")
    page = PageLue(decide(client, row, action, choix_titre="main", main_titre="Un titre à moi", **said))
    assert AUTREMENT in page.text
    assert page.one("input", name="main_titre")["value"] == "Un titre à moi"
    row.refresh_from_db()
    assert row.etat == E.RECUE


@pytest.mark.long
@pytest.mark.parametrize("more", [{"action": "examiner"}, {"action": "decider", "choix_titre": "main"}])
def test_what_was_written_is_there_once_another_editor_has_closed(client, fiche, staff, more):
    row = confirmed(client, fiche, titre="Un portail clair")
    opened = posted(client.get(desk(row)))
    decide(client, row, "refuser", mot="Non.")
    answer = press(client, row, opened | {"main_titre": "Un titre à moi", "mot": "Ce que j’ai tapé."} | more)
    assert "Un titre à moi" in PageLue(answer).text
    assert "Ce que j’ai tapé." in PageLue(answer).text


@sampling.mostly_long("cle", [declaration.cle for declaration in registre.types()], one_in=3)
def test_a_page_that_nobody_touched_holds_nothing_written(client, staff, cle):
    model = registre.get(cle).model
    filled, empty = factory_of(model)(), champs.nothing(model)
    valeurs = {}
    for field in champs.offered(model):
        value = getattr(filled, field.name)
        words = champs.words(field, value.all() if field.many_to_many else value)
        if words != champs.words(field, empty[field.name]):
            valeurs[field.name] = {"vu": "", "propose": words}
    row = ContributionFactory(fiche=factory_of(model)(), valeurs=valeurs)
    shown = client.get(desk(row))
    form = type(shown.context["form"])(posted(shown), lignes=shown.context["lignes"], action="tout")
    assert [main.name for _, _, main, _ in form.rangs() if form.is_written(main)] == []
