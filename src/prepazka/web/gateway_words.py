"""What gateways say of their health, in the words of a page; the command line says the same in English."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from prepazka.gateways.values import Health

_RESTART_GAMMU = _(
    "Spusťte systemctl restart gammu-smsd. Nepomůže-li to, odpojte a připojte modem a podívejte se do jeho záznamu."
)
_RESTART_SMSTOOLS = _(
    "Spusťte systemctl restart smstools. Nepomůže-li to, odpojte a připojte modem a podívejte se do jeho záznamu."
)
_SEE_KANNEL = _("Podívejte se do záznamu Kannelu.")
_GAMMU_DATABASE = _("Databáze gammu-smsd: %(reason)s.")
_SMPP = _("SMPP %(address)s: %(reason)s.")
_UNSERVED = _("Běží prepazka serve?")
_PHONE = _("Podívejte se na telefon.")

WORDS = {
    "http_ok": (_("Volá rozhraní HTTP s klíčem."), ""),
    "http_no_token": (_("Nemá klíč, takže rozhraní HTTP volat nemůže."), _("Dejte jí klíč na stránce Brány.")),
    "http_no_replies": (
        _("Její klíč nesmí číst odpovědi a sama nic neposílá, takže odpověď nikdo nedostane."),
        _("Dovolte jejímu klíči číst odpovědi."),
    ),
    "unknown_kind": (_("Druh brány %(kind)s tato verze nezná."), _("Vypíše je prepazka gateway kinds.")),
    "wrong_settings": (_("Nastavení není v pořádku: %(wrong)s."), _("Opravte ho na stránce této brány.")),
    "sealed_elsewhere": (
        _("Její nastavení je zašifrované jiným tajným klíčem."),
        _("Uveďte ten klíč v PREPAZKA_SECRET_KEY_BEFORE, nebo bránu na její stránce nastavte znovu."),
    ),
    "hearing_fails": (
        _("Nic z ní nelze přijímat: %(reason)s."),
        _("Podívejte se do záznamu a na to, co potřebuje: disk, soubory, protistranu."),
    ),
    "sending_fails": (
        _("Poslední zprávy nepřijala."),
        _("Proč, říká stránka Doručování a prepazka gateway delivery %(name)s."),
    ),
    "unserved_yet": (_("Je nová. Za chvíli tu bude její stav."), ""),
    "unserved": (_("Žádný proces ji neobsluhuje."), _UNSERVED),
    "unserved_since": (_("Od %(since)s (UTC) ji žádný proces neobsluhuje."), _UNSERVED),
    "certificate_over": (
        _("Certifikát stroje %(host)s skončil."),
        _("Ať ho obnoví ten, kdo ten stroj spravuje; na vlastním zařízení ho obnovte vy."),
    ),
    "certificate_of_another": (
        _("Certifikát stroje %(host)s zní na jiné jméno (%(reason)s)."),
        _("Napište do adresy jméno, které je v certifikátu."),
    ),
    "certificate_unknown": (
        _("Certifikátu stroje %(host)s nedůvěřujeme (%(reason)s)."),
        _("Přidejte na server jeho autoritu (update-ca-certificates). Ve vlastní uzavřené síti stačí http://."),
    ),
    "certificate_unnamed": (
        _("Certifikátu stroje %(host)s nedůvěřujeme (%(reason)s)."),
        _("Zadejte v nastavení soubor s certifikátem jeho autority."),
    ),
    "gammu_wrong_schema": (_GAMMU_DATABASE, _("Povyšte gammu-smsd i jeho tabulky.")),
    "gammu_no_database": (_GAMMU_DATABASE, _("Založte ji, jak říká prepazka gateway gammu-config.")),
    "gammu_unreadable": (_GAMMU_DATABASE, _("Podívejte se na ni; není plný disk?")),
    "gammu_open": (
        _("Databázi gammu-smsd si může přečíst kdokoli na tomto stroji."),
        _("Spusťte chmod 660 %(path)s."),
    ),
    "gammu_never": (
        _("Žádný gammu-smsd se ještě neohlásil jako %(phone)s."),
        _("Spusťte ho nad touto databází se Service = sql a PhoneID = %(phone)s."),
    ),
    "gammu_silent": (_("gammu-smsd neběží, nebo neslyší: mlčí %(duration)s."), _RESTART_GAMMU),
    "gammu_switched_off": (
        _("gammu-smsd neodesílá ani nepřijímá."),
        _("Nenastavujte Send ani Receive na no."),
    ),
    "gammu_clock": (
        _("Hodiny gammu-smsd se od časového pásma %(zone)s liší o %(duration)s."),
        _("Spusťte ho s TZ=UTC, jak říká gammu-config, nebo opravte časové pásmo brány."),
    ),
    "gammu_no_signal": (_("Modem nemá signál, nebo ho gammu-smsd neslyší."), _RESTART_GAMMU),
    "gammu_waiting": (_("Na modem čekají zprávy (%(count)s), první už %(duration)s."), _RESTART_GAMMU),
    "gammu_weak": (_("Signál %(signal)s %%."), _("Dejte modem nebo anténu na lepší místo.")),
    "gammu_ok": (_("gammu-smsd %(phone)s: síť %(network)s, signál %(signal)s, čeká zpráv: %(count)s."), ""),
    "smpp_journal": (
        _("Deník nelze zapisovat, proto od SMSC nic nepřijímáme: %(reason)s."),
        _("Podívejte se na disk a na vlastníka souboru v nastavení Soubor deníku."),
    ),
    "smpp_partly": (
        _("SMPP %(address)s: přihlášená spojení: %(bound)s z %(binds)s; další: %(reason)s."),
        _("Zeptejte se operátora, kolik spojení účet smí mít, a nastavte Počet spojení."),
    ),
    "smpp_bound": (_("SMPP %(address)s: přihlášeno, rozpracovaných doručení: %(pending)s."), ""),
    "smpp_reachable": (_("SMPP %(address)s: dostupné."), ""),
    "smpp_refused": (_SMPP, _("Opravte system_id, heslo a system_type.")),
    "smpp_rejected": (
        _("SMPP %(address)s: SMSC odmítá zprávy: %(reason)s."),
        _("Opravte nastavení, nebo požádejte operátora, ať je povolí."),
    ),
    "smpp_down": (_SMPP, _("Zeptejte se operátora; zkoušíme to dál sami.")),
    "smpp_unreachable": (_SMPP, _("Zkontrolujte adresu, port, TLS a firewall.")),
    "smstools_no_directory": (
        _("smstools: chybí složka %(directory)s."),
        _("Založte ji, nebo opravte nastavení Adresář smstools."),
    ),
    "smstools_no_access": (
        _("smstools: ke složce %(directory)s nemáme přístup."),
        _("Přidejte uživatele do skupiny smsd, viz docs/gateways.md."),
    ),
    "smstools_open": (
        _("smstools: do složky %(directory)s smí i ten, kdo není ve skupině smsd."),
        _("Spusťte chmod 2770 %(path)s."),
    ),
    "smstools_unwritable": (
        _("smstools: do jeho složek nelze zapisovat: %(reason)s."),
        _("Podívejte se na disk."),
    ),
    "smstools_waiting": (_("smstools: zpráva čeká na modem %(minutes)s min."), _RESTART_SMSTOOLS),
    "smstools_ok": (_("smstools: na modem nic nečeká."), ""),
    "smsbox_unreachable": (_("smsbox na %(address)s není dostupný."), _("Spusťte smsbox Kannelu.")),
    "smsbox_ok": (_("smsbox na %(address)s; každá zpráva nejvýše jednou (docs/gateways.md)."), ""),
    "bearerbox_down": (
        _("bearerbox: %(reason)s."),
        _("Spusťte Kannel a v jeho skupině core povolte v box-allow-ip tento stroj (%(address)s)."),
    ),
    "bearerbox_unstored": (
        _("Zprávy od bearerboxu nejsou uložené: %(count)s, jedna už %(seconds)s s."),
        _("Podívejte se do záznamu: možná není dostupná databáze."),
    ),
    "bearerbox_ok": (_("bearerbox na %(address)s."), ""),
    "kannel_no_status": (
        _("Stavová stránka bearerboxu: %(reason)s."),
        _("Porovnejte port s admin-port a heslo se status-password v kannel.conf."),
    ),
    "kannel_suspended": (
        _("bearerbox neběží naplno: je pozastavený, izolovaný nebo končí."),
        _("Obnovte jeho provoz."),
    ),
    "kannel_no_network": (_("Kannel nemá spojení s žádnou sítí: %(names)s."), _SEE_KANNEL),
    "kannel_no_box": (
        _("Kannel nezná box %(box)s: žádný proces úřadu přes něj nepřijímá ani neodesílá."),
        _("Spusťte prepazka serve."),
    ),
    "kannel_partly": (_("Kannel nemá spojení s: %(names)s."), _SEE_KANNEL),
    "kannel_ok": (_("Kannel přes %(names)s, zpráv na cestě k úřadu: %(count)s."), ""),
    "modem_no_program": (
        _("Program mmcli nejde spustit: %(reason)s."),
        _("Nainstalujte balík modemmanager, nebo vyplňte v nastavení brány „Program mmcli“."),
    ),
    "modem_gone": (
        _("ModemManager: %(reason)s."),
        _("Připojte modem, nastavte ho podle mmcli -L a podívejte se na systemctl status ModemManager."),
    ),
    "modem_no_answer": (_("ModemManager: %(reason)s."), _("Spusťte systemctl restart ModemManager.")),
    "modem_locked": (
        _("SIM karta chce kód: %(lock)s."),
        _("Zadejte ho příkazem mmcli -i any --pin=PIN, nebo PIN v telefonu vypněte."),
    ),
    "modem_failed": (
        _("Modem selhal: %(reason)s."),
        _("Podívejte se na SIM kartu a do záznamu ModemManageru."),
    ),
    "modem_disabled": (_("Modem je vypnutý: %(state)s."), _("Spusťte mmcli -m any --enable.")),
    "modem_no_sms": (
        _("Modem neumí SMS: %(reason)s."),
        _("Použijte modem, u něhož mmcli -m any vypíše messaging, a dovolte uživateli prepazka ho používat."),
    ),
    "modem_no_network": (
        _("Modem není v síti: %(state)s."),
        _("Přemístěte ho nebo jeho anténu a zkontrolujte smlouvu k SIM kartě."),
    ),
    "modem_incomplete": (
        _("Dlouhé zprávy, kterým chybí část: %(count)s."),
        _("Nic. Odesílatel možná bude muset napsat znovu."),
    ),
    "modem_ok": (_("ModemManager: %(network)s, signál %(signal)s %%."), ""),
    "hosted_calls": (_("%(title)s: volá nás."), ""),
    "hosted_calls_untried": (_("%(title)s: volá nás (podle dokumentace, naživo nevyzkoušeno)."), ""),
    "hosted_ok": (_("%(title)s: dostupné."), ""),
    "hosted_ok_untried": (_("%(title)s: dostupné (podle dokumentace, naživo nevyzkoušeno)."), ""),
    "hosted_sends": (_("%(title)s: dostupné; zprávy od občanů nepředává."), ""),
    "hosted_sends_untried": (
        _("%(title)s: dostupné; zprávy od občanů nepředává (podle dokumentace, naživo nevyzkoušeno)."),
        "",
    ),
    "hosted_silent": (
        _("%(title)s: na nové zprávy se nelze zeptat: %(reason)s."),
        _("Zkouší se to samo znovu. Trvá-li to, podívejte se na síť a na adresu."),
    ),
    "hosted_refused": (
        _("%(title)s: nepustí nás dál: %(reason)s."),
        _("Opravte v nastavení brány: %(settings)s."),
    ),
    "hosted_not_understood": (
        _("%(title)s: odpovědi nerozumíme: %(reason)s."),
        _("Zkontrolujte v nastavení brány: %(setting)s."),
    ),
    "hosted_busy": (
        _("%(title)s: chce mít klid do %(until)s (UTC)."),
        _("Prodlužte v nastavení brány „Dotaz každých (s)“."),
    ),
    "hosted_went_back": (
        _("%(title)s: seznam zpráv se vrátil z místa %(ours)s na %(theirs)s."),
        _("Začal-li ho poskytovatel číslovat znovu, vyplňte v nastavení brány „Číst od místa“: %(theirs)s."),
    ),
    "hosted_left_out": (
        _("%(title)s: vynechané zprávy, které neměly číslo nebo text: %(count)s."),
        _("Porovnejte vlastní popis rozhraní s tím, co poskytovatel posílá."),
    ),
    "hosted_not_removed": (
        _("%(title)s: uložené zprávy tam nejdou smazat: %(reason)s."),
        _("Zkontrolujte práva jména v zařízení; jeho paměť se jinak zaplní."),
    ),
    "hosted_unreachable": (
        _("%(title)s: adresa %(host)s není dostupná."),
        _("Zkontrolujte síť, nebo se zeptejte poskytovatele."),
    ),
    "android_ok": (_("Telefon odpovídá."), ""),
    "android_unwell": (_("Telefon odpovídá, ale: %(checks)s."), _PHONE),
    "android_ill": (_("Telefon není v pořádku: %(checks)s."), _PHONE),
    "android_not_the_app": (_("Na té adrese neodpovídá aplikace v telefonu (%(status)s)."), _("Opravte adresu.")),
    "android_silent": (
        _("Telefon neodpovídá: %(reason)s."),
        _("Zapněte v něm aplikaci, nebo opravte adresu."),
    ),
    "android_refused": (
        _("Telefon odmítá naše jméno a heslo."),
        _("Opište je z úvodní obrazovky aplikace."),
    ),
}
"""By the name of the health: what is the matter, and what to do."""

REASONS = {
    "no connection to it": _("nelze se k němu připojit"),
    "not connected yet": _("zatím nepřipojeno"),
    "cannot connect (Connection refused)": _("nelze se připojit, spojení odmítá"),
    "cannot connect: Connection refused": _("nelze se připojit, spojení odmítá"),
    "Connection refused": _("spojení odmítá"),
    "it refuses the password": _("odmítá heslo"),
    "it is no status page of Kannel's": _("není to stavová stránka Kannelu"),
    "network unknown": _("neznámá"),
    "unknown": _("neznámý"),
    "this user may not write it": _("uživatel programu do ní nesmí zapisovat"),
    "none is configured": _("žádná není nastavená"),
}
"""Values that are words; all others are names, figures, or what another program said."""


class HealthWords(NamedTuple):
    """The health of a gateway in words. language: they are in, "" for that of the page."""

    summary: str
    fix: str
    language: str = ""


def describe_health(health: Health) -> HealthWords:
    """Return what is the matter and what to do; in English where an older version reported it, without its name."""
    if health.name not in WORDS:
        return HealthWords(health.summary, health.fix, "en")
    shown = {key: str(REASONS.get(value, value)) for key, value in health.values.items()}
    return HealthWords(*(str(words) % shown if words else "" for words in WORDS[health.name]))
