"""Files in a store that speaks S3. Its library is large: only who has such a store reads this."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from tempfile import SpooledTemporaryFile
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from qingchun.ground.stores import Away, Fresh, NoRoom

IN_MEMORY = 8_000_000  # bytes of one file that is read; what is larger waits on the disk
PART = 16_000_000  # bytes of a file that is sent at once
SIGNED_FOR = 60  # seconds until nginx must have begun to fetch it
WAITS = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"mode": "standard", "max_attempts": 3},
    max_pool_connections=16,
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Stores other than Amazon's need not know its checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@cache
def _client(process: int, endpoint: str, region: str, key: str, secret: str) -> Any:
    """One a process: a client may be shared by threads, and making one costs half a second."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=WAITS,
    )


@contextmanager
def _asked(name: str) -> Iterator[None]:
    """Raises: FileNotFoundError for what is not there, ``Away`` for all else."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"].get("HTTPStatusCode") == 404:
            raise FileNotFoundError(name) from None
        raise Away from error
    except (BotoCoreError, OSError) as error:
        raise Away from error


class Store(Fresh, S3Storage):
    """django-storages' own, which names things and knows their kinds, with one client a process."""

    @property
    def client(self) -> Any:
        return _client(
            os.getpid(), self.endpoint_url, self.region_name, self.access_key, self.secret_key
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole file, read in one request: it may be sought in, and holds no connection."""
        body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 closed by whoever opened it
        try:
            with _asked(name):
                answer = self.client.get_object(Bucket=self.bucket_name, Key=self._key(name))
                shutil.copyfileobj(answer["Body"], body, 1 << 20)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return File(body, name)

    def some(self, name: str, first: int, last: int) -> bytes:
        with _asked(name):
            part = {"Range": f"bytes={first}-{last}"}
            asked = self.client.get_object(Bucket=self.bucket_name, Key=self._key(name), **part)
            return asked["Body"].read()

    def _save(self, name: str, content: File) -> str:
        more = self._get_write_parameters(self._key(name), content)
        # Two threads at most, and a file of one part by this one.
        parts = TransferConfig(PART, 2, PART, use_threads=(content.size or 0) > PART)
        content.seek(0)
        try:
            with _asked(name):
                self.client.upload_fileobj(
                    _Lent(content), self.bucket_name, self._key(name), more, Config=parts
                )
        except (Away, FileNotFoundError) as error:
            raise NoRoom from error
        return name

    def delete(self, name: str) -> None:
        with _asked(name), suppress(FileNotFoundError):
            self.client.delete_object(Bucket=self.bucket_name, Key=self._key(name))

    def exists(self, name: str) -> bool:
        try:
            with _asked(name):
                self.client.head_object(Bucket=self.bucket_name, Key=self._key(name))
            return True
        except FileNotFoundError:
            return False

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """(folders, files) right below, however many."""
        base = f"{self._key(path).rstrip('/')}/" if path.strip("/") else ""
        asked = {"Bucket": self.bucket_name, "Delimiter": "/", "Prefix": base}
        folders, files = [], []
        with _asked(path):
            for page in self.client.get_paginator("list_objects_v2").paginate(**asked):
                folders += [one["Prefix"][len(base) : -1] for one in page.get("CommonPrefixes", ())]
                files += [one["Key"][len(base) :] for one in page.get("Contents", ())]
        return folders, [name for name in files if name]

    def size(self, name: str) -> int:
        with _asked(name):
            found = self.client.head_object(Bucket=self.bucket_name, Key=self._key(name))
        return found["ContentLength"]

    def signed(self, name: str) -> str:
        """The address at which nginx may fetch it for a minute. Asks nobody."""
        asked = {"Bucket": self.bucket_name, "Key": self._key(name)}
        return self.client.generate_presigned_url("get_object", asked, ExpiresIn=SIGNED_FOR)

    def _key(self, name: str) -> str:
        return self._normalize_name(name)


class _Lent:
    """A file that is read and not closed: boto3 closes what it has sent."""

    def __init__(self, file: File) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell
        self.close = lambda: None
