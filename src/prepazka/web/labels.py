"""The names of settings, reply texts, roles and audit entries in the administration."""

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

TEXTS = {
    "booked": _("Objednáno"),
    "cancelled": _("Zrušeno"),
    "moved": _("Přesunuto na jiný čas"),
    "help": _("Nápověda"),
    "services": _("Seznam zkratek činností"),
    "free_times": _("Volné časy dne"),
    "mine": _("Moje objednávky"),
    "mine_none": _("Moje objednávky: žádné"),
    "queue": _("Stav přepážek"),
    "queue_unattended": _("Stav přepážek: nikdo právě nevolá"),
    "queue_closed": _("Stav přepážek: zavřeno"),
    "watching": _("Dáme vědět, až se místo uvolní"),
    "stopped": _("Připomínky vypnuté"),
    "resumed": _("Připomínky zapnuté"),
    "slot_full": _("Čas je obsazený, nabídka jiných"),
    "slot_full_none": _("Čas je obsazený a není co nabídnout"),
    "no_free_slot_day": _("V ten den už není volno"),
    "no_free_slot_range": _("V nejbližších dnech není volno"),
    "closed_weekend": _("Zavřeno o víkendu"),
    "closed_holiday": _("Zavřeno o svátku"),
    "closed_closure": _("Zavřeno mimořádně"),
    "closed_no_hours": _("V ten den se neúřaduje"),
    "outside_hours": _("Mimo otevírací dobu"),
    "off_grid": _("Na takový čas se neobjednává"),
    "in_past_day": _("Den už minul"),
    "in_past_time": _("Čas už minul"),
    "in_past_notice": _("Na objednání je už pozdě"),
    "too_far": _("Příliš daleko dopředu"),
    "already_booked": _("Už objednáno"),
    "limit_sender": _("Příliš mnoho objednávek celkem"),
    "limit_service": _("Příliš mnoho objednávek na činnost"),
    "limit_agenda": _("Příliš mnoho objednávek u agendy"),
    "limit_day": _("Příliš mnoho objednávek na den"),
    "limit_persons": _("Příliš mnoho osob"),
    "unknown_booking": _("Objednávku s tímto kódem a dnem neznáme"),
    "unknown_booking_mine": _("Objednávku s tímto kódem neznáme"),
    "already_cancelled": _("Objednávka už byla zrušená"),
    "too_late": _("Na zrušení je už pozdě"),
    "nothing_offered": _("Není co potvrdit"),
    "too_old": _("Zpráva došla příliš pozdě"),
    "incomplete": _("Zpráva došla jen zčásti"),
    "unknown_service": _("Neznámá zkratka, nabídka podobných"),
    "unknown_service_alone": _("Neznámá zkratka"),
    "missing_name": _("Chybí jméno"),
    "missing_date": _("Chybí den"),
    "missing_time": _("Chybí čas"),
    "missing_code": _("Chybí kód"),
    "bad_date": _("Dnu nerozumíme"),
    "bad_time": _("Času nerozumíme"),
    "not_understood": _("Zprávě nerozumíme"),
    "not_understood_empty": _("Prázdná zpráva"),
    "notice": _("Uvolnilo se místo"),
    "reminder": _("Připomenutí den předem"),
    "called_off": _("Úřad objednávku zrušil"),
    "apology": _("Omluva za naši chybu"),
}
"""What each reply text is for."""

LANGUAGES = {"cs": _("česky"), "en": _("anglicky")}

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
