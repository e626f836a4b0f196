"""Public texts are what the public reads: nothing that was hidden when they were read is public afterwards.

Columns hold that already. What else the site did by itself is done here once: the page of versions masked the names that
the site held, and staff had said of names that they may stay.
"""

import re
from collections import defaultdict
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

from django.core.exceptions import FieldDoesNotExist
from django.db import migrations, models
from django.db.models.functions import Cast

from socle.francais.texte import ACCENTS, INVISIBLES, fold
from socle.vie_privee.mentions import Genre, find

LAISSES = ("pas-une-personne", "accord")
PUBLIEE = "publiee"
_WORD = re.compile(rf"[^\W_]+(?:[{ACCENTS}{INVISIBLES}]+[^\W_]*|-[ \t]{{0,4}}\r?\n[ \t]{{0,4}}[^\W\d_]+)*")
_NUMBER = re.compile(r"[0-9](?:[\s.,:·_*/()\-‐-―]{0,3}+[0-9]){8,}+")
# Before a surname that names somebody by itself.
_CALLING = frozenset(
    """
    m mr mm mme mmes mlle mlles monsieur messieurs madame mesdames mademoiselle dr docteur docteure maitre
    """.split()  # noqa: SIM905
)


def _plain(word):
    return "".join(filter(str.isalnum, fold(word)))


def _parts(word):
    """« JeanneQuemener2 » is three words besides one."""
    starts = [0]
    for place, (before, char) in enumerate(pairwise(word), start=1):
        capital = char.isupper() and (before.islower() or (before.isupper() and word[place + 1 : place + 2].islower()))
        if capital or before.isdigit() != char.isdigit():
            starts.append(place)
    return {_plain(word[start:end]) for start, end in pairwise([*starts, len(word)])}


def _readings(text):
    """A text as it may be read: with its entities and escapes, or without."""
    return {text, unquote(text), unescape(unescape(text))}


def _tokens(text):
    """[(word, its forms)] of a text, in order."""
    return [(word, {_plain(word), *_parts(word)}) for word in _WORD.findall(text)]


def _numbers(text):
    """The numbers of a text, nine digits each."""
    digits = [re.sub(r"[^0-9]", "", match[0]) for match in _NUMBER.finditer(text)]
    return {one[first : first + 9] for one in digits for first in range(len(one) - 8)}


