"""What settings, reply texts, roles and entries of the audit trail are called in the administration."""

from django.utils.translation import gettext_lazy as _

RULES = (
    (
        _("Objednávání"),
        {
            "horizon_days": (_("Jak daleko dopředu se lze objednat (dnů)"), ""),
            "soonest_days": (
                _("Nejbližší volný termín se hledá na (dnů) dopředu"),
                _("Když ve zprávě není den ani hodina."),
            ),
            "notice_minutes": (_("Objednat se lze nejpozději před začátkem (minut)"), _("0: až do začátku.")),
            "cancel_until_minutes": (_("Zrušit lze nejpozději před začátkem (minut)"), _("0: až do začátku.")),
            "reoffer_minutes": (
                _("Zrušený termín se znovu nabídne za (minut)"),
                _("0: hned. Delší doba brání obchodování s termíny."),
            ),
            "offer_minutes": (_("Nabídnutý termín lze odpovědí ANO přijmout do (minut)"), ""),
            "proposal_minutes": (
                _("Jak dlouho platí dotaz „Je to tak?“ (minut)"),
                _("Ptáme se, když zprávě rozumíme jen napůl; nic zatím není objednané."),
            ),
            "repeat_minutes": (
                _("Stejná zpráva do (minut) je opakování, ne nové přání"),
                _("Kdo v nejistotě pošle zprávu dvakrát, dostane jednu objednávku."),
            ),
            "persons_at_most": (_("Nejvýše osob v jedné objednávce"), _("Rodina může přijít společně, například 2X.")),
        },
    ),
    (
        _("Kolik objednávek může mít jedno telefonní číslo"),
        {
            "open_per_sender": (_("Celkem současně"), _("Rodiny mívají jeden telefon; obvyklé jsou čtyři.")),
            "open_per_sender_and_service": (_("Na jednu činnost"), _("Prázdné pole: bez dalšího omezení.")),
            "open_per_sender_and_agenda": (_("U jedné agendy"), _("Prázdné pole: bez dalšího omezení.")),
            "open_per_sender_and_day": (_("Na jeden den"), _("Prázdné pole: bez dalšího omezení.")),
        },
    ),
    (
        _("Ochrana před zneužitím"),
        {
            "wrong_codes_per_hour": (
                _("Chybných přístupových kódů za hodinu"),
                _("Potom na hodinu mlčíme, aby kódy nešlo hádat."),
            ),
            "identical_per_hour": (
                _("Stejných odpovědí jednomu číslu za hodinu"),
                _("Potom mlčíme; dva automaty by si jinak psaly donekonečna."),
            ),
            "not_understood_per_hour": (_("Nesrozumitelných zpráv za hodinu, na které odpovíme"), ""),
            "message_hours": (
                _("Zpráva starší než (hodin) se jen zodpoví, nic se podle ní neudělá"),
                _("Síť někdy doručí zprávu až druhý den."),
            ),
        },
    ),
    (
        _("Příchod a volání"),
        {
            "check_in_before_minutes": (_("Kód na vstupu platí nejdříve před začátkem (minut)"), ""),
            "check_in_after_minutes": (_("Kód na vstupu platí nejdéle po začátku (minut)"), ""),
            "recalls_before_absent": (_("Kolikrát se klient zavolá znovu, než je veden jako nepřítomný"), ""),
            "recall_later_minutes": (_("Kdo se nedostavil, zavolá se znovu za (minut)"), ""),
            "priority_tickets": (_("Senioři a lidé s postižením mohou jít před ostatní bez objednání"), ""),
        },
    ),
    (
        _("Odpovědi"),
        {
            "languages": (_("Jazyky odpovědí"), _("Nic nezaškrtnuto: všechny.")),
            "accents": (_("Háčky a čárky ve zprávách"), _("S háčky a čárkami se do jedné SMS vejde jen 70 znaků.")),
            "inbox": (
                _("Úředníci odpovídají na zprávy, kterým jsme nerozuměli"),
                _("U přepážky přibude stránka Zprávy od lidí."),
            ),
            "inbox_hours": (
                _("Kdy úředníci odpovídají"),
                _("Stojí v odpovědi na nesrozumitelnou zprávu, například po–pá 8–15 h. Prázdné pole: nic neslibujeme."),
            ),
        },
    ),
    (
        _("Připomenutí a údaje"),
        {
            "remind_from": (_("Připomínat nejdříve od"), _("Den předem; v noci se zprávy neposílají.")),
            "remind_to": (_("Připomínat nejpozději do"), ""),
            "erase_after_days": (
                _("Osobní údaje se smažou po návštěvě za (dnů)"),
                _("Jméno, číslo a texty zpráv. Počty pro statistiku zůstanou."),
            ),
        },
    ),
)
"""Groups of settings: their title, and by name of the setting its label and hint."""

