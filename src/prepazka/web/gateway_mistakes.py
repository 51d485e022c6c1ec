"""Mistakes in the settings of gateways in the words of a page; gateways and the command line say them in English."""

from django.utils.translation import gettext_lazy as _

_ZONE = _("není časové pásmo, jako Europe/Prague nebo UTC")

WORDS = {
    "is no time zone, such as Europe/Prague or UTC": _ZONE,
    "may hold ASCII characters only": _("smí obsahovat jen znaky ASCII"),
    "an address begins with http:// or https://": _("adresa začíná http:// nebo https://"),
    "through a server, fill in device, or set replay_hours to 0": _(
        "přes server vyplňte device, nebo nastavte replay_hours na 0"
    ),
    "secret: at least 16 letters without accents, and digits": _(
        "secret: nejméně 16 písmen bez háčků a čárek a číslic"
    ),
    "fill in either profile or definition": _("vyplňte buď profile, nebo definition"),
    "profile: there is none of this name": _("profile: takový není; jsou vypsané u tohoto pole"),
    "addresses: without a secret a call is known by its address alone, so name it": _(
        "addresses: bez tajného klíče se volání pozná jen podle adresy, uveďte ji"
    ),
    "secret: fill it in, your own has at least 16 characters; otherwise anybody could hand in messages": _(
        "secret: vyplňte ho, vlastní má nejméně 16 znaků; jinak by zprávy mohl předat kdokoli"
    ),
    "secret: it has the form name:password": _("secret: má tvar jméno:heslo"),
    "public_url: fill it in, the provider signs it": _("public_url: vyplňte ji, poskytovatel ji podepisuje"),
    "url: fill in the beginning of the address, such as http://192.168.1.1": _(
        "url: vyplňte začátek adresy, například http://192.168.1.1"
    ),
    "account: fill it in, the profile needs it": _("account: vyplňte ho, profil ho potřebuje"),
}
"""By what the settings of a kind say (`gateways/*/settings.py`)."""


def describe(said: str) -> str:
    """Return a mistake in words; one that is not known here as it was said. What there is stands at the field."""
    return str(WORDS.get(said.partition("; there are: ")[0], said))
