"""Redis with time limits: a silent server costs one second once, then is left alone until it answers."""

import redis
from django.conf import settings
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

from labacces.auxiliaire import ServeurAuxiliaire

BOUNDS = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def _ask() -> None:
    with redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], **BOUNDS) as one:
        one.ping()


SERVEUR = ServeurAuxiliaire("Redis", "chaque processus compte pour soi", _ask)


class RedisBorne(redis.Redis):
    def execute_command(self, *args, **options):
        if SERVEUR.away:
            raise redis.ConnectionError("Redis est laissé de côté.")
        try:
            return super().execute_command(*args, **options)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            SERVEUR.leave(error)
            raise


class Client(RedisCacheClient):
    def __init__(self, servers, **options):
        super().__init__(servers, **options, **BOUNDS)
        self._client = RedisBorne


class Cache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = Client
