"""Seats: never more than there are, in the order of the list, nobody left without a word."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from participants.evenements.dates import jour, midnight
from participants.evenements.models import Evenement
from participants.inscriptions import annonces, attribution, courriels, places, suivi
from participants.inscriptions.models import OCCUPENT, BesoinAcces, Inscription
from socle.courrier.models import Courriel
from socle.journal.models import Ligne
from socle.vie_privee import personnes
from tests.factories.participants import EvenementFactory, InscriptionFactory, demande
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db
S = Inscription.Statut


def register(evenement, name="nolwenn", *, confirmed=True, **champs):
    row = places.register(evenement, demande(name, **champs))
    return places.confirm(row) if confirmed else row


def resize(evenement, capacite):
    evenement = Evenement.objects.get(pk=evenement.pk)
    evenement.capacite = capacite
    evenement.save()


def state(row):
    row.refresh_from_db()
    return row.statut


def subjects(row):
    return [mail.objet.partition(" :")[0] for mail in row.courriels.order_by("pk")]


def at(moment):
    return patch("django.utils.timezone.now", return_value=moment)


def later(**kwargs):
    return at(timezone.now() + timedelta(**kwargs))


@pytest.fixture
def full():
    """An event of one seat, which Malo holds."""
    evenement = EvenementFactory(titre="Balise", capacite=1)
    evenement.malo = register(evenement, "malo")
    return evenement


def test_a_seat_is_held_until_it_is_confirmed():
    evenement = EvenementFactory(titre="Balise", capacite=3)
    row = register(evenement, confirmed=False)
    assert row.statut == S.A_CONFIRMER
    assert evenement.places_en_mots() == "Il reste 2 places"
    assert subjects(row) == ["Confirmez votre inscription"]
    assert state(places.confirm(row)) == S.INSCRITE
    assert state(places.confirm(row)) == S.INSCRITE  # twice is once
    assert subjects(row) == ["Confirmez votre inscription", "Vous êtes inscrit·e"]
    assert row.courriels.first().pieces.get().type == "text/calendar"


@mostly_long(
    ("capacite", "most"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (30, 10), (31, 11), (100, 33)], one_in=3
)
def test_posts_that_nobody_confirms_hold_a_third_of_the_seats(capacite, most):
    evenement = EvenementFactory(titre="Balise", capacite=capacite)
    rows = [register(evenement, f"p{number}", confirmed=False) for number in range(most + 3)]
    assert [row.statut for row in rows] == [S.A_CONFIRMER] * most + [S.EN_ATTENTE] * 3
    assert evenement.places_restantes() == capacite - most


def test_a_seat_that_was_not_held_is_taken_by_the_click_that_confirms():
    evenement = EvenementFactory(titre="Balise", capacite=3)
    first, second, third, last = (register(evenement, name, confirmed=False) for name in ("un", "deux", "trois", "der"))
    assert subjects(second) == ["Confirmez votre inscription"]
    assert (state(places.confirm(third)), state(places.confirm(second))) == (S.INSCRITE, S.INSCRITE)
    assert subjects(third)[-1] == "Vous êtes inscrit·e"
    last = places.confirm(last)
    assert last.statut == S.EN_ATTENTE  # the first one holds the last seat
    assert (last.rang, subjects(last)[-1]) == (1, "Vous êtes en liste d’attente")
    assert state(places.confirm(first)) == S.INSCRITE


def test_a_seat_that_was_not_held_goes_first_to_those_who_wait(full):
    unsure = register(full, "un", confirmed=False)
    waiting = register(full, "deux")
    with at(full.debut - timedelta(hours=3, minutes=30)):  # no offer is made any more
        Inscription.objects.filter(pk=unsure.pk).update(expire_le=full.debut)
        places.cancel(full.malo)
        assert state(places.confirm(unsure)) == S.EN_ATTENTE
    assert state(waiting) == S.EN_ATTENTE


def test_what_holds_no_seat_and_is_not_confirmed_ends_without_freeing_any():
    evenement = EvenementFactory(titre="Balise", capacite=3)
    rows = [register(evenement, name, confirmed=False) for name in ("un", "deux")]
    with later(hours=25):
        suivi.follow()
        assert [state(row) for row in rows] == [S.EXPIREE, S.EXPIREE]
        assert evenement.places_restantes() == 3
        assert courriels.new_link(rows[0])
        assert "Aucune place ne vous est gardée" in " ".join(rows[0].courriels.order_by("pk").last().texte.split())
        assert [state(places.confirm(row)) for row in rows] == [S.INSCRITE, S.INSCRITE]  # their links still work


def test_seats_held_before_there_was_a_bound_stay_held_and_no_other_is():
    """An event as an upgrade finds it: full of unconfirmed registrations, each told that a seat is theirs for a day."""
    evenement = EvenementFactory(titre="Balise", capacite=4)
    until = timezone.now() + timedelta(hours=20)
    rows = [InscriptionFactory(evenement=evenement, statut=S.A_CONFIRMER, expire_le=until) for _ in range(4)]
    late = register(evenement, "apres", confirmed=False)
    assert (late.statut, subjects(late)) == (S.EN_ATTENTE, ["Liste d’attente"])
    assert state(places.confirm(rows[0])) == S.INSCRITE
    with later(hours=21):
        assert state(places.confirm(late)) == S.INSCRITE
        assert evenement.places_restantes() == 2


def test_the_bound_is_a_setting_and_events_without_a_capacity_have_none(settings):
    settings.PLACES_NON_CONFIRMEES = 100
    evenement = EvenementFactory(capacite=4)
    assert [register(evenement, f"p{n}", confirmed=False).statut for n in range(4)] == [S.A_CONFIRMER] * 4
    settings.PLACES_NON_CONFIRMEES = 1
    without = EvenementFactory(capacite=None)
    assert [register(without, f"p{n}", confirmed=False).statut for n in range(4)] == [S.A_CONFIRMER] * 4


def test_a_doubtful_post_that_staff_admit_counts_among_them():
    evenement = EvenementFactory(titre="Balise", capacite=3)
    doubtful = [places.register(evenement, demande(name), doute="un doute") for name in ("un", "deux")]
    assert [places.admit(row).statut for row in doubtful] == [S.A_CONFIRMER, S.EN_ATTENTE]


def test_on_the_day_of_an_event_without_an_hour_a_seat_is_held_as_on_any_other():
    noon = timezone.localtime().replace(hour=12, minute=0)
    evenement = EvenementFactory(debut=midnight(noon.date()), fin=None, heure_connue=False, capacite=1)
    with at(noon):
        first = register(evenement, "malo", confirmed=False)
    with at(noon + timedelta(minutes=1)):
        assert register(evenement, "nolwenn").statut == S.EN_ATTENTE
        assert state(places.confirm(first)) == S.INSCRITE


def test_somebody_admitted_during_the_event_has_until_its_end_to_confirm():
    evenement = EvenementFactory(capacite=1)
    row = places.register(evenement, demande("nolwenn"), doute="un doute")
    with at(evenement.debut + timedelta(minutes=30)):
        places.admit(row)
    with at(evenement.debut + timedelta(minutes=40)):
        assert state(places.confirm(row)) == S.INSCRITE


def test_what_nobody_confirms_is_free_again_and_may_still_be_confirmed_late():
    evenement = EvenementFactory(capacite=1)
    row = register(evenement, confirmed=False)
    with later(hours=25):
        suivi.follow()
        assert state(row) == S.EXPIREE
        assert evenement.places_restantes() == 1
        assert state(places.confirm(row)) == S.INSCRITE


def test_somebody_late_whose_seat_is_taken_waits_at_the_end_of_the_list():
    evenement = EvenementFactory(capacite=1)
    row = register(evenement, "lent", confirmed=False)
    with later(hours=25):
        register(evenement, "vif")
        first = register(evenement, "patient")
    with later(hours=26):
        places.confirm(row)
        assert (state(first), state(row)) == (S.EN_ATTENTE, S.EN_ATTENTE)
        assert (first.rang, row.rang) == (1, 2)


def test_a_seat_that_is_freed_is_offered_to_the_first_of_the_list_and_held(full):
    first, second = register(full, "un"), register(full, "deux")
    assert (first.rang, second.rang) == (1, 2)
    places.cancel(full.malo)
    assert (state(first), state(second)) == (S.PROPOSEE, S.EN_ATTENTE)
    assert full.places_restantes() == 0
    assert register(full, "trois", confirmed=False).statut == S.EN_ATTENTE
    places.accept(first)
    assert state(first) == S.INSCRITE
    assert subjects(first)[-2:] == ["Une place s’est libérée", "Vous êtes inscrit·e"]


def test_the_seat_of_an_erased_person_is_offered_too(full):
    waiting = register(full, "nolwenn")
    personnes.forget(full.malo.courriel)
    assert not Inscription.objects.filter(pk=full.malo.pk).exists()
    assert state(waiting) == S.PROPOSEE


def test_an_offer_declined_or_left_without_answer_passes_to_the_next(full):
    un, deux, trois = (register(full, name) for name in ("un", "deux", "trois"))
    places.cancel(full.malo)
    places.cancel(un)  # declines
    assert (state(un), state(deux)) == (S.ANNULEE, S.PROPOSEE)
    with later(hours=49):
        suivi.follow()
        assert (state(deux), state(trois)) == (S.EXPIREE, S.PROPOSEE)
        assert subjects(deux)[-1] == "La place proposée est passée à la suite"
        with pytest.raises(places.TropTard, match="plus valable"):
            places.accept(deux)


def test_an_offer_ends_before_the_event(full):
    waiting = register(full, "un")
    with at(full.debut - timedelta(hours=10)):
        places.cancel(full.malo)
    waiting.refresh_from_db()
    assert waiting.expire_le == full.debut - attribution.ARRET


def test_an_address_that_nobody_confirmed_gets_no_offer(full):
    ghost, real = register(full, "fantome", confirmed=False), register(full, "reel")
    assert ghost.rang is None
    places.cancel(full.malo)
    assert (state(ghost), state(real)) == (S.EN_ATTENTE, S.PROPOSEE)


def test_the_same_person_twice_is_one_registration_and_a_kind_mail(full):
    again = places.register(full, demande("malo", courriel="Malo@Exemple.BZH", prenom="Autre"))
    assert again.pk == full.malo.pk
    assert full.inscriptions.count() == 1
    assert subjects(full.malo)[-1] == "Votre inscription existe déjà"
    assert state(full.malo) == S.INSCRITE


def test_somebody_who_cancelled_may_come_back(full):
    places.cancel(full.malo)
    places.cancel(full.malo)
    assert subjects(full.malo).count("Inscription annulée") == 1
    assert register(full, "malo").statut == S.INSCRITE
    with pytest.raises(places.TropTard):
        places.confirm(full.malo)


def test_staff_add_by_hand_beyond_the_capacity_only_with_a_reason(full):
    with pytest.raises(places.Complet):
        places.add(full, demande("vip"))
    row = places.add(full, demande("vip"), motif="intervenante")
    assert (row.statut, row.motif_surnombre) == (S.INSCRITE, "intervenante")
    assert full.inscriptions.in_seats().count() == 1
    with pytest.raises(places.DejaInscrite):
        places.add(full, demande("malo"), motif="encore")
    waiting = register(full, "un")
    places.cancel(row)  # held no seat: nothing is free
    assert state(waiting) == S.EN_ATTENTE


@pytest.mark.parametrize("how", ["register", "confirm", "add"])
def test_a_seat_that_comes_free_is_offered_to_who_waits_not_to_who_comes(full, how):
    """Malo's hold ends, Awena waits: whoever comes in that very moment finds no seat."""
    awena = register(full, "awena")
    comes = register(full, "nolwenn", confirmed=False) if how == "confirm" else None
    Inscription.objects.filter(pk=full.malo.pk).update(
        statut=S.A_CONFIRMER, expire_le=timezone.now() - timedelta(minutes=1), confirmee_le=None
    )
    if how == "add":
        with pytest.raises(places.Complet):
            places.add(full, demande("nolwenn"))
        assert state(awena) == S.EN_ATTENTE  # all of it is taken back
        return
    comes = register(full, "nolwenn", confirmed=False) if how == "register" else places.confirm(comes)
    assert state(awena) == S.PROPOSEE
    assert state(comes) == S.EN_ATTENTE
    assert full.inscriptions.filter(statut__in=OCCUPENT).count() == 1


