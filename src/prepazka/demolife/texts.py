"""What the people of the demo's town write: bookings as they are documented, bookings with flaws, and all the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from prepazka.core.office.office import Service

QUESTIONS = (
    "POMOC",
    "HELP ZKR",
    "TERMIN {code} {day}",
    "MOJE",
    "STAV {code}",
    "CO {code}",
    "INFO",
    "volno {code} {day}?",
    "Dobrý den, máte zítra otevřeno?",
)
"""Messages that the office answers by itself."""

SENTENCES = (
    "Dobrý den, může si pas vyzvednout i babička?",
    "Kolik stojí nový pas?",
    "Ztratila jsem občanku, co mám teď dělat?",
    "Prosím vás dá se u úřadu zaparkovat, tatínek špatně chodí",
    "Musím jít s dcerou i já nebo stačí manžel?",
    "Vezmete platbu kartou?",
    "Už je hotový ten pas pro Terezku?",
    "Chtěla bych se stížností na paní u okénka, čekala jsem hodinu",
    "Je u vás výtah? Jsem na vozíku.",
    "Nejde mi ta SMS, zavolejte mi prosím",
    "Potřebuju ověřit podpis na smlouvu o autě, kam mám jít?",
    "Do kdy si musím vyměnit občanku, když se vdávám v září?",
)
"""Messages that only a clerk can answer."""

ANSWERS = (
    "Dobrý den, bez obav přijďte kdykoli v otevírací době, u vchodu vám poradíme.",
    "Dobrý den, platit lze hotově i kartou, parkovat můžete na náměstí.",
    "Dobrý den, zavoláme vám zítra dopoledne.",
)
"""What the simulated clerks write back."""

# Words that no service has, and that more than one person tries: what the page of unknown words is for.
UNKNOWN_SERVICES = ("ridicak", "ridicak", "pes", "svatba", "kolek", "matrika", "ověření", "ověření")

_CANCELLING = ("Chci zrušit objednávku", "nemůžu přijít, zrušte to prosím", "STORNO", "storno {code}")

_FLAWED = (
    "obj {code} {day}.{month}. v {hour}:{minute:02} {name}",
    "OBJ{code} {day}.{month}. {hour}:{minute:02} {name}",
    "OBJ {code} {day}.{month}.{hour}:{minute:02} {name}",
    "Dobrý den, prosím o objednání OBJ {code} {day}.{month}. {hour}:{minute:02} {name} děkuji",
    "OBK {code} {day}.{month}. {hour}:{minute:02} {name}",
    "OBJ {code} {day}. {in_words} {hour}.{minute:02} {name}",
    "OBJ {synonym} {day}.{month}. {hour}:{minute:02} {name}",
    "chci se objednat na {synonym} {day}.{month}. {hour}:{minute:02} {name}",
    "OBJ {code} {day}.{month}. {hour}:{minute:02}",
    "OBJ {unknown} {day}.{month}. {hour}:{minute:02} {name}",
    "{code} {day}.{month}. {hour}:{minute:02} {name}",
    "Dobrý den, chtěla bych přijít {day}. {in_words} kvůli {unknown}, {name}",
)
_MONTHS = (
    "ledna", "února", "března", "dubna", "května", "června", "července", "srpna", "září", "října", "listopadu",
    "prosince",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A message, and the right one its sender writes once they are told what was wrong."""

    text: str
    right: str


def write_booking(random: Random, service: Service, local: datetime, name: str) -> Written:
    """Return the message of somebody who books this start on the office's clock; of three, one has a flaw."""
    right = f"OBJ {service.code} {local.day}.{local.month}. {local.hour}:{local.minute:02} {name.upper()}"
    if random.random() > 0.35:
        return Written(right, right)
    flawed = random.choice(_FLAWED).format(
        code=service.code,
        synonym=random.choice(service.synonyms or (service.code,)),
        unknown=random.choice(UNKNOWN_SERVICES),
        day=local.day,
        month=local.month,
        in_words=_MONTHS[local.month - 1],
        hour=local.hour,
        minute=local.minute,
        name=name,
    )
    return Written(flawed, right)


def write_cancellation(random: Random, code: str, day: str) -> Written:
    """Return the message of somebody who cancels; of two, one does not know how."""
    right = f"STORNO {code} {day}"
    return Written(right if random.random() < 0.5 else random.choice(_CANCELLING).format(code=code), right)


def write_question(random: Random, codes: Sequence[str], day: str) -> str:
    """Return a message that books nothing; most are for a clerk to read."""
    if random.random() < 0.45:
        return random.choice(QUESTIONS).format(code=random.choice(codes), day=day)
    return random.choice(SENTENCES)
