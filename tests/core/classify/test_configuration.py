# ruff: noqa: E501 - tables of cases

import json

import pytest

from tidegate.core.classify.configuration import KINDS, ROWS, in_json, passages

FOUND = {
    "kubeconfig": "apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://k8s.corp.example\n  name: prod\nusers:\n- name: admin\n  user:\n    client-key-data: AAAA\n",
    "kubernetes_secret": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  username: YWRtaW4=\n",
    "compose_with_credentials": "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: hunter2\n    ports:\n      - 5432:5432\n",
    "terraform_variables": 'aws_region = "eu-central-1"\nvpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-1", "subnet-2"]\ninstance_type = "m5.large"\n',
    "cisco_ios": "hostname edge-rtr-07\nenable secret 5 $1$aaaa\ninterface GigabitEthernet0/1\n ip address 192.0.2.1 255.255.255.0\n no shutdown\nrouter bgp 64512\n neighbor 192.0.2.2 remote-as 64513\n",
    "junos": "set system host-name core-sw1\nset interfaces ge-0/0/0 unit 0 family inet address 192.0.2.1/30\nset protocols ospf area 0 interface ge-0/0/0\nset security zones security-zone trust\n",
    "fortigate": '#config-version=FG100F-7.2.5\nconfig system interface\n    edit "port1"\n        set ip 192.0.2.1 255.255.255.0\n        set allowaccess ping https\n    next\nend\n',
    "palo_alto": "set deviceconfig system hostname pa-220\nset network interface ethernet ethernet1/1 layer3\nset rulebase security rules allow-web from trust\nset zone trust network layer3 ethernet1/1\n",
    "packet_filter": "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
    "pfsense": "<?xml version='1.0'?>\n<pfsense>\n  <interfaces>\n    <wan>\n      <ipaddr>192.0.2.1</ipaddr>\n    </wan>\n  </interfaces>\n</pfsense>\n",
    "virtual_host": "server {\n  listen 443 ssl;\n  server_name payroll.corp.internal;\n  location / {\n    proxy_pass http://app.corp.internal:8080;\n  }\n}\n",
    "ssh_hosts": "Host bastion\n  HostName 192.0.2.10\n  User deploy\n  IdentityFile ~/.ssh/id_ed25519\nHost db\n  HostName db.corp.internal\n  ProxyJump bastion\n",
    "vpn": "[Interface]\nPrivateKey = AAAA\nAddress = 192.0.2.2/32\n\n[Peer]\nPublicKey = BBBB\nAllowedIPs = 192.0.2.0/24\nEndpoint = vpn.corp.internal:51820\n",
    "cloud_profiles": "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = default\nregion = eu-central-1\n",
    "service_settings": "spring.datasource.url=jdbc:postgresql://db.corp.internal:5432/hr\nspring.datasource.username=hr\nspring.redis.host=cache.corp.internal\nserver.port=8080\n",
    "dns_zone": "$ORIGIN corp.internal.\n$TTL 3600\n@ IN SOA ns1 admin 1 2 3 4 5\n@ IN NS ns1\nns1 IN A 192.0.2.53\n",
    "terraform_state": '{"version": 4, "terraform_version": "1.5.0", "lineage": "x", "resources": []}',
    "service_account": '{"type": "service_account", "project_id": "p", "private_key_id": "1"}',
    "registry_logins": '{"auths": {"registry.corp.internal": {"auth": "YTpi"}}}',
    "dotenv": "# env\nDB_HOST=db.internal\nDB_USER=app\nDB_PORT=5432\nCACHE_URL=redis.internal\n",
    "hosts_file": "127.0.0.1 localhost\n10.1.2.3 db01 db01.corp.internal\n10.1.2.4 db02\n192.168.7.1 gw\n",
    "inventory": "[web]\nweb1 ansible_host=192.0.2.5 ansible_user=deploy\nweb2 ansible_host=192.0.2.6\n",
}  # fmt: skip

NOTHING = {
    "prose": "The hostname of a machine is its name. The interface has an address.\nUsers:\n- ask first\nServices: none\n",
    "a deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - image: nginx\n        ports:\n        - containerPort: 80\n",
    "a secret by name": "apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n  - name: x\n    secret:\n      secretName: db\n",
    "compose without credentials": "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - 8080:80\n    environment:\n      MODE: dev\n      DB_PASSWORD: ${DB_PASSWORD}\n",
    "a documented site": "server {\n  listen 80;\n  server_name example.com;\n  root /var/www;\n}\n",
    "a unit": "[Unit]\nDescription=Web\nAfter=network.target\n[Service]\nExecStart=/usr/bin/web\nUser=web\n[Install]\nWantedBy=multi-user.target\n",
    "settings of a tool": "[tool.ruff]\nline-length = 120\n[tool.mypy]\nstrict = true\npython_version = '3.11'\n",
    "plain settings": "MODE=fast\nLEVEL=3\nCOLOR=red\nSIZE=9\n",
    "few": "A=1\nB=2\n",
    "stars": "clusters: of stars\n",
    "a Makefile": "CC = gcc\nCFLAGS = -O2\nall: main.o\n\t$(CC) -o main main.o\n",
    "code": "def f(hosts):\n    for host in hosts:\n        address = host.ip\n        user = host.user\n    return address\n",
    "tcl": "set system 1\nset address $x\nputs $system\n",
    "versions": "10.1 is out\n10.2 came later\n10.3 will come\n",
    "javascript": "module.exports = {\n  services: ['a'],\n  image: 'x',\n  environment: 'dev',\n  ports: [1],\n  volumes: []\n}\n",
}  # fmt: skip


def names(text):
    return {hit.detector for hit in passages(text.encode())}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_configuration_is_known_by_its_lines(name):
    assert names(FOUND[name]) == {name}


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_configuration_is_found_in_a_letter(name):
    letter = "Hello,\nthis is what we have in place, what is wrong with it?\n\n"
    text = letter + FOUND[name] + "\nThanks, Jo\n"
    hits = list(passages(text.encode()))
    assert {hit.detector for hit in hits} == {name}
    if not FOUND[name].startswith("{"):
        assert all(len(letter) - 2 <= hit.start < hit.end <= len(text) - len("\nThanks, Jo") for hit in hits)


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_what_everybody_has_is_no_customer_configuration(text):
    assert names(text) == set()


def test_every_kind_has_a_case_and_a_row():
    assert {row.name for row in ROWS} == set(FOUND)
    assert {kind.name for kind in KINDS} <= set(FOUND)


@pytest.mark.parametrize("name", ["terraform_state", "service_account", "registry_logins"])
def test_in_a_json_document_one_string_bears_the_finding(name):
    text = json.dumps(json.loads(FOUND[name]))
    (hit,) = in_json(text.encode())
    assert text[hit.start - 1] == text[hit.end] == '"'
    assert '"' not in text[hit.start : hit.end]


def test_lines_far_apart_are_no_settings():
    text = "DB_HOST=db\n" + "a line of prose\n" * 20
    assert names(text * 10) == set()
