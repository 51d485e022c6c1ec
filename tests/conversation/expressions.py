"""What people write that is no name: times nobody can be booked for, wishes to cancel, questions, refusals, conditions.

Lists are put together from parts, so that there are many; what stands here is the field of words, not a list the
program could learn by heart.
"""

import re
from collections.abc import Sequence
from itertools import product

from tests.conversation.office import fold


def _each(*parts: str) -> list[str]:
    """All ways to put one of each part together; the alternatives of a part are parted by "|"."""
    return [" ".join(words).strip() for words in product(*(part.split("|") for part in parts))]


TIMES: dict[str, Sequence[str]] = {
    "cs": [
        *_each("příští|další|přespříští|tento|tenhle|celý", "týden|měsíc|pátek|čtvrtek|víkend"),
        *_each("koncem|začátkem|v půlce|během", "týdne|měsíce|srpna|září|prázdnin|léta"),
        *_each("v|od|do|přes|kolem", "pondělí|úterý|středy|čtvrtka|pátku|soboty|neděle"),
        *_each("po|před|kolem|okolo", "poledne|obědě|práci|snídani|svátcích"),
        *_each("ráno|dopoledne|odpoledne|večer|v noci|brzo|pozdě", "|zítra|v pondělí|někdy"),
        *_each("v|ve|okolo|před|po|do", "jedné|druhé|třetí|osmé|deváté|desáté|dvanácté"),
        *_each("čtvrt na|půl|tři čtvrtě na", "osm|devět|deset|dvě|tři|čtyři"),
        *_each("za", "týden|čtrnáct dní|měsíc|dva dny|hodinu|pár dní"),
        *_each("až", "budu moct|budu mít fotku|přijedu|to půjde|bude volno|po dovolené"),
        *_each("kdy", "máte volno|mám přijít|to půjde|otevíráte"),
        *_each("o", "víkendu|prázdninách|svátcích|polední pauze"),
        *_each(
            "srpen|září|v říjnu|v listopadu|letos|příště|jindy|podzim|v létě|pozítří ráno|brzičko"
            "|výhledově|průběžně"
        ),
    ],
    "sk": [
        *_each("budúci|ďalší|tento", "týždeň|mesiac|piatok|štvrtok"),
        *_each("v|od|do", "pondelok|utorok|stredu|štvrtok|piatok|sobotu|nedeľu"),
        *_each("ráno|doobeda|poobede|večer", "|zajtra|v utorok|niekedy"),
        *_each("zajtra|pozajtra|dnes", "ráno|poobede|večer|o deviatej|napoludnie"),
        *_each("koncom|začiatkom", "týždňa|mesiaca|augusta|septembra"),
        *_each(
            "zajtra|pozajtra|utorok|piatok|štvrtok|cez víkend|cez prázdniny|v auguste|nabudúce"
            "|o týždeň"
        ),
    ],
    "pl": [
        *_each("w", "poniedziałek|wtorek|środę|czwartek|piątek|sobotę|niedzielę|przyszłym tygodniu|sierpniu|południe"),
        *_each("przyszły|następny|ten", "tydzień|miesiąc|piątek|czwartek"),
        *_each("jutro|pojutrze|dzisiaj", "rano|po południu|wieczorem|o dziewiątej"),
        *_each("za", "tydzień|dwa dni|miesiąc|godzinę"),
        *_each(
            "jutro|pojutrze|poniedziałek|środa|rano|wieczorem|kiedyś|po wakacjach|w weekend"
            "|jak będę mógł"
        ),
    ],
    "de": [
        *_each("nächste|kommende|diese", "Woche|Tage"),
        *_each("am|bis|ab", "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Wochenende"),
        *_each("morgen|übermorgen|heute", "früh|vormittag|nachmittag|abend|um neun"),
        *_each("in", "zwei Tagen|einer Woche|der Früh|den Ferien|vierzehn Tagen"),
        *_each("um|gegen", "acht|neun|halb zehn|viertel nach neun|Mittag"),
        *_each(
            "morgen|übermorgen|Montag|Dienstag|irgendwann|vormittags|nachmittags|abends|im August"
            "|so bald es geht"
        ),
    ],
    "uk": [
        *_each("наступного|цього", "тижня|місяця|понеділка|четверга"),
        *_each("у|в", "понеділок|вівторок|середу|четвер|п'ятницю|суботу|неділю|серпні"),
        *_each("завтра|післязавтра|сьогодні", "вранці|ввечері|після обіду|о дев'ятій"),
        *_each("через", "тиждень|два дні|місяць|годину"),
        *_each(
            "завтра|післязавтра|понеділок|середа|вранці|ввечері|колись|після обіду|на вихідних"
            "|zavtra|pislyazavtra"
        ),
    ],
    "vi": [
        *_each("ngày", "mai|mốt|kia|thứ hai"),
        *_each("thứ", "hai|ba|tư|năm|sáu|bảy"),
        *_each("sáng|chiều|tối", "mai|nay|thứ hai|thứ sáu"),
        *_each("tuần|tháng", "sau|tới|này"),
        *_each("hôm nay|ngay mai|chủ nhật|chín giờ|buổi sáng|cuối tuần|khi nào rảnh"),
    ],
    "en": [
        *_each("next|this|any|every", "week|month|Friday|Monday|weekend|morning"),
        *_each("on|by|after|before|until", "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|lunch|noon"),
        *_each("tomorrow|today", "morning|afternoon|evening|at nine|noon"),
        *_each("in", "two days|a week|the morning|the evening|August|a fortnight"),
        *_each("half past|quarter to|quarter past|around", "eight|nine|ten|two"),
        *_each(
            "tomorow|tommorow|sometime|whenever you can|later|end of the month|when I can|soonish"
            "|someday|shortly|daytime|latish|promptly"
            "|some other day"
        ),
    ],
}  # fmt: skip

