"""Property: the reader finds all records of any dump again, each line once and in its place.

The printer below prints records as the old site does. Two sets of records may print the same text, which no reader
could tell apart: the generator leaves those out, each time with a comment.
"""

import os
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.dump import read_dump
from reprise.formulaires import declared
from reprise.titres import has_date, sort_key
from tests.reprise.yeswiki.impression import Fiche, Texte
from tests.sampling import size

WORDS = ["accueil", "droits", "numérique", "usagers", "commune", "portail", "familles", "médiation", "non-recours"]
WORDS += ["écoute", "Œuvre", "l’accès", "d'aide", "RSA", "CCAS", "agents", "été", "Île", "atelier", "service", "public"]
WORDS += ["démarche", "(MSAP)", "vélo", "2021", "formation", "habitants", "réseau"]
BULLETS = ("", "", "", "• ", "1. ", "→ ", "o ", "« ", "-")


phrase = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7).map(" ".join)


@st.composite
def textes(draw, labels, titles):
    """A text of one to six own lines and items; some are labels of the form or titles of records."""
    size = draw(st.integers(1, 6))
    lines: list[tuple[str, bool]] = []
    for number in range(size):
        kind = draw(st.sampled_from(["own", "own", "own", "item", "label", "title"]))
        text = f"{draw(phrase)} {number}"
        if kind == "item":
            lines.append((f"- {text}", True))
        elif kind == "label" and labels:
            lines.append((draw(st.sampled_from(labels)), False))
        elif kind == "title":
            lines.append((draw(st.sampled_from(titles)), False))
        else:
            lines.append((f"{draw(st.sampled_from(BULLETS))}{text}", False))
    if draw(st.integers(0, 9)) == 0:  # own lines typed with a hyphen; mixed with lists they read as items
        lines = [(f"- {text}" if number % 2 else text, False) for number, (text, item) in enumerate(lines) if not item]
    # A line that stands twice in one text (or equals an item) prints as a repetition.
    lines = [line for number, line in enumerate(lines) if line[0] not in [other[0] for other in lines[:number]]]
    # Beside at most one line of its own, the words of a label read as the label.
    if sum(not item and line not in labels for line, item in lines) < 2:
        lines = [(line, item) for line, item in lines if line not in labels]
    return Texte(lines or [("texte", False)])


@st.composite
def champs(draw, form, titles):
    held = {}
    for label in form.labels:
        genre = form.libelles[label].genre
        always = form.sans_titre and label == form.labels[0]  # it starts a registration
        if genre == "fichier" or not (always or draw(st.booleans())):
            continue
        if genre == "choix":
            value = Texte([(draw(st.sampled_from(["Commune", "Région", "Pays", "Oui", "Non"])), False)])
        elif genre == "listes":
            chosen = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
            value = Texte([(f"- {word}", True) for word in chosen])
        elif genre == "courriel":
            value = Texte([("awena.tanguy@exemple.bzh", False)])
        elif genre == "lien":
            value = Texte([("https://exemple.bzh/page?id=3", False)])
        elif genre in ("ligne", "noms"):
            value = Texte([(draw(st.one_of(phrase, st.sampled_from(titles))), False)])
        else:
            # A text whose lines hold its own label could start there; « Prénom », printed twice in a comment, could be
            # two registrants.
            labels = [other for other in form.sequence if other not in (label, "Télécharger")][form.sans_titre :]
            value = draw(textes(labels, titles))
        held[label] = value
    for (label, value), (following, then) in pairwise(held.items()):
        held[label] = _without_the_next(value, following, then)
    return held


def _without_the_next(value: Texte, label: str, then: Texte) -> Texte:
    """Removes the next label before the lines of that field, where the field could start too."""
    twice = (label, then.lines[0][0])
    return Texte([here for here, after in pairwise([*value.lines, ("", False)]) if (here[0], after[0]) != twice])


