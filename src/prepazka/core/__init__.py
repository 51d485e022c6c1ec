"""The office's rules as plain values and pure functions: no database, no clock, no random source of its own."""
