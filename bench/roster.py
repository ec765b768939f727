"""Who is measured: each trial is a server, the tokens sent to it, and the name it has in the report."""

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.node_programs import FOLDER
from bench.servers import TREE, Server

PEERS_BIN = TREE / "build" / "bench-venv" / "bin"
HOME = TREE / "build" / "bench" / "home"
THREADS = "4"


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the table."""

    key: str
    title: str
    server: Server
    #: send tokens that the server has not seen, instead of one again and again
    unseen: bool = False


def roster() -> tuple[Trial, ...]:
    """Return all trials, those that are compared with each other side by side."""
    shipped = _chassis("gapura")
    return (
        Trial("granian", "Granian without Flask (what the load generator can measure)", _granian("granian")),
        Trial("gapura", "**Gapura** as shipped: chassis, guard, access log", shipped),
        Trial("gapura-public", "Gapura, route marked public", _chassis("gapura-public", BENCH_PUBLIC="true")),
        Trial("gapura-unseen", "Gapura, tokens never seen before", shipped, unseen=True),
        Trial("gapura-quiet", "Gapura, access log off", _chassis("gapura-quiet", GAPURA_LOG_LEVEL="warning")),
        Trial("flask-guard", "plain Flask + our guard, Granian", _bare("flask-guard", "guarded")),
        Trial("flask", "plain Flask, unguarded, Granian", _bare("flask", "unguarded")),
        *_flask_jwt_extended(),
        *_fastapi(),
        *_javascript(),
    )


def _chassis(name: str, **environ: str) -> Server:
    settings = {"GAPURA_HOME": str(HOME / name), "GAPURA_THREADS": THREADS, **environ}
    algorithm = None if "BENCH_PUBLIC" in environ else "ES256"
    return Server(name, (sys.executable, "-m", "bench.peers.chassis_service"), settings, algorithm)


def _bare(name: str, factory: str) -> Server:
    command = _granian_command(Path(sys.executable).parent, f"bench.peers.bare_flask:{factory}")
    return Server(name, (*command, "--factory"), algorithm="ES256" if factory == "guarded" else None)


def _granian(name: str) -> Server:
    command = _granian_command(Path(sys.executable).parent, "bench.peers.raw_wsgi:application")
    return Server(name, command, algorithm=None)


def _granian_command(programs: Path, target: str) -> tuple[str, ...]:
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--http", "1", "--no-ws")
    return (str(programs / "granian"), *options, "--blocking-threads", THREADS, target)


def _flask_jwt_extended() -> tuple[Trial, ...]:
    target = "bench.peers.flask_jwt_extended_app:create_app"
    gunicorn = (str(PEERS_BIN / "gunicorn"), "--bind", "127.0.0.1:{port}", "--workers", "1")
    threaded = (*gunicorn, "--worker-class", "gthread", "--threads", THREADS)
    title = "Flask + Flask-JWT-Extended, HS256"
    sync = Server("fje-sync", (*gunicorn, f"{target}()"), algorithm="HS256")
    gthread = Server("fje-gthread", (*threaded, f"{target}()"), algorithm="HS256")
    granian = Server("fje-granian", (*_granian_command(PEERS_BIN, target), "--factory"), algorithm="HS256")
    return (
        Trial(sync.name, f"{title}, gunicorn (sync)", sync),
        Trial(gthread.name, f"{title}, gunicorn (gthread)", gthread),
        Trial(granian.name, f"{title}, Granian", granian),
    )


def _fastapi() -> tuple[Trial, ...]:
    options = ("--port", "{port}", "--loop", "uvloop", "--http", "httptools", "--no-access-log")
    command = (str(PEERS_BIN / "uvicorn"), *options, "bench.peers.fastapi_app:app")
    servers = [_with_algorithm("fastapi", command, algorithm) for algorithm in ("HS256", "ES256")]
    return tuple(Trial(one.name, f"FastAPI + PyJWT, {one.algorithm}, uvicorn", one) for one in servers)


def _javascript() -> tuple[Trial, ...]:
    express = _with_algorithm("express", ("{node}", str(FOLDER / "express.js")), "ES256")
    fastify = [
        _with_algorithm("fastify", ("{node}", str(FOLDER / "fastify.js")), algorithm)
        for algorithm in ("ES256", "HS256")
    ]
    return (
        Trial(express.name, "Express + jose, ES256", express),
        *(Trial(one.name, f"Fastify + jose, {one.algorithm}", one) for one in fastify),
    )


def _with_algorithm(name: str, command: tuple[str, ...], algorithm: str) -> Server:
    environ = {"BENCH_ALGORITHM": algorithm, "NODE_ENV": "production"}
    return Server(f"{name}-{algorithm.lower()}", command, environ, algorithm)