@st.composite
def dumps(draw):
    forms = {form.cle: form for form in declared()}
    starts = ["", "", "", "« ", '"', "(", "12 ", "é", "À ", "d’", "L'", "l’", "ÉCO - ", "e-", "Œ"]
    raw = draw(st.lists(st.tuples(st.sampled_from(starts), phrase), min_size=2, max_size=9))
    titles = list(dict.fromkeys(f"{start}{words}" for start, words in raw))
    titles = list({sort_key(title): title for title in titles if not has_date(title)}.values())
    records = []
    for title in titles:
        form = forms[draw(st.sampled_from([cle for cle, form in forms.items() if not form.sans_titre]))]
        # Values that equal a title: one printed once would stand twice, like a term.
        fiche = Fiche(form.cle, title, draw(champs(form, titles)))
        if form.cle == "episode" or draw(st.integers(0, 5)) == 0:
            fiche.fichier = "Compte_rendu.pdf"
        if not fiche.champs and not form.complet:
            fiche.type = "episode" if fiche.fichier else draw(st.sampled_from(["terme", "evenement", "inconnu"]))
            fiche.titre += " - 12/03/2024" if fiche.type == "evenement" and not fiche.fichier else ""
        records.append(fiche)
    records.sort(key=lambda fiche: sort_key(fiche.titre))
    for fiche, following in zip(records, [*records[1:], None], strict=True):
        _leave_out_what_reads_as_a_title(fiche, following)
        _leave_out_what_reads_as_one_record(fiche, following, forms)
    registrations = [
        Fiche("inscription", "", draw(champs(forms["inscription"], titles))) for _ in range(draw(st.integers(0, 3)))
    ]
    if registrations:
        if (
            next(iter(records[0].champs), "") in forms["inscription"].labels
        ):  # a title, then « Prénom »: a registration?
            records[0].champs = {"Source": Texte([("une source", False)]), **records[0].champs}
        _leave_out_what_reads_as_a_title(registrations[-1], records[0])
    every = [*registrations, *records]
    # A text may end anywhere, so the last lines, alone behind a field, are of that field (below).
    alone = 0
    while alone < len(records) and _is_alone(records[-1 - alone]):
        alone += 1
    if alone and alone < len(every) and every[-1 - alone].champs:
        records[-1].type = "terme"
    return every


def _is_alone(fiche) -> bool:
    return fiche.type in ("inconnu", "evenement") and not (fiche.champs or fiche.fichier)


def _leave_out_what_reads_as_a_title(fiche, following):
    """At the end of a record, A, B, B where B sorts between the titles around is, by rule, A, then the title B.

    A title printed once, after a field with the same line, is its second print.
    """
    if not fiche.champs:
        return
    last = list(fiche.champs)[-1]
    lines = fiche.champs[last].printed()
    key = sort_key(lines[-1])
    between = sort_key(fiche.titre) <= key and (following is None or key <= sort_key(following.titre))
    if (len(lines) > 2 and lines[-1] == lines[-2] and between) or (following and following.titre in lines):
        fiche.champs[last] = Texte([("une seule ligne", False)])


def _leave_out_what_reads_as_one_record(fiche, following, forms):
    """A record that stops early, before one of the same form that starts late, would take its title as a line of a
    text.
    """
    if following is None or not fiche.champs or not following.champs or fiche.type != following.type:
        return
    order = forms[fiche.type].labels
    if order.index(list(fiche.champs)[-1]) < order.index(next(iter(following.champs))):
        following.champs = {list(fiche.champs)[-1]: Texte([("une seule ligne", False)]), **following.champs}


def print_dump(records) -> list[str]:
    forms = {form.cle: form for form in declared()}
    lines = []
    for fiche in records:
        lines += [fiche.titre] if fiche.type == "inconnu" else fiche.printed(forms[fiche.type])
    return lines


def expected(fiche) -> tuple:
    held = {label: texte.texte for label, texte in fiche.champs.items() if texte.texte}
    return fiche.type, fiche.titre, held | ({"Fichier": fiche.fichier} if fiche.fichier else {})


def found(fiche) -> tuple:
    return fiche.type, fiche.titre, {label: champ.texte for label, champ in fiche.champs.items() if champ.texte}


@settings(
    max_examples=200 if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else size(30, one_in=2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(dumps())
def test_a_printed_dump_reads_back_as_its_records(records):
    lines = print_dump(records)
    known = {label for form in declared() for label in form.sequence}
    if not known & set(lines):
        return  # no label at all: refused, see test_dump.py
    lecture = read_dump(("\n".join(lines) + "\n").encode(), declared())
    assert [found(fiche) for fiche in lecture.fiches] == [expected(fiche) for fiche in records]
    assert lecture.lignes["non_attribuees"] == 0
    assert lecture.lignes["total"] == len(lines) == sum(lecture.lignes.values()) - len(lines)


def test_a_line_alone_at_the_end_is_of_the_field_above_it():
    episode = Fiche("episode", "accueil", {"Texte long": Texte([("texte", False)])}, fichier="Compte_rendu.pdf")
    lines = [*print_dump([episode]), "accueil numérique"]
    lecture = read_dump(("\n".join(lines) + "\n").encode(), declared())
    assert [found(fiche) for fiche in lecture.fiches] == [
        ("episode", "accueil", {"Fichier": "Compte_rendu.pdf", "Texte long": "texte\naccueil numérique"})
    ]
    assert lecture.lignes["non_attribuees"] == 0
