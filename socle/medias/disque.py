"""Uploaded files in a folder of this machine. Its sister: `s3.py`."""

import errno
import hashlib
import os
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class MediasSurDisque(FileSystemStorage):
    def _save(self, name, content):
        """Raises OSError at once without room: a half-written file would fill the disk, in no row."""
        self._find_room(self.path(name), content.size)
        return super()._save(name, content)

    def replace(self, name: str, content: bytes) -> None:
        """Replace a file, whole or not at all. OSError if there is no room for both."""
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
