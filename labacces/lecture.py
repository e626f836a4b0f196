"""Marks requests that only read: their queries have a time limit (labacces/postgresql/base.py)."""

from django.core.signals import request_finished

from labacces.postgresql.base import LECTURE

READ = ("GET", "HEAD", "OPTIONS")


class LectureMiddleware:
    """Sets LECTURE for a request that only reads, until the whole answer has left."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        LECTURE.set(request.method in READ and not request.path_info.startswith("/admin/"))
        return self.get_response(request)


def _end(**kwargs):
    LECTURE.set(False)


request_finished.connect(_end, dispatch_uid="lecture")
