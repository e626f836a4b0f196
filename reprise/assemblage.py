"""From the records of a wiki as they stand to those that a takeover saves: our labels, plain texts, each value counted.

Each value has one place among `LIGNES`: the title; what the wiki says of the record rather than people in it
(`libelles`); what a field of ours holds (`valeurs`); what only repeats another value; what is empty; what was taken
out, spam and digests of passwords; what no field claims, kept as an anomaly.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from reprise import tableau
from reprise.balises import Joints, lines_of, plain, unescape, without_tags
from reprise.decoupage import normal
from reprise.fields import Formulaire
from reprise.indesirable import Indesirables, Passage, find_unwanted
from reprise.lecture import (
    FICHIER,
    INCONNU,
    LIGNES,
    Champ,
    DumpIllisible,
    Lecture,
    Lue,
    note_missing,
    note_odd,
)
from reprise.reconnaissance import Correspondance, Reconnu, plie, recognise
from reprise.wiki import (
    INCERTAIN,
    TITRE,
    ChampAncien,
    FicheAncienne,
    FormulaireAncien,
    Wiki,
    genre_of,
    is_file_name,
    is_secret,
    last_of,
)

POSITION, IMAGE = "Position", "Image"
_DATES = [f"{day}{hour}" for day in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y") for hour in (" %H:%M:%S", " %H:%M", "")]
_OF_PERSONS = frozenset(("prenom", "courriel", "mail", "telephone", "naissance"))
_LIST_OF_KEY = re.compile(r"^(?:checkbox|liste|radio)")


def assemble(wiki: Wiki, formulaires: Iterable[Formulaire], said: Correspondance | None = None) -> Lecture:
    """The records of a wiki, as a takeover saves them."""
    return _Assembly(wiki, list(formulaires), said or Correspondance()).read()


class _Fiche:
    """A record being made. `places`: for each of its values, where it counts and the label that it stands under.

    `incertains`: labels left empty in a field that visitors may not be allowed to read, for all that is known.
    """

    def __init__(self, ancienne: FicheAncienne, assembly: "_Assembly"):
        self.ancienne, self.wiki, self.titles = ancienne, assembly.wiki, assembly.titles
        self.known = known = assembly.known[ancienne.formulaire]
        self.form = assembly.by_cle.get(known.type)
        self.places: list[tuple[str, str]] = []
        self.incertains: set[str] = set()
        self.lue = Lue(
            known.type,
            assembly.title(ancienne),
            ancienne.ligne,
            ancienne.ligne,
            identifiant=ancienne.identifiant,
            publiee=ancienne.publiee,
            personnel=self.form is None and (ancienne.formulaire == INCERTAIN or _names_persons(known.ancien)),
            formulaire=ancienne.formulaire if ancienne.formulaire.isdecimal() else "",
            appauvrie=ancienne.appauvrie,
            tus=assembly.unsaid(self.form, known) if self.form else set(),
        )
        self._read_title()
        self.lue.creee_le = self._moment("creee_le", ancienne.creation)
        self.lue.modifiee_le = self._moment("modifiee_le", ancienne.modification)
        for cle, text in ancienne.valeurs.items():
            if cle != known.titre:
                self._read_value(known.ancien.champs[cle], text)
        if champ := self.lue.champs.get(POSITION):
            champ.texte = ", ".join(dict.fromkeys(champ.texte.split("\n")))
        self._read_rights()

    def _count(self, kind: str, label: str = "") -> None:
        self.places.append((kind, label))

    def _put(self, label: str, text: str, kind: str = "valeurs") -> None:
        """A value; of "non_attribuees", which no field of ours claims, the saver makes an anomaly."""
        self.lue.put(label, text, self.lue.premiere_ligne)
        self._count(kind, label)

    def _join(self, label: str, noms: dict[str, str]) -> None:
        """Files that hang on the record; a name that no file may have is told as that of a missing one."""
        for nom, titre in noms.items():
            if is_file_name(nom):
                self.lue.joints.setdefault(nom, (label, titre))
            else:
                self.lue.note("fichier_manquant", label, nom)

    def _moment(self, name: str, text: str) -> datetime | None:
        moment = _moment(text)
        if moment is None and any(char in "123456789" for char in text):
            self.lue.note("non_attribuee", name, text)
        return moment

    def _read_title(self) -> None:
        lue, form, valeurs, cle = self.lue, self.form, self.ancienne.valeurs, self.known.titre
        if not lue.titre:
            if cle in valeurs:
                self._count("vides")
            if form is None or not form.sans_titre:
                lue.titre = lue.identifiant or "Sans titre"
                lue.note("non_attribuee", "titre", "aucun titre")
        elif form and form.sans_titre:
            words = set(plie(" ".join(text for name, text in valeurs.items() if name != cle)).split())
            if set(plie(lue.titre).split()) <= words:
                self._count("repetitions")  # made of the other fields
            else:
                self._put(self.known.ancien.champs[cle].nom, lue.titre, "non_attribuees")
            lue.titre = ""
        else:
            self._count("titres")

    def _read_value(self, champ: ChampAncien, raw: str) -> None:
        lue, label = self.lue, self.known.champs.get(champ.cle)
        raw = raw.replace("\r\n", "\n")
        ours = self.form.libelles[label].genre if label else ""
        choice = champ.genre in ("choix", "listes", "fiches") or ours in ("choix", "listes")
        if not raw.strip() or (choice and raw.strip() == "0"):
            self._count("vides")
            if label and self.wiki.format == "json" and "courriel" in (champ.genre, ours):
                lue.tus.add(label)  # blanked for whoever may not read it
        elif champ.genre == "secret" or is_secret(raw):
            self._count("ecartees")
        elif champ.cle.endswith("_evenement_data"):
            self._put("Répétition", _repeated(raw), "non_attribuees")
        elif champ.genre == "rien":
            self._count("libelles")
        elif champ.genre == "fichier":
            self._put(FICHIER, raw.strip())
        elif champ.genre == "image" and self.form is not None:
            self._join(champ.nom, {raw.strip().rpartition("/files/")[2]: ""})
            self._count("valeurs")
        elif label is None:
            text, _ = self._text(champ, raw)
            self._put(self._free_name(champ), text, "non_attribuees")
        elif choice:
            self._read_choice(champ, label, raw)
        else:
            joints = Joints(lue.identifiant)
            text, unknown = self._text(champ, raw, ours, joints)
            self._join(label, joints.noms)
            if text:
                self._put(label, text)
                note_odd(lue, self.form, label, text, lue.premiere_ligne)
            else:
                self._count("valeurs" if joints.noms else "vides")
            for piece in unknown:
                lue.note("balisage_inconnu", label, piece)

    def _free_name(self, champ: ChampAncien) -> str:
        """What a value that no field of ours claims is called."""
        if champ.genre == "carte":
            return POSITION
        name = champ.nom or IMAGE
        taken = name in self.lue.champs or name == FICHIER or (self.form and name in self.form.held)
        return f"{name} ({champ.cle})" if taken else name

    def _text(
        self, champ: ChampAncien, raw: str, ours: str = "", joints: Joints | None = None
    ) -> tuple[str, list[str]]:
        """(plain text, pieces of markup that are not understood) of a value; `ours`: what our label holds."""
        if champ.genre == "fiches":
            return ", ".join(self._linked(champ, raw)), []
        if champ.genre in ("courriel", "lien", "carte", "image") or ours in ("courriel", "lien"):
            return unescape(raw).strip(), []
        if champ.genre in ("choix", "listes"):
            labels, others = _choose(raw, champ.options, several=champ.genre == "listes", libelles=True)
            return ", ".join([*labels, *others]), []
        syntaxe = "nohtml" if ours == "ligne" else champ.syntaxe
        return plain(raw, syntaxe, site=self.wiki.site, joints=joints)

    def _linked(self, champ: ChampAncien, raw: str) -> list[str]:
        """Titles of linked records; of one outside the source, as the form tells it, else the name of its page."""
        told = champ.options or {}
        return [self.titles.get(name) or without_tags(told.get(name, "")) or name for name in _labels(raw)]

    def _read_choice(self, champ: ChampAncien, label: str, raw: str) -> None:
        ours = self.form.libelles[label].genre
        several = ours == "listes" or (champ.genre == "listes" and ours not in ("choix", "ligne"))
        if champ.genre == "fiches":
            labels, others = self._linked(champ, raw), []
        else:
            labels, others = _choose(raw, champ.options, several=several, libelles=self.ancienne.libelles)
        if labels:
            self._put(label, "\n".join(f"- {name}" for name in labels) if several else labels[0])
            others = [*others, *([] if several else labels[1:])]
        else:
            self._count("non_attribuees", label)
            self.lue.tus.add(label)
        for name in others:
            self.lue.note("non_attribuee", label, name)

    def _read_rights(self) -> None:
        """Empty where visitors may not read, or where nobody knows whether they may, says nothing."""
        lue, known = self.lue, self.known
        hidden = set()
        for cle, champ in known.ancien.champs.items():
            if champ.genre == "image" and champ.reserve:
                hidden |= {champ.nom, cle}  # no label of ours: sources call it by the one or by the other
            label = FICHIER if champ.genre == "fichier" else known.champs.get(cle)
            if label is None:
                continue
            if champ.reserve:
                hidden.add(label)
            if label not in lue.champs:
                if champ.reserve:
                    lue.tus.add(label)
                elif champ.lecture is None:
                    self.incertains.add(label)
        lue.reserves = None if known.ancien.deduit else frozenset(hidden)

    def take_from(self, older: "_Fiche") -> None:
        """What an older print of the record says besides is its own too; what it says otherwise is told."""
        lue, old = self.lue, older.lue
        taken: set[str] = set()
        odd: dict[str, str] = {}
        for kind, label in older.places:
            champ, ours = old.champs.get(label), lue.champs.get(label)
            if kind == "titres":
                kind = "repetitions"
                if old.titre != lue.titre:
                    kind, odd["titre"] = "non_attribuees", old.titre
            elif kind in ("valeurs", "non_attribuees") and champ and label not in taken:
                if ours is None and (label in {*lue.tus, *self.incertains} or kind == "non_attribuees"):
                    lue.champs[label] = champ
                    taken.add(label)
                elif ours is not None and ours.texte == champ.texte:
                    kind = "repetitions"
                else:
                    kind, odd[label] = "non_attribuees", champ.texte
            self._count(kind, label)
        told = {(anomalie.type, anomalie.champ, anomalie.texte) for anomalie in lue.anomalies}
        lue.anomalies += [a for a in old.anomalies if (a.type, a.champ, a.texte) not in told]
        for label, text in odd.items():
            lue.note("non_attribuee", label, text, old.premiere_ligne)
        lue.tus &= old.tus
        lue.joints = lue.joints or old.joints
        lue.appauvrie |= old.appauvrie


class _Assembly:
    def __init__(self, wiki: Wiki, forms: Sequence[Formulaire], said: Correspondance):
        self.wiki, self.forms, self.said = wiki, forms, said
        self.by_cle = {form.cle: form for form in forms}

    def read(self) -> Lecture:
        self._complete_forms()
        self.known = {
            n: recognise(form, self.forms, self.said) if n != INCERTAIN else Reconnu(form, INCONNU, {}, TITRE, "")
            for n, form in self.wiki.formulaires.items()
        }
        self.titles = {fiche.identifiant: self.title(fiche) for fiche in self.wiki.fiches if fiche.identifiant}
        self.filled = defaultdict(set)  # {form: keys that at least one of its records holds}
        for fiche in self.wiki.fiches:
            self.filled[fiche.formulaire].update(fiche.valeurs)
        fiches = self._without_twins([_Fiche(fiche, self) for fiche in self.wiki.fiches])
        self._take_out_spam(fiches)
        for fiche in fiches:
            fiche.known.nombre += 1
            note_missing(fiche.lue, fiche.form)
            fiche.lue.tus |= fiche.incertains - fiche.lue.champs.keys()
        counts = self.wiki.comptes + Counter(kind for fiche in fiches for kind, _ in fiche.places)
        return Lecture(
            [fiche.lue for fiche in fiches],
            {name: counts[name] for name in ("total", *LIGNES)},
            format=self.wiki.format,
            formulaires=list(self.known.values()),
            ignores=[*self.wiki.ignores, *self._without_records()],
            entiere=False,
            site=self.wiki.site.partition("://")[2],
            completes=self._completes(),
        )

    def _completes(self) -> frozenset[str]:
        """A CSV is the whole of its form; so is JSON that came with the definition of the form."""
        return frozenset(
            numero
            for numero, known in self.known.items()
            if known.nombre and numero.isdecimal() and (self.wiki.format == "csv" or not known.ancien.deduit)
        )

    def _without_records(self) -> list[str]:
        """A form closed to visitors answers as an empty one does: somebody must be told."""
        names = [
            f"{form.numero} « {form.nom} »{' (fermé aux visiteurs)' if form.ferme else ''}"
            for form in (known.ancien for known in self.known.values() if not known.nombre)
        ]
        if not names:
            return []
        return [
            f"Sans aucune fiche dans cette source : {', '.join(names)}. Ces formulaires y sont vides, absents, ou "
            f"fermés aux visiteurs ; leurs fiches déjà reprises restent telles quelles."
        ]

    # Forms

    def _complete_forms(self) -> None:
        """Give each record a form, each of its keys a field, each choice the options of its list."""
        forms = self.wiki.formulaires
        sure = {fiche.identifiant: fiche.formulaire for fiche in self.wiki.fiches if fiche.formulaire != INCERTAIN}
        for fiche in self.wiki.fiches:
            if fiche.formulaire == INCERTAIN:
                fiche.formulaire = sure.get(fiche.identifiant, INCERTAIN)
            form = forms.get(fiche.formulaire)
            if form is None:
                form = forms[fiche.formulaire] = FormulaireAncien(fiche.formulaire, deduit=True)
            for cle in fiche.valeurs:
                if cle not in form.champs:
                    form.champs[cle] = ChampAncien(cle, genre=genre_of(cle))
        for form in forms.values():
            for champ in form.champs.values():
                if champ.genre in ("choix", "listes") and not champ.options and self.wiki.listes:
                    rest = _LIST_OF_KEY.sub("", champ.cle)
                    names = [name for name in self.wiki.listes if rest.startswith(name)]
                    champ.options = self.wiki.listes[max(names, key=len)] if names else champ.options

    # Records

    def title(self, fiche: FicheAncienne) -> str:
        raw = fiche.valeurs.get(self.known[fiche.formulaire].titre, "")
        return " ".join(lines_of(unescape(unescape(without_tags(raw)))).split())

    def unsaid(self, form: Formulaire, known: Reconnu) -> set[str]:
        """Labels of which none of the form's records says anything."""
        filled = self.filled[known.ancien.numero]
        said = {label for cle, label in known.champs.items() if cle in filled}
        unsaid = {label for label in form.held if label not in said}
        if not any(champ.genre == "fichier" and champ.cle in filled for champ in known.ancien.champs.values()):
            unsaid.add(FICHIER)
        return unsaid

    # The same record in two answers or two files

    def _without_twins(self, fiches: list[_Fiche]) -> list[_Fiche]:
        kept: dict[object, _Fiche] = {}
        for number, fiche in enumerate(fiches):
            lue = fiche.lue
            key: object = number
            if lue.identifiant:
                key = ("identifiant", lue.identifiant)
            elif lue.creee_le and self.wiki.format == "csv":
                key = (lue.type, lue.titre, lue.creee_le, _names(fiche))
            other = kept.get(key)
            if other is None or (not lue.identifiant and other.ancienne.source == fiche.ancienne.source):
                kept[key if other is None else number] = fiche
                continue
            older, newer = sorted((other, fiche), key=lambda one: _stamp(one.lue))
            kept[key] = newer
            newer.take_from(older)
        return list(kept.values())

    # Spam

    def _take_out_spam(self, fiches: list[_Fiche]) -> None:
        labels = {normal(label) for form in self.forms for label in form.sequence}
        unwanted = find_unwanted(self._passages(fiches), labels=labels)
        if not unwanted:
            return
        for fiche in fiches:
            for label, champ in list(fiche.lue.champs.items()):
                if label == FICHIER:
                    continue
                champ.texte = self._without(unwanted, fiche, label, champ)
                if not champ.texte:
                    place = next((n for n, (_, name) in enumerate(fiche.places) if name == label), None)
                    if place is not None:
                        fiche.places[place] = ("ecartees", "")
                    del fiche.lue.champs[label]

    @staticmethod
    def _passages(fiches: list[_Fiche]):
        for number, fiche in enumerate(fiches):
            bound = {label for label, libelle in fiche.form.libelles.items() if not libelle.libre} if fiche.form else ()
            for label, champ in fiche.lue.champs.items():
                for line in champ.texte.split("\n") if label != FICHIER else ():
                    cle = fiche.form.cle if fiche.form else ""
                    yield Passage(line, cle, number, normal(label), bool(fiche.form) and label not in bound)

    @staticmethod
    def _without(unwanted: Indesirables, fiche: _Fiche, label: str, champ: Champ) -> str:
        lue, lines = fiche.lue, []
        for line in champ.texte.split("\n"):
            kept, piece = unwanted.take_out(line)
            if piece:
                after = line[len(kept) :]
                before = kept + after[: len(after) - len(after.lstrip())] if kept else f"{lines[-1] if lines else ''}\n"
                lue.note("contenu_indesirable", label, piece, avant=before)
            if kept.strip():
                lines.append(kept.strip())
        return "\n".join(lines)


