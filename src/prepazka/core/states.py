"""The states of a booking, as the rules of booking and of the queue both know them."""

from typing import Literal

BookingState = Literal["booked", "held", "cancelled", "moved"]
"""held: takes its place until the phone confirms it, and is no booking of anybody before that."""
