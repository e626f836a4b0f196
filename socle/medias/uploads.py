"""Django's upload handlers (settings), with one budget for all files of a request, whatever its forms."""

from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

from socle.medias.budget import Budget


class AvecBudget:
    def file_complete(self, file_size):
        upload = super().file_complete(file_size)
        if upload is not None:
            upload.budget = self.request.__dict__.setdefault("budget", Budget())
        return upload


class EnMemoire(AvecBudget, MemoryFileUploadHandler):
    pass


class SurDisque(AvecBudget, TemporaryFileUploadHandler):
    pass