def _repeated(raw: str) -> str:
    """What is told of a date that comes again: here an event has one."""
    try:
        said = json.loads(raw)
    except ValueError:
        said = {}
    if isinstance(said, dict) and (parent := said.get("recurrentParentId")):
        return f"une des dates de l’événement répété « {parent} »"
    return f"l’ancien site répète cet événement ; seule sa première date est reprise. Il écrit : {raw}"


def _names(fiche: _Fiche) -> str:
    """What tells persons without a title apart."""
    if fiche.lue.titre or fiche.form is None:
        return ""
    names = fiche.form.of("ligne", "courriel")
    return "\x1f".join(champ.texte for label, champ in fiche.lue.champs.items() if label in names)


def _names_persons(form: FormulaireAncien) -> bool:
    """Whether the records of a form that is none of ours seem to be about persons."""
    words = {word for champ in form.champs.values() for word in plie(f"{champ.label} {champ.cle}").split()}
    return any(c.genre == "courriel" for c in form.champs.values()) or bool(words & _OF_PERSONS)


def _stamp(lue: Lue) -> float:
    return lue.modifiee_le.timestamp() if lue.modifiee_le else 0.0


def _moment(text: str) -> datetime | None:
    """A date of the old site, in the time of its server, which is ours; None if there is none."""
    for pattern in _DATES:
        try:
            found = datetime.strptime(text.strip(), pattern)
        except ValueError:
            continue
        return timezone.make_aware(found) if 1990 <= found.year <= 2200 else None
    return None


