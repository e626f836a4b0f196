"""Whatever visitors, editors and the bin do: what is public is what was accepted, and history tells every step."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from fiches.suivi import fusion, historique
from fiches.suivi.comparaison import state
from participants.contributions import comparaison, credits, parcours
from participants.contributions.models import Contribution, Credit
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import REDACTION
from socle.courrier.models import Courriel
from socle.courrier.refus import TropTard
from tests.factories import ProjetFactory, member
from tests.factories.contributions import ContributionFactory
from tests.sampling import size

pytestmark = pytest.mark.django_db
CHAMPS = ("titre", "objectifs", "suivi")
NUMBERS = st.integers(0, 20)
FIELDS = st.sampled_from(CHAMPS)
WORDS = st.sampled_from(["Premier", "Deuxième", "Troisième"])
DECISIONS = st.sampled_from([comparaison.PRISE, comparaison.GARDEE, comparaison.REECRITE])
TWO = st.lists(DECISIONS, min_size=2, max_size=2)


class Propositions(RuleBasedStateMachine):
    """One public record, another one that may be merged into it, and corrections of both.

    `said`: what it should say. `told`: what each of its versions should say, in order. `open`: pages that editors have
    open, (correction, its turn, the record's version then). `named`: who should be named.
    """

    def __init__(self):
        super().__init__()
        self.user = member(REDACTION)
        self.fiche = ProjetFactory(titre="Un portail", objectifs="Répondre", suivi="")
        self.other = ProjetFactory(titre="Un autre portail", objectifs="", suivi="")
        self.said = {name: getattr(self.fiche, name) for name in CHAMPS}
        self.told, self.open, self.named = [dict(self.said)], [], []
        self.merged = False

    def teardown(self):
        Courriel.objects.all().delete()
        Contribution.objects.all().delete()
        for fiche in (self.fiche, self.other):
            fiche.entree.delete()
        self.user.delete()

    @property
    def now(self):
        return Projet.objects.get(pk=self.fiche.pk)

    def pick(self, number):
        rows = list(Contribution.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def tell(self, **values):
        self.said |= values
        self.told.append(dict(self.said))

    # Visitors

    @rule(field=FIELDS, other=FIELDS, words=WORDS, of_other=st.booleans(), named=st.booleans())
    def propose(self, **said):
        self.correct(**said)

    def correct(self, field, other, words, of_other, named):
        fiche = self.other if of_other and not self.merged else self.fiche
        seen = state(Projet.objects.get(pk=fiche.pk))
        valeurs = {name: {"vu": seen[name], "propose": f"{words} {name}"} for name in (field, other)}
        row = ContributionFactory(fiche=fiche, valeurs=valeurs)
        if named:
            Contribution.objects.filter(pk=row.pk).update(credit=f"Malo {row.pk}")
        self.look(row)

    @rule(number=NUMBERS, action=st.sampled_from(["withdraw", "answer", "uncite", "erase"]))
    def change_their_mind(self, number, action):
        row = self.pick(number)
        if row is None:
            return
        if action in ("uncite", "erase"):
            self.named = [pk for pk in self.named if pk != row.pk]
        if action == "uncite":
            credits.uncite(row)
        elif action == "answer" and row.is_ouverte:
            parcours.answer(row, f"Un mot {number}")
        elif action != "answer":
            with suppress(TropTard):  # withdrawn once it is decided
                getattr(parcours, action)(row)

    # The team

    def look(self, row):
        """An editor opens its page, and leaves it open."""
        self.open.append((row, row.tour, self.now.version))

    @rule(number=NUMBERS, action=st.sampled_from(["ask", "refuse", "take_on"]))
    def talk(self, number, action):
        if (row := self.pick(number)) and row.is_ouverte:
            self.speak(row, action)

    def speak(self, row, action):
        said = () if action == "take_on" else ("Un mot.",)
        getattr(parcours, action)(row, *said, tour=row.tour, user=self.user)

    @rule(field=FIELDS, words=WORDS, decisions=TWO, meanwhile=st.sampled_from(["", "", "edit", "ask", "take_on"]))
    def decide_soon(self, field, words, decisions, meanwhile):
        """Press the button of a page under which somebody else may have done something."""
        self.correct(field, "suivi", words, of_other=False, named=True)
        page = self.open[-1]
        if meanwhile == "edit":
            self.edit(field, f"{words} mot")
        elif meanwhile:
            self.speak(page[0], meanwhile)
        self.decide(page, decisions)

    @rule(number=NUMBERS, decisions=TWO)
    @precondition(lambda self: self.open)
    def decide_at_last(self, number, decisions):
        """Press the button of a page that was open for a while."""
        still = {*Contribution.objects.filter(close_le=None).values_list("pk", flat=True)}
        pages = [page for page in self.open if page[0].pk in still] or self.open
        self.decide(pages[number % len(pages)], decisions)

    def decide(self, page, decisions):
        seen, tour, version = page
        row = Contribution.objects.filter(pk=seen.pk).first()
        chosen = dict(zip(seen.valeurs, decisions, strict=False))
        words = {name: seen.valeurs[name]["propose"] for name in chosen}
        words |= {name: f"{words[name]}, autrement" for name, what in chosen.items() if what == comparaison.REECRITE}
        suites = {name: (what, words[name]) for name, what in chosen.items()}
        here = row is not None and row.entree_id == self.fiche.pk
        good = here and row.is_ouverte and row.tour == tour and self.now.is_publiee and self.now.version == version
        if row is not None and not here:
            return  # of the other record, whose words nobody watches
        try:
            parcours.decide(seen, suites, "", tour=tour, version=version, user=self.user)
        except TropTard:
            assert not good
            return
        assert good, "nobody decides over what they have not seen"
        taken = {name: words[name] for name, what in chosen.items() if what != comparaison.GARDEE}
        if any(self.said[name] != text for name, text in taken.items()):
            self.tell(**taken)
        if taken and row.credit:
            self.named.append(row.pk)

    @rule(field=FIELDS, words=WORDS)
    def write(self, field, words):
        self.edit(field, words)

    def edit(self, field, words):
        self.now.change({field: f"{words} par la rédaction"}, user=self.user)
        self.tell(**{field: f"{words} par la rédaction"})

    @rule(number=NUMBERS)
    def restore(self, number):
        versions = list(self.now.history.order_by("version"))
        record = versions[number % len(versions)]
        historique.restore(Projet, record, seen=self.now.version, user=self.user)
        self.tell(**self.told[record.version - 1])

    @rule(statut=st.sampled_from([Statut.PUBLIEE, Statut.PUBLIEE, Statut.CORBEILLE, Statut.RETIREE]))
    def bin_or_publish(self, statut):
        self.now.change({"statut": statut}, user=self.user)
        self.tell()

    @rule()
    @precondition(lambda self: not self.merged and self.now.statut != Statut.CORBEILLE)
    def merge(self):
        """The other record into this one: what was proposed for it is proposed for this one."""
        fusion.merge(self.now, Projet.objects.get(pk=self.other.pk), {}, user=self.user)
        self.merged = True
        self.tell()

    # What holds

    @invariant()
    def what_is_public_is_what_was_accepted(self):
        fiche = self.now
        assert {name: getattr(fiche, name) for name in CHAMPS} == self.said

    @invariant()
    def history_tells_every_step(self):
        versions = self.now.history.order_by("version")
        assert [{name: getattr(row, name) for name in CHAMPS} for row in versions] == self.told
        assert self.now.version == len(self.told)

    @invariant()
    def who_is_named_asked_and_was_taken(self):
        assert sorted(Credit.objects.values_list("contribution", flat=True)) == sorted(self.named)

    @invariant()
    def what_is_closed_says_what_became_of_it(self):
        for row in Contribution.objects.all():
            decided = row.etat in ("acceptee", "en-partie", "refusee")
            assert (row.close_le is not None) == (decided or row.etat == "retiree")
            assert all(("suite" in one) == decided for one in row.valeurs.values())


@pytest.mark.long
def test_what_is_public_is_what_was_accepted_whatever_happens():
    run_state_machine_as_test(
        Propositions,
        settings=settings(
            max_examples=size(30, one_in=6),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