def _texts(model):
    """The columns of a model that people write."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not (field.choices or field.primary_key or field.name.startswith("history_"))
    ]


def _records(apps):
    """(model, model of its versions) of the types of records."""
    for model in apps.get_models():
        versions = f"historical{model._meta.model_name}"
        names = {field.name for field in model._meta.concrete_fields}
        if {"entree", "statut", "version"} <= names and versions in apps.all_models[model._meta.app_label]:
            yield model, apps.get_model(model._meta.app_label, versions)


def keep_what_is_read(apps, schema_editor):
    """Note what is left of each text of which words were taken out: by that, it is known whether somebody changed it."""
    for one in apps.get_model("vie_privee", "TexteIntegral").objects.all().iterator(chunk_size=200):
        try:
            rows = apps.get_model(one.modele).objects
            column = rows.model._meta.get_field(one.champ).attname
        except (LookupError, FieldDoesNotExist):  # a type or a field that has left
            continue
        one.public = (rows.filter(pk=one.cle).values_list(column, flat=True).first() or "") if one.retires else ""
        one.texte = one.texte if one.retires else ""  # nothing is missing in the column
        one.save(update_fields=["public", "texte"])


def carry_what_was_left(apps, schema_editor):
    """A name that staff left in all texts stays in those of its record: nobody is asked about it again."""
    texts = apps.get_model("vie_privee", "TexteIntegral").objects
    left = apps.get_model("vie_privee", "NomTenu").objects.filter(decision__in=LAISSES, modele="fiches.Contact")
    decisions = {(one.cle, one.texte): one.decision for one in left.iterator(chunk_size=500)}
    if not decisions:
        return
    contacts = apps.get_model("fiches", "Contact").objects.annotate(cle=Cast("pk", models.CharField(max_length=40)))
    owners = dict(contacts.filter(cle__in={cle for cle, _ in decisions}).values_list("cle", "entree_id"))
    names = defaultdict(list)
    for (cle, nom), decision in decisions.items():
        if cle in owners:
            names[owners[cle]].append((nom, decision))
    for model, _ in _records(apps):
        columns = _texts(model)
        for pk, *said in model.objects.filter(pk__in=list(names)).values_list("pk", *columns):
            for column, text in zip(columns, said, strict=True):
                stay = [
                    {"mots": one.mots, "raison": decision, "par": ""}
                    for nom, decision in names[pk]
                    for one in find(text or "", contacts=[nom])
                    if one.genre == Genre.CONTACT
                ]
                if stay:
                    where = {"modele": model._meta.label, "cle": str(pk), "champ": column}
                    row, _ = texts.get_or_create(**where, defaults={"texte": ""})
                    row.laisses = [*row.laisses, *stay]
                    row.save(update_fields=["laisses"])


def hide_versions(apps, schema_editor):
    """Hide the versions in which the page masked somebody when it was read: those that say a name that the site holds,
    and that the record does not say today. When in doubt, they are hidden: staff show one again in one click.
    """
    keys = defaultdict(set)
    held = apps.get_model("vie_privee", "MotTenu").objects.exclude(nom__decision__in=LAISSES)
    for mot, nom in held.values_list("mot", "nom__texte").iterator(chunk_size=2000):
        keys[mot].add(nom)
    masked = apps.get_model("suivi", "VersionMasquee").objects
    for model, versions in _records(apps) if keys else ():
        columns, today = _texts(model), {}
        rows = versions.objects.filter(statut=PUBLIEE).order_by("entree_id", "history_id")
        for entree, number, *said in rows.values_list("entree_id", "version", *columns).iterator(chunk_size=200):
            found = _held_in("\n".join(filter(None, said)), keys)
            if not found:
                continue
            if entree not in today:
                row = model.objects.filter(pk=entree, statut=PUBLIEE).values_list("version", *columns).first()
                today = {entree: (row[0], "\n".join(filter(None, row[1:]))) if row else (None, "")}
            current, now = today[entree]
            if number != current and not all(_is_said(nom, now) for nom in found):
                masked.get_or_create(entree_id=entree, version=number, defaults={"raison": "personne"})


def _held_in(text, keys):
    """The names that a text may show, {key: names}."""
    found = set()
    for one in _readings(text):
        for number in _numbers(one) & keys.keys():
            found |= keys[number]
        tokens = _tokens(one)
        for place, (_, forms) in enumerate(tokens):
            for key in forms & keys.keys():
                found |= {nom for nom in keys[key] if _may_name(nom, key, tokens, place)}
    return found


def _may_name(nom, key, tokens, place):
    """Whether the word at that place, a key of a name, may show it: glued, near another word of it, or behind « Mme »
    or an initial.
    """
    own = {word for word in map(_plain, _WORD.findall(nom)) if len(word) > 1}
    if key not in own:
        return True
    near = [*tokens[max(0, place - 6) : place], *tokens[place + 1 : place + 7]]
    telling = {word for word in own if len(word) > 2}  # « le », « du » stand in many a name
    if any((forms & (telling if len(telling) > 1 else own)) - {key} for _, forms in near):
        return True
    before, letters = tokens[max(0, place - 4) : place], {word[0] for word in own}
    initial = any(len(word) == 1 and word.isupper() and _plain(word) in letters for word, _ in before)
    return initial or any(forms & _CALLING for _, forms in before) or any("masque" in f for _, f in before[-2:])


def _is_said(nom, text):
    if any(map(str.isdigit, nom)):
        return bool(_numbers(nom) & _numbers(text))
    return nom in text or any(one.genre == Genre.CONTACT for one in find(text, contacts=[nom]))


class Migration(migrations.Migration):
    dependencies = [
        ("suivi", "0007_liens_sortants"),
        ("vie_privee", "0005_ce_qui_a_ete_retire"),
        ("fiches", "0004_sauf_dans_les_mots_cles"),
    ]
    run_before = [("vie_privee", "0006_sans_noms_tenus")]

    operations = [  # backwards: what was put into texts and versions stays there
        migrations.RunPython(keep_what_is_read, migrations.RunPython.noop),
        migrations.RunPython(carry_what_was_left, migrations.RunPython.noop),
        migrations.RunPython(hide_versions, migrations.RunPython.noop),
    ]
