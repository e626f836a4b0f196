"""Every address of the site, from its URLconf, so that tests cover new ones too."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver


def every_address(resolver=None, route="", namespace="") -> Iterator[tuple[str, str, URLPattern]]:
    """(route, name with its namespaces, pattern) of each, the desk included."""
    for one in (resolver or get_resolver("labacces.urls")).url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLPattern):
            yield here, f"{namespace}{one.name}", one
        else:
            yield from every_address(one, here, f"{namespace}{one.namespace}:" if one.namespace else namespace)


def patterns() -> list[tuple[str, str]]:
    """(route, name with its namespaces) of each address outside the admin."""
    return [(route, name) for route, name, _ in every_address() if not route.startswith("admin/")]
