"""CPU time of commands that people type: the least of some runs, and what a bare interpreter takes.

    python bench/start_up.py

Without compiled bytecode a first run pays for compilation; that one is not counted.
"""

import resource
import subprocess
import sys

RUNS = 7
COMMANDS = (
    "--help",
    "up --help",
    "init --help",
    "doctor --help",
    "ask --help",
    "explain --help",
    "policy --help",
    "policy check --help",
    "policy prove --help",
    "audit --help",
    "audit verify --help",
    "audit tail --help",
    "audit search --help",
    "config --help",
    "config schema --help",
)


def cpu_ms(words: list[str]) -> float:
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000

    once()
    return min(once() for _ in range(RUNS))


def main() -> None:
    print(f"{'a bare interpreter':32} {cpu_ms(['-c', '']):5.0f} ms")
    for command in COMMANDS:
        print(f"{'tidegate ' + command:32} {cpu_ms(['-m', 'tidegate', *command.split()]):5.0f} ms")


if __name__ == "__main__":
    main()
