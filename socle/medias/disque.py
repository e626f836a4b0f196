"""Uploaded files in a folder of this machine."""

import errno
import hashlib
import os
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class MediasSurDisque(FileSystemStorage):
    def _save(self, name, content):
        """Nothing of a file that has no room (OSError): its beginning would take what is left, and no row names it."""
        self._find_room(self.path(name), content.size)
        return super()._save(name, content)

    def replace(self, name: str, content: bytes) -> None:
        """Put other bytes in the place of a file, whole or not at all; OSError if there is no room for them beside."""
        path = Path(self.path(name))
        self._find_room(path, len(content))
        new = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:32]}")
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if self.file_permissions_mode is not None:
            new.chmod(self.file_permissions_mode)
        new.replace(path)

    @staticmethod
    def _find_room(path, size: int) -> None:
        folder = next(place for place in Path(path).parents if place.exists())
        if size > shutil.disk_usage(folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
