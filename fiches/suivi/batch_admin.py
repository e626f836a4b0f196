"""The desk's actions on many records: publish, withdraw, set themes, after a page that shows what would change."""

from dataclasses import replace
from itertools import islice

from django import forms
from django.contrib import admin, messages
from django.utils.text import capfirst

from fiches.acces import changeable
from fiches.choice_lists import Theme
from fiches.desk_base import action_page
from fiches.models import Fiche
from fiches.mots_prives import newly_shown, persons_of_all
from fiches.suivi import lots
from fiches.titre_seul import with_title_alone
from socle.annuaire.models import Statut
from socle.francais.wording import pluriel, pluriel_ou_aucune
from socle.vie_privee.public_text import kept_of
from socle.vie_privee.questions import MotPrive, answered, undecided

SHOWN = 20
WAIT = "fiche attend", "fiches attendent"
WAITING = "{} : leurs textes montreraient des coordonnées. Recommencez l’action pour dire ce qu’elles deviennent."


def to_ask(queryset) -> dict[Fiche, list[MotPrive]]:
    """{record: its private words}, if its publication would show some."""
    rows = list(queryset.order_by("pk"))
    persons, kept = persons_of_all(fiche.pk for fiche in rows), kept_of(rows)
    found = {}
    for fiche in rows:
        mots = newly_shown(fiche, before={}, contacts=persons[fiche.pk], kept=kept[fiche.pk])
        if mots:
            found[fiche] = [replace(mot, prefixe=f"{fiche.pk}-") for mot in mots]
    return found


class ThemesForm(forms.Form):
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="thèmes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un thème."},
    )


