"""`tidegate connect`, as it is typed."""

import json
import stat

import pytest
import yaml

from tidegate.cli import entry


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LLM_USER_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def typed(capsys):
    def call(*words):
        status = entry.run(["connect", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


@pytest.mark.usefixtures("home")
def test_the_clients_are_listed(typed):
    status, out, _ = typed()
    assert (status, "claude-code" in out, "curl" in out) == (0, True, True)
    assert {"name": "curl", "title": "curl", "writes": False} in json.loads(typed("--json")[1])


def test_it_prints_and_touches_nothing(home, typed):
    status, out, err = typed("claude-code", "--url", "http://10.0.0.7:9000/v1", "--model", "local")
    assert status == 0
    assert "ANTHROPIC_BASE_URL=http://10.0.0.7:9000 " in out
    assert "--write" in err
    assert not list(home.rglob("settings.json*"))


def test_written_twice_is_written_once_and_undone_is_as_it_was(home, typed):
    file = home / ".claude" / "settings.json"
    file.parent.mkdir()
    file.write_text('{\n  "theme": "dark",\n  "env": {"ANTHROPIC_MODEL": "mine"}\n}\n')
    file.chmod(0o640)
    before = file.read_text()
    assert typed("claude-code", "--write")[0] == 0
    tree = json.loads(file.read_text())
    assert tree["theme"] == "dark"
    assert tree["env"]["ANTHROPIC_BASE_URL"].startswith("http://127.0.0.1:")
    assert (file.parent / "settings.json.before-tidegate").read_text() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "nothing to do" in typed("claude-code", "--write")[1]
    assert typed("claude-code", "--undo")[0] == 0
    assert json.loads(file.read_text()) == json.loads(before)
    assert "nothing to do" in typed("claude-code", "--undo")[1]
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


def test_a_file_that_was_made_goes_again(home, typed):
    status, out, _ = typed("codex", "--write", "--json")
    told = json.loads(out)
    assert (status, told["done"], told["then"]) == (0, "created", "codex --profile tidegate")
    assert typed("codex", "--undo")[0] == 0
    assert list((home / ".codex").iterdir()) == []


def test_a_key_that_stands_there_already_is_left_to_its_owner(home, typed):
    file = home / ".aider.conf.yml"
    file.write_text("# mine\nmodel: gpt\n")
    status, out, err = typed("aider", "--write")
    if status:
        assert "by hand" in err or "any more" in err
        assert file.read_text() == "# mine\nmodel: gpt\n"
    else:
        assert yaml.safe_load(file.read_text())["openai-api-base"]
        assert "# mine" in file.read_text()
    assert "gpt" in file.read_text()
    assert out or err


def test_a_file_with_comments_is_not_rewritten(home, typed):
    file = home / ".config" / "zed" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text("// mine\n{}\n")
    status, _, err = typed("zed", "--write")
    assert status == 1
    assert "by hand" in err
    assert '"api_url"' in err
    assert file.read_text() == "// mine\n{}\n"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("claud-code",), 'did you mean "claude-code"'),
        (("cursor", "--write"), "by hand"),
        (("curl", "--url", "8790"), "http://127.0.0.1:8790"),
    ],
)
def test_mistakes_are_told_with_what_to_do(typed, words, said):
    status, _, err = typed(*words)
    assert (status, said in err) == (2, True), err


def test_models_are_those_of_the_configuration(home, typed):
    (home / "tidegate.toml").write_text(
        '[boundaries.here]\nkind = "local"\n[targets.a]\nprovider = "ollama"\nmodel = "m"\nboundary = "here"\n'
        '[models]\nlocal = ["a"]\n'
    )
    assert '"model": "local"' in typed("curl")[1]
    status, _, err = typed("curl", "--model", "cloud")
    assert (status, "there are: local" in err) == (2, True)
