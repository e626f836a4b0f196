"""What other sites and programs may do with addresses: `Access-Control-Allow-Origin`, `OPTIONS`, 405. No query."""

from django.http import HttpResponse

from socle.courrier.texte import JETON
from socle.journal.conditional import has_session

LECTURE = ("GET", "HEAD", "OPTIONS")
DESK = "/admin/"
API = "/api/"
SHOWN = "Content-Disposition, Content-Range, ETag, Link, Retry-After"  # headers that pages of other sites may read
DAY = "86400"  # seconds


class PartageMiddleware:
    """Lets other sites read public files; answers 204 to OPTIONS, 405 to a refused method.

    A page's address ends with a slash; a file's does not, or is of the API. The desk, secret links and sessions are
    never shared. Must stand before all that refuses, so that programs can read refusals, and before the CSRF check.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if is_desk(request.path_info):
            return response
        if response.status_code == 405 and (response.streaming or not response.content):  # which lists its methods
            taken = [*dict.fromkeys([*response["Allow"].split(", "), "OPTIONS"])]
            response = refused(taken, response) if request.method != "OPTIONS" else told(taken)
        if is_file(request.path_info) and not (has_session(request) or response.cookies or _is_private(response)):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = SHOWN
            if request.method == "OPTIONS" and response.status_code == 204:
                response["Access-Control-Allow-Methods"] = response["Allow"]
                response["Access-Control-Allow-Headers"] = "*"
                response["Access-Control-Max-Age"] = DAY
        return response

    def process_view(self, request, view, args, kwargs):
        if is_desk(request.path_info):
            return None
        taken = methods(view)
        if request.method == "OPTIONS":
            return told(taken)
        return None if request.method in taken else refused(taken)


def is_desk(path: str) -> bool:
    return f"{path}/".startswith(DESK)


def is_file(path: str) -> bool:
    """Whether the address is a public file's or the API's."""
    return not (is_desk(path) or JETON.search(path)) and (path.startswith(API) or not path.endswith("/"))


def methods(view) -> tuple[str, ...]:
    """The methods of a view. A function without a class only reads."""
    page = getattr(view, "view_class", None)
    found = {name.upper() for name in page.http_method_names if hasattr(page, name)} if page else set(LECTURE)
    return tuple(sorted(found | {"HEAD"} if "GET" in found else found))


def told(taken) -> HttpResponse:
    return HttpResponse(status=204, headers={"Allow": ", ".join(taken)})


def refused(taken, response: HttpResponse | None = None) -> HttpResponse:
    """A 405, with a sentence."""
    words = f"Cette adresse ne répond qu’à {', '.join(taken[:-1])} et {taken[-1]}.\n"
    response = HttpResponse(status=405) if response is None or response.streaming else response
    response["Allow"], response["Content-Type"] = ", ".join(taken), "text/plain; charset=utf-8"
    response.content = words
    return response


def _is_private(response) -> bool:
    return "private" in response.get("Cache-Control", "")
