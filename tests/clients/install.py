"""Installs the real programs that the tests drive, in `tests/clients/.installed`; needs a package index and npm.

What cannot be installed is told and left out: its tests are skipped with that reason.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = HERE / ".installed"
ENVIRONMENTS = {"python": "python.txt", "llama-index": "llama-index.txt", "aider": "aider.txt"}


def main() -> int:
    INSTALLED.mkdir(exist_ok=True)
    done = [_once(INSTALLED / name, HERE / lock, _environment) for name, lock in ENVIRONMENTS.items()]
    done.append(_once(INSTALLED / "node_modules", HERE / "package-lock.json", _modules))
    return 0 if all(done) else 1


def _once(place, lock, install):
    """Whether it is there, installed now or before from the same lock."""
    mark, digest = place.with_name(place.name + ".of"), hashlib.sha256(lock.read_bytes()).hexdigest()
    if place.is_dir() and mark.exists() and mark.read_text() == digest:
        return True
    shutil.rmtree(place, ignore_errors=True)
    try:
        install(place, lock)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{place.name} was not installed: {error}\n")
        return False
    mark.write_text(digest)
    return True


def _environment(place, lock):
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--quiet", "--python", str(place / "bin" / "python")]
    else:
        command = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=True)


def _modules(place, lock):
    for name in ("package.json", lock.name):
        shutil.copy(HERE / name, place.parent / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(place.parent)], check=True)


if __name__ == "__main__":
    sys.exit(main())
