"""Přepážka: an office's appointments by SMS, from any phone, and the counter queue behind them."""
