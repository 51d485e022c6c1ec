"""What gateways say of their health: stable names with levels, and the English of the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

from prepazka.gateways.values import Health

_RESTART_GAMMU = "systemctl restart gammu-smsd; if that does not help, plug the modem in again and look at its log"
_RESTART_SMSTOOLS = "systemctl restart smstools; if that does not help, plug the modem in again and look at its log"
_UNTRIED = "(made from its documentation, not tried live)"


@dataclass(frozen=True, slots=True)
class HealthText:
    """One thing a gateway may say, with placeholders; fix: what the operator can do, "" when nothing is wrong."""

    level: Literal["ok", "warning", "error"]
    summary: str
    fix: str = ""


def _ok(summary: str) -> HealthText:
    return HealthText("ok", summary)


def _warning(summary: str, fix: str) -> HealthText:
    return HealthText("warning", summary, fix)


def _error(summary: str, fix: str) -> HealthText:
    return HealthText("error", summary, fix)


TEXTS: Mapping[str, HealthText] = {
    # any gateway
    "http_ok": _ok("calls the API with a token"),
    "http_no_token": _warning("has no token, so it cannot call the API", "run: prepazka gateway token {name}"),
    "http_no_replies": _warning(
        "its token may not read replies, and it sends nothing itself, so nobody gets an answer",
        "run: prepazka gateway token {name} --keep --purpose messages --purpose replies",
    ),
    "unknown_kind": _error("this version knows no kind '{kind}'", "prepazka gateway kinds"),
    "wrong_settings": _error(
        "its settings are not right: {wrong}", "run: prepazka gateway set {name} {kind} SETTING=VALUE"
    ),
    "sealed_elsewhere": _error(
        "its settings were encrypted with another secret key",
        "name that key in PREPAZKA_SECRET_KEY_BEFORE, or run: prepazka gateway set {name} {kind} SETTING=VALUE",
    ),
    "hearing_fails": _error(
        "nothing can be heard by it: {reason}", "see the log, and what it needs: its disk, its files, its peer"
    ),
    "sending_fails": _error("it has refused the last messages", "see why: prepazka gateway delivery {name}"),
    "unserved_yet": _ok("was set up just now, and is about to be served"),
    "unserved": _error("no process serves it", "is `prepazka serve` running?"),
    "unserved_since": _error("no process serves it since {since} UTC", "is `prepazka serve` running?"),
    "certificate_over": _error(
        "the certificate of {host} has expired", "have it renewed by whoever runs {host}; on your own device renew it"
    ),
    "certificate_of_another": _error(
        "the certificate of {host} is not for this name: {reason}", "write the name of the certificate in the address"
    ),
    "certificate_unknown": _error(
        "the certificate of {host} is not trusted: {reason}",
        "put its authority into /usr/local/share/ca-certificates and run update-ca-certificates; in a network that is "
        "yours alone, http:// will do",
    ),
    "certificate_unnamed": _error(
        "the certificate of {host} is not trusted: {reason}", "name the file of its authority in ca_file"
    ),
    # gammu
    "gammu_wrong_schema": _error("database of gammu-smsd: {reason}", "upgrade gammu-smsd and its tables together"),
    "gammu_no_database": _error("database of gammu-smsd: {reason}", "make it as `prepazka gateway gammu-config` says"),
    "gammu_unreadable": _error("database of gammu-smsd: {reason}", "look at it; is it on a full disk?"),
    "gammu_open": _warning("everybody may read the database of gammu-smsd", "chmod 660 {path}"),
    "gammu_never": _error(
        "no gammu-smsd has ever come up as {phone}",
        "start it with Service = sql and PhoneID = {phone} on this database",
    ),
    "gammu_silent": _error("gammu-smsd is dead or deaf: silent for {duration}", _RESTART_GAMMU),
    "gammu_switched_off": _error("gammu-smsd does not send and receive", "set neither Send nor Receive to no"),
    "gammu_clock": _warning(
        "the clock of gammu-smsd is {duration} from the time zone {zone}",
        "start it with TZ=UTC as gammu-config says, or correct the gateway's time zone",
    ),
    "gammu_no_signal": _error("the modem has no signal, or gammu-smsd does not hear it", _RESTART_GAMMU),
    "gammu_waiting": _warning("{count} messages wait for the modem, the first for {duration}", _RESTART_GAMMU),
    "gammu_weak": _warning("signal {signal} %", "move the modem or its aerial to a better place"),
    "gammu_ok": _ok("gammu-smsd {phone}: {network}, signal {signal}, {count} waiting"),
    # smpp
    "smpp_journal": _error(
        "its journal cannot be written, so nothing is taken from the SMSC: {reason}",
        "look at the disk and at the owner of the file in the setting journal",
    ),
    "smpp_partly": _warning(
        "SMPP {address}: {bound} of {binds} connections are bound; another: {reason}",
        "ask the operator how many binds the account may have, and set binds",
    ),
    "smpp_bound": _ok("SMPP {address}: bound, {pending} deliveries in hand"),
    "smpp_reachable": _ok("SMPP {address}: can be reached"),
    "smpp_refused": _error("SMPP {address}: {reason}", "correct system_id, password and system_type"),
    "smpp_rejected": _error(
        "SMPP {address}: the SMSC refuses messages: {reason}", "correct the setting, or ask the operator to allow it"
    ),
    "smpp_down": _error("SMPP {address}: {reason}", "ask the operator; it is tried again by itself"),
    "smpp_unreachable": _error("SMPP {address}: {reason}", "check host, port, TLS and the firewall"),
    # smstools
    "smstools_no_directory": _error(
        "smstools: there is no directory {directory} in the spool", "make it, or correct the setting spool"
    ),
    "smstools_no_access": _error("smstools: no access to {directory}", "join the group of smsd: see the docs"),
    "smstools_open": _warning("smstools: not only smsd's group may enter {directory}", "chmod 2770 {path}"),
    "smstools_unwritable": _error("smstools: the spool cannot be written to: {reason}", "look at the disk"),
    "smstools_waiting": _error("smstools: a message waits for the modem for {minutes} min", _RESTART_SMSTOOLS),
    "smstools_ok": _ok("smstools: nothing waits for the modem"),
    # kannel
    "smsbox_unreachable": _error("smsbox cannot be reached at {address}", "start Kannel's smsbox"),
    "smsbox_ok": _ok("smsbox at {address}; at most once (docs/gateways.md)"),
    "bearerbox_down": _error(
        "bearerbox: {reason}",
        "start Kannel, and let box-allow-ip of its core group allow this machine at {address}",
    ),
    "bearerbox_unstored": _error(
        "{count} messages of bearerbox's are not stored, one for {seconds} s", "see the log: the database may be away"
    ),
    "bearerbox_ok": _ok("bearerbox at {address}"),
    "kannel_no_status": _error(
        "bearerbox's status page: {reason}",
        "compare the port with admin-port, the password with status-password in kannel.conf",
    ),
    "kannel_suspended": _error("bearerbox is not running freely: suspended, isolated or shutting down", "resume it"),
    "kannel_no_network": _error("Kannel reaches no network: {names}", "see Kannel's log for the modem or centre"),
    "kannel_no_box": _warning(
        "Kannel knows no box {box}: no process of the office hears and sends by it", "run: prepazka serve"
    ),
    "kannel_partly": _warning("Kannel does not reach {names}", "see Kannel's log"),
    "kannel_ok": _ok("Kannel by {names}, {count} messages under way to the office"),
    # providers over HTTP
    "hosted_calls": _ok("{title}: it calls us"),
    "hosted_calls_untried": _ok(f"{{title}}: it calls us {_UNTRIED}"),
    "hosted_ok": _ok("{title}: it can be reached"),
    "hosted_ok_untried": _ok(f"{{title}}: it can be reached {_UNTRIED}"),
    "hosted_sends": _ok("{title}: it can be reached; it hands in no messages of citizens"),
    "hosted_sends_untried": _ok(f"{{title}}: it can be reached; it hands in no messages of citizens {_UNTRIED}"),
    "hosted_silent": _error("{title}: it cannot be asked for messages: {reason}", "it is tried again by itself"),
    "hosted_refused": _error("{title}: it does not let us in: {reason}", "correct {settings}"),
    "hosted_not_understood": _error("{title}: its answer is not understood: {reason}", "compare the setting {setting}"),
    "hosted_busy": _warning("{title}: it wants to be left alone until {until} UTC", "raise poll_seconds"),
    "hosted_went_back": _error(
        "{title}: its list went back from {ours} to {theirs}; nothing behind {ours} is missed",
        "if it began anew, set start_at={theirs}",
    ),
    "hosted_left_out": _warning(
        "{title}: {count} items without a number or a text were left out", "compare the setting definition (fetch)"
    ),
    "hosted_not_removed": _error(
        "{title}: stored messages cannot be deleted there: {reason}",
        "compare the rights of username; its place is finite",
    ),
    "hosted_unreachable": _error("{title}: {host} cannot be reached", "look at the network, or ask the provider"),
    # modemmanager
    "modem_no_program": _error("mmcli cannot be run: {reason}", "apt install modemmanager, or set program"),
    "modem_gone": _error(
        "ModemManager: {reason}",
        "plug the modem in, set modem as `mmcli -L` shows it, see systemctl status ModemManager",
    ),
    "modem_no_answer": _error("ModemManager: {reason}", "systemctl restart ModemManager"),
    "modem_locked": _error(
        "the SIM wants its code: {lock}", "mmcli -i any --pin=PIN, or switch the PIN off in a phone"
    ),
    "modem_failed": _error("the modem failed: {reason}", "look at the SIM and at the log of ModemManager"),
    "modem_disabled": _error("the modem is switched off: {state}", "mmcli -m any --enable"),
    "modem_no_sms": _error(
        "the modem has no SMS: {reason}", "use a modem whose `mmcli -m any` lists messaging, and let prepazka use it"
    ),
    "modem_no_network": _error(
        "the modem has no network: {state}", "move it or its aerial; look at the contract of the SIM"
    ),
    "modem_incomplete": _warning(
        "{count} long messages wait for a part", "nothing; the sender may have to write again"
    ),
    "modem_ok": _ok("ModemManager: {network}, signal {signal} %"),
    # android
    "android_ok": _ok("the phone answers"),
    "android_unwell": _warning("the phone answers: {checks}", "look at the phone"),
    "android_ill": _error("the phone is not well: {checks}", "look at the phone"),
    "android_not_the_app": _error("the phone's answer is not the app's ({status})", "correct the address"),
    "android_silent": _error("the phone does not answer: {reason}", "switch the app on, or correct its address"),
    "android_refused": _error("the phone refuses our name and password", "copy them from the app's home screen"),
}


def health_of(name: str, /, **values: object) -> Health:
    """Return the health of this name in English. Raises: KeyError for a value that its text lacks."""
    text = TEXTS[name]
    used = {field for _, field, _, _ in Formatter().parse(text.summary + text.fix) if field}
    shown = {field: str(values[field]) for field in sorted(used)}
    return Health(text.level, text.summary.format_map(shown), text.fix.format_map(shown), name, shown)