class LotsAdmin(admin.ModelAdmin):
    actions = [
        "publish",
        "withdraw",
        "to_review",
        "add_themes",
        "remove_themes",
        "replace_themes",
        "propose_themes",
        "reset_themes",
    ]

    @admin.action(description="Publier", permissions=["publish"])
    def publish(self, request, queryset):
        return self._statut_page(request, queryset, Statut.PUBLIEE, "fiche publiée|fiches publiées")

    @admin.action(description="Retirer du site", permissions=["publish"])
    def withdraw(self, request, queryset):
        return self._statut_page(request, queryset, Statut.RETIREE, "fiche retirée|fiches retirées")

    @admin.action(description="Mettre à relire (retire du site)", permissions=["publish"])
    def to_review(self, request, queryset):
        return self._statut_page(request, queryset, Statut.A_RELIRE, "fiche à relire|fiches à relire")

    @admin.action(description="Ajouter des thèmes…", permissions=["change"])
    def add_themes(self, request, queryset):
        return self._themes_page(request, queryset, "Ajouter des thèmes", "add")

    @admin.action(description="Retirer des thèmes…", permissions=["change"])
    def remove_themes(self, request, queryset):
        return self._themes_page(request, queryset, "Retirer des thèmes", "remove")

    @admin.action(description="Remplacer les thèmes…", permissions=["change"])
    def replace_themes(self, request, queryset):
        return self._themes_page(request, queryset, "Remplacer les thèmes", "replace")

    @admin.action(description="Proposer les thèmes (garde ceux que vous avez choisis)", permissions=["change"])
    def propose_themes(self, request, queryset):
        self._report_themes(request, lots.propose_again(changeable(request.user, queryset)))

    @admin.action(description="Revenir aux thèmes proposés (efface ceux que vous avez choisis)", permissions=["change"])
    def reset_themes(self, request, queryset):
        self._report_themes(request, lots.propose_again(changeable(request.user, queryset), reset=True))

    def _statut_page(self, request, queryset, statut, saved, left=0):
        """Shows which records would change their state, then changes them.

        `left`: how many may not change.
        """
        changing = queryset.exclude(statut=statut)
        publishing = statut == Statut.PUBLIEE
        alone = with_title_alone(changing) if publishing else changing.none()
        asked = to_ask(changing.exclude(statut=Statut.CORBEILLE)) if publishing else {}
        shown = {fiche: answered(mots, request.POST) for fiche, mots in islice(asked.items(), SHOWN)}
        applying = bool({"appliquer", "autres"} & request.POST.keys())
        if applying and not any(map(undecided, shown.values())):
            rows = queryset if "appliquer" in request.POST else queryset.exclude(pk__in=alone.values("pk"))
            rows = rows.exclude(pk__in=[fiche.pk for fiche in asked if fiche not in shown])
            said = {fiche.pk: mots for fiche, mots in shown.items()}
            bilan = lots.change_statut(rows, statut, said, par=request.user.get_username())
            report(self, request, bilan, saved, "l’était déjà|l’étaient déjà", kept="utilisées depuis")
            if left_to_ask := len(asked) - len(shown):
                self.message_user(request, WAITING.format(pluriel(left_to_ask, *WAIT)), messages.WARNING)
            return None
        count, seules = changing.count(), alone.count()
        with_them = ", titres seuls compris" if seules else ""
        context = {
            "title": f"Mettre dans l’état « {statut.label} »",
            "changeront": count,
            "fiches": changing[:SHOWN],
            "bouton": f"Confirmer pour {pluriel(count, 'fiche', 'fiches')}{with_them}",
            "laissees": left,
            "seules": seules,
            "titres_seuls": alone[:SHOWN],
            "autres": f"Publier seulement {pluriel(count - seules, 'autre', 'autres')}" if count > seules > 0 else "",
            "prives": [(fiche, self._address("change", fiche), mots) for fiche, mots in shown.items()],
            "a_suivre": len(asked) - len(shown),
            "sans_reponse": applying,
        }
        return self._action_page(request, queryset, "admin/fiches/etat_action.html", context)

    def _themes_page(self, request, queryset, title, wish):
        """Asks for themes, shows which records would change, then changes them."""
        queryset = changeable(request.user, queryset)
        form = ThemesForm(request.POST if {"voir", "appliquer"} & request.POST.keys() else None)
        context = {"title": title, "form": form}
        if form.is_valid():
            themes = form.cleaned_data["themes"]
            if "appliquer" in request.POST:
                self._report_themes(request, lots.choose_themes(queryset, wish, themes))
                return None
            changing = lots.would_change(queryset, wish, themes)
            shown = [self._with_themes_after(fiche, wish, set(themes)) for fiche in changing[:SHOWN]]
            context |= {"vu": True, "changeront": len(changing), "fiches": shown}
        return self._action_page(request, queryset, "admin/fiches/themes_action.html", context)

    @staticmethod
    def _with_themes_after(fiche, wish, themes):
        """As text: `themes_avant`, `themes_apres`."""
        wanted = lots.wanted_themes(fiche, wish, themes)
        fiche.themes_avant, fiche.themes_apres = (
            ", ".join(map(str, sorted(some, key=lambda theme: theme.nom_plie))) or "aucun thème"
            for some in (fiche.themes.all(), wanted)
        )
        return fiche

    def _action_page(self, request, queryset, template, context):
        return action_page(self, request, queryset, template, {"limite": SHOWN} | context)

    def _report_themes(self, request, bilan):
        saved, unchanged = "fiche mise à jour|fiches mises à jour", "avait déjà ces thèmes|avaient déjà ces thèmes"
        report(self, request, bilan, saved, unchanged)


def report(model_admin, request, bilan, saved, unchanged, kept="thèmes choisis par la rédaction"):
    """Tells what an action did: « 3 fiches publiées, 1 l’était déjà. »

    `saved`, `unchanged`: "singular|plural". `kept`: why some records were left.
    """
    parts = [capfirst(pluriel_ou_aucune(bilan.saved, *saved.split("|")))]
    if bilan.unchanged:
        parts.append(pluriel(bilan.unchanged, *unchanged.split("|")))
    if bilan.kept:
        parts.append(f"{pluriel(bilan.kept, 'laissée telle quelle', 'laissées telles quelles')} ({kept})")
    level = messages.SUCCESS if bilan.saved else messages.INFO
    text = ", ".join(parts) + "."
    if bilan.stopped:
        level = messages.ERROR
        text += " L’action s’est arrêtée avant la fin : les autres fiches n’ont pas changé. Recommencez-la."
    model_admin.message_user(request, text, level)
