"""`python -m tests.fuzz [--seconds N] [--short] [TARGET...]`: every fuzzer, one after another.

Status 1: something was found. It is kept in tests/fuzz/seeds, with the shortest of what was reached beyond recordings.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.fuzz.mutations import SEEDS, kept
from tests.fuzz.properties import TARGETS

MOST_KEPT = 150
"""Inputs of a target, the shortest first: they are replayed in CI, in seconds."""
MOST_BYTES = 6000
MEMORY_MB = 1500


def main(words):
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join((*TARGETS, 'api'))}; default: all")
    parser.add_argument("--seconds", type=int, default=900, help="of each target")
    parser.add_argument("--short", action="store_true", help="the served API alone, the same questions every time")
    chosen = parser.parse_args(words)
    if unknown := sorted({*chosen.targets} - {*TARGETS, "api"}):
        parser.error(f"no target is named {', '.join(unknown)}")
    if chosen.short:
        return api()
    wanted = chosen.targets or [*TARGETS, "api"]
    wrong = [each for each in wanted if (api(chosen.seconds) if each == "api" else guided(each, chosen.seconds))]
    say(f"wrong: {', '.join(wrong)}" if wrong else "nothing was wrong")
    return 1 if wrong else 0


def api(seconds=0):
    return subprocess.run([sys.executable, "-m", "tests.fuzz.api", f"--seconds={seconds}"], check=False).returncode


def guided(target, seconds):
    """1 where something was found; it lies among the seeds then."""
    with tempfile.TemporaryDirectory(prefix="tidegate-fuzz-") as name:
        folder = Path(name)
        options = [f"-max_total_time={seconds}", "-timeout=20", f"-rss_limit_mb={MEMORY_MB}", "-print_final_stats=1"]
        told = run(target, folder, *options)
        say("\n".join(line for line in told.splitlines() if line.startswith(("stat::", "FOUND", "Done", "ERROR"))))
        findings = sorted((folder / "findings").iterdir())
        keep(target, reached(folder), findings)
        return 1 if findings or "ERROR: libFuzzer" in told else 0


def run(target, folder, *options):
    command = [sys.executable, "-m", "tests.fuzz.guided", target, str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def reached(folder):
    """What the run added to its corpus: each went where nothing before it had gone."""
    return [path for path in (folder / "corpus").iterdir() if not path.name.startswith("seed-")]


def keep(target, found, findings):
    """The finds, and of what was reached the shortest."""
    inputs = {name: data for name, data in kept(target) if name.startswith("found-")}
    inputs |= {f"found-{path.stem}": path.read_bytes() for path in findings}
    fit = sorted((path.read_bytes() for path in found), key=len)[:MOST_KEPT]
    inputs |= {f"reached-{number:03}": data for number, data in enumerate(fit) if len(data) <= MOST_BYTES}
    SEEDS.mkdir(exist_ok=True)
    with zipfile.ZipFile(SEEDS / f"{target}.zip", "w", zipfile.ZIP_LZMA) as archive:
        for name, data in sorted(inputs.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_LZMA)


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
