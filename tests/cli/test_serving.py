"""What is started beside the worker, and what each child is told."""

import json

import pytest

from tidegate import config
from tidegate.cli.serving import Endpoint, demonstration, specs
from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError

ENGINE, CLOUD = Endpoint(7001, "e" * 43), Endpoint(7002, "c" * 43)


def document(*providers):
    models = {name: {} if name == "embedded" else {"model": "m"} for name in providers}
    targets = {name: {"provider": name, "boundary": "here", **models[name]} for name in providers}
    return {"boundaries": {"here": {"kind": "local"}}, "targets": targets}


def test_the_worker_gets_settings_socket_and_engine():
    settings = config.read(document("embedded"), {})
    worker, engine = specs(settings, 5, ENGINE, None)
    order = json.loads(json.dumps(dict(worker.order)))
    assert Settings.from_document(order["document"]) == settings
    assert (order["listen_fd"], worker.pass_fds, worker.essential) == (5, (5,), True)
    assert order["engine"] == {"url": "http://127.0.0.1:7001/v1", "api_key": "e" * 43}
    assert (engine.order["port"], engine.order["api_key"]) == (7001, "e" * 43)
    assert not engine.essential


def test_the_engine_gets_the_largest_context_that_a_target_of_its_wants():
    tables = document("embedded")
    assert "context" not in specs(config.read(tables, {}), 5, ENGINE, None)[1].order
    tables["targets"]["embedded"]["context_tokens"] = 65536
    assert specs(config.read(tables, {}), 5, ENGINE, None)[1].order["context"] == 65536


def test_without_an_embedded_target_there_is_no_engine():
    (worker,) = specs(config.read(document("ollama"), {}), 5, ENGINE, None)
    assert worker.order["engine"] is None


def test_the_demonstration_has_a_cloud_under_contract_and_a_local_model(machine):
    settings = demonstration(CLOUD).settings
    cloud = settings.targets["demo-cloud"]
    assert (cloud.boundary.kind, cloud.url) == ("cloud", "http://127.0.0.1:7002/v1")
    assert (cloud.contract.retention, cloud.contract.training, cloud.contract.tier) == ("zero", "never", "enterprise")
    assert settings.models == {"auto": ("demo-cloud", "embedded"), "local": ("embedded",)}
    assert [spec.name for spec in specs(settings, 5, ENGINE, CLOUD)] == ["worker", "demo-cloud", "embedded"]


def test_keys_of_children_stand_in_no_document_and_no_repr(machine):
    settings = demonstration(CLOUD).settings
    children = specs(settings, 5, ENGINE, CLOUD)
    assert CLOUD.key not in json.dumps(dict(settings.document))
    assert not any(key in repr(children) + repr((ENGINE, CLOUD)) for key in (ENGINE.key, CLOUD.key))
    assert children[0].environ == {settings.targets["demo-cloud"].credential.removeprefix("env:"): CLOUD.key}


def test_the_demonstration_needs_the_engine(machine):
    machine.has_engine = False
    with pytest.raises(ConfigError, match=r"pip install 'tidegate\[embedded\]'"):
        demonstration(CLOUD)


def test_endpoints_are_fresh():
    with Endpoint.drawn() as one, Endpoint.drawn() as other:
        assert one.key != other.key
        assert one.port != other.port
        assert len(one.key) >= 32