CHOICES = {"accents": [("none", _("bez háčků a čárek")), ("full", _("s háčky a čárkami"))]}
"""What a setting with named values may be."""

ROLES = {"clerk": _("úředník"), "manager": _("vedoucí"), "administrator": _("správce")}

AUDIT = {
    "demo life": _("Ukázkový úřad ožil"),
    "office created": _("Úřad založen"),
    "office changed": _("Nastavení změněno"),
    "role given": _("Role přidělena"),
    "role taken": _("Role odebrána"),
    "account opened": _("Účet založen"),
    "account closed": _("Účet zrušen"),
    "password changed": _("Heslo změněno"),
    "made operator": _("Určen provozovatelem"),
    "signed in": _("Přihlášení"),
    "gateway token given": _("Bráně vydán klíč"),
    "gateway token withdrawn": _("Bráně odebrán klíč"),
    "gateway created": _("Brána založena"),
    "gateway changed": _("Brána změněna"),
    "gateway removed": _("Brána zrušena"),
    "messages looked up": _("Zprávy čísla vyhledány"),
    "message sent again": _("Zpráva poslána znovu"),
    "inbox opened": _("Otevřen rozhovor s člověkem"),
    "inbox answered": _("Zpráva zodpovězena úředníkem"),
    "inbox done": _("Zpráva vyřízena bez odpovědi"),
    "inbox reopened": _("Zpráva vrácena mezi nevyřízené"),
    "bookings called off": _("Objednávky zrušeny úřadem"),
    "bookings kept": _("Objednávky ponechány přes změnu hodin"),
    "kiosk paired": _("Kiosek připojen"),
    "kiosk changed": _("Tiskárna kiosku změněna"),
    "kiosk withdrawn": _("Kiosek odpojen"),
}
"""What the audit trail notes; what is not here is shown as it is."""

PLACES = {
    "office": _("Úřad"),
    "texts": _("Text odpovědi"),
    "agendas": _("Agenda"),
    "services": _("Činnost"),
    "counters": _("Přepážka"),
    "closures": _("Uzavření"),
    "answers": _("Uložená odpověď"),
}
"""Sections of an office's configuration, as the audit trail names one item of each."""

PARTS = {
    "name": _("název"),
    "title": _("název"),
    "timezone": _("časové pásmo"),
    "holidays": _("svátky"),
    "contact": _("kontakt"),
    "numbers": _("čísla"),
    "minutes": _("délka v minutách"),
    "synonyms": _("jiná slova"),
    "agenda": _("agenda"),
    "agendas": _("agendy"),
    "rules": _("hodiny"),
    "extra_days": _("mimořádné dny"),
    "order": _("pořadí"),
    "prefix": _("písmeno lístků"),
    "walk_ins_per_day": _("lístků bez objednání za den"),
    "walk_ins_stop_minutes": _("konec výdeje lístků (minut před zavřením)"),
    "service_minutes": _("obvyklé odbavení (minut)"),
}
"""Values of those items."""
