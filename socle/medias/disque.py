"""Uploaded files in a folder of this machine."""

import errno
import os
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class MediasSurDisque(FileSystemStorage):
    def _save(self, name, content):
        """Nothing of a file that has no room (OSError): its beginning would take what is left, and no row names it."""
        folder = next(place for place in Path(self.path(name)).parents if place.exists())
        if content.size > shutil.disk_usage(folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super()._save(name, content)
