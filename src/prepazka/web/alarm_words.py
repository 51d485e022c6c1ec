"""What is wrong, in the words of a page: for the office what it means for it, for the operator also what to do."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from prepazka.flows.health.alarms import Level, Problem
from prepazka.gateways.values import Health
from prepazka.web.gateway_words import describe_health

_SPACE = _("Na disku serveru je málo místa (%(free)s MB).")
_MAKE_ROOM = _("Uvolněte místo v %(directory)s: na plný disk nelze nic zapsat, ani objednávku.")
_BACK_UP = _("Spouštějte každou noc prepazka backup (docs/operations.md).")
_LOOK_AT_MESSAGES = _("Zprávy s příčinami najdete na stránce Zprávy.")

WORDS = {
    "disk_low": (_SPACE, _MAKE_ROOM),
    "disk_full": (_("Na disku serveru došlo místo (zbývá %(free)s MB)."), _MAKE_ROOM),
    "place_unwritable": (
        _("Služba nemůže zapisovat tam, kam jí to určuje nastavení %(name)s."),
        _("Dovolte uživateli služby zapisovat do %(directory)s. Pak spusťte prepazka setup, který jí místo otevře."),
    ),
    "database_unwritable": (
        _("Do databáze nelze zapisovat (%(reason)s). Nikdo se nemůže objednat."),
        _("Je plný disk? Uvolněte místo. Jinak dovolte službě zapisovat, nebo se připojte k primární databázi."),
    ),
    "work_undone": (
        _("Práci na pozadí (připomínky, mazání a další) nikdo nedělá od %(since)s (UTC)."),
        _("Spusťte znovu službu: systemctl restart prepazka. Příčinu říká její záznam."),
    ),
    "host_refused": (
        _("Někdo otevíral stránky na adrese %(host)s (naposledy %(last)s UTC), která není v PREPAZKA_HOSTS."),
        _("Mají-li ji lidé používat, přidejte ji tam a spusťte službu znovu."),
    ),
    "proxy_silent": (
        _("Proxy před stránkami neříká, odkud lidé jsou (naposledy %(last)s UTC): všichni se počítají za jednoho."),
        _("Ať %(proxy)s posílá adresy: X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr)."),
    ),
    "proxy_unnamed": (
        _("Proxy před stránkami není v PREPAZKA_PROXIES (naposledy %(last)s UTC): všichni se počítají za jednoho."),
        _("Je-li %(proxy)s proxy před stránkami, přidejte tam tuto adresu a spusťte službu znovu."),
    ),
    "backup_none": (_("Data ještě nikdo nezálohoval."), _BACK_UP),
    "backup_old": (_("Poslední záloha dat je z %(last)s (UTC)."), _BACK_UP),
    "certificate_unreadable": (
        _("Nevíme, do kdy platí certifikát stránek: %(place)s nejde přečíst (%(reason)s)."),
        _("Opravte PREPAZKA_CERTIFICATE, nebo dovolte soubor číst."),
    ),
    "certificate_ends": (
        _("Certifikát stránek brzy skončí: platí do %(until)s (UTC)."),
        _("Obnovte ho a zjistěte, proč se neobnovil sám."),
    ),
    "certificate_ended": (
        _("Certifikát stránek skončil %(until)s (UTC). Prohlížeče před stránkami varují."),
        _("Obnovte ho a nechte proxy, ať ho načte znovu."),
    ),
    "clock_database": (
        _("Hodiny serveru a databáze se liší o %(seconds)s s."),
        _("Nastavte oběma strojům časový server."),
    ),
    "clock_jumped": (
        _("Hodiny serveru někdo posunul o %(seconds)s s (%(at)s UTC)."),
        _("Zjistěte, kdo je na stroji %(machine)s řídí (timedatectl). Časy zapsané mezitím jsou o tolik chybné."),
    ),
    "clock_unsynchronised": (
        _("Hodiny serveru nikdo neseřizuje."),
        _("Nainstalujte a spusťte systemd-timesyncd nebo chrony (stav ukáže timedatectl)."),
    ),
    "replication_lag": (
        _("Záložní databáze %(standby)s je pozadu o %(seconds)s s."),
        _("Podívejte se do jejího záznamu a na síť; dokud to nedožene, nepřepínejte na ni."),
    ),
    "replication_gone": (
        _("Záložní databáze %(standby)s se nehlásí."),
        _("Spusťte ji, nebo zrušte její slot: databáze pro ni schraňuje záznam, dokud nezaplní disk."),
    ),
    "messages_waiting": (
        _("Zprávy se nezpracovávají: jedna čeká už %(seconds)s s."),
        _("Běží prepazka serve? Jeho záznam říká, co selhává."),
    ),
    "messages_stray": (
        _("Přišly zprávy na číslo, které k jejich bráně nepatří (%(count)s)."),
        _("Vypíše je prepazka gateway strays. Přiřaďte číslo bráně a zprávy úřadu; po 7 dnech se smažou."),
    ),
    "replies_unsent": (
        _("Odpovědi se neodesílají: přes bránu %(gateway)s jich %(count)s čeká déle než %(minutes)s min."),
        _("Stav brány ukáže stránka Brány."),
    ),
    "messages_failed": (
        _("Za poslední den nedošlo %(count)s z %(all)s zpráv přes bránu %(gateway)s, nejčastěji: %(cause)s."),
        _LOOK_AT_MESSAGES,
    ),
    "messages_unknown": (
        _("U %(count)s z %(all)s zpráv posledního dne nevíme, zda je brána %(gateway)s odeslala: %(cause)s."),
        _("Podívejte se do záznamu brány. Na stránce Zprávy lze zprávy poslat znovu."),
    ),
    "receipts_unmatched": (
        _("Brána %(gateway)s za poslední den potvrdila zprávy, které neznáme (%(count)s)."),
        _("Ověřte, že přes stejný účet neposílá jiný program a jak ústředna zapisuje čísla zpráv (docs/gateways.md)."),
    ),
    "gateway_error": (_("Brána %(gateway)s nefunguje: %(what)s."), "%(how)s"),
    "gateway_silent": (
        _("Přes bránu %(gateway)s od %(since)s (UTC) nic nepřišlo, ač v tuto dobu zprávy vždy chodí."),
        _("Pošlete na úřad zprávu. Nepřijde-li, podívejte se na modem a kredit karty SIM, nebo volejte poskytovatele."),
    ),
    "watchdog_missing": (
        _("Kontrolní SMS na %(number)s přes bránu %(gateway)s, odeslaná %(sent)s (UTC), se nevrátila."),
        _("Pošlete na číslo zprávu z vlastního telefonu: přijde, a vrátí se odpověď? Podívejte se na modem a kredit."),
    ),
    "office_unfinished": (
        _("Úřad %(office)s není v pořádku: nemůže odpovídat, nebo se do něj nejde objednat."),
        _("Příčinu a nápravu vypíše prepazka check --office %(office)s."),
    ),
    "tables_newer": (
        _("Databázi už převedla novější verze programu (%(migration)s), než jaká tu běží."),
        _("Nainstalujte sem tu verzi, nebo novější."),
    ),
}
"""By the name of the alarm: what it means, and what the operator can do."""

# The first page shows these in its own way: gateways with their state, steps that are missing.
SHOWN_OTHERWISE = {"gateway_error", "office_unfinished"}


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """A problem in words; fix: for the operator, "" for everybody else."""

    level: Level
    summary: str
    fix: str


def describe(problem: Problem, *, operator: bool) -> AlarmWords:
    """Return a problem in words."""
    values = dict(problem.values)
    if isinstance(health := values.get("health"), Health):
        words = describe_health(health)
        values |= {"what": words.summary.rstrip("."), "how": words.fix}
    summary, fix = (str(text) % values for text in WORDS[problem.alarm])
    return AlarmWords(problem.level, summary, fix if operator else "")


def concerns(problem: Problem, office: str, gateways: Collection[str], *, operator: bool) -> bool:
    """Whether a problem is shown on the first page of an office: its own gateways', and the installation's.

    An operator sees those of all.
    """
    if operator:
        return problem.alarm not in SHOWN_OTHERWISE or problem.office not in {"", office}
    own = problem.gateway in {"", *gateways} and problem.office in {"", office}
    return own and problem.alarm not in SHOWN_OTHERWISE
