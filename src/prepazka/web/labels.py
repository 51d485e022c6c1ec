"""The names of settings, reply texts, roles and audit entries in the administration."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RULES = (
    (
        _("Objednávání"),
        {
            "horizon_days": (_("Na kolik dnů dopředu se lze objednat"), ""),
            "soonest_days": (
                _("Na kolik dnů dopředu hledat nejbližší termín"),
                _("Když ve zprávě není den ani hodina."),
            ),
            "notice_minutes": (_("Kolik minut předem se lze nejpozději objednat"), _("0: až do začátku.")),
            "cancel_until_minutes": (_("Kolik minut předem lze objednávku nejpozději zrušit"), _("0: až do začátku.")),
            "reoffer_minutes": (
                _("Za kolik minut znovu nabídnout zrušený termín"),
                _("0: hned. Delší doba brání obchodování s termíny."),
            ),
            "offer_minutes": (_("Jak dlouho platí nabídka na ANO (minuty)"), ""),
            "proposal_minutes": (
                _("Jak dlouho lze zprávu, na kterou se ptáme, potvrdit odpovědí ANO (minuty)"),
                _("Když zprávě úplně nerozumíme, zeptáme se, zda jsme ji přečetli správně."),
            ),
            "repeat_minutes": (
                _("Po kolik minut brát stejnou zprávu jako opakování"),
                _("Kdo si není jistý a pošle zprávu dvakrát, dostane jednu objednávku."),
            ),
            "persons_at_most": (_("Nejvýše osob v jedné objednávce"), _("Rodina může přijít společně, například 2X.")),
        },
    ),
    (
        _("Odpovědi na zprávy"),
        {
            "languages": (
                _("Jazyky odpovědí"),
                _("Rozumíme všem. Na zprávu v jazyce, který není vybraný, odpovíme v prvním vybraném."),
            ),
            "accents": (
                _("Háčky a čárky ve zprávách"),
                _("S nimi se do jedné SMS vejde 70 znaků místo 160, takže odpověď zabere až dvě."),
            ),
            "inbox": (
                _("Úředníci odpovídají na zprávy, kterým program nerozumí"),
                _("Uvidí je na stránce u přepážky. Lidem napíšeme, že si jejich zprávu úředník přečte."),
            ),
            "inbox_hours": (_("Kdy na ně odpovídají"), _("V jednom řádku, například po–pá 8–15.")),
        },
    ),
    (
        _("Kolik objednávek může mít jedno telefonní číslo"),
        {
            "open_per_sender": (_("Celkem současně"), _("Rodiny mívají jeden telefon; obvyklé jsou čtyři.")),
            "open_per_sender_and_service": (_("Na jednu činnost"), _("Prázdné pole: bez dalšího omezení.")),
            "open_per_sender_and_agenda": (_("V jedné agendě"), _("Prázdné pole: bez dalšího omezení.")),
            "open_per_sender_and_day": (_("Na jeden den"), _("Prázdné pole: bez dalšího omezení.")),
        },
    ),
    (
        _("Ochrana před zneužitím"),
        {
            "wrong_codes_per_hour": (
                _("Chybných přístupových kódů za hodinu"),
                _("Potom číslu hodinu neodpovídáme, aby kódy nešlo hádat."),
            ),
            "identical_per_hour": (
                _("Stejných odpovědí jednomu číslu za hodinu"),
                _("Potom přestaneme odpovídat; dva automaty by si jinak psaly donekonečna."),
            ),
            "confirm_web": (
                _("Objednávky z webu musí potvrdit telefon"),
                _(
                    "Místo držíme 10 minut, než člověk odpoví ANO nebo na stránce zadá kód z SMS. Nikdo tak neobsadí "
                    "termíny cizím číslem."
                ),
            ),
            "proof_of_work": (
                _("Formuláře na webu vždy chránit před roboty"),
                _("Bez obrázků a opisování: prohlížeč chvíli počítá. Při zneužívání se ochrana zapne sama."),
            ),
            "not_understood_per_hour": (_("Nesrozumitelných zpráv za hodinu, na které odpovíme"), ""),
            "message_hours": (
                _("Po kolika hodinách už podle zprávy nic neudělat, jen na ni odpovědět"),
                _("Síť někdy doručí zprávu až druhý den."),
            ),
        },
    ),
    (
        _("Příchod a volání"),
        {
            "check_in_before_minutes": (_("Kód na kiosku přijmout nejdřív (minut před začátkem)"), ""),
            "check_in_after_minutes": (_("Kód na kiosku přijmout naposled (minut po začátku)"), ""),
            "recalls_before_absent": (_("Kolikrát zavolat klienta znovu, než lístek vyřadit"), ""),
            "recall_later_minutes": (_("Za kolik minut znovu zavolat toho, kdo nepřišel"), ""),
            "one_press": (
                _("Další jedním stiskem"),
                _("Tlačítko Další u přepážky ukončí i klienta, který byl jen zavolán. Bere se, že přišel hned."),
            ),
            "priority_tickets": (
                _("Senioři a lidé s postižením mají přednost před ostatními, kdo přišli bez objednání"),
                "",
            ),
            "wait_limit_minutes": (
                _("Jak dlouho by lidé měli nejvýš čekat (minuty)"),
                _("Na stránce Sál teď ukážeme, které agendy jsou přes tento limit."),
            ),
            "close_counters_minutes": (
                _("Za kolik minut po zavření agendy zavřít zapomenutou přepážku"),
                _("Jen když u ní nikdo nečeká ani není na řadě a úředník nic nedělá. 0: nezavírat."),
            ),
            "counter_idle_minutes": (
                _("Po kolika minutách bez práce úředníka"),
                _("Pět minut předem se ho na stránce zeptáme."),
            ),
            "signed_out_minutes": (
                _("Za kolik minut po odhlášení úředníka dát jeho přepážce přestávku"),
                _("0: nedávat."),
            ),
            "screen_notice": (
                _("Řádek dole na velké obrazovce"),
                _("Například V pátek 24. 12. je zavřeno. Prázdné pole: žádný."),
            ),
            "voice": (_("Hlas po gongu"), _("Lístek D sedmnáct, přepážka tři.")),
            "voice_volume": (_("Hlasitost gongu a hlasu (procenta)"), ""),
        },
    ),
    (
        _("Web a den bez systému"),
        {
            "public_unfinished": (
                _("Veřejnost úřad vidí, i když první kroky nejsou hotové"),
                _("Bez toho stránky ukážeme, až bude hotové vše, co vypisuje Přehled."),
            ),
            "frame_origins": (
                _("Weby, které smějí ukázat monitoring a volné termíny ve svém rámu"),
                _("Každý na svůj řádek, například https://www.mesto.example. Prázdné: žádné."),
            ),
            "day_list_from": (
                _("Od kdy ráno připravit seznam pro den bez systému"),
                _("Dnešní a zítřejší objednávky na jednu stránku, každý den, kdy máte otevřeno."),
            ),
            "day_list_folder": (
                _("Uložit ho do složky na serveru"),
                _("Kterou složku, určuje provozovatel. V noci se soubor smaže."),
            ),
            "day_list_email": (_("Poslat ho na e-mail"), _("Jen má-li provozovatel nastavený poštovní server.")),
            "day_list_printer": (_("Vytisknout ho na tiskárně lístků"), _("Adresa v síti, například 192.168.1.50.")),
        },
    ),
    (
        _("Připomínky a údaje"),
        {
            "remind_from": (_("Připomínky posílat nejdřív od"), _("Den předem; v noci se zprávy neposílají.")),
            "remind_to": (_("Připomínky posílat nejpozději do"), ""),
            "erase_after_days": (
                _("Za kolik dnů po návštěvě smazat osobní údaje"),
                _("Jméno, číslo a texty zpráv. Počty pro statistiku zůstanou."),
            ),
            "keep_details_months": (
                _("Kolik měsíců uchovávat lístky, objednávky a zprávy po jedné"),
                _("Ze starších zůstanou součty: přehledy a statistika ukazují totéž dál. Od 3 do 120."),
            ),
        },
    ),
    (
        _("Přehledy"),
        {
            "clerk_figures": (
                _("Měřit doby vyřízení podle úředníků"),
                _(
                    "Vedoucí je uvidí v měsíčním přehledu a každý úředník svoje u přepážky. Každému úředníkovi to tam "
                    "oznámíme. Předem se poraďte s pověřencem."
                ),
            ),
        },
    ),
    (
        _("Přihlašování úředníků"),
        {
            "second_factor": (
                _("Kdo se musí přihlašovat i druhým krokem"),
                _("Kódem z aplikace v telefonu nebo přístupovým klíčem. Kdo ho nemá, nastaví si ho při přihlášení."),
            ),
        },
    ),
)
"""Groups of settings: the title, then each setting's label and hint by its name."""

