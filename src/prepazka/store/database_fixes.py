"""What mends a database that cannot be used, by the database's own words: for commands, probes and pages alike."""

_AS_ADMINISTRATOR = "as PostgreSQL's administrator: "
EMPTY_ONE = "make an empty one for this program, and name it in DATABASE_URL"
RESTORE = "end the service, and run: prepazka restore FILE, with the last backup"
FINISH_RESTORE = "run the same prepazka restore again"
_ROOM = "make room on the disk of the database"
_STARTING = "wait until PostgreSQL has started; if it does not, its log says why: journalctl -u postgresql"
_AUTHORITY = "the authority of PostgreSQL's certificate in DATABASE_URL: …?sslmode=verify-full&sslrootcert=FILE"
_POOLERS_LOG = "journalctl -u pgbouncer"
_FULL = "end what holds connections (pg_stat_activity), lower PREPAZKA_POOL, or raise max_connections of PostgreSQL"
_NAMELESS = "NAME", "USER"


def fix_of(said: str, vendor: str, database: str = _NAMELESS[0], user: str = _NAMELESS[1]) -> str:
    """Return the fix for what a database said of itself; who may not know its names is told where they stand."""
    usual = "correct DATABASE_URL" if vendor == "sqlite" else "start it, or correct DATABASE_URL"
    fixes: dict[str, str] = {}
    for part_of in (_of_a_pooler, _of_the_server, _of_the_role, _of_the_database):
        fixes |= part_of(database, user)
    return next((fix for part, fix in fixes.items() if part in said), usual)


def _of_a_pooler(database: str, user: str) -> dict[str, str]:
    """What pgbouncer says in its own name: the connection reached it, and goes no further."""
    return {
        "SASL authentication failed": f"the pooler refuses {user}: give the file of its auth_file the line "
        f'"{user}" "the password of DATABASE_URL", let the pooler read it, and reload the pooler',
        "no such user": f"the pooler knows no {user}: add it to the file of its auth_file, or correct DATABASE_URL",
        "no such database": f"give {database} a line under [databases] of the pooler, or correct DATABASE_URL",
        "unsupported startup parameter": "in the pooler: ignore_startup_parameters = extra_float_digits,options",
        "max_client_conn": "raise max_client_conn of the pooler, or lower PREPAZKA_POOL",
        "query_wait_timeout": "the pooler had no connection to lend: see that pool_mode = transaction and PostgreSQL "
        "answers behind it (docs/ha.md); otherwise raise default_pool_size",
        "server_login_retry": f"the pooler does not get into PostgreSQL; its log says why: {_POOLERS_LOG}",
        "cannot connect to server": f"the pooler does not reach PostgreSQL; its log says why: {_POOLERS_LOG}",
        "statement timeout": "let it go past the pooler, where this user has no limits: PREPAZKA_LISTEN_URL; otherwise "
        "see what holds it up: pg_stat_activity",
        "timeout expired": "start it, or what stands behind the pooler that waits there (docs/ha.md), or correct "
        "DATABASE_URL",
    }


def _of_the_server(database: str, user: str) -> dict[str, str]:
    """What stops a connection before anybody asks who it is. Of several parts that are said, the first counts."""
    return {
        "certificate has expired": "renew the certificate of PostgreSQL (ssl_cert_file), and let it read that: "
        "systemctl reload postgresql",
        "certificate is not yet valid": "set the clocks of this machine and of PostgreSQL's right",
        "certificate verify failed (": f"name {_AUTHORITY}",
        "certificate verify failed": f"renew the certificate of PostgreSQL if it is over; otherwise name {_AUTHORITY}",
        "root certificate file": f"name {_AUTHORITY}",
        "does not match host name": "name the host in DATABASE_URL as PostgreSQL's certificate does, or have one made "
        "for that name",
        "does not support SSL": "set ssl = on in postgresql.conf of the server, with a certificate, or leave sslmode "
        "out of DATABASE_URL",
        "currently accepting": f"{_AS_ADMINISTRATOR}ALTER DATABASE {database} ALLOW_CONNECTIONS true",
        "the database system is": _STARTING,
        "too many connections for role": f"{_AS_ADMINISTRATOR}ALTER ROLE {user} CONNECTION LIMIT -1",
        "too many connections for database": f"{_AS_ADMINISTRATOR}ALTER DATABASE {database} CONNECTION LIMIT -1",
        "too many clients": _FULL,
        "connection slots are reserved": _FULL,
        "expected authentication request": "correct host and port in DATABASE_URL: what answers there is no PostgreSQL",
        "failed to resolve": "correct the host in DATABASE_URL",
    }


def _of_the_role(database: str, user: str) -> dict[str, str]:
    """What lets nobody in, or lets them in and no further."""
    return {
        "pg_hba.conf": "let this machine in, in pg_hba.conf of the server",
        "not permitted to log in": f"{_AS_ADMINISTRATOR}ALTER ROLE {user} LOGIN",
        "Peer authentication": "name host and password in DATABASE_URL, or run as the system's user of that name",
        # PostgreSQL says the same of a role that is not there.
        "password authentication failed": "correct the password in DATABASE_URL, and in the file of a pooler's "
        f"auth_file; if the server has no such role, {_AS_ADMINISTRATOR}CREATE ROLE {user} LOGIN PASSWORD '…'",
        "password": "correct the password in DATABASE_URL",
        "permission denied to create extension": f"in it, {_AS_ADMINISTRATOR}CREATE EXTENSION btree_gist",
        "btree_gist": "install PostgreSQL's contrib package on its machine",
        "permission denied for schema": f"{_AS_ADMINISTRATOR}ALTER DATABASE {database} OWNER TO {user}",
        "permission denied for database": f"{_AS_ADMINISTRATOR}GRANT CONNECT ON DATABASE {database} TO {user}",
        "permission denied for": f"connect as the owner of the tables, or {_AS_ADMINISTRATOR}"
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {user}",
        "role ": f"{_AS_ADMINISTRATOR}CREATE ROLE {user} LOGIN PASSWORD '…', or correct DATABASE_URL",
    }


def _of_the_database(database: str, user: str) -> dict[str, str]:
    """What is wrong with the database itself, or with its file."""
    return {
        "readonly": "let this user write the file and its directory",
        "read-only transaction": f"connect to the primary, or {_AS_ADMINISTRATOR}ALTER DATABASE {database} RESET "
        "default_transaction_read_only",
        "disk is full": _ROOM,
        "No space left": _ROOM,
        "disk I/O error": f"{_ROOM}; if there is some, look into: journalctl -k",
        "not a database": f"if it was this program's: {RESTORE}; otherwise name another file in DATABASE_URL",
        "malformed": RESTORE,
        "already exists": EMPTY_ONE,
        "invalid ": "correct DATABASE_URL",
        "does not exist": f"{_AS_ADMINISTRATOR}CREATE DATABASE {database} OWNER {user} ENCODING 'UTF8' TEMPLATE "
        "template0, or correct DATABASE_URL",
    }
