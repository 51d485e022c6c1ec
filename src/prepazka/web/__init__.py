"""The pages, the API and the event streams of the office."""
