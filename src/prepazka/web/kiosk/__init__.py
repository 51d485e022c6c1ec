"""The kiosk in the hall: gives a ticket for a service, or by the access code of a booking."""
