"""The mistakes of an office's configuration, in the words of a clerk; each kind of the office file's has its own."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from prepazka.officefile import Problem
from prepazka.sms.own_words import WordProblem
from prepazka.sms.reply.fit import TextProblem
from prepazka.store.offices import OfficeError

WORDS = {
    # one value
    "time": _("Napište čas jako 8:00."),
    "seconds": _("Napište čas bez sekund, jako 8:00."),
    "date": _("Napište platné datum."),
    "break": _("Napište přestávku jako 11:30-12:30; více přestávek oddělte čárkou."),
    "time_zone": _("Takové časové pásmo neznáme; v Česku je to Europe/Prague."),
    "country": _("Svátky této země neznáme. Napište její zkratku, například CZ, nebo nechte pole prázdné."),
    "number": _("To není telefonní číslo. Napište je s předvolbou, například +420739547765."),
    "number_form": _("Napište číslo s předvolbou a bez mezer, například +420739547765."),
    "address_taken": _("Tuto adresu potřebuje systém. Zvolte jinou."),
    "slug": _("Použijte nejvýše 40 malých písmen bez háčků a čárek, číslic a spojovníků, například muj-urad."),
    "control_character": _("Text obsahuje znak, který není vidět. Napište jej prosím znovu."),
    "service_code": _("Zkratka má 2 až 10 písmen nebo číslic bez háčků a čárek a začíná písmenem, například ZOP."),
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
    "synonym": _("Napište slovo nebo několik slov z písmen a číslic, na začátku písmeno, například občanka."),
    "one_line": _("Napište text do jednoho řádku."),
    "language": _("Tento jazyk neznáme."),
    "too_long": _("Víc jich úřad mít nemůže."),
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
    # what the database knows
    "number_taken": _("Číslo %(number)s už patří jinému úřadu."),
    "unknown_gateway": _("Brána %(gateway)s tu není."),
    "booked": _("Činnost %(service)s nelze zrušit: objednaných je ještě %(count)s lidí. Nejdřív je prosím odbavte."),
    "agenda_booked": _("Agendu nelze zrušit: objednaných je ještě %(count)s lidí. Nejdřív je prosím odbavte."),
    "agenda_waiting": _(
        "Agendu %(agenda)s teď nelze zrušit: dnešních lístků, které nejsou odbavené, je %(count)s. Nejdřív je odbavte."
    ),
    "counter_taken": _(
        "Přepážku %(counter)s teď nelze zrušit: sedí u ní %(clerk)s. Nejdřív ji prosím zavřete na stránce Přepážka."
    ),
    "counter_waiting": _("Přepážku %(counter)s teď nelze zrušit: patří k ní lístek %(ticket)s. Nejdřív jej odbavte."),
}

FITS = {
    "brace": _("Složená závorka { nebo } stojí sama. Zástupné slovo se píše jako {name}."),
    "empty": _("Text je prázdný. Napište jej, nebo se vraťte k původnímu."),
    "format": _("U {%(subject)s} napište ve složených závorkách jen samotné zástupné slovo."),
    "unknown": _("Zástupné slovo {%(subject)s} tu neznáme. Povolená jsou vyjmenována níže."),
    "missing": _("Chybí zástupné slovo {%(subject)s}; odpověď je musí obsahovat."),
    "unsendable": _("Znak „%(subject)s“ nelze poslat v obyčejné SMS. Vynechte jej."),
    "too_long": _("S nejdelšími hodnotami zabere %(septets)s znaků, vejde se jich %(limit)s. Zkraťte jej o %(over)s."),
    "no_such_text": _("Takový text odpovědi neznáme."),
    "no_such_language": _("Tento jazyk neznáme."),
}

OWN_WORDS = {
    "command": _("„%(word)s“ ve zprávě znamená příkaz. Zvolte jiné slovo."),
    "day": _("„%(word)s“ ve zprávě znamená den. Zvolte jiné slovo."),
    "time": _("„%(word)s“ se ve zprávě píše u dne nebo času. Zvolte jiné slovo."),
    "hole": _("„%(word)s“ v našich odpovědích zastupuje údaj, který má člověk doplnit. Zvolte jiné slovo."),
    "repeated": _("„%(word)s“ už znamená jinou činnost. Jedno slovo může patřit jen jedné."),
    "is_code": _("„%(word)s“ je zkratka činnosti; té rozumíme i tak."),
    "no_such_language": _("Tento jazyk neznáme."),
}
"""Words that mean something else in a message (`sms.own_words`), by the end of their kind."""


def of_word(problem: WordProblem) -> str:
    """Why a word of the office cannot be used."""
    kind = problem.kind.removeprefix("code_").removeprefix("synonym_")
    return _filled(OWN_WORDS[kind], {"word": problem.word})


def told(problem: Problem | OfficeError) -> str:
    """The mistake in Czech; in English where it is of a kind nobody can make in a form."""
    words = WORDS.get(problem.kind)
    return _filled(words, problem.values) if words else str(problem)


def of_fit(misfit: TextProblem) -> str:
    """What is wrong with a reply text."""
    over = max(1, misfit.septets - misfit.limit)
    values = {"subject": misfit.subject, "septets": misfit.septets, "limit": misfit.limit, "over": over}
    return _filled(FITS[misfit.kind], values)


def _filled(words: object, values: Mapping[str, object]) -> str:
    return str(words) % values if "%(" in str(words) else str(words)