def test_a_doubtful_post_holds_nothing_and_is_told_nothing_until_staff_admit_it():
    evenement = EvenementFactory(capacite=1)
    row = places.register(evenement, demande("nolwenn"), doute="le champ caché est rempli")
    assert (row.statut, evenement.places_restantes(), subjects(row)) == (S.A_VERIFIER, 1, [])
    assert places.register(evenement, demande("nolwenn"), doute="plusieurs adresses de sites").pk == row.pk
    assert subjects(row) == []
    places.admit(row)
    assert (state(row), subjects(row)) == (S.A_CONFIRMER, ["Confirmez votre inscription"])


def test_a_doubtful_post_that_is_refused_hears_nothing_a_real_person_does(full):
    row = places.register(full, demande("nolwenn"), doute="x")
    places.refuse(row)
    places.refuse(full.malo)
    assert (state(row), subjects(row)) == (S.REFUSEE, [])
    assert subjects(full.malo)[-1] == "Votre inscription n’a pas été retenue"


def test_closed_withdrawn_past_and_outside_events_take_nobody():
    now = timezone.now()
    for fields in (
        {"cloture": now - timedelta(minutes=1)},
        {"ouverture": now + timedelta(days=1)},
        {"dans": -1},
        {"dans": None},
        {"draft": True},
        {"lien_externe": "https://exemple.bzh/a"},
        {"entree_libre": True},
        {"annule_le": now},
        {"debut": now - timedelta(minutes=5), "fin": now + timedelta(hours=1)},
    ):
        with pytest.raises(places.TropTard, match="closes"):
            places.register(EvenementFactory(**fields), demande("nolwenn"))


