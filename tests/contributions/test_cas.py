"""What becomes of corrections while others write: told as scripts, through the desk's own pages. Persons are invented.

A script is what people do in turn. An editor opens the page of a correction, and presses a button of that page later,
as it was; `revient` presses it on the page that came back. What is accepted is lost and undone by nobody unseen.
"""

from functools import cached_property

import pytest
from django.db.models import TextField

from fiches import registre
from fiches.suivi import fusion, historique
from fiches.suivi.comparaison import several, state
from fiches.suivi.models import Fusion
from participants.contributions import champs, parcours
from participants.contributions.champs import offered
from participants.contributions.models import Contribution
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import REDACTION
from tests.contributions.test_corrections import desk, posted, press
from tests.factories import factory_of, member
from tests.factories.contributions import ContributionFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
DEBUT = {"titre": "T0", "objectifs": "O0", "suivi": "S0"}
OK, ENCORE, TARD, PERDUE = 302, 200, 409, 302


class Bureau:
    """A record « T0, O0, S0 », what visitors propose for it, the pages that editors have open.

    `champ`: the field in which a script's « titre » is said, if it is another; « objectifs » is then the first text
    of that type. « T1 » of a field of several choices is « T1 » and « en commun ».
    """

    def __init__(self, client, model=Projet, champ="titre"):
        self.client, self.user, self.model = client, member(REDACTION), model
        text = "objectifs" if model is Projet else next(f for f in offered(model) if isinstance(f, TextField)).name
        self.names = {"titre": champ, "objectifs": text} | ({"suivi": "suivi"} if model is Projet else {})
        self.fiche = self.made(DEBUT)
        self.rows, self.pages, self.read = {}, {}, {}
        client.force_login(self.user)

    @cached_property
    def other(self):
        return self.made({"titre": "U0", "objectifs": "", "suivi": ""})

    def made(self, said):
        fiche = factory_of(self.model)()
        return fiche.change(
            {self.names[name]: self.value(name, text) for name, text in said.items() if name in self.names}
        )

    def field(self, name):
        return self.model._meta.get_field(self.names.get(name, name))

    def value(self, name, text):
        """What a script says of a field, as a record holds it."""
        if name in self.names and self.field(name).many_to_many:
            return [self.choice(self.field(name), nom) for nom in (text, "en commun")]
        return text

    @staticmethod
    def choice(field, nom):
        return field.related_model._default_manager.get_or_create(nom=nom, **field.get_limit_choices_to())[0]

    def words(self, name, text):
        return champs.words(self.field(name), self.value(name, text))

    def fresh(self, fiche=None):
        return self.model.objects.get(pk=(fiche or self.fiche).pk)

    def lit(self, name):
        """A visitor opens the form and takes their time."""
        self.read[name] = (state(self.fresh()), self.fresh().version)

    def corrige(self, name, **said):
        """They send it."""
        seen, base = self.read.get(name) or (state(self.fresh()), self.fresh().version)
        valeurs = {
            self.field(one).name: {
                "vu": champs.words(self.field(one), seen[self.field(one).name]),
                "propose": self.words(one, text),
            }
            for one, text in said.items()
        }
        cle = registre.for_model(self.model).cle
        self.rows[name] = ContributionFactory(fiche=self.fiche, type=cle, base=base, valeurs=valeurs)

    def ouvre(self, page, name):
        self.pages[page] = (self.rows[name], posted(self.client.get(desk(self.rows[name]))))

    def presse(self, page, status, action="decider", **choices):
        row, data = self.pages[page]
        choices = {self._asked(name): self._typed(name, text) for name, text in choices.items()}
        answer = press(self.client, row, data | {"action": action} | choices)
        assert answer.status_code == status, answer.context and answer.context["form"].errors
        self.answer = answer

    def revient(self, page, status, action="decider", **choices):
        """The page that came back, as it came."""
        self.pages[page] = (self.pages[page][0], posted(self.answer))
        self.presse(page, status, action, **choices)

    def _asked(self, name):
        before, _, field = name.partition("_")
        return f"{before}_{self.names[field]}" if field in self.names else name

    def _typed(self, name, text):
        before, _, field = name.partition("_")
        value = self.value(field, text) if before == "main" else text
        return [str(row.pk) for row in value] if isinstance(value, list) else value

    def change(self, **values):
        values = {self.field(name).name: self.value(name, text) for name, text in values.items()}
        self.fresh().change(values, user=self.user)

    def statut(self, statut):
        self.fresh().change({"statut": statut}, user=self.user)

    def efface(self):
        self.fresh().entree.delete()

    def fond(self):
        """The record is merged into another one."""
        fusion.merge(self.fresh(self.other), self.fresh(), {}, user=self.user)

    def recoit(self):
        """Another one is merged into it."""
        fusion.merge(self.fresh(), self.fresh(self.other), {}, user=self.user)

    def defait(self):
        fusion.undo(Fusion.objects.latest("pk"), user=self.user)

    def restaure(self, version):
        record = self.fiche.history.get(version=version + 1)
        historique.restore(self.model, record, seen=self.fresh().version, user=self.user)

    def auteur(self, action, name, *said):
        getattr(parcours, action)(self.rows[name], *said)

    def equipe(self, action, name, *said):
        row = Contribution.objects.get(pk=self.rows[name].pk)
        getattr(parcours, action)(row, *said, tour=row.tour, user=self.user)


