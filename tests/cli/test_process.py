"""The real program in a process of its own: pipes, signals, terminals."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, program, surroundings

posix_only = pytest.mark.skipif("os.name != 'posix'", reason="needs POSIX pipes and signals")


@pytest.mark.skipif("sys.platform != 'linux'", reason="others always have a display")
def test_with_no_display_the_starter_net_is_trained() -> None:
    found = program()

    first, *_, last = found.out.splitlines()
    assert found.code == 0, found
    assert "there is no display" in first
    assert "digits_mlp" in first
    assert last.startswith("Done in")


def test_help_lists_the_commands() -> None:
    found = program("--help")

    assert found.code == 0
    commands = ("train", "step", "check", "code", "show", "layers", "devices", "examples")
    assert all(f" {name} " in found.out for name in commands)


def test_bad_usage_is_one_line_and_exit_code_2() -> None:
    found = program("train", "nosuch.json")

    assert found.code == 2
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err


def test_what_is_piped_is_clean_utf_8(net: Path, tmp_path: Path) -> None:
    found = program("code", net, PYTHONIOENCODING="ascii", FORCE_COLOR="1")

    assert found.code == 0
    assert "→" in found.out
    assert "\x1b" not in found.out
    page = tmp_path / "page.py"
    page.write_text(found.out, encoding="utf-8")
    done = subprocess.run([sys.executable, page], cwd=ROOT, capture_output=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@posix_only
def test_a_reader_that_leaves_causes_no_traceback(net: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "step", net, "--backward"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=surroundings(),
        timeout=100,
    )
    os.close(writing)

    assert done.returncode == 1
    assert done.stderr == b""


@posix_only
def test_ctrl_c_ends_a_run_and_keeps_what_there_is(net: Path, tmp_path: Path) -> None:
    words = ("train", net, "--epochs", "1000000", "--out", tmp_path / "kept")
    running = subprocess.Popen(
        [sys.executable, ROOT / "main.py", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
        text=True,
    )
    assert running.stdout is not None
    headline = running.stdout.readline()

    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=100)

    assert headline.startswith("net: 3 nodes")
    assert running.returncode == 1
    assert err.startswith("error: stopped by Ctrl-C after ")
    assert err.count("\n") == 1
    assert "Stopped in " in out
    kept = {path.name for path in (tmp_path / "kept").iterdir()}
    assert kept == {"net.json", "net.safetensors", "history.csv", "epochs.csv"}


@posix_only
def test_progress_is_on_the_terminal_and_never_in_a_pipe(net: Path) -> None:
    shown, terminal = os.openpty()
    running = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "train", net, "--json"],
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=surroundings() | {"TERM": "xterm-256color", "COLUMNS": "100"},
    )
    out, _ = running.communicate(timeout=100)
    os.close(terminal)
    bar = read_all(shown)

    assert running.returncode == 0
    assert out.startswith(b"{")
    assert out.count(b"\n") == 1
    assert "epoch 3/3" in bar
    assert "steps/s" in bar


def read_all(shown: int) -> str:
    """What a terminal was sent; Linux ends it with an error, others with nothing more."""
    found = b""
    with contextlib.suppress(OSError):
        while chunk := os.read(shown, 4096):
            found += chunk
    os.close(shown)
    return found.decode()
