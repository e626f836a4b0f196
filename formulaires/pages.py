"""Pages of guarded public forms: what was typed always comes back, a network that posts too much waits."""

from datetime import timedelta

from django.db import transaction
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from formulaires import garde
from vie_privee import empreintes

# How many posts one address of the network may send: a whole training room passes.
POSTS, POSTS_SPAN = 60, timedelta(minutes=10)

TOO_MANY = (
    "Trop d’envois viennent de votre réseau. Attendez dix minutes, puis envoyez de nouveau : vos réponses sont là."
)


class Refus(Exception):
    """What was asked is not possible any more. Its message is for the person."""


# No session and no cookie: the form's own signed key says that the page was asked for. Django's check would set a
# cookie for whoever only reads, and a page left open too long would lose what was typed.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PageDeFormulaire(TemplateView):
    """A page with a form that extends `FormulaireGarde`. Write `new_form`, `take` and `done`.

    Every good post gets the same answer in the same time, whatever is known of its address. A post that comes again is
    not taken twice.
    """

    http_method_names = ["get", "head", "post", "options"]

    def new_form(self, data=None):
        """The form, filled with `data`."""
        raise NotImplementedError

    def take(self, form) -> None:
        """Do what a good post asks, in its transaction; Refus shows its words above what was typed."""
        raise NotImplementedError

    def done(self):
        """The answer to every good post."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = self.new_form()
        return super().get_context_data(**kwargs)

    def post(self, request, *args, **kwargs):
        form = self.new_form(request.POST)
        if self._too_many():
            form.add_error(None, TOO_MANY)
            return self.again(form, status=429)
        if not form.is_valid():
            return self.again(form)
        try:
            with garde.steady(), transaction.atomic():
                if form.first_time():
                    self.take(form)
        except Refus as refus:
            form.add_error(None, str(refus))
            return self.again(form, status=409)
        return self.done()

    def again(self, form, *, status: int = 200):
        """The page with what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _too_many(self) -> bool:
        """Whether this part of the network has sent too many posts; nothing of it is kept beyond the day."""
        address = empreintes.address(self.request)
        return bool(address) and garde.count("formulaires, réseau", address, span=POSTS_SPAN) > POSTS
