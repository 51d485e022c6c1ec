"""The kiosk in the hall: a ticket for a service, or by the access code of a booking."""