def _labels(cell: str) -> list[str]:
    """Names written as a line of CSV inside a cell; of a hierarchy, the last one counts."""
    try:
        cells = next((cells for _, cells in tableau.rows(cell.strip(), ",")), [])
    except DumpIllisible:  # a lone quote
        cells = [cell]
    names = [" ".join(last_of(unescape(name)).split()) for name in cells]
    return [name for name in names if name]


def _choose(raw: str, options: dict[str, str] | None, *, several: bool, libelles: bool) -> tuple[list[str], list[str]]:
    """(labels chosen, what is neither the key nor the label of an option)."""
    raw = raw.strip()
    whole = _labels(raw) if raw.startswith('"') else [" ".join(last_of(unescape(raw)).split())]
    keys = [name.strip() for name in raw.split(",")]
    if not several and len(whole) == 1:
        names = whole
    elif options and not options.keys().isdisjoint(keys):
        names = keys
    else:
        names = _labels(raw)
    if not options:
        return (names, []) if libelles else ([], names)
    spelt = {plie(label): label for label in reversed(options.values())}
    chosen, others = [], []
    for name in names:
        label = options.get(name) or spelt.get(plie(name))
        if label:
            chosen.append(label)
        elif name not in ("", "0"):
            others.append(name)
    return list(dict.fromkeys(chosen)), others