def test_a_cancelled_event_tells_everybody_with_a_higher_sequence(full):
    waiting, gone = register(full, "un"), register(full, "parti")
    places.cancel(gone)
    doubt = places.register(full, demande("robot"), doute="x")
    before = Evenement.objects.get(pk=full.pk).sequence
    assert annonces.call_off(full, "Salle inondée.") == 2
    assert annonces.call_off(full) == 0
    evenement = Evenement.objects.get(pk=full.pk)
    assert evenement.sequence == before + 1
    for row in (full.malo, waiting):
        mail = row.courriels.first()
        assert mail.objet.startswith("Annulé")
        assert "Salle inondée." in mail.texte
        assert ("de votre agenda" in mail.texte) == (row == full.malo)
    assert calendar_of(waiting) == ""  # never had a seat, hence no file
    for words in ("STATUS:CANCELLED", "METHOD:CANCEL", f"SEQUENCE:{before + 1}", f"UID:evenement-{full.pk}@labacces"):
        assert words in calendar_of(full.malo)
    assert subjects(gone)[-1] == "Inscription annulée"
    assert subjects(doubt) == []
    with pytest.raises(places.TropTard):
        places.confirm(register_row(full))


def test_an_offer_that_ends_after_the_event_is_called_off_is_told_as_passed_to_nobody(full):
    waiting = register(full, "un")
    places.cancel(full.malo)
    annonces.call_off(full)
    with later(hours=49):
        suivi.follow()
    assert state(waiting) == S.EXPIREE
    assert subjects(waiting)[-1] == "Annulé"