MISTYPED_TIMES: Sequence[str] = ("zítraa", "strdu", "pondelii", "utrey", "ctvrtke", "pozitir", "tomorroww")

_STEMS = re.compile(
    r"DNES|DZIS|ZIT|ZAJTR|POZ[AI]|JUTR|POJUTR|MORGEN|HEUTE|TOMOR|TODAY|PO?NDEL|PONIEDZ|MONTAG|UTER|UTOR|WTOR|STR?E?D|CTVRT"
    r"|STVRT|CZWART|PATE?K|PIATOK|PIATEK|FREITAG|SOBOT|NED|SUNDAY|P.?JAT|ZAVTR"
    r"|ЗАВТР|СЬОГОД|ПОНЕД|ВІВТ|СЕРЕД|ЧЕТВ|П.?ЯТН|СУБОТ|НЕДІЛ"
    r"|SRP|OSM|JEDNU|HALF|CTRN|NOON"
)


def names_time(text: str) -> bool:
    """Whether a text has a word that is a day or an hour, roughly: more words pass than are one."""
    return _STEMS.search(fold(text)) is not None


CANCELLING: Sequence[str] = (
    "zrusit {code} {day}", "ruším {code} {day}", "rusim {day} {code}", "nemůžu přijít {day} kod {code}",
    "STORNO{code} {day}", "STORNO{code}", "{code} STORNO {day}", "{code} STORNO", "STOP {code} {day}", "STOP {code}",
    "Zruseni: STORNO {code} {day}", "Zrusite zpravou STORNO {code} {day}", "zrušit", "ruším", "nemůžu přijít",
    "storno", "STRONO {code} {day}", "stono {code} {day}", "STORNO {day}", "STORNO {code}", "sto {code}",
    "prosím zrušte objednávku {code}", "zrušit termín {day}", "chci zrušit objednávku", "Odhlašuji se {day}",
    "nepřijdu {day}", "omlouvám se, nemohu dorazit {day}", "CANCEL {code}", "cancel", "please cancel {code} {day}",
    "I can't come {day}, code {code}", "zruš to", "RUSIM {code} {day} SVOBODOVA", "storno svobodova {day}",
    "zruš", "zruš mi to", "storno prosím", "stono", "STONRO {day}", "nejdu {day}", "odhlas mě", "zrušte to",
    "cancel it", "call it off", "zruš to prosím ťa", "odwołaj to", "anuluj to", "absage", "ich sage ab", "скасуй",
    "відміняю", "отмена", "отмени запись", "hủy hẹn",
    "zrušiť {code} {day}", "odwołać {code} {day}", "absagen {code} {day}", "скасувати {code} {day}",
)  # fmt: skip

CONFIRMATION_TAILS: Sequence[str] = ("{reply}", "Fwd: {reply}", "> {reply}")

UNWILLING: Sequence[str] = (
    "je volno?", "je to volné?", "?", "může být?", "jde to?", "stačí občanka?", "kolik to stojí?", "kdy máte otevřeno",
    "nebo je zavřeno?", "máte otevřeno?", "zrušit", "nechci", "už nechci", "neplatí", "nepřijdu", "ne",
    "jestli není volno tak zítra", "jestli to jde", "pokud je volno", "když ne tak jindy", "nebo v 10:00",
    "nebo 13.8.", "případně odpoledne", "is it free?", "can I come?", "if possible", "or any other day", "not needed",
    "cancel", "if not then tomorrow", "alebo zajtra", "ak je voľno", "lub jutro", "wenn es geht", "чи вільно?",
)  # fmt: skip
