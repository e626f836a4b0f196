"""Plays captures of a real YesWiki through the takeover, in every possible way, and reports what went wrong.

    python bench/captures_yeswiki.py DOSSIER

DOSSIER holds folders with answers of a wiki's API. Folders side by side show one state of one wiki. If one of two
folders with JSON records lacks some, a visitor read it: the missing records are private. A throw-away SQLite database
is used, and each play undone. The columns:

- expected, made: records in the files, and records that the takeover made (with persons and unknown forms);
- differ, blank: values other than those of the fullest JSON, or empty where it has one;
- emptied, changed: values of earlier records that the play emptied or changed;
- private: private records made public;
- waiting, absent: records « à relire », records gone from the wiki.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
COLUMNS = ("expected", "made", "differ", "blank", "emptied", "changed", "private", "waiting", "absent")
APART = ("slug", "version", "statut", "entree", "publiee_le", "modifiee_le", "cree_le", "themes")


@dataclass
class Source:
    """A folder or file for the command. `tags`: {identifier: title} of its JSON records."""

    nom: str
    path: Path
    etat: Path
    format: str
    expected: int
    tags: dict[str, str] = field(default_factory=dict)
    latest: str = ""
    forms: Path | None = None  # a file that defines forms, without records


@dataclass
class State:
    sources: list[Source]

    @property
    def json(self):
        """Those that define their forms first, then the fullest."""
        return sorted((s for s in self.sources if s.format == "json"), key=lambda s: (not s.forms, -len(s.tags), s.nom))

    @property
    def visitors(self):
        """JSON folders that lack some records of the fullest."""
        return [s for s in self.json if s.forms and s.tags.keys() < self.json[0].tags.keys()]

    @property
    def private(self):
        """Titles that visitors did not see and that no other record has."""
        if not self.visitors:
            return {}
        seen = self.visitors[0].tags  # read at the same time: what it lacks was hidden
        hidden = {tag: title for tag, title in self.json[0].tags.items() if tag not in seen}
        return {tag: title for tag, title in hidden.items() if title not in seen.values()}


def discover(dossier):
    """{folder: State}."""
    from reprise import api
    from reprise.formulaires import declared
    from reprise.lecture import DumpIllisible
    from reprise.sources import Piece, format_of
    from reprise.wiki import Wiki

    def look(path):
        """(format, number of records, {identifier: title}, whether it defines forms, latest change) of a file."""
        piece = Piece(path.name, path.read_bytes())
        kind = format_of(piece, declared())
        wiki = Wiki(kind or "")
        try:
            if kind == "json":
                api.add(wiki, api.parse(piece.data, path.name), path.name, path.stem)
        except DumpIllisible:
            pass
        titles = {fiche.identifiant: fiche.valeurs.get("bf_titre", "") for fiche in wiki.fiches if fiche.identifiant}
        return kind, len(titles), titles, bool(wiki.formulaires), max((f.modification for f in wiki.fiches), default="")

    states = defaultdict(list)
    for folder in sorted({path.parent for path in dossier.rglob("*") if path.is_file()}):
        files = {path: look(path) for path in sorted(folder.iterdir()) if path.is_file()}
        mixed = any(path.is_dir() for path in folder.iterdir())
        etat, nom = folder.parent, str(folder.relative_to(dossier))
        forms = next((path for path, (_, number, _, defines, _) in files.items() if defines and not number), None)
        data = {path: told for path, told in files.items() if told[0] == "json" and told[1]}
        tags = {tag: title for _, _, titles, _, _ in data.values() for tag, title in titles.items()}
        latest = max((told[4] for told in data.values()), default="")
        if mixed:  # nobody would give this folder, but its files
            for path, (kind, number, titles, _, _) in data.items():
                states[folder].append(Source(str(path.relative_to(dossier)), path, folder, kind, number, titles))
        elif data:
            states[etat].append(Source(f"{nom}/", folder, etat, "json", len(tags), tags, latest, forms))
    return {etat: State(sources) for etat, sources in states.items()}


def snapshot():
    """{key: (identifier, (type, title, rank), state, {field: text})} of what was taken over, persons included."""
    from fiches import registre
    from fiches.attached import Contact
    from fiches.textes import as_text
    from reprise.models import Origine

    persons = defaultdict(list)
    for contact in Contact.objects.order_by("role", "nom", "courriel"):
        persons[contact.entree_id].append(" ".join(filter(None, (contact.role, contact.nom, contact.courriel))))
    names, found = Counter(), {}
    origines = {origine.pk: origine for origine in Origine.objects.all()}
    for declaration in registre.types():
        fields = [f for f in declaration.model._meta.concrete_fields if f.name not in APART and f.editable]
        several = [f for f in declaration.model._meta.many_to_many if f.name not in APART]
        for fiche in declaration.model.objects.filter(pk__in=origines).order_by("pk"):
            said = {f.name: as_text(getattr(fiche, f.attname)) for f in fields}
            said |= {f.name: as_text(getattr(fiche, f.name)) for f in several}
            said["personnes"] = ", ".join(persons[fiche.pk])
            name = (declaration.cle, fiche.titre)
            names[name] += 1
            found[fiche.pk] = (origines[fiche.pk].identifiant, (*name, names[name]), fiche.statut, said)
    return found


def compare(ours, reference):
    """Returns (values that differ, values blank here but not in the reference), record by record."""
    by_tag = {tag: said for tag, _, _, said in reference.values() if tag}
    by_name = {name: said for _, name, _, said in reference.values()}
    differ = blank = 0
    for tag, name, _, said in ours.values():
        theirs = by_tag.get(tag) or by_name.get(name) or {}
        for champ, text in theirs.items():
            blank += bool(text and not said.get(champ))
            differ += said.get(champ) not in (None, "", text)
    return differ, blank


def play(steps, private, reference=None):
    """Takes sources over in turn. Returns the row of the last; « emptied » and « changed » add up over all.

    A step: (Source, options of the command).
    """
    from django.db import transaction

    with transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        try:
            return _play(steps, private, reference, Path(folder))
        finally:
            transaction.set_rollback(True)


def _play(steps, private, reference, folder):
    from django.core.management import CommandError, call_command

    row = dict.fromkeys(COLUMNS, 0)
    before = {}
    for source, options in steps:
        rapport = folder / "rapport.json"
        try:
            call_command("importer_yeswiki", str(source.path), *options, rapport=rapport, sans_copie=True, verbosity=0)
        except CommandError as error:
            return row | {"why": str(error).split("\n")[0][:90]}, {}
        said, after = json.loads(rapport.read_text()), snapshot()
        for pk, (_, _, _, held) in before.items():
            now = after.get(pk, (0, 0, 0, {}))[3]
            row["emptied"] += sum(bool(text and not now.get(champ)) for champ, text in held.items())
            row["changed"] += sum(bool(text and now.get(champ, text) not in ("", text)) for champ, text in held.items())
        before = after
    counts = said["fiches"].values()
    row["expected"] = steps[-1][0].expected
    row["made"] = sum(c["creees"] + c["modifiees"] + c["inchangees"] + c["conflits"] for c in counts)
    row["made"] += said["fiches"]["inconnu"]["lues"]
    row["absent"] = len(said.get("absentes", ()))
    row["waiting"] = sum(statut == "a-relire" for _, _, statut, _ in before.values())
    public = [(tag, name[1]) for tag, name, statut, _ in before.values() if statut == "publiee"]
    row["private"] = sum(tag in private or title in private.values() for tag, title in public)
    if reference:
        row["differ"], row["blank"] = compare(before, reference)
    return row, before


def plays(state):
    """(name, steps, whether it should match the reference)."""
    full = state.json[0] if state.json else None
    for source in state.sources:
        yield source.nom, [(source, ())]
    if not full or not full.forms:
        return
    yield f"{full.nom} --publier", [(full, ("--publier",))]
    for source in state.visitors:
        yield f"{full.nom} --public {source.nom}", [(full, ("--public", str(source.path)))]
        yield f"{full.nom}, again --public", [(full, ()), (full, ("--public", str(source.path)))]
    others = [s for s in state.sources if s is not full and s.path.is_dir() and s.latest in ("", full.latest)]
    for one, other in permutations([full, *others[:1]], 2):
        yield f"{one.nom} {other.nom}", [(one, ()), (other, ())]
    for visitor in state.visitors:
        for steps in ([full, visitor, full, visitor], [visitor, full, visitor]):
            yield " ".join(source.nom for source in steps), [(source, ()) for source in steps]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dossier", type=Path, metavar="DOSSIER")
    dossier = parser.parse_args().dossier.resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            **{"DATABASE_URL": f"sqlite:///{folder}/captures.sqlite3", "MEDIA_ROOT": f"{folder}/medias"},
            **{"DJANGO_SETTINGS_MODULE": "labacces.settings", "SECRET_KEY": "banc-d-essai-sans-valeur-ailleurs"},
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("charger_referentiels", verbosity=0)
        states = discover(dossier)
        width = 62
        print(f"{'play':{width}}" + "".join(f"{name:>9}" for name in COLUMNS))
        worst = Counter()
        for state in states.values():
            full = [(state.json[0], ())] if state.json else []
            reference = play(full, {})[1] if full else None
            for nom, steps in plays(state):
                row, _ = play(steps, state.private, reference)
                show(nom, row, width)
                saying = any("--publier" in options for _, options in steps)
                worst.update(emptied=row["emptied"], private=0 if saying else row["private"])
        chain = [next(iter(state.visitors or state.json), None) for state in states.values()]
        chain = sorted((source for source in chain if source and source.latest), key=lambda s: (s.latest, s.nom))
        for number in range(2, len(chain) + 1):
            steps = [(source, ()) for source in chain[:number]]
            nom = " → ".join(source.nom for source in chain[:number])
            show(f"states: {nom}", play(steps, {})[0], width)
        print(
            f"\nwithin one state: {worst['emptied']} values emptied; {worst['private']} private records public unsaid"
        )


def show(nom, row, width):
    print(f"{nom[-width + 1 :]:{width}}" + "".join(f"{row[name]:>9}" for name in COLUMNS), end="")
    print(f"  refused: {row['why']}" if "why" in row else "", flush=True)


if __name__ == "__main__":
    main()
