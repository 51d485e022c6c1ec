"""The mistakes of an office's configuration in Czech; every kind of the office file's mistakes has its own text."""

from collections.abc import Mapping
from difflib import get_close_matches

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prepazka.officefile import Problem
from prepazka.sms.own_words import WordProblem
from prepazka.sms.reply.answers import TEXTS
from prepazka.sms.reply.fit import TextProblem
from prepazka.sms.send_back.check import TaughtProblem
from prepazka.store import accounts
from prepazka.store.offices import OfficeError
from prepazka.web.placeholder_words import PLACEHOLDERS
from prepazka.web.titles import outcome_title

WORDS = {
    # one value
    "time": _("Napište čas jako 8:00."),
    "seconds": _("Napište čas bez sekund, jako 8:00."),
    "date": _("Napište platné datum."),
    "break": _("Napište přestávku jako 11.30–12.30; více přestávek oddělte čárkou."),
    "time_zone": _("Takové časové pásmo neznáme; v Česku je to Europe/Prague."),
    "country": _("Svátky této země neznáme. Napište její zkratku, například CZ, nebo nechte pole prázdné."),
    "number": _("To není telefonní číslo. Napište je například jako 739 547 765 nebo +420 739 547 765."),
    "emergency": _("Na tomto čísle lidé volají o pomoc, úřad ho mít nemůže. Zkontrolujte prosím, co jste napsali."),
    "address_taken": _("Tuto adresu potřebuje systém. Zvolte jinou."),
    "slug": _("Použijte nejvýše 40 malých písmen bez háčků a čárek, číslic a spojovníků, například muj-urad."),
    "control_character": _("Text obsahuje znak, který není vidět. Napište ho prosím znovu."),
    "service_code": _("Zkratka má 2 až 10 písmen nebo číslic bez háčků a čárek a začíná písmenem, například ZOP."),
    "one_line": _("Napište to do jednoho řádku."),
    "synonym": _("Slova pište z písmen a číslic, písmeno první, a oddělujte je čárkou, například občanka, OP."),
    "language": _("Takový jazyk neznáme."),
    "email": _("To není e-mailová adresa. Napište ji například jako podatelna@urad.example."),
    "printer": _("To není adresa tiskárny. Napište ji například jako 192.168.1.50 nebo 192.168.1.50:9100."),
    "origin": _("Napište adresu webu s https:// a bez cesty, například https://www.mesto.example."),
    "prefix": _("Použijte nejvýše dvě písmena bez háčků a čárek, například D."),
    "missing": _("Toto pole je potřeba vyplnit."),
    "string_too_short": _("Toto pole je potřeba vyplnit."),
    "string_too_long": _("Text je příliš dlouhý, může mít nejvýše %(max_length)s znaků."),
    "greater_than_equal": _("Nejmenší možná hodnota je %(ge)s."),
    "less_than_equal": _("Největší možná hodnota je %(le)s."),
    "int_type": _("Napište celé číslo."),
    "bool_type": _("Vyberte ano, nebo ne."),
    "too_short": _("Vyberte alespoň jednu možnost."),
    "greater_than": _("Hodnota musí být větší než %(gt)s."),
    "string_pattern_mismatch": _("Hodnota nemá správný tvar; vzor je u pole."),
    "literal_error": _("Vyberte jednu z možností."),
    "too_long": _("Víc jich úřad mít nemůže."),
    # of the form of an office file
    "toml": _("Soubor není v pořádku na řádku %(line)s (znak %(column)s): tak se hodnoty ani oddíly nepíšou."),
    "toml_end": _("Soubor končí uprostřed. Chybí mu uvozovka, závorka nebo hodnota."),
    "extra_forbidden": _("Takový klíč tu není. Napište: %(keys)s."),
    "string_type": _("Napište text, v souboru v uvozovkách."),
    "model_type": _("Tady má být oddíl s klíči."),
    "model_attributes_type": _("Tady má být oddíl s klíči."),
    "dict_type": _("Tady má být oddíl s klíči."),
    "list_type": _("Tady má být seznam v hranatých závorkách."),
    "tuple_type": _("Tady má být seznam v hranatých závorkách."),
    "int_from_float": _("Napište celé číslo."),
    "int_parsing": _("Napište celé číslo."),
    "int_parsing_size": _("Napište menší číslo."),
    "float_type": _("Napište číslo."),
    "float_parsing": _("Napište číslo."),
    "finite_number": _("Napište číslo."),
    "bool_parsing": _("Vyberte ano, nebo ne."),
    "less_than": _("Hodnota musí být menší než %(lt)s."),
    "network": _("Napište adresy nebo sítě oddělené čárkou, například 192.0.2.10, 198.51.100.0/24."),
    # several values together
    "repeated": _("Tatáž hodnota už je jinde. Zvolte jinou."),
    "unknown_agenda": _("Taková agenda v úřadu není."),
    "ends_before": _("Poslední den nesmí být dřív než první."),
    "closes_first": _("Konec musí být později než začátek."),
    "half_a_time": _("Vyplňte začátek i konec, nebo pro celé dny ani jedno."),
    "break_backwards": _("Přestávka končí dřív, než začíná."),
    "break_outside": _("Přestávka musí být uvnitř otevírací doby a nesmí se krýt s jinou."),
    "overlap": _("Hodiny se kryjí s jinými, které už jsou zadané pro stejný den. Upravte jedny, nebo druhé."),
    "reminders_end": _("Musí být později než začátek připomínání."),
    # mistakes that only the database can find
    "number_taken": _("Číslo %(number)s už patří jinému úřadu."),
    "unknown_gateway": _("Brána %(gateway)s tu není."),
    "booked": _(
        "Činnost %(service)s nelze smazat, jsou na ni objednávky (%(count)s). Nejdřív je zrušte "
        "na stránce Objednávky, nebo počkejte, až proběhnou."
    ),
    "agenda_booked": _(
        "Agendu nelze smazat, jsou v ní objednávky (%(count)s). Nejdřív je zrušte na stránce "
        "Objednávky, nebo počkejte, až proběhnou."
    ),
    "agenda_waiting": _(
        "Agendu %(agenda)s teď nelze smazat: čekají v ní dnešní lístky (%(count)s). Nejdřív je prosím vyřiďte."
    ),
    "counter_taken": _(
        "Nelze teď smazat „%(counter)s“: obsluhuje tam %(clerk)s. Nejdřív prosím přepážku zavřete na stránce Přepážka."
    ),
    "counter_waiting": _("Nelze teď smazat „%(counter)s“: patří k ní lístek %(ticket)s. Nejdřív ho prosím vyřiďte."),
}

