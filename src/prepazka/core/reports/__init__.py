"""The figures of a report, the forecast and the replay of a month: plain functions of what happened."""