def un(*more, **said):
    """Somebody proposes T1, an editor opens it; then more happens."""
    return [("corrige", "a", said or {"titre": "T1"}), ("ouvre", "x", "a"), *more]


def deux(a, b, *more):
    """Two corrections, each open before an editor."""
    return [("corrige", "a", a), ("corrige", "b", b), ("ouvre", "x", "a"), ("ouvre", "y", "b"), *more]


def apres(a, b, *more):
    """Two corrections, the second open once the first is taken."""
    first = [("corrige", "a", a), ("corrige", "b", b), ("ouvre", "x", "a"), ("presse", "x", OK)]
    return [*first, ("ouvre", "y", "b"), *more]


T1, T2, O1 = {"titre": "T1"}, {"titre": "T2"}, {"objectifs": "O1"}
PRENDRE, GARDER = {"choix_titre": "prendre"}, {"choix_titre": "garder"}
MAIN = {"choix_titre": "main", "main_titre": "T9"}
NON = {"motif": "", "mot": "Non."}
# {what happens: (script, what the record says that it did not say, state of each correction)}
CAS = {
    "taken": (un(("presse", "x", OK)), T1, "acceptee"),
    "half of it": (un(("presse", "x", OK, GARDER), **T1, **O1), O1, "en-partie"),
    "nothing of it": (un(("presse", "x", OK, GARDER)), {}, "refusee"),
    "written by the editor": (un(("presse", "x", OK, MAIN)), {"titre": "T9"}, "en-partie"),
    "refused": (un(("presse", "x", OK, {"action": "refuser"} | NON)), {}, "refusee"),
    "two of other fields, in turn": (
        [*un(("presse", "x", OK)), ("corrige", "b", O1), ("ouvre", "y", "b"), ("presse", "y", OK)],
        T1 | O1,
        "acceptee acceptee",
    ),
    "two of other fields, at once": (
        deux(T1, O1, ("presse", "x", OK), ("presse", "y", TARD), ("revient", "y", OK)),
        T1 | O1,
        "acceptee acceptee",
    ),
    "two of one field, at once, undecided": (
        deux(T1, T2, ("presse", "x", OK), ("presse", "y", TARD), ("revient", "y", ENCORE)),
        T1,
        "acceptee recue",
    ),
    "two of one field, at once, the second taken": (
        deux(T1, T2, ("presse", "x", OK), ("presse", "y", TARD), ("revient", "y", OK, PRENDRE)),
        T2,
        "acceptee acceptee",
    ),
    "two of one field, at once, all taken": (
        deux(T1, T2, ("presse", "x", OK), ("presse", "y", TARD), ("revient", "y", ENCORE, {"action": "tout"})),
        T1,
        "acceptee recue",
    ),
    "two of one field, the second opened after": (
        apres(T1, T2, ("presse", "y", ENCORE), ("presse", "y", OK, GARDER)),
        T1,
        "acceptee refusee",
    ),
    "two that say the same": (
        apres(T1, T1, ("presse", "y", OK)),
        T1,
        "acceptee acceptee",
    ),
    "two editors of one": (un(("ouvre", "y", "a"), ("presse", "x", OK), ("presse", "y", TARD)), T1, "acceptee"),
    "two editors of one, who do not agree": (
        un(("ouvre", "y", "a"), ("presse", "x", OK, GARDER), ("presse", "y", TARD, {"action": "tout"})),
        {},
        "refusee",
    ),
    "a double click": (un(("presse", "x", OK), ("presse", "x", TARD)), T1, "acceptee"),
    "another field changed before it is opened": (
        [("corrige", "a", T1), ("change", O1), ("ouvre", "x", "a"), ("presse", "x", OK)],
        T1 | O1,
        "acceptee",
    ),
    "another field changed while it is open": (
        un(("change", O1), ("presse", "x", TARD), ("revient", "x", OK)),
        T1 | O1,
        "acceptee",
    ),
    "the field changed before it is opened": (
        [("corrige", "a", T1), ("change", T2), ("ouvre", "x", "a"), ("presse", "x", ENCORE)],
        T2,
        "recue",
    ),
    "the field changed while it is open": (
        un(("change", T2), ("presse", "x", TARD), ("revient", "x", ENCORE), ("presse", "x", OK, PRENDRE)),
        T1,
        "acceptee",
    ),
    "the field changed to what is proposed": (
        un(("change", T1), ("presse", "x", TARD), ("revient", "x", OK)),
        T1,
        "acceptee",
    ),
    "a choice made knowingly stays where another field changes": (
        [
            *(("corrige", "a", T1), ("change", T2), ("ouvre", "x", "a"), ("change", O1)),
            *(("presse", "x", TARD, PRENDRE), ("revient", "x", OK)),
        ],
        T1 | O1,
        "acceptee",
    ),
    "one who read the page long ago changes nothing else": (
        [("lit", "a"), ("change", O1), ("corrige", "a", T1), ("ouvre", "x", "a"), ("presse", "x", OK)],
        T1 | O1,
        "acceptee",
    ),
    "one who read the page long ago meets who changed it": (
        [("lit", "a"), ("change", T2), ("corrige", "a", T1), ("ouvre", "x", "a"), ("presse", "x", ENCORE)],
        T2,
        "recue",
    ),
    "refused while the record changes": (
        un(("change", O1), ("presse", "x", OK, {"action": "refuser"} | NON)),
        O1,
        "refusee",
    ),
    "an older version restored": (
        [("change", O1), *un(("restaure", 1), ("presse", "x", TARD), ("revient", "x", OK))],
        T1,
        "acceptee",
    ),
    "the record withdrawn": (un(("statut", Statut.RETIREE), ("presse", "x", TARD)), {}, "recue"),
    "the record binned, then taken out": (
        un(
            *(("statut", Statut.CORBEILLE), ("presse", "x", TARD), ("statut", Statut.PUBLIEE)),
            *(("ouvre", "x", "a"), ("presse", "x", OK)),
        ),
        T1,
        "acceptee",
    ),
    "the record erased": (
        un(("efface",), ("presse", "x", TARD), ("ouvre", "x", "a"), ("presse", "x", OK, {"action": "refuser"} | NON)),
        None,
        "refusee",
    ),
    "the record merged into another, which says otherwise": (
        un(("fond",), ("presse", "x", TARD), ("revient", "x", ENCORE), ("presse", "x", OK, GARDER)),
        {},
        "refusee",
    ),
    "another merged into the record": (
        un(("recoit",), ("presse", "x", TARD), ("revient", "x", OK)),
        T1,
        "acceptee",
    ),
    "a merge, and undone": (
        un(("fond",), ("defait",), ("statut", Statut.PUBLIEE), ("ouvre", "y", "a"), ("presse", "y", OK)),
        T1,
        "acceptee",
    ),
    "its author withdraws it": (un(("auteur", "withdraw", "a"), ("presse", "x", TARD)), {}, "retiree"),
    "its author erases it": (un(("auteur", "erase", "a"), ("presse", "x", PERDUE)), {}, ""),
    "its author answers": (
        un(
            *(("equipe", "ask", "a", "Où ?"), ("ouvre", "x", "a"), ("auteur", "answer", "a", "Là.")),
            *(("presse", "x", TARD), ("revient", "x", OK)),
        ),
        T1,
        "acceptee",
    ),
    "a question is asked": (un(("equipe", "ask", "a", "Où ?"), ("presse", "x", TARD)), {}, "question"),
    "somebody takes it on": (
        un(("equipe", "take_on", "a"), ("presse", "x", TARD), ("revient", "x", OK)),
        T1,
        "acceptee",
    ),
}


