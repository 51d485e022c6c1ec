"""All alarms: stable names with the English of the command line; `web/alarm_words.py` has the words of pages.

docs/operations.md has a row for each: what it means, and what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["warning", "error"]


@dataclass(frozen=True, slots=True)
class AlarmText:
    """What is wrong and what to do, with placeholders; a level that depends is given with the problem."""

    level: Level
    what: str
    fix: str


ALARMS: Mapping[str, AlarmText] = {
    "disk_low": AlarmText(
        "warning",
        "disk: {free} MB are free in {directory}",
        "make room there: when the disk is full, nothing can be booked",
    ),
    "disk_full": AlarmText(
        "error",
        "disk: {free} MB are free in {directory}",
        "make room there: when the disk is full, nothing can be booked",
    ),
    "place_unwritable": AlarmText(
        "warning",
        "files: nothing can be written to {directory}, which {name} names",
        "make it, and let the service's user write it; after a change of places run prepazka setup again, which opens "
        "them to the service",
    ),
    "database_unwritable": AlarmText(
        "error",
        "database: it takes nothing that is written: {reason}",
        "a full disk: make room; read-only: mount it for writing, let the service's user write the file and its "
        "directory, or connect to the primary; otherwise see the log of the database",
    ),
    "work_undone": AlarmText(
        "error",
        "work: what is due {work} has been done by nobody since {since} UTC",
        "start or restart `prepazka serve` (systemctl restart prepazka); its log says what fails",
    ),
    "host_refused": AlarmText(
        "warning",
        "hosts: somebody asked for {host}, last at {last} UTC, and was refused",
        "if people are to use that name, add it to PREPAZKA_HOSTS and restart",
    ),
    "proxy_silent": AlarmText(
        "warning",
        "proxies: {proxy} does not say who calls, last at {last} UTC, so all who come through it count as one caller",
        "let it send the caller's address in X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr; "
        "haproxy: option forwardfor)",
    ),
    "proxy_unnamed": AlarmText(
        "warning",
        "proxies: {proxy} sends X-Forwarded-For and is not in PREPAZKA_PROXIES, last at {last} UTC, so all who come "
        "through it count as one caller",
        "if it is the proxy in front, add its address to PREPAZKA_PROXIES and restart",
    ),
    "backup_none": AlarmText(
        "warning", "backup: none was made yet", "run every night: prepazka backup FILE (docs/operations.md)"
    ),
    "backup_old": AlarmText(
        "warning",
        "backup: the last is of {last} UTC",
        "run every night: prepazka backup FILE (docs/operations.md)",
    ),
    "certificate_unreadable": AlarmText(
        "warning", "certificate: {place} cannot be read: {reason}", "correct PREPAZKA_CERTIFICATE, or who may read it"
    ),
    "certificate_ends": AlarmText(
        "warning", "certificate: {place} is valid until {until} UTC", "renew it: see what keeps it from being renewed"
    ),
    "certificate_ended": AlarmText(
        "error", "certificate: {place} was valid until {until} UTC", "renew it, and let the proxy read it again"
    ),
    "clock_database": AlarmText(
        "error", "clock: {seconds} s from the database's", "let both machines follow a time server"
    ),
    "clock_jumped": AlarmText(
        "warning",
        "clock: that of {machine} was set {way} by {seconds} s, at {at} UTC",
        "see what set it (timedatectl); what was written in between has times that are wrong by as much",
    ),
    "clock_unsynchronised": AlarmText(
        "warning",
        "clock: it follows no time server",
        "install and start systemd-timesyncd or chrony (timedatectl tells)",
    ),
    "replication_lag": AlarmText(
        "warning",
        "replication: {standby} is {seconds} s behind",
        "see its log and the network between the two; until it has caught up, do not switch over",
    ),
    "replication_gone": AlarmText(
        "error",
        "replication: nobody reads for {standby}",
        "start the standby, or drop its slot: the database keeps its log for it until the disk is full",
    ),
    "messages_waiting": AlarmText(
        "error",
        "messages: one has been waiting to be handled for {seconds} s, more than {limit}",
        "is `prepazka serve` running? its log says what fails",
    ),
    "messages_stray": AlarmText(
        "warning",
        "messages: {count} came to a number not bound to their gateway",
        "see: prepazka gateway strays; bind the number, then assign them; after 7 days they are erased",
    ),
    "replies_unsent": AlarmText(
        "error",
        "delivery: {count} replies have not been sent for {minutes} minutes by {gateway}",
        "see what its line says: prepazka gateway list ({gateway})",
    ),
    "messages_failed": AlarmText(
        "warning",
        "delivery: {count} of {all} messages of the last day did not arrive by {gateway}, most for: {cause}",
        "see the messages and their reasons in the administration, under Zprávy",
    ),
    "messages_unknown": AlarmText(
        "warning",
        "delivery: of {count} of {all} messages of the last day nobody knows whether {gateway} sent them, most for: "
        "{cause}",
        "see the log of the gateway's daemon or centre; the messages can be sent again in the administration",
    ),
    "receipts_unmatched": AlarmText(
        "warning",
        "delivery: {count} receipts of the last day by {gateway} named no message of ours",
        "see that no other program sends by the same account, and how the centre writes its ids (docs/gateways.md)",
    ),
    "gateway_error": AlarmText("error", "gateway {gateway}: {what}", "{how}"),
    "gateway_silent": AlarmText(
        "warning",
        "gateway {gateway}: nothing was heard since {since} UTC, while messages came at these hours of other weeks",
        "text the office yourself; if nothing comes, look at the modem, the SIM's credit, or ask the provider",
    ),
    "watchdog_missing": AlarmText(
        "error",
        "gateway {gateway}: the SMS of the watchdog to {number}, sent {sent} UTC, has not come back",
        "text the number from your own phone: does it come in, and does the reply come out? see modem, SIM and credit",
    ),
    "office_unfinished": AlarmText("error", "office {office}: {reason}", "{fix}"),
    "tables_newer": AlarmText(
        "warning",
        "tables: this database is newer than the program (it has {migration})",
        "install that version here, or a later one",
    ),
}
"""By name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong now. gateway, office: whose trouble it is, "" for the whole installation's."""

    alarm: str
    values: Mapping[str, object] = field(default_factory=dict)
    gateway: str = ""
    office: str = ""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return ALARMS[self.alarm].level

    @property
    def what(self) -> str:
        """What is wrong, in one line of English for the operator."""
        return ALARMS[self.alarm].what.format_map(self.values)

    @property
    def fix(self) -> str:
        """What to do, in one line of English."""
        return ALARMS[self.alarm].fix.format_map(self.values)
