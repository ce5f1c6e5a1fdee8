"""The door: words become jobs, and the environment is made, kept and mended."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import environment
import fanfold
from environment import Environment, Progress, Refusal
from fanfold import Job

ROOT = Path(__file__).parents[1]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the door and its requirements, and a space in its name."""
    home = tmp_path / "Fan fold"
    home.mkdir()
    for name in ("fanfold.py", "environment.py", *environment.FILES.values()):
        shutil.copy(ROOT / name, home / name)
    return home


@pytest.fixture
def complete(home: Path) -> Environment:
    """An environment whose stamp says that all its parts are there."""
    made = Environment(home)
    venv.create(made.folder, symlinks=os.name == "posix")
    stamp_all(made)
    return made


def stamp_all(made: Environment, **other: str) -> None:
    parts = {part: environment._mark(made, part, other.get(part, "done")) for part in made_of()}
    environment.write_stamp(made, {"python": environment.base_python(made), **parts})


def made_of() -> list[str]:
    return list(environment.FILES)


def missing(made: Environment, *, again: bool = False) -> list[str]:
    return environment.missing_parts(made, made_of(), again=again)


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An installer that needs no network: parts named here fail with the words given."""
    failing: dict[str, str] = {}

    def run(command: Sequence[str], log: Path, progress: Progress, tell: Callable[[], str]) -> bool:
        if "venv" in command:
            venv.create(command[-1], symlinks=os.name == "posix")
        if "pip" not in command:
            return True
        part = log.stem.removeprefix("fanfold-")
        log.write_text(failing.get(part, ""), "utf-8")
        if failing.get(part) == "cut off":
            raise KeyboardInterrupt
        progress.show(tell())
        return part not in failing

    monkeypatch.setattr(environment, "run_quietly", run)
    return failing


@pytest.mark.parametrize(
    "words, job",
    [
        ([], Job("components")),
        (["--port", "9000", "--no-browser"], Job("components", ("--port", "9000", "--no-browser"))),
        (["test", "-k", "x"], Job("pytest", ("-k", "x"), parts=("app", "model", "dev"))),
        (["bench"], Job("tests.bench", parts=("app", "model", "dev"))),
        (["setup"], Job("setup")),
        (["run", "f.json", "--help"], Job("flows", ("run", "f.json", "--help"), at_home=False)),
        (["--help"], None),
        (["-h"], None),
        (["help"], None),
    ],
)
def test_words_become_jobs(words: list[str], job: Job | None) -> None:
    assert fanfold.plan_job(words) == job


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        fanfold.main(["--port", "70000"])
    assert (ended.value.code, capsys.readouterr().err.splitlines()[-1]) == (
        2,
        "fanfold.py: error: A port is a number from 0 to 65535, not 70000.",
    )


@pytest.mark.skipif(os.name == "nt", reason="The command reads differently on Windows.")
def test_an_old_python_is_told_which_one_is_needed() -> None:
    with pytest.raises(Refusal) as refused:
        fanfold.require_python((3, 10, 13))
    assert str(refused.value) == (
        "Fanfold needs Python 3.11 or newer; this is 3.10.13. "
        "Install a newer one and start with it, for instance: python3.13 fanfold.py"
    )


def test_help_needs_no_environment(home: Path) -> None:
    shown = run_door(home, "--help")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, fanfold.HELP + "\n", "")
    assert not (home / ".venv").exists()


def test_nothing_is_missing_from_a_complete_environment(complete: Environment) -> None:
    assert missing(complete) == []


def test_what_was_never_made_is_missing(home: Path) -> None:
    assert missing(Environment(home)) == ["app", "model", "dev"]


def test_changed_requirements_are_missing_again(complete: Environment) -> None:
    (complete.home / "requirements.txt").write_text("streamlit>=2\n", "utf-8")
    assert missing(complete) == ["app"]


def test_a_model_that_failed_is_left_alone_until_set_up_is_asked_for(
    complete: Environment,
) -> None:
    stamp_all(complete, model="failed")
    assert (missing(complete), missing(complete, again=True)) == ([], ["model"])


def test_an_environment_whose_python_has_gone_counts_for_nothing(complete: Environment) -> None:
    stamp = complete.stamp.read_text("utf-8")
    gone = environment.base_python(complete).replace("python", "python-gone")
    complete.stamp.write_text(stamp.replace(environment.base_python(complete), gone), "utf-8")
    assert environment.read_stamp(complete) == {}


def test_half_an_environment_is_made_again_from_nothing(
    home: Path, installer: dict[str, str]
) -> None:
    half = Environment(home)
    (half.folder / "lib").mkdir(parents=True)
    (half.folder / "lib" / "half-a-package.py").touch()
    environment.prepare(half, made_of())
    assert installer == {}
    assert missing(half) == []
    assert not (half.folder / "lib" / "half-a-package.py").exists()


def test_a_set_up_that_is_cut_off_leaves_no_stamp(
    complete: Environment, installer: dict[str, str]
) -> None:
    installer["dev"] = "cut off"
    (complete.home / "requirements-dev.txt").write_text("pytest\n", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(complete, made_of())
    assert environment.read_stamp(complete) == {}


def test_an_install_that_fails_keeps_what_was_complete(
    complete: Environment, installer: dict[str, str]
) -> None:
    installer["dev"] = "ERROR: No matching distribution found for pytest\n"
    (complete.home / "requirements-dev.txt").write_text("pytest\n", "utf-8")
    with pytest.raises(Refusal) as refused:
        environment.prepare(complete, made_of())
    assert str(refused.value) == (
        "The packages could not be installed: No matching distribution found for pytest "
        f"(See {complete.log('dev')}.)"
    )
    assert missing(complete) == ["dev"]


def test_a_model_that_cannot_be_installed_is_one_sentence_and_not_the_end(
    home: Path, installer: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    installer["model"] = "ERROR: No matching distribution found for xllamacpp\n"
    made = Environment(home)
    environment.prepare(made, ["app", "model"])
    assert capsys.readouterr().err.splitlines()[-4:] == [
        "  fetching packages",
        (
            "The embedded model is left out: The packages could not be installed: No matching "
            f"distribution found for xllamacpp (See {made.log('model')}.)"
        ),
        f"Flows then need a connection. `{environment.COMMAND} setup` tries again.",
        "Set up in 0 s.",
    ]
    assert environment.missing_parts(made, ["app", "model"], again=False) == []


def test_asking_for_the_set_up_tries_the_model_again(
    complete: Environment,
    installer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stamp_all(complete, model="failed")
    monkeypatch.setattr(fanfold, "HOME", complete.home)
    code = fanfold.main(["setup"])
    assert installer == {}
    assert (code, capsys.readouterr().out) == (0, "Everything is set up.\n")
    assert missing(complete, again=True) == []


def test_a_python_without_venv_is_told_what_to_type(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Refusal) as refused:
        environment.prepare(Environment(home), ["app"])
    assert "venv" in str(refused.value)


@pytest.mark.parametrize(
    "debian, sentence",
    [
        (
            True,
            (
                "Python's venv module is missing here. Type this and start again: "
                "sudo apt install python3.12-venv"
            ),
        ),
        (
            False,
            (
                "This Python 3.12 came without the modules venv and ensurepip. "
                "Install a complete one from python.org or your system's packages and start again."
            ),
        ),
    ],
)
def test_the_remedy_for_a_missing_venv_is_one_line(debian: bool, sentence: str) -> None:
    assert environment.venv_remedy((3, 12), debian=debian) == sentence


@pytest.mark.parametrize(
    "log, sentence",
    [
        (
            "OSError: [Errno 28] No space left on device",
            "The disk is full. Fanfold needs about 1 GB in env.",
        ),
        (
            (
                "WARNING: Retrying after connection broken by 'NewConnectionError'\n"
                "ERROR: No matching distribution found for streamlit\n"
            ),
            "The packages could not be fetched. Check that this machine is online and start again.",
        ),
        (
            "ERROR: Could not find a version\nERROR: No matching distribution found for x\n",
            (
                "The packages could not be installed: No matching distribution found for x "
                f"(See {Path('env/app.log')}.)"
            ),
        ),
        ("", f"The packages could not be installed: no reason given (See {Path('env/app.log')}.)"),
    ],
)
def test_a_failed_install_is_told_in_a_sentence(log: str, sentence: str) -> None:
    assert environment.explain_failure(log, Path("env/app.log")) == sentence


@pytest.mark.parametrize(
    "log, told",
    [
        ("", "fetching packages: 0 so far"),
        ("Collecting a\n  Downloading a.whl\nProcessing b.whl\n", "fetching packages: 2 so far"),
        (
            "Collecting a\nWARNING: Retrying after connection broken by 'X'\n",
            "waiting for the package index, which does not answer",
        ),
        (
            "Collecting a\nInstalling collected packages: a, b, c\n",
            "installing packages: 2 of 3",
        ),
    ],
)
def test_the_installers_words_become_progress(log: str, told: str) -> None:
    assert environment.tell_installing(log, 2) == told


def test_a_terminal_sees_one_moving_line() -> None:
    screen = Terminal()
    progress = Progress(screen)
    progress.show("fetching packages: 1 so far")
    progress.say("Set up.")
    moving, last = screen.getvalue().removeprefix("\r\x1b[2K").split("\r\x1b[2K")
    assert (moving[4:], last) == ("fetching packages: 1 so far  (0 s)", "Set up.\n")


def test_elsewhere_each_new_step_is_one_plain_line() -> None:
    lines = io.StringIO()
    progress = Progress(lines)
    for text in ("fetching: 1", "fetching: 2", "installing: 1", "installing: 2"):
        progress.show(text)
    assert lines.getvalue() == "  fetching\n  installing\n"


def test_a_second_start_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    told, entered = threading.Event(), threading.Event()

    class Heard(io.StringIO):
        def write(self, text: str) -> int:
            told.set()
            return super().write(text)

    heard = Heard()
    lock = tmp_path / "lock"

    def second() -> None:
        with environment.only_one(lock, Progress(heard)):
            entered.set()

    with environment.only_one(lock, Progress(io.StringIO())):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(20)
        assert not entered.is_set()
    waiting.join(20)
    assert entered.is_set()
    assert heard.getvalue() == "Another start is setting Fanfold up; this one waits for it.\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(Refusal) as refused,
        environment.only_one(tmp_path / "gone" / "lock", Progress(io.StringIO())),
    ):
        pass
    assert str(refused.value) == (
        f"Fanfold cannot write to its folder {tmp_path / 'gone'}, where it sets up .venv. "
        "Copy the folder to a place that is yours and start it there."
    )


def test_stopping_the_set_up_is_a_line_and_exit_130(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_parts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fanfold, "HOME", home)
    monkeypatch.setattr(fanfold, "prepare", stopped)
    assert (fanfold.main([]), capsys.readouterr().err) == (
        130,
        "\nStopped. The next start sets up what is missing.\n",
    )


def test_other_words_reach_the_command_line_in_the_callers_folder(
    complete: Environment, tmp_path: Path
) -> None:
    """Nothing in the caller's folder or PYTHONPATH stands in for what is ours."""
    told = "import os, sys; print(sys.argv[1:], os.getcwd(), sys.flags.utf8_mode); sys.exit(3)"
    (complete.home / "flows").mkdir()
    (complete.home / "flows" / "__main__.py").write_text(told, "utf-8")
    caller = tmp_path / "caller"
    caller.mkdir()
    (caller / "flows.py").write_text("print('not ours')", "utf-8")
    done = run_door(
        complete.home, "check", "a b.json", "--json", cwd=caller, PYTHONPATH=str(caller)
    )
    assert (done.returncode, done.stdout, done.stderr) == (
        3,
        f"['check', 'a b.json', '--json'] {caller} 1\n",
        "",
    )


def test_the_app_runs_in_its_own_folder(complete: Environment, tmp_path: Path) -> None:
    (complete.home / "components").mkdir()
    (complete.home / "components" / "__main__.py").write_text(
        "import os, sys; print(sys.argv[1:], os.getcwd())", "utf-8"
    )
    done = run_door(complete.home, "--port", "0", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"['--port', '0'] {complete.home}\n")


def run_door(
    home: Path, *words: str, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(home / "fanfold.py"), *words],
        cwd=cwd or home,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