WRONG_FORM = _("Hodnota nemá správný tvar. Opravte ji prosím.")
"""Of a kind that has no words of its own."""

TEXT_WORDS = {
    "brace": _("Složená závorka { nebo } stojí sama. Zástupné slovo se píše jako {name}."),
    "empty": _("Text je prázdný. Napište ho, nebo se vraťte k původnímu."),
    "format": _("U {%(subject)s} napište ve složených závorkách jen samotné zástupné slovo."),
    "unknown": _("Zástupné slovo {%(subject)s} tu neznáme. Povolená jsou %(allowed)s."),
    "unknown_near": _("Zástupné slovo {%(subject)s} tu neznáme. Mysleli jste {%(near)s}?"),
    "missing": _("Chybí zástupné slovo {%(subject)s} (%(meaning)s); odpověď je musí obsahovat. Doplňte je do textu."),
    "unsendable": _("Znak „%(subject)s“ nelze poslat v obyčejné SMS. Vynechte ho."),
    "too_long": _("S nejdelšími hodnotami zabere %(septets)s znaků, vejde se jich %(limit)s. Zkraťte ho o %(over)s."),
    "no_such_text": _("Takový text odpovědi neznáme."),
    "no_such_language": _("Tento jazyk neznáme."),
}

WORD_PROBLEMS = {
    "code_command": _("Zkratka %(word)s je ve zprávách povel. Zvolte jinou."),
    "code_day": _("Zkratka %(word)s znamená ve zprávách den. Zvolte jinou."),
    "code_time": _("Zkratka %(word)s stojí ve zprávách u dne nebo času. Zvolte jinou."),
    "code_hole": _("Zkratka %(word)s zastupuje ve vzorech zpráv jiný údaj. Zvolte jinou."),
    "synonym_command": _("„%(word)s“ je ve zprávách povel, nebo jím začíná. Zvolte jiné."),
    "synonym_day": _("Slovo „%(word)s“ znamená ve zprávách den. Zvolte jiné."),
    "synonym_time": _("Slovo „%(word)s“ znamená ve zprávách čas nebo stojí u dne a času. Zvolte jiné."),
    "synonym_hole": _("Slovo „%(word)s“ zastupuje ve vzorech zpráv jiný údaj. Zvolte jiné."),
    "synonym_repeated": _("Slovo „%(word)s“ už má jiná činnost, nebo je tu dvakrát. Nechte je jen u jedné."),
    "synonym_is_code": _("Slovo „%(word)s“ je zkratka činnosti. Vynechte je."),
    "no_such_language": _("Jazyk %(word)s neznáme."),
}
"""What is wrong with a code or a synonym."""


