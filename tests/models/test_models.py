"""The model in the package is there, is what its name says, and is small."""

from tidegate.models import TINY_NAME, tiny_model_path


def test_the_shipped_model_is_a_small_gguf_file_of_its_own():
    path = tiny_model_path()
    assert path.name == f"{TINY_NAME}.gguf"
    assert path.read_bytes()[:4] == b"GGUF"
    assert path.stat().st_size < 8 * 1024 * 1024
