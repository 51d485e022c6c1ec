"""The settings of an SMPP account."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints

from prepazka.gateways import places
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings

Short = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]*$")]
"""Printable ASCII without spaces."""


def _ascii(secret: SecretStr) -> SecretStr:
    if not (secret.get_secret_value().isascii() and secret.get_secret_value().isprintable()):
        raise ValueError("may hold ASCII characters only")
    return secret


Seconds = Annotated[float, Field(gt=0, le=3600)]
Octet = Annotated[int, Field(ge=0, le=255)]


def _journal() -> str:
    return str(Path(os.environ.get("PREPAZKA_STATE", "var")) / "smpp.sqlite3")


class SmppSettings(GatewaySettings):
    """An account at an SMSC and the SMSC's peculiarities; the defaults suit most."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Short = Field(min_length=1, title="Adresa SMSC", description="Jméno nebo IP adresa, kterou sdělil operátor.")
    port: int = Field(default=2775, ge=1, le=65535, title="Port", description="Obvykle 2775, s TLS často 3550.")
    tls: bool = Field(default=False, title="Šifrovat (TLS)", description="Certifikát protistrany se vždy ověřuje.")
    ca_file: str = Field(
        default="",
        title="Soubor s certifikátem autority",
        description="PEM. Prázdné pole: autority, kterým důvěřuje tento počítač.",
    )
    system_id: Short = Field(min_length=1, max_length=15, title="Jméno účtu (system_id)", description="Od operátora.")
    password: Annotated[SecretStr, AfterValidator(_ascii)] = Field(
        max_length=64, title="Heslo", description="Od operátora. SMPP 3.4 zná nejvýše 8 znaků, některé SMSC víc."
    )
    system_type: Short = Field(
        default="", max_length=12, title="Typ systému (system_type)", description="Jen když ho operátor požaduje."
    )
    address_range: Short = Field(
        default="",
        max_length=40,
        title="Rozsah čísel (address_range)",
        description="Jen když ho operátor požaduje: čísla, jejichž zprávy chce toto spojení.",
    )
    service_type: Short = Field(
        default="", max_length=5, title="Typ služby (service_type)", description="Jen když ho operátor požaduje."
    )
    bind: Literal["transceiver", "pair"] = Field(
        default="transceiver",
        title="Spojení",
        description="transceiver: jedno pro oba směry; pair: jedno pro odesílání a druhé pro příjem.",
    )
    binds: int = Field(
        default=1,
        ge=1,
        le=10,
        title="Počet spojení",
        description="Kolik spojení (dvojic spojení) účet smí mít zároveň; každá zpráva odejde jedním z nich.",
    )
    source_address: Short = Field(
        default="",
        max_length=20,
        title="Číslo odesílatele",
        description="Jak ho operátor žádá, třeba zkrácené. Prázdné pole: číslo úřadu.",
    )
    source_ton: Octet = Field(default=1, title="TON odesílatele", description="1 mezinárodní, 5 jméno, 6 zkrácené.")
    source_npi: Octet = Field(default=1, title="NPI odesílatele", description="1 pro telefonní čísla, 0 pro jméno.")
    dest_ton: Octet = Field(default=1, title="TON příjemce", description="1 mezinárodní.")
    dest_npi: Octet = Field(default=1, title="NPI příjemce", description="1 pro telefonní čísla.")
    alphabet: Literal["gsm", "gsm_packed", "latin1"] = Field(
        default="gsm",
        title="Výchozí abeceda SMSC (data_coding 0)",
        description="gsm: GSM 03.38, znak na oktet; gsm_packed: sedmibitově sbalená; latin1: ISO 8859-1.",
    )
    validity: bool = Field(
        default=True,
        title="Posílat dobu platnosti",
        description="Po ní síť zprávu už nedoručuje. Vypněte jen, když ji operátor odmítá.",
    )
    receipts: bool = Field(default=True, title="Žádat doručenky", description="Vypněte jen, když je operátor neumí.")
    message_ids: Literal["same", "hex_then_decimal", "decimal_then_hex"] = Field(
        default="same",
        title="Zápis identifikátorů",
        description="Některé SMSC píší totéž číslo v odpovědi šestnáctkově a v doručence desítkově, nebo naopak.",
    )
    window: int = Field(
        default=10, ge=1, le=1000, title="Okno", description="Kolik zpráv smí čekat na odpověď SMSC zároveň."
    )
    per_minute: int | None = Field(
        default=None, ge=1, title="Nejvýše SMS za minutu", description="Prázdné pole: bez omezení."
    )
    enquire_every: Seconds = Field(
        default=30, title="Ověřovat spojení po (s)", description="Jak dlouhé ticho se ověří dotazem enquire_link."
    )
    response_timeout: Seconds = Field(
        default=60,
        title="Čekat na odpověď (s)",
        description="Po této době bez odpovědi se spojení ověří a zpráva je v nejistotě, dokud odpověď nepřijde.",
    )
    connect_timeout: Seconds = Field(default=10, title="Čekat na spojení (s)", description="TCP i TLS dohromady.")
    retry_first: Seconds = Field(
        default=1, title="První opakování spojení po (s)", description="Každá další prodleva je dvojnásobná."
    )
    retry_most: Seconds = Field(
        default=60, title="Opakovat spojení nejdéle po (s)", description="Nejdelší prodleva mezi pokusy."
    )
    resent_after: Seconds = Field(
        default=3,
        title="SMSC opakuje nejdříve po (s)",
        description="Stejná zpráva po této době bez našeho potvrzení je opakování od SMSC, dříve nová zpráva.",
    )
    resent_within: Seconds = Field(
        default=60,
        title="SMSC opakuje nejpozději po (s)",
        description="Jak dlouho po novém spojení doručí znovu to, čeho potvrzení se mohlo ztratit s minulým.",
    )
    journal: str = Field(
        default_factory=_journal,
        title="Soubor deníku",
        description="Soubor SQLite, podle kterého se po pádu pozná opakované doručení. Prázdné pole: jen v paměti.",
    )

    @property
    def place(self) -> Place:
        """The account: an SMSC gives each message to one of its binds, unless they ask for other numbers."""
        return Place("system_id", (places.host(self.host), str(self.port), self.system_id, self.address_range))
