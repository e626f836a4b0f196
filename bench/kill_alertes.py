"""Kills the run of the alerts and the sender of mails at random moments: is a record told twice, or not at all?

    python bench/kill_alertes.py [--kills 20] [--seed 1] DATABASE_URL…

People follow a list, by day or by week. Each round is a day: records are published, then `manage.py envoyer_alertes` is
killed and run again, twice at once, often with the clock an hour back, sometimes after a run a day ahead. A sender of
mails is killed too, then two run at once. The mail server fails at every second mail: it puts the mail off, or loses
its answer; only then the same Message-ID may come again. In the end each person was told of each record once.
Databases: bench/killing.py.
"""

import random
import re
import sys
import time
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.killing import CLOCK, Site, Taker, ended, killed, main

PEOPLE, WEEKLY = 12, 4  # people who follow; those by week
RECORDS = 2  # published in each round: a mail names what is new in a week
PREPARE = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from participants.alertes.followed_lists import ListeSuivie
from participants.alertes.models import Alerte
call_command("migrate", verbosity=0)
for number in range(int(sys.argv[1])):
    one, rythme = f"awena{number}@exemple.bzh", "semaine" if number < int(sys.argv[2]) else "jour"
    row = Alerte(courriel=one, courriel_cle=one, type="projet", mots="projets", rythme=rythme, etat="active")
    row.confirmee_le = row.signe_le = timezone.now()
    liste = ListeSuivie.read("projet", "")
    row.learn(liste.numero, liste.came(row.vu), liste.all, liste.lacking)
    row.save()
"""
PUBLISH = f"""{CLOCK}
import django
django.setup()
from projets.models import Projet
for title in sys.argv[1:]:
    Projet(titre=title, statut="publiee").save()
"""


class Unreliable(Taker):
    """Of four mails it puts the second off, as if busy, and takes the fourth without an answer."""

    def __init__(self):
        super().__init__()
        self.unanswered, self._turns = Counter(), count(1)

    async def handle_DATA(self, server, session, envelope):
        turn = next(self._turns) % 4
        if turn == 2:
            return "451 busy"
        answer = await super().handle_DATA(server, session, envelope)
        if turn == 0:
            self.unanswered[self.taken[-1]["Message-ID"]] += 1
            server.transport.abort()
        return answer

    @property
    def answered(self) -> Counter:
        return self.counts - self.unanswered


def kill_run(site, rng) -> bool:
    """Starts a run and kills it after a random number of commits. Returns whether it was still working."""
    before, wanted = site.mails(), rng.randrange(PEOPLE - WEEKLY)
    process = site.manage("envoyer_alertes")
    if not wanted:
        time.sleep(rng.uniform(0.5, 2))
    while wanted and process.poll() is None and site.mails() - before < wanted:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.01))
    return killed(process)


def trial(url, kills, seed, report=print):
    """Plays `kills` rounds, with a kill of the run and one of the sender. Returns the broken promises."""
    server, rng = Unreliable(), random.Random(seed)
    published, at_work, cut = [], Counter(), defaultdict(list)
    with server.served() as port:
        site = Site(url, port)
        ended(site.start(PREPARE, str(PEOPLE), str(WEEKLY)))
        for kill in range(kills):
            site.hours = 24 * (kill + 1)
            ahead, back = 24 * rng.choice((0, 0, 1)), rng.choice((0, 1))
            titles = [f"Fiche {kill}-{rank}" for rank in range(RECORDS)]
            writer = site.start(PUBLISH, str(site.hours), *titles)
            if rng.random() < 0.7:  # else during the run
                ended(writer)
            published += titles
            site.hours += ahead
            at_work["run"] += kill_run(site, rng)
            site.hours -= ahead + back
            site.both("envoyer_alertes")
            site.hours += back
            if writer.returncode is None:  # a writer that failed published nothing: the alerts lose nothing
                ended(writer)
            before = server.answered
            at_work["sender"] += site.kill_sender(server, 4, rng)
            for one in site.in_hand():
                if server.answered[one] > before[one]:
                    cut[one].append(f"killed before it noted the answer, round {kill}")
            site.hours -= back
            site.both("envoyer_courriels")
        site.hours += 24 * 8
        site.both("envoyer_alertes")
        while site.mails("etat NOT IN ('envoye', 'en-echec')"):
            site.hours += 24
            ended(site.manage("envoyer_courriels"))
    told, mails = defaultdict(Counter), {mail["Message-ID"]: mail for mail in server.taken}
    for mail in mails.values():
        told[mail["To"]].update(re.findall(r"^- (Fiche \S+)", mail.get_body(("plain",)).get_content(), re.M))
    people = [f"awena{number}@exemple.bzh" for number in range(PEOPLE)]
    lost = [f"lost: {title} for {one}" for one in people for title in published if not told[one][title]]
    twice = [f"told {times} times: {t} to {one}" for one in people for t, times in told[one].items() if times > 1]
    failed = site.mails("etat = 'en-echec'")
    again, unexplained = [], []
    for one, times in server.counts.items():
        reasons = cut[one] + ["the connection was cut"] * server.unanswered[one]
        line = f"came {times} times ({', '.join(reasons)}): {one} to {mails[one]['To']}"
        if server.answered[one] > 1 + len(cut[one]):
            unexplained.append(line)
        elif times > 1:
            again.append(f"    {line}")
    for line in again:
        report(line)
    report(
        f"{site.vendor}: {PEOPLE} people, {len(published)} records, {kills} rounds; killed at work: {at_work['run']} "
        f"runs, {at_work['sender']} senders; {len(mails)} mails, {len(again)} of them again, each where an answer was "
        f"lost, {len(unexplained)} for no reason; {len(lost)} lost, {len(twice)} told twice, {failed} failed"
    )
    return lost + twice + unexplained + ([f"{failed} mails failed"] if failed else [])


if __name__ == "__main__":
    main(trial, 20, __doc__)
