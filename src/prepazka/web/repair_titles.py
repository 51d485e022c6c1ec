"""What repairs of messages are called in the administration; each with an example, as its row has it."""

from django.utils.translation import gettext_lazy as _

from prepazka.sms.understand.repairs import REPAIRS

TITLES = {
    "homoglyphs": _("Písmena jiné abecedy, která vypadají jako latinka"),
    "courtesy": _("Oslovení, prosba nebo podpis"),
    "soonest": _("Co nejdřív, kdykoli"),
    "separators": _("Jiné oddělovače místo mezer"),
    "command_grown_together": _("Povel bez mezery"),
    "command_inflected": _("Povel jiným slovem"),
    "persons_before_service": _("Počet osob před zkratkou"),
    "words_before_service": _("Slova před zkratkou"),
    "service_synonym": _("Jiné slovo místo zkratky"),
    "time_spaced": _("Mezery v čase"),
    "time_full_stop": _("Tečka za časem"),
    "time_preposition_grown": _("Předložka bez mezery"),
    "time_hour_and_minutes": _("Hodiny a minuty zvlášť"),
    "code_parted": _("Kód po skupinách číslic"),
    "date_year_first": _("Datum od roku"),
    "date_roman_month": _("Měsíc římskou číslicí"),
    "date_roman_month_unstopped": _("Měsíc římskou číslicí bez tečky"),
    "date_month_in_words": _("Měsíc slovem"),
    "date_and_time_parted": _("Datum a čas spojené"),
    "date_separator": _("Jiný oddělovač v datu"),
    "command_not_first": _("Povel až dál ve zprávě"),
    "command_asked": _("Prosba místo povelu"),
    "command_left_out": _("Chybějící povel"),
    "service_not_first": _("Činnost až za dnem nebo jménem"),
    "command_mistyped": _("Překlep v povelu"),
    "service_by_title": _("Činnost slovem ze svého názvu"),
    "service_behind_values": _("Zkratka až za dnem"),
    "service_mistyped": _("Překlep ve zkratce"),
    "date_separator_alone": _("Jiný oddělovač v datu bez času"),
    "time_last_hour": _("Hodina na konci zprávy"),
    "time_ordinal": _("Hodina řadovou číslovkou"),
    "time_in_words": _("Čas slovy"),
    "time_half_of_day": _("Ráno, odpoledne, večer"),
    "free_times_of_half_day": _("Volné časy části dne"),
    "time_word_of_hour": _("Slovo „hodin“ v jiném jazyce"),
    "time_grown_to_a_word": _("Čas spojený se jménem"),
    "time_apart": _("Čas s mezerou místo dvojtečky"),
    "time_other_sign": _("Jiné znaménko v čase"),
    "time_three_digits": _("Čas bez dvojtečky"),
    "date_month_first": _("Měsíc před dnem"),
    "date_year_first_bare": _("Datum od roku, bez oddělovačů"),
    "weekday_behind_date": _("Den v týdnu až za datem"),
    "day_in_several_words": _("Den o více slovech v jiném jazyce"),
    "date_in_words": _("Datum slovy"),
    "day_in_another_language": _("Den v jiném jazyce"),
    "day_mistyped": _("Překlep ve dni"),
    "persons_in_words": _("Počet osob slovy"),
    "phone_number": _("Telefonní číslo navíc"),
    "birth": _("Datum narození nebo rodné číslo navíc"),
    "name_repeated": _("Jméno dvakrát"),
    "title_in_parts": _("Titul s mezerou nebo tečkou uvnitř"),
    "companions": _("Kdo přijde s dotyčným"),
    "whole_mark": _("Značka celé zprávy"),
    "part_mark": _("Značka části zprávy"),
    "labels": _("Popisky u údajů"),
    "other_words": _("Slova navíc"),
}

_READ_OTHERWISE = {
    "about": _("Přibližný čas nebo část dne"),
    "after": _("Po určité hodině"),
    "cancel_wish": _("Přání zrušit vlastními slovy"),
    "opening": _("Otázka na otevírací dobu nebo volné časy"),
}
"""What is read by no repair, and noted beside them."""

_EXAMPLES = {repair.name: repair.examples[0][0] for repair in REPAIRS}


def repair_title(name: str) -> str:
    """Return what a repair is called; its own name for one that this version does not have any more."""
    return str(TITLES.get(name) or _READ_OTHERWISE.get(name) or name)


def repair_example(name: str) -> str:
    """Return a message that needs the repair; "" for one that this version does not have any more."""
    return _EXAMPLES.get(name, "")
