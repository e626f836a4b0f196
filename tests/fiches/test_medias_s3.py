"""Uploaded files in a store of S3's protocol: the same addresses, the same rights, parts that cost a part."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from labacces.env import env_s3
from labacces.panne import is_passing
from tests.factories.ressources import RessourceFactory

URL = "https://CLE:se%2Fcret@s3.exemple.bzh/labacces?region=fr-par"
SON = bytes(range(256)) * 100


@pytest.fixture
def depot(monkeypatch, settings):
    """An empty bucket, named by a setting as an operator writes it."""
    pytest.importorskip("storages")
    moto = pytest.importorskip("moto")
    boto3 = pytest.importorskip("boto3")
    monkeypatch.setenv("MOTO_S3_CUSTOM_ENDPOINTS", "https://s3.exemple.bzh")
    monkeypatch.setenv("MEDIA_URL_S3", URL)
    with moto.mock_aws():
        found = env_s3("MEDIA_URL_S3")
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": "socle.medias.s3.MediasS3", "OPTIONS": found},
        }
        names = {"aws_access_key_id": "CLE", "aws_secret_access_key": "s", "region_name": "fr-par"}
        client = boto3.client("s3", endpoint_url="https://s3.exemple.bzh", **names)
        client.create_bucket(Bucket="labacces", CreateBucketConfiguration={"LocationConstraint": "fr-par"})
        yield client


def test_the_setting_is_read_and_a_wrong_one_shows_no_secret(monkeypatch):
    pytest.importorskip("storages")
    monkeypatch.setenv("MEDIA_URL_S3", URL)
    found = env_s3("MEDIA_URL_S3")
    assert (found["endpoint_url"], found["bucket_name"]) == ("https://s3.exemple.bzh", "labacces")
    assert (found["access_key"], found["secret_key"], found["region_name"]) == ("CLE", "se/cret", "fr-par")
    for wrong in ("s3://CLE:secret@seau", "https://CLE:secret@serveur", "https://serveur/seau"):
        monkeypatch.setenv("MEDIA_URL_S3", wrong)
        with pytest.raises(ImproperlyConfigured) as refused:
            env_s3("MEDIA_URL_S3")
        assert "secret@" not in str(refused.value)
    monkeypatch.setenv("MEDIA_URL_S3", "")
    assert env_s3("MEDIA_URL_S3") == {}


@pytest.mark.long
def test_a_file_is_kept_there_under_a_name_of_its_own_and_served_here(depot):
    nom = default_storage.save("ressources/été.mp3", ContentFile(SON))
    other = default_storage.save("ressources/été.mp3", ContentFile(b"autre"))
    assert nom != other
    assert default_storage.url(nom) == "/media/ressources/%C3%A9t%C3%A9.mp3"
    assert {one["Key"] for one in depot.list_objects(Bucket="labacces")["Contents"]} == {nom, other}
    with default_storage.open(nom) as file:
        assert b"".join(file.chunks(1000)) == SON
        assert file.size == len(SON)
    default_storage.delete(other)
    assert not default_storage.exists(other)
    with pytest.raises(FileNotFoundError):
        default_storage.open(other)


@pytest.mark.long
@pytest.mark.django_db
def test_the_public_reads_what_is_public_by_parts(depot, client, monkeypatch):
    fiche = RessourceFactory(fichier=ContentFile(SON, name="un.mp3"))
    address = fiche.fichier.url
    whole = client.get(address)
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, SON)
    part = client.get(address, headers={"range": "bytes=300-309"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, SON[300:310])
    assert client.get(address, headers={"if-none-match": whole["ETag"]}).status_code == 304
    fiche.statut = "brouillon"
    fiche.save()
    assert client.get(address).status_code == 404


def test_a_store_that_does_not_answer_passes():
    exceptions = pytest.importorskip("botocore.exceptions")
    assert is_passing(exceptions.EndpointConnectionError(endpoint_url="https://s3.exemple.bzh"))
    assert not is_passing(exceptions.ClientError({"Error": {"Code": "403"}}, "HeadObject"))
