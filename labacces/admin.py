"""The editors' desk as a whole: its name, and its index in the order of the work."""

from django.contrib.admin import AdminSite

from fiches import registre


class Redaction(AdminSite):
    site_header = "LabAccès, espace de rédaction"
    site_title = "LabAccès, espace de rédaction"
    index_title = "Que voulez-vous faire ?"
    empty_value_display = "non renseigné"
    enable_nav_sidebar = False  # the list needs the width, and the index is one click away

    def get_app_list(self, request, app_label=None):
        """Applications of the index: the records first, whatever folder they live in, the accounts last."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        records = {declaration.model._meta.app_label for declaration in registre.types()} | {"fiches"}
        groups = [
            ("fiches", "Fiches et thèmes", records),
            ("participants", "Participants", {"inscriptions", "explorations"}),
            ("suivi", "Reprise de l’ancien site", {"suivi"}),
            ("referentiels", "Lieux du code officiel géographique", {"referentiels"}),
            ("comptes", "Comptes", {"comptes", "auth"}),
        ]
        known = set().union(*(labels for _, _, labels in groups))
        merged = [_merge(name, [app for app in apps if app["app_label"] in labels]) for _, name, labels in groups]
        others = [app for app in apps if app["app_label"] not in known]
        return [app for app in (*merged[:3], *others, *merged[3:]) if app]


def _merge(name: str, apps: list[dict]) -> dict | None:
    """Several applications of the index as one, under `name`; None if there is none."""
    if not apps:
        return None
    return apps[0] | {"name": name, "models": [model for app in apps for model in app["models"]]}
