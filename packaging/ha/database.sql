-- The program's own user and database, made once on the primary. docs/ha.md explains every choice.
CREATE ROLE prepazka LOGIN PASSWORD '${password}';
-- Behind a pooler the options of DATABASE_URL do not arrive, so the role has them: nobody waits for a lock, computes or
-- sits in a transaction for longer.
ALTER ROLE prepazka SET lock_timeout = '8s';
ALTER ROLE prepazka SET statement_timeout = '30s';
ALTER ROLE prepazka SET idle_in_transaction_session_timeout = '5s';
-- `prepazka check` tells whether a standby keeps up.
GRANT pg_read_all_stats TO prepazka;
CREATE DATABASE prepazka OWNER prepazka;
