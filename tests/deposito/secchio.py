"""An S3-compatible service on this machine, with a bucket, and the portal that keeps its documents there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from campagne.impianto import porta_libera

CHIAVE, SEGRETO, REGIONE = "prova", "prova-segreta", "eu-south-1"


@pytest.fixture(scope="module")
def servente_s3() -> Iterator[str]:
    porta = porta_libera()
    servente = ThreadedMotoServer(ip_address="127.0.0.1", port=porta, verbose=False)
    servente.start()
    yield f"http://127.0.0.1:{porta}"
    servente.stop()


def cliente(punto: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=punto, aws_access_key_id=CHIAVE, aws_secret_access_key=SEGRETO, region_name=REGIONE
    )


@pytest.fixture
def secchio(servente_s3: str, settings: Settings) -> str:
    """A new bucket, which is the document store until the test ends; the folder of before cannot be used."""
    nome = f"portale-{uuid.uuid4().hex}"
    cliente(servente_s3).create_bucket(Bucket=nome, CreateBucketConfiguration={"LocationConstraint": REGIONE})
    settings.MEDIA_ROOT = "/dev/null/nessuna-cartella"
    opzioni = {
        "bucket_name": nome,
        "endpoint_url": servente_s3,
        "region_name": REGIONE,
        "access_key": CHIAVE,
        "secret_key": SEGRETO,
        "location": "portale",
        "addressing_style": "path",
    }
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "registro.deposito.DepositoS3", "OPTIONS": opzioni}}
    return nome


def tutti(cartella: str = "") -> list[str]:
    """The names of all that is in the store, below a folder."""
    cartelle, file = default_storage.listdir(cartella)
    prefisso = f"{cartella}/" if cartella else ""
    return sorted(
        [f"{prefisso}{nome}" for nome in file] + [nome for dentro in cartelle for nome in tutti(f"{prefisso}{dentro}")]
    )