CHOICES = {
    "accents": {"none": _("posílat bez nich"), "full": _("posílat s nimi")},
    "voice": {"none": _("vypnutý"), "cs": _("česky"), "cs_en": _("česky a anglicky")},
    "second_factor": {
        "none": _("nikdo"),
        "administrator": _("správci"),
        "manager": _("vedoucí a správci"),
        "clerk": _("všichni"),
    },
}
"""Settings that are one of several words: by name of the setting, what each word means."""

ROLES = {"clerk": _("úředník"), "manager": _("vedoucí"), "administrator": _("správce"), "officer": _("pověřenec")}

ARROWS = {
    "": ("", ""),
    "left": ("←", _("vlevo")),
    "right": ("→", _("vpravo")),
    "ahead": ("↑", _("rovně")),
    "up": ("↗", _("nahoru")),
    "down": ("↘", _("dolů")),
}
"""The sign and the word of each way to a counter (`core.office.office.Arrow`)."""

PURPOSES = {
    "messages": _("předávat zprávy od lidí"),
    "replies": _("číst v odpovědi na volání, co úřad odpovídá"),
    "bookings": _("objednávat a rušit objednávky"),
}
"""The purposes of a token (`core.credentials`)."""

AUDIT = {
    "demo life": _("Spuštěn ukázkový provoz"),
    "office created": _("Úřad založen"),
    "office changed": _("Nastavení změněno"),
    "office removed": _("Úřad odstraněn"),
    "office exported": _("Úřad uložen do archivu, otevřený zůstal"),
    "office moved away": _("Úřad přestěhován jinam, tady zavřen"),
    "office moved in": _("Úřad přestěhován sem"),
    "office opened again": _("Úřad znovu otevřen, nestěhuje se"),
    "restored from a backup": _("Databáze obnovena ze zálohy"),
    "recovered to a point in time": _("Databáze obnovena k určitému okamžiku"),
    "role given": _("Role přidělena"),
    "role taken": _("Role odebrána"),
    "role held": _("Role pozastavena: heslo účtu obnovil jiný úřad"),
    "roles held elsewhere": _("Role účtu v jiných úřadech pozastaveny"),
    "invitation made": _("Vystavena pozvánka do úřadu"),
    "invitation withdrawn": _("Pozvánka do úřadu zrušena"),
    "invitation declined": _("Pozvánka do úřadu odmítnuta"),
    "account opened": _("Účet založen"),
    "account closed": _("Účet zrušen"),
    "password changed": _("Heslo změněno"),
    "arrivals entered": _("Dodatečně zapsáno, kdo přišel"),
    "bookings imported": _("Převzaty objednávky z jiného systému"),
    "archive downloaded": _("Stažen archiv zrušeného úřadu"),
    "made operator": _("Určen provozovatelem"),
    "first operator's link made": _("Vytvořen odkaz pro prvního provozovatele"),
    "second factor added": _("Přidán druhý krok přihlášení"),
    "second factor removed": _("Odebrán druhý krok přihlášení"),
    "second factor reset": _("Druhý krok přihlášení zrušen, uživatel si nastaví nový"),
    "recovery codes made": _("Vydány nové záložní kódy"),
    "recovery code used": _("Použit záložní kód"),
    "sign-in ended": _("Přihlášení ukončeno na jiném zařízení"),
    "sign-in link made": _("Vydán odkaz pro propojení účtu"),
    "account linked": _("Účet propojen s přihlášením organizace"),
    "published password withdrawn": _("Zveřejněné heslo zneplatněno"),
    "gateway token given": _("Bráně vydán klíč"),
    "gateway token changed": _("Klíči brány změněna oprávnění"),
    "strays assigned": _("Zatoulané zprávy předány úřadu"),
    "gateway token withdrawn": _("Bráně odebrán klíč"),
    "gateway created": _("Brána založena"),
    "gateway changed": _("Brána změněna"),
    "gateway removed": _("Brána smazána"),
    "message sent again": _("Zpráva poslána znovu"),
    "inbox answered": _("Zpráva zodpovězena úředníkem"),
    "inbox done": _("Zpráva vyřízena bez odpovědi"),
    "inbox reopened": _("Zpráva vrácena mezi nevyřízené"),
    "bookings called off": _("Objednávky zrušeny úřadem"),
    "bookings kept": _("Objednávky ponechány přes změnu hodin"),
    "only replies sent": _("Odesílání zastaveno, posílají se jen odpovědi"),
    "all messages sent": _("Odesílání znovu spuštěno"),
    "counter paused": _("Přepážce dána přestávka"),
    "counter closed": _("Přepážka zavřena"),
    "tickets stopped": _("Výdej lístků bez objednání zastaven"),
    "tickets given out again": _("Výdej lístků bez objednání obnoven"),
    "kiosk paired": _("Kiosek připojen"),
    "kiosk changed": _("Tiskárna kiosku změněna"),
    "kiosk withdrawn": _("Kiosek odpojen"),
    "screen paired": _("Obrazovka připojena"),
    "screen withdrawn": _("Obrazovka odpojena"),
    "slide added": _("Přidán snímek na obrazovku"),
    "slide removed": _("Smazán snímek z obrazovky"),
    "recording added": _("Nahrána vlastní hláška"),
    "recording removed": _("Smazána vlastní hláška"),
}
"""The entries of the audit trail; the page shows one that is not here as it is stored."""

