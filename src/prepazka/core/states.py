"""The states of a booking, as the rules of booking and of the queue both know them."""

from typing import Literal

BookingState = Literal["booked", "cancelled", "moved"]
