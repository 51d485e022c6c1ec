"""The faces: public pages, the phone simulator and the API."""