ACCESSES = {
    "person shown": _("Zobrazeny údaje o člověku"),
    "person exported": _("Vypsány údaje o člověku do souboru"),
    "person erased": _("Smazány údaje o člověku"),
    "booking opened": _("Otevřena objednávka"),
    "slip opened": _("Otevřen lístek s kódem"),
    "thread opened": _("Otevřen rozhovor s člověkem"),
    "messages of number": _("Vyhledány zprávy čísla"),
    "booked for caller": _("Objednáno za volajícího"),
    "moved for caller": _("Přesunuto za volajícího"),
    "cancelled for caller": _("Zrušeno za volajícího"),
    "booking corrected": _("Oprava objednávky"),
    "queue shown": _("Fronta u přepážky se jmény"),
    "bookings listed": _("Zobrazen seznam objednávek dne"),
    "bookings saved": _("Uložen seznam objednávek dne do tabulky"),
    "bookings searched": _("Hledáno v objednávkách"),
    "find opened": _("Otevřena nalezená objednávka"),
    "messages listed": _("Zobrazen seznam zpráv"),
    "register of number": _("Vyhledáno v tomto registru"),
    "backup made": _("Uložena záloha databáze"),
    "signed in": pgettext_lazy("v registru", "Přihlášení"),
    "sign-in failed": _("Neúspěšné přihlášení"),
    "signed out": pgettext_lazy("v registru", "Odhlášení"),
    "refused": _("Stránka odmítnuta"),
}
"""What the register of access holds (`store.register.Act`)."""

