"""Messages that pages teach, with the values of one booking or day, in the language of the page."""

from datetime import date

from prepazka.web.titles import language_of_page


def cancel_message(code: str, day: date) -> str:
    """Return the message that cancels a booking: `STORNO 482913 10.8.`."""
    return language_of_page().forms["cancel"].format(code=code, date=_short(day))


def watch_message(service: str, day: date) -> str:
    """Return the message that joins the waiting list of a day: `HLIDEJ ZOP 10.8.`."""
    return language_of_page().forms["watch"].format(service=service, date=_short(day))


def persons_message(service: str) -> str:
    """Return the message that books the soonest time for two persons: `OBJ ZOP 2X PRIJMENI`."""
    return language_of_page().forms["soonest_persons"].format(service=service, persons=2, name=name_hole())


def name_hole() -> str:
    """Return the word that stands for the sender's name in messages that are taught: `PRIJMENI`."""
    return language_of_page().words.holes["name"][0]


def code_hole() -> str:
    """Return the word that stands for an access code in messages that are taught: `KOD`."""
    return language_of_page().words.holes["code"][0]


def mine_message() -> str:
    """Return the message that lists the sender's bookings: `MOJE`."""
    return language_of_page().forms["mine"]


def help_message() -> str:
    """Return the message that asks for help: `POMOC`."""
    return language_of_page().forms["help"]


def _short(day: date) -> str:
    return f"{day.day}.{day.month}."