SEVERAL = [
    (one.model, field.name) for one in registre.types() for field in several(one.model) if field.name != "themes"
]


@mostly_long("name", CAS, one_in=3)
def test_what_is_accepted_is_neither_lost_nor_undone_unseen(client, name):
    played(Bureau(client), name)


def test_every_field_of_several_choices_that_a_page_shows_is_corrected():
    assert {("Enquete", "types_organisation"), ("Ressource", "types"), ("Initiative", "mots_cles")} <= {
        (model.__name__, name) for model, name in SEVERAL
    }


# Each script with a field of several choices, in turn.
CHOICES = [(Projet, "themes"), *SEVERAL]
TURNS = [(name, *CHOICES[rank % len(CHOICES)]) for rank, name in enumerate(CAS)]


@mostly_long("name, model, champ", TURNS, one_in=9)
def test_nor_is_what_is_accepted_of_several_choices(client, name, model, champ):
    played(Bureau(client, model, champ), name)


def played(bureau, name):
    """Play a script and see what has become of it."""
    script, said, states = CAS[name]
    for verb, *args in script:
        named = args.pop() if args and isinstance(args[-1], dict) else {}
        getattr(bureau, verb)(*args, **named)
    assert [row.etat for row in Contribution.objects.order_by("pk")] == states.split()
    if said is not None:
        now, fields = state(bureau.fresh()), {one: bureau.field(one) for one in bureau.names}
        found = {one: champs.words(field, now[field.name]) for one, field in fields.items()}
        assert found == {one: bureau.words(one, text) for one, text in (DEBUT | said).items() if one in fields}
    versions = bureau.model.history.filter(entree_id=bureau.fiche.pk)
    taken = [row for row in Contribution.objects.all() for one in row.valeurs.values() if one.get("suite") == "prise"]
    for row in taken:
        for field, one in row.valeurs.items():
            champ = bureau.model._meta.get_field(field)
            told = (champs.words(champ, state(version)[field]) for version in versions)
            assert one["suite"] != "prise" or one["propose"] in told
    if said is not None:
        numbers = list(versions.order_by("version").values_list("version", flat=True))
        assert numbers == list(range(1, bureau.fresh().version + 1)), "history tells every step"


@pytest.mark.long
@mostly_long("model, champ", CHOICES, one_in=3)
def test_a_choice_that_is_no_more_is_not_taken(client, model, champ):
    bureau = Bureau(client, model, champ)
    bureau.corrige("a", titre="Cantine")
    bureau.ouvre("x", "a")
    bureau.choice(bureau.field("titre"), "Cantine").delete()
    bureau.presse("x", ENCORE)
    bureau.presse("x", ENCORE, "tout")
    bureau.presse("x", OK, choix_titre="garder")
    assert Contribution.objects.get().etat == "refusee"