PLACES = {
    "office": _("Úřad"),
    "texts": _("Text odpovědi"),
    "agendas": _("Agenda"),
    "services": _("Činnost"),
    "counters": _("Přepážka"),
    "closures": _("Uzavření"),
    "answers": _("Uložená odpověď"),
}
"""The sections of an office's configuration, as the audit trail names an item of each."""

PARTS = {
    "name": _("název"),
    "title": _("název"),
    "titles": _("název"),
    "timezone": _("časové pásmo"),
    "holidays": _("svátky"),
    "contact": _("kontakt"),
    "address": _("adresa"),
    "directions": _("jak se k úřadu dostat"),
    "privacy_officer": _("pověřenec pro ochranu osobních údajů"),
    "recipients": _("příjemci osobních údajů"),
    "synonyms": _("jiná slova"),
    "bring": _("co si vzít s sebou"),
    "weekdays": _("jen v některé dny"),
    "paused_from": _("bez nových objednávek od"),
    "hidden": _("není na webu"),
    "numbers": _("čísla"),
    "minutes": _("délka v minutách"),
    "agenda": _("agenda"),
    "agendas": _("agendy"),
    "arrow": _("šipka"),
    "way": _("cesta"),
    "rules": _("hodiny"),
    "extra_days": _("mimořádné dny"),
    "order": _("pořadí"),
    "prefix": _("písmeno lístků"),
    "walk_ins_per_day": _("lístků bez objednání za den"),
    "walk_ins_stop_minutes": _("konec výdeje lístků (minut před zavřením)"),
    "service_minutes": _("obvyklá doba vyřízení (minut)"),
}
"""The values of those items."""