def calendar_of(row) -> str:
    """The calendar file of their last mail; "" without one."""
    return "".join(bytes(piece.contenu).decode() for piece in row.courriels.first().pieces.all())


@pytest.mark.parametrize("end", [places.cancel, places.refuse])
def test_whoever_leaves_takes_it_out_of_their_calendar_if_a_file_put_it_there(full, end):
    waiting, unsure = register(full, "un"), register(full, "deux", confirmed=False)
    end(full.malo)
    for words in ("METHOD:CANCEL", "STATUS:CANCELLED", f"UID:evenement-{full.pk}@labacces"):
        assert words in calendar_of(full.malo)
    assert "de votre agenda" in full.malo.courriels.first().texte
    assert state(waiting) == S.PROPOSEE
    for row in (waiting, unsure):
        end(row)
        assert calendar_of(row) == ""
        assert "votre agenda" not in row.courriels.first().texte


def test_the_news_of_a_move_puts_it_in_no_calendar_of_those_who_wait(full):
    waiting = register(full, "un")
    annonces.announce_change(full)
    assert (calendar_of(waiting), "agenda à jour" in waiting.courriels.first().texte) == ("", False)
    assert calendar_of(full.malo)


def register_row(evenement):
    return InscriptionFactory(evenement=evenement, statut=S.A_CONFIRMER)


def test_an_event_that_loses_its_date_puts_none_into_calendars(full):
    doubt = places.register(full, demande("bot"), doute="des liens")
    Evenement.objects.filter(pk=full.pk).update(debut=None, fin=None, termine_le=None)
    full.refresh_from_db()
    annonces.announce_change(full, "Nous cherchons une autre date.")
    mail = full.malo.courriels.first()
    assert not mail.pieces.exists()
    assert "la date n’est pas fixée" in mail.texte
    assert "Le fichier joint" not in mail.texte
    assert places.admit(doubt).expire_le
    added = places.add(full, demande("yann"), motif="intervenant")
    annonces.call_off(full)
    for mail in added.courriels.all():
        assert not mail.pieces.exists()
        assert not re.search("joint", mail.texte + mail.html)


