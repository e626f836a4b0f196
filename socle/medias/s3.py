"""Uploaded files in an S3 store that several machines share; needs the extra « s3 ». Its sister: `disque.py`.

The site still serves them, at the same addresses, to whoever may see them: nobody else reads the store.
"""

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class MediasS3(S3Storage):
    def url(self, name, *args, **kwargs):
        return settings.MEDIA_URL + filepath_to_uri(name).lstrip("/")

    def _open(self, name, mode="rb"):
        return ObjetS3(self, name) if mode == "rb" else super()._open(name, mode)

    def replace(self, name: str, content: bytes) -> None:
        """Replace a file, whole or not at all."""
        self._save(name, ContentFile(content, name=name))


class ObjetS3(File):
    """A file of the store, of which what is read is fetched: a part of a recording costs that part."""

    def __init__(self, storage: MediasS3, name: str):
        super().__init__(None, name)
        self._ask = {"Bucket": storage.bucket_name, "Key": storage._normalize_name(name)}
        self._client, self._body, self._at = storage.connection.meta.client, None, 0
        try:
            self.size = self._client.head_object(**self._ask)["ContentLength"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise

    @property
    def closed(self):
        return False

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=0):
        self.close()
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def read(self, size=-1):
        if self._at >= self.size:
            return b""
        if self._body is None:
            self._body = self._client.get_object(**self._ask, Range=f"bytes={self._at}-")["Body"]
        block = self._body.read(None if size is None or size < 0 else size)
        self._at += len(block)
        return block

    def open(self, mode=None):
        self.seek(0)
        return self

    def close(self):
        if self._body is not None:
            self._body.close()
            self._body = None
