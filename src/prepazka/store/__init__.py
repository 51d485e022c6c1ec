"""The records: tables, migrations, and the only queries there are."""