def test_what_a_stranger_typed_is_shown_to_no_address_by_the_news_of_a_move(client, full):
    row = register(full, confirmed=False, commentaire="typed by a stranger")
    annonces.announce_change(full, "")
    mail = row.courriels.first()
    (link,) = set(re.findall(r"http://127\.0\.0\.1:8000(/\S+/lien-[\w-]+/)", mail.texte))
    assert "typed by a stranger" not in client.get(link).content.decode()
    client.post(link)
    row.refresh_from_db()
    assert row.confirmee_le


def test_a_move_is_announced_with_the_new_date_and_place(full):
    full.refresh_from_db()
    before = full.sequence
    full.lieu = "Le Jardin d’Exemple"
    full.save()
    assert full.sequence == before + 1
    assert full.sequence_annoncee < full.sequence
    assert annonces.announce_change(full, "") == 1
    mail = full.malo.courriels.first()
    assert "Le Jardin d’Exemple" in mail.texte
    assert f"SEQUENCE:{before + 1}" in bytes(mail.pieces.get().contenu).decode()
    full.refresh_from_db()
    assert full.sequence_annoncee == full.sequence
    full.resume = "Autre texte"
    full.save()
    assert full.sequence == before + 1  # nothing that a calendar shows


def test_the_news_of_a_move_says_what_was_and_what_is_and_names_it_in_its_subject(full):
    def move(**fields):
        evenement = Evenement.objects.get(pk=full.pk)
        for name, value in fields.items():
            setattr(evenement, name, value)
        evenement.save()

    def told():
        annonces.announce_change(full)
        return full.malo.courriels.first()

    old, new = full.debut, full.debut + timedelta(days=7)
    move(lieu="Le Vieux Lieu")
    assert told().objet == "Changement de lieu : Balise"
    move(debut=new, fin=new + timedelta(hours=2))
    mail = told()
    assert mail.objet == "Changement de date : Balise"
    for text in (mail.texte, mail.html):
        was, now = text.partition("Ce qui est prévu maintenant")[::2]
        assert jour(timezone.localdate(old)) in was.casefold()
        assert jour(timezone.localdate(new)) in now.casefold()
    move(debut=new + timedelta(minutes=1))
    move(lieu="La Grange", resume="Autre texte")
    mail = told()
    assert mail.objet == "Changement d’horaire et de lieu : Balise"
    assert mail.texte.index("Le Vieux Lieu") < mail.texte.index("La Grange")
    assert told().objet == "Du nouveau : Balise"  # nothing changed since


def test_a_reminder_goes_once_to_those_who_have_a_seat(full):
    waiting = register(full, "un")
    with at(full.debut - timedelta(hours=40)):
        assert suivi.follow().rappels == 1
        assert suivi.follow().rappels == 0
    assert subjects(full.malo)[-1] == "Rappel"
    assert "Rappel" not in subjects(waiting)


@pytest.mark.parametrize("end", [places.cancel, places.refuse, lambda row: annonces.call_off(row.evenement)])
def test_access_needs_leave_with_whoever_does_not_come(end):
    row = register(EvenementFactory())
    BesoinAcces.objects.create(inscription=row, texte="une boucle magnétique")
    end(row)
    assert not BesoinAcces.objects.exists()


def test_rows_of_the_old_site_tied_to_a_full_event_hold_none_of_its_seats(full):
    rows = [InscriptionFactory(cle=f"k{n}", courriel="meme@exemple.bzh") for n in range(2)]
    assert places.attach(full, [row.pk for row in rows]) == [row.pk for row in rows]
    assert full.inscriptions.in_seats().count() == 1
    assert places.attach(full, [InscriptionFactory(courriel="malo@exemple.bzh").pk]) == []  # known here already


def test_rows_tied_elsewhere_free_their_seat(full):
    waiting = register(full, "un")
    other = EvenementFactory()
    assert places.attach(other, [full.malo.pk]) == []  # only those without an event, unless the move is meant
    assert places.attach(other, [full.malo.pk], deplace=True) == [full.malo.pk]
    assert state(waiting) == S.PROPOSEE


