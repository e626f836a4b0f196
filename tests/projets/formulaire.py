"""Forms in the admin as a browser sends them back, that of a project first."""

from django.urls import reverse

CHANGE = "admin:projets_projet_change"


def change_url(projet) -> str:
    return reverse(CHANGE, args=[projet.pk])


def posted(client, projet=None, **changes) -> dict:
    """What the page of `projet` (or of a new one) would post, with `changes` typed in."""
    return as_sent(client, change_url(projet) if projet else reverse("admin:projets_projet_add"), **changes)


def as_sent(client, address, **changes) -> dict:
    """What the form at an address of the desk would post, its rows included, with `changes` typed in."""
    context = client.get(address).context
    data = values(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        data |= values(inline.formset.management_form)
        for row in inline.formset.forms:
            data |= values(row)
    return data | changes


def values(form) -> dict:
    """The value of each field, as text; files and empty values are not posted."""
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple | set):
            data[field.html_name] = [str(getattr(item, "pk", item)) for item in value]
        elif value is not None and value is not False and not hasattr(value, "field_file"):
            data[field.html_name] = str(getattr(value, "pk", value)) if value is not True else "on"
    return {name: value for name, value in data.items() if not name.endswith("-fichier")}
