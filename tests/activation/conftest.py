import pytest

from tests.activation.house import House


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)
