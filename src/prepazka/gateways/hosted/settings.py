"""The settings of an account at a provider."""

import tomllib
from functools import cached_property
from typing import Self

from pydantic import ConfigDict, Field, SecretStr, ValidationError, model_validator

from prepazka.gateways import places
from prepazka.gateways.callers import Networks, parse_networks
from prepazka.gateways.hosted.profile import Profile, builtin_profiles, parse_profile
from prepazka.gateways.places import Place
from prepazka.gateways.settings import GatewaySettings


class HostedSettings(GatewaySettings):
    """A built-in profile or a custom description, and the secrets of the two sides."""

    model_config = ConfigDict(extra="forbid")

    profile: str = Field(
        default="",
        title="Poskytovatel",
        description=f"Hotový profil: {', '.join(builtin_profiles())}. Prázdné: podle vlastního popisu rozhraní.",
    )
    definition: str = Field(
        default="",
        title="Vlastní popis rozhraní",
        description="Text ve formátu TOML podle docs/gateways.md; jen není-li vybrán poskytovatel.",
        json_schema_extra={"format": "textarea"},
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        title="Tajný klíč pro příchozí volání",
        description="Čím poskytovatel prokáže, že volá on. Kde klíč uvede, říká profil; obvykle na konci "
        "adresy: https://…/gateways/NÁZEV/KLÍČ. Vlastní má nejméně 16 znaků.",
    )
    addresses: str = Field(
        default="",
        title="Povolené adresy",
        description="Odkud smí poskytovatel volat, oddělené čárkou, například 192.0.2.0/24, 2001:db8::/32. "
        "Prázdné pole: odkudkoli, s platným tajným klíčem.",
    )
    url: str = Field(
        default="",
        pattern="^(https?://.*)?$",
        title="Adresa k odesílání",
        description="Jen je-li jiná než v profilu; u zařízení ve vlastní síti a u poskytovatele s vlastní adresou "
        "účtu její začátek, například http://192.168.1.1.",
    )
    key: SecretStr = Field(
        default=SecretStr(""), title="Klíč k odesílání", description="API klíč nebo token od poskytovatele."
    )
    username: str = Field(default="", title="Jméno k odesílání", description="Chce-li je poskytovatel místo klíče.")
    password: SecretStr = Field(default=SecretStr(""), title="Heslo k odesílání", description="Ke jménu k odesílání.")
    account: str = Field(
        default="",
        max_length=100,
        title="Číslo účtu, kanálu nebo modemu",
        description="Chce-li ho profil vedle jména; co to je, říká tabulka profilů v docs/gateways.md.",
    )
    public_url: str = Field(
        default="",
        pattern="^(https?://.*)?$",
        title="Naše adresa u poskytovatele",
        description="Celá adresa, na kterou poskytovatel volá, přesně jak je u něj nastavená; jen pro poskytovatele, "
        "kteří ji podepisují.",
    )
    poll_seconds: int = Field(
        default=15,
        ge=1,
        le=3600,
        title="Dotaz každých (s)",
        description="Jak často se ptát na nové zprávy poskytovatele, který je sám nepředává.",
    )
    start_at: str = Field(
        default="",
        max_length=200,
        title="Číst od místa",
        description="Od kterého místa seznamu číst, začal-li ho poskytovatel číslovat znovu. Prázdné pole: dál, "
        "kde se skončilo.",
    )
    per_minute: int | None = Field(
        default=None,
        ge=1,
        le=6000,
        title="Nejvýše zpráv za minutu",
        description="Kolik SMS (dílů) za minutu poskytovatel dovolí. Prázdné pole: bez omezení.",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.profile) == bool(self.definition):
            raise ValueError("fill in either profile or definition")
        if self.profile and self.profile not in builtin_profiles():
            raise ValueError(f"profile: there is none of this name; there are: {', '.join(builtin_profiles())}")
        self._check_account()
        calls = self.described.calls
        if calls is not None:
            self._check_calls(calls.proof, calls.signature is not None and "{url}" in calls.signature.signed)
        return self

    def _check_calls(self, proof: str, signs_address: bool) -> None:
        networks, secret = self.networks, self.secret.get_secret_value()
        if proof == "address" and not networks:
            raise ValueError("addresses: without a secret a call is known by its address alone, so name it")
        ours = proof == "path" or proof.startswith(("query:", "header:"))  # the provider chooses the others
        if proof != "address" and len(secret) < (16 if ours else 1):
            raise ValueError(
                "secret: fill it in, your own has at least 16 characters; otherwise anybody could hand in messages"
            )
        if proof == "basic" and ":" not in secret:
            raise ValueError("secret: it has the form name:password")
        if signs_address and not self.public_url:
            raise ValueError("public_url: fill it in, the provider signs it")

    def _check_account(self) -> None:
        """Refuse settings without what the requests need. Raises: ValueError."""
        if self.described.uses("base") and not self.base:
            raise ValueError("url: fill in the beginning of the address, such as http://192.168.1.1")
        if self.described.uses("account") and not self.account:
            raise ValueError("account: fill it in, the profile needs it")

    @property
    def base(self) -> str:
        """What {base} stands for in addresses."""
        return (self.url or self.described.base).rstrip("/")

    @property
    def place(self) -> Place | None:
        """The inbox of a peer that is asked, whose messages are deleted once they were read; None where it calls."""
        described = self.described
        if not described.fetch:
            return None
        account = self.account if described.uses("account") else ""
        if described.uses("base"):
            return Place(self.address_setting, (places.address(self.base), account))
        asked = tuple(places.address(fetch.url) for fetch in described.fetch)
        return Place("username", ("|".join(asked), self.username, self.key.get_secret_value(), account))

    @property
    def address_setting(self) -> str:
        """The setting that says where the provider is asked."""
        return "url" if self.described.uses("base") else "definition" if self.definition else "profile"

    @cached_property
    def described(self) -> Profile:
        """The description of the provider's interface. Raises: ValueError saying what is wrong with it."""
        try:
            profile = builtin_profiles()[self.profile] if self.profile else parse_profile(self.definition)
            if self.url and profile.send is not None and not profile.uses("base"):
                profile = profile.model_copy(update={"send": profile.send.model_copy(update={"url": self.url})})
            return profile
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"definition: is no TOML: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ValueError(f"definition: {where}: {first['msg'].removeprefix('Value error, ')}") from None

    @cached_property
    def networks(self) -> Networks:
        """The networks it may call from; () for any. Raises: ValueError naming an invalid one."""
        try:
            return parse_networks(self.addresses)
        except ValueError as error:
            raise ValueError(f"addresses: {error}") from None