class Seats(RuleBasedStateMachine):
    """Whatever people, staff and the clock do, in any order."""

    def __init__(self):
        super().__init__()
        self.now = timezone.now()
        self.clock = patch("django.utils.timezone.now", side_effect=lambda: self.now)
        self.clock.start()
        self.evenement = EvenementFactory(titre="Balise", dans=12, capacite=2)
        self.people = self.held = 0
        self.said = self.what_is_said()

    def teardown(self):
        self.clock.stop()
        Courriel.objects.all().delete()
        Inscription.objects.all().delete()
        self.evenement.delete()

    def what_is_said(self):
        """Of seats on the page; and the last row of the change log."""
        return Evenement.objects.get(pk=self.evenement.pk).places_en_mots(), Ligne.objects.latest("numero").numero

    def pick(self, number):
        rows = list(Inscription.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def attempt(self, action, *args, **kwargs):
        try:
            return action(*args, **kwargs)
        except places.TropTard:
            return None

    @rule(doubt=st.booleans())
    def register(self, doubt):
        self.people += 1
        self.attempt(places.register, self.evenement, demande(f"p{self.people}"), doute="x" if doubt else "")

    @rule(number=st.integers(0, 20), action=st.sampled_from(["confirm", "cancel", "accept", "admit", "refuse"]))
    def change(self, number, action):
        if row := self.pick(number):
            self.attempt(getattr(places, action), row)

    @rule(number=st.integers(0, 20))
    def come_again(self, number):
        if row := self.pick(number):
            self.attempt(places.register, self.evenement, demande(row.courriel.partition("@")[0]))

    @rule(number=st.integers(0, 20))
    def erase(self, number):
        if row := self.pick(number):
            places.erase([row])

    @rule(motif=st.sampled_from(["", "intervenante"]))
    def add(self, motif):
        self.people += 1
        self.attempt(places.add, self.evenement, demande(f"p{self.people}"), motif=motif)

    @rule(capacite=st.integers(1, 4))
    def resize(self, capacite):
        if capacite >= self.evenement.inscriptions.in_seats().count():  # the form refuses less
            resize(self.evenement, capacite)

    @rule(hours=st.integers(1, 60))
    @precondition(lambda self: self.now < self.evenement.debut - timedelta(hours=72))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def timer(self):
        suivi.follow()

    @invariant()
    def never_more_than_the_capacity(self):
        capacite = Evenement.objects.get(pk=self.evenement.pk).capacite
        assert self.evenement.inscriptions.in_seats().count() <= capacite

    @invariant()
    def the_change_log_tells_of_what_is_said_of_seats(self):
        before, self.said = self.said, self.what_is_said()
        assert before[0] == self.said[0] or before[1] < self.said[1]

    @invariant()
    def posts_alone_never_hold_more_than_their_share(self):
        """What is held may be more once there are fewer seats; it does not grow then."""
        evenement = Evenement.objects.get(pk=self.evenement.pk)
        held = attribution.seats_held(evenement)
        assert held <= max(self.held, attribution.most_seats_held(evenement.capacite))
        self.held = held

    @invariant()
    def no_seat_is_free_while_somebody_waits(self):
        """But for those whose time has come and that the next action, or the timer, will end."""
        evenement = Evenement.objects.get(pk=self.evenement.pk)
        assert not (evenement.places_restantes() and evenement.inscriptions.waiting().exists())

    @invariant()
    def the_list_is_served_in_order(self):
        """Nobody who waits came before somebody whom a seat is offered to."""
        offered = self.evenement.inscriptions.filter(statut=S.PROPOSEE).values_list("attente_depuis", "pk")
        waiting = self.evenement.inscriptions.waiting().filter(confirmee_le__isnull=False)
        for row in waiting:
            for since, pk in offered:
                late = row.confirmee_le > since  # had not confirmed when the offer was made, maybe
                assert late or (row.attente_depuis, row.pk) > (since, pk)

    @invariant()
    def everybody_is_somewhere_and_was_told(self):
        for row in Inscription.objects.all():
            mails = row.courriels.count()
            assert mails or row.doute or row.statut == S.REFUSEE
            assert (row.expire_le is not None) == (
                row.statut in (S.A_CONFIRMER, S.PROPOSEE) or (row.statut == S.EN_ATTENTE and row.confirmee_le is None)
            )
            assert row.statut != S.EN_ATTENTE or row.attente_depuis
            assert not row.motif_surnombre or row.statut in OCCUPENT


def test_seats_hold_whatever_happens():
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=size(12, one_in=3),
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