TAUGHT_PROBLEM = _(
    "Text učí lidi zprávu „%(sent)s“, ale kdo ji pošle, dostane odpověď „%(came)s“ a nestane se, co čeká."
)
TAUGHT_OTHERWISE = _("Text učí lidi zprávu „%(sent)s“, ale kdo ji pošle, objedná něco jiného, než sám chce.")
TAUGHT_INSTEAD = _("Místo ní napište na samostatný řádek %(instead)s.")
TAUGHT_NOTHING_INSTEAD = _("Vynechte ji.")
WORD_NOT_UNDERSTOOD = _(
    "Zpráva „%(sent)s“ by skončila odpovědí „%(came)s“. Zvolte místo „%(word)s“ jiné slovo, nebo jinou zkratku."
)


def describe_taught_problem(problem: TaughtProblem) -> str:
    """Return which message a text teaches in vain, or a service cannot be named by, and what to write instead."""
    values = {"sent": problem.sent, "came": outcome_title(problem.came), "word": problem.word}
    if not problem.text:
        return _fill(WORD_NOT_UNDERSTOOD, values)
    either = f" {gettext('nebo')} ".join(problem.instead)
    fix = _fill(TAUGHT_INSTEAD, {"instead": either}) if either else str(TAUGHT_NOTHING_INSTEAD)
    wrong = TAUGHT_OTHERWISE if problem.came == "booked" else TAUGHT_PROBLEM
    return f"{_fill(wrong, values)} {fix}"


def describe_word_problem(problem: WordProblem) -> str:
    """Return what is wrong with a code or a synonym."""
    return _fill(WORD_PROBLEMS[problem.kind], {"word": problem.word})


def describe_problem(problem: Problem | OfficeError) -> str:
    """Return the mistake in the language of the page; of a library's own sentences none is shown."""
    clerk = str(problem.values.get("clerk", ""))
    return describe_kind(problem.kind, {**problem.values, "clerk": accounts.called([clerk]).get(clerk, "")})


# docs/spec/administration.md §4: "in the language of the page, never in the words of a library"
def describe_kind(kind: str, values: Mapping[str, object]) -> str:
    """Return the words for a kind of mistake of the office file or of pydantic, with its values."""
    return _fill(WORDS.get(kind, WRONG_FORM), values)


def describe_text_problem(problem: TextProblem) -> str:
    """Return what is wrong with a reply text."""
    over = max(1, problem.septets - problem.limit)
    text = TEXTS.get(problem.name)
    allowed = sorted(text.allowed) if text else []
    near = get_close_matches(problem.subject.lower(), allowed, n=1)
    values = {
        "subject": problem.subject,
        "septets": problem.septets,
        "limit": problem.limit,
        "over": over,
        "near": "".join(near),
        "allowed": ", ".join(f"{{{name}}}" for name in allowed),
        "meaning": PLACEHOLDERS.get(problem.subject, ""),
    }
    return _fill(TEXT_WORDS["unknown_near" if problem.kind == "unknown" and near else problem.kind], values)


def _fill(words: object, values: Mapping[str, object]) -> str:
    return str(words) % values if "%(" in str(words) else str(words)
