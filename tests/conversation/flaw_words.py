"""The words flaws are made of, by language: those people use and no command or value is, and months and hours in words.

A language without an entry does not have the flaw.
"""

from collections.abc import Sequence


def listed(words: str) -> Sequence[str]:
    """Words and phrases parted by bars."""
    return words.split("|")


MONTHS = {
    "cs": listed("ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince"),
    "en": listed("January|February|March|April|May|June|July|August|September|October|November|December"),
}
ROMAN = listed("I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII")
NAMED = {
    "cs": listed("sedm|osm|devět|deset|jedenáct|dvanáct|třináct|čtrnáct|patnáct|šestnáct|sedmnáct"),
    "en": listed("seven|eight|nine|ten|eleven|twelve|one|two|three|four|five"),
}
COURTESY_BEFORE = {
    "cs": listed("Dobrý den, |Dobry den |Prosím |Zdravím, |Dobré ráno. "),
    "en": listed("Hello, |Good morning |Please "),
}
COURTESY_AFTER = {
    "cs": listed(" děkuji|, děkuji předem| dík| Hezký den| Mějte se hezky| Odesláno z iPhonu"),
    "en": listed(" thanks|, thank you| Kind regards| thx"),
}
TALK_BEFORE = {
    "cs": listed("Vážený úřade, |Re: |Fwd: |Dobré odpoledne, prosím o objednání |Oprava: |Tak ještě jednou "),
    "en": listed("Hi |Re: |I would like to |Correction: |can I please "),
}
INFLECTED = {
    "cs": {
        "book": listed("objednat|Objednávám|objednávka|rezervace|Chci se objednat na"),
        "cancel": listed("zrušit|ruším"),
    },
}
OTHER_WORDS = {
    "cs": {
        "book": listed("chtěla bych|objednání|zapsat"),
        "cancel": listed("Prosím zrušte|odhlašuji|nemůžu přijít"),
        "free": listed("volné termíny|termín volný"),
        "move": listed("přesunout|přesouvám"),
        "watch": listed("hlídat"),
    },
    "en": {
        "book": listed("booking|I want to book"),
        "cancel": listed("cancelling|please cancel"),
        "free": listed("free times"),
    },
}
QUESTIONS = {
    "cs": listed(" je volno?| ?| může být?| nebo máte zavřeno?| jde to?| kolik to stojí?"),
    "en": listed(" is it free?| ?| is that ok?| are you open?"),
}
REFUSALS = {
    "cs": listed(" nechci| zrušit| už neplatí| nepřijdu| ne díky"),
    "en": listed(" cancel this| no longer needed| do not want"),
}
CONDITIONS = {
    "cs": listed(" jestli není volno tak zítra| nebo kdykoli jindy| pokud to jde| když ne tak později"),
    "en": listed(" if not then tomorrow| or any other time| if possible"),
}
UNKNOWN = {
    "cs": listed("viz|k vám|č.j. 12/2026|přednostně|x7k|s dětmi"),
    "en": listed("with|x7k|urgent"),
}
SOON = {"cs": listed(" co nejdřív| hned| nejbližší termín"), "en": listed(" asap| as soon as possible")}
NO_DAY = {
    "cs": listed(" příští týden| koncem měsíce| až budu mít fotku| o víkendu| večer| do pátku| po obědě"),
    "en": listed(" next week| in the evening| some time soon| by Friday"),
}
PERSONS = {
    "cs": listed(" dvě osoby| dvakrát| x2| pro 2 lidi| pro dva| s dítětem| a manželka"),
    "en": listed(" two persons| x2| for two people| for two| and wife"),
}
AND = {"cs": "a", "en": "and"}
