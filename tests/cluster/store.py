"""SeaweedFS as the object store: it checks signatures and expiry, as a store in service does."""

import json
import sys
from contextlib import suppress
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from qingchun.ground.s3 import WAITS
from tests.cluster.processes import Process, answers, free_port

KEY, SECRET, BUCKET = "qckey", "qcsecret-0123456789", "qingchun"


class ObjectStore:
    """A context manager: a store below ``folder`` with one empty bucket."""

    def __init__(self, folder):
        self.folder = Path(folder) / "weed"
        (self.folder / "data").mkdir(parents=True)
        self._choose()

    def _choose(self):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        """A port that was free a moment ago may be taken by now: it is begun anew, twice at most."""
        for tries_left in (2, 1, 0):
            try:
                self._start()
                break
            except RuntimeError:
                self.process.kill()
                if not tries_left:
                    raise
                self._choose()
        return self

    def _start(self):
        may = {"accessKey": KEY, "secretKey": SECRET}
        who = {"name": "q", "credentials": [may], "actions": ["Admin", "Read", "Write", "List"]}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [who]}))
        ports = [
            f"-{part}.port{kind}={free_port()}"
            for part in ("master", "volume", "filer")
            for kind in ("", ".grpc")
        ]
        command = [
            Path(sys.prefix) / "bin/weed", "server", f"-dir={self.folder / 'data'}",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *ports, "-filer", "-s3", f"-s3.port={self.port}",
            f"-s3.port.grpc={free_port()}", "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-s3.config={self.folder / 's3.json'}", "-master.telemetry=false", "-volume.max=20",
            "-master.volumeSizeLimitMB=256",
        ]  # fmt: skip
        self.process = Process("weed", self.folder, command).start()
        self.process.wait_for(lambda: answers(self.port) and self._has_bucket())

    def _has_bucket(self):
        with suppress(BotoCoreError, ClientError):
            self.client().create_bucket(Bucket=BUCKET)
            self.client().put_object(Bucket=BUCKET, Key="first", Body=b"1")
            self.client().delete_object(Bucket=BUCKET, Key="first")
            return True
        return False

    def client(self):
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id=KEY,
            aws_secret_access_key=SECRET, config=WAITS,
        )  # fmt: skip

    def names(self):
        return {
            one["Key"] for one in self.client().list_objects_v2(Bucket=BUCKET).get("Contents", ())
        }

    @property
    def options(self):
        """As ``STORAGES`` takes them."""
        return {
            "bucket_name": BUCKET, "endpoint_url": self.endpoint, "access_key": KEY,
            "secret_key": SECRET, "region_name": "us-east-1",
        }  # fmt: skip

    @property
    def env(self):
        return {
            "S3_ENDPOINT": self.endpoint, "S3_BUCKET": BUCKET, "S3_KEY": KEY, "S3_SECRET": SECRET
        }  # fmt: skip

    def __exit__(self, *_):
        self.process.stop()
