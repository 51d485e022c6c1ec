"""`import-bookings`: the bookings of another system, from a table that people exported there."""

import sys
from argparse import Namespace
from pathlib import Path

from prepazka import clock
from prepazka.commands import UsageError, machine_settings
from prepazka.commands.its_office import find_office
from prepazka.commands.who import operator_name
from prepazka.core.actor import Actor
from prepazka.core.booking.import_file import COLUMNS, MOST_LINES, Kind, LineProblem, read
from prepazka.flows.booking.import_bookings import import_bookings

WORDS: dict[Kind, str] = {
    "encoding": "the file is no text; export it as CSV",
    "empty": "the file is empty; its first line names the columns",
    "columns": f"this column is missing; the first line names {', '.join(COLUMNS)} (code and phone may be left out)",
    "unknown_column": "{value!r} is no column, or is there twice; remove it, or name it as " + ", ".join(COLUMNS),
    "too_many": f"more than {MOST_LINES} lines; import the file in parts",
    "cells": "this line has not the {value} cells of the first line; put quotes around a text with the separator in it",
    "missing": "is empty; fill it in, or delete the line",
    "code": "{value!r} is no code of six digits; leave it empty to have one given",
    "service": "{value!r} is no code of a service of this office; add the service first, or correct the line",
    "date": "{value!r} is no date; write it like 10.8.2026",
    "time": "{value!r} is no time; write it like 8:00",
    "name": "this is no name of letters, at most 60; correct it",
    "phone": "this is no telephone number that can be called; write it like 777 123 456, or leave it empty",
    "formula": "this is a formula; export values, or format the column as text",
    "past": "this start is over; delete the line",
    "hours": "the office offers no such start, or closes before its end; correct the hours, or the line",
    "taken": "all places at this time are taken; give the agenda more lanes, or move the booking",
    "code_taken": "the code {value} stands for another booking of that day; leave it empty to have a new one given",
    "code_twice": "the code {value} stands in the file twice for that day; leave one empty to have a new one given",
}


def run(arguments: Namespace) -> int:
    """Run `prepazka import-bookings FILE.csv`: all or nothing, each mistake by its line."""
    office_id, name = find_office(arguments.office), arguments.file
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}{machine_settings.file_fix(error, name)}") from error
    actor = Actor(operator_name(), clock.now())
    done = import_bookings(office_id, read(data), actor, trial=arguments.dry_run, tell=arguments.notify)
    if done.problems:
        raise UsageError(*(f"{name}, {describe(problem)}" for problem in done.problems), "nothing was imported")
    made = "would be imported" if arguments.dry_run else "imported"
    print(f"{done.new} bookings {made}, {done.known} known already, {done.notified} confirmations queued")
    return 0


def describe(problem: LineProblem) -> str:
    """Return the line, the column and what is wrong with the fix."""
    column = f", {problem.column}" if problem.column else ""
    return f"line {problem.line}{column}: {WORDS[problem.kind].format(value=problem.value)}"
