"""Is it a customer's configuration? Known by what its lines begin with, one pass for all kinds together.

What is looked for names hosts, networks, users or keys of somebody: a cluster's access file, a firewall's rules. What
everybody's looks the same (a systemd unit, a Makefile, an editor's settings) is none.
"""

# ruff: noqa: E501 - rows read better unbroken

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tidegate.core.classify.patterns import Pattern, compile_pattern
from tidegate.core.classify.rows import BuiltIn, Hit, Row

LABEL = "customer.config"
STATE = b'"terraform_version"'

_LINES_READ = 400
_SCORE = 0.85


class _Kind(NamedTuple):
    """`begins`: what its lines begin with, behind blanks and list dashes. `fewest` different ones make it this kind.

    `asked` must be found in its lines as well, `refused` must not: values that only documents have.
    """

    name: str
    about: str
    begins: tuple[str, ...]
    fewest: int = 3
    lines: int = 3
    asked: str = ""
    refused: str = ""


_CREDENTIAL = r"(?im)(?:password|passwd|secret|token|api_?key|access_?key)\w*[\"']?[ ]*[:=][ ]*[\"']?[^\s\"'${<]"
_DOCUMENTED = (
    r"(?im)^[ \t]*(?:server_name|servername)[ \t]+(?:_|localhost|(?:[\w.-]+\.)?example\.(?:com|org|net))[ \t;]*$"
)

KINDS = (
    _Kind(
        "kubeconfig",
        "Kubernetes client configuration",
        ("kind: Config", "clusters:", "users:", "contexts:", "current-context:", "certificate-authority-data:", "client-certificate-data:", "client-key-data:"),
        asked=r"(?m)^users:|^[ \t-]*client-key-data:|^[ \t-]*server: https?://",
    ),
    _Kind(
        "kubernetes_secret",
        "a Kubernetes Secret with its data",
        ("kind: Secret", "kind: SealedSecret", "data:", "stringData:", "type: Opaque", "type: kubernetes.io/", "type: bootstrap.kubernetes.io/"),
        fewest=2,
        lines=2,
        asked=r"(?m)^[ \t]*kind: (?:Sealed)?Secret[ \t\r]*$",
    ),
    _Kind(
        "compose_with_credentials",
        "a compose file that sets passwords or keys",
        ("services:", "image:", "environment:", "container_name:", "depends_on:", "ports:", "volumes:", "env_file:"),
        asked=_CREDENTIAL,
    ),
    _Kind(
        "terraform_variables",
        "values of Terraform variables: accounts, networks, regions",
        ("vpc_id", "subnet_id", "subnet_ids", "vpc_cidr", "cidr_block", "aws_account_id", "account_id", "aws_region", "region", "project_id", "gcp_project", "subscription_id", "tenant_id", "environment", "key_name", "instance_type", "db_host", "db_name", "db_user", "db_username", "db_password", "domain_name", "hosted_zone_id", "certificate_arn", "security_group_ids", "cluster_name", "resource_group", "location", "bucket", "bucket_name", "kms_key_id", "kms_key_arn"),
        asked=r"(?m)^[ \t]*(?:vpc_|subnet_|cidr_|aws_account|account_id|project_id|gcp_project|subscription_|tenant_|db_|domain_name|hosted_|certificate_|security_group|cluster_name|kms_|bucket)\w*[ \t]*=[ \t]*[\"\[][^\n]*$",
    ),
    _Kind(
        "cisco_ios",
        "a running configuration of Cisco IOS, NX-OS or Arista EOS",
        ("hostname ", "interface GigabitEthernet", "interface FastEthernet", "interface TenGigabitEthernet", "interface TenGigE", "interface Ethernet", "interface Vlan", "interface Loopback", "interface Port-channel", "interface Management", "interface Tunnel", "ip address ", "ip access-list ", "access-list ", "ip access-group ", "enable secret", "enable password", "service password-encryption", "router bgp ", "router ospf ", "router eigrp ", "ip route ", "ip domain-name ", "ip domain name ", "ip name-server ", "line vty ", "line con ", "snmp-server ", "switchport ", "spanning-tree ", "crypto map ", "crypto isakmp ", "crypto ikev2 ", "username ", "ntp server ", "logging host ", "tacacs-server ", "tacacs server ", "radius-server ", "radius server ", "aaa new-model", "aaa authentication ", "neighbor ", "no shutdown", "standby ", "vrf definition ", "vrf instance ", "ip vrf ", "ip nat ", "vlan ", "mlag ", "vpc domain ", "feature "),
        asked=r"(?m)^[ \t]*(?:hostname [\w.-]+|interface \w+[\d/]|ip address \d|access-list \w|enable (?:secret|password) |router \w+ \d|ip route (?:vrf \w+ )?\d|snmp-server |neighbor \d|(?:tacacs|radius)[- ]server )",
    ),
    _Kind(
        "junos",
        "a configuration of Junos, as statements or as set commands",
        ("set system host-name ", "set system ", "set interfaces ", "set protocols ", "set routing-options ", "set security ", "set policy-options ", "set firewall ", "set routing-instances ", "set snmp ", "set vlans ", "set access ", "set groups ", "host-name ", "root-authentication {", "encrypted-password ", "family inet {", "unit 0 {", "routing-options {", "policy-options {", "authentication-order ", "name-server {", "interfaces {", "ge-0/", "xe-0/", "et-0/", "address ", "neighbor ", "policy-statement ", "security-zone "),
        asked=r"(?m)^[ \t]*(?:set (?:system|interfaces|security|protocols|routing-options|snmp|firewall) [a-z]|host-name [\w.-]+;|encrypted-password \"|family inet \{|[gxe][et]-\d/\d)",
    ),
    _Kind(
        "fortigate",
        "a configuration of FortiOS",
        ("#config-version=", "config system ", "config firewall ", "config router ", "config user ", "config vpn ", "config log ", "config wireless", "config switch", "edit ", "set ip ", "set srcintf ", "set dstintf ", "set srcaddr ", "set dstaddr ", "set hostname ", "set password ENC ", "set psksecret ", "set vdom ", "set subnet ", "set remote-gw ", "set allowaccess ", "set gateway ", "set member ", "set action "),
        asked=r"(?m)^[ \t]*(?:#config-version=|config (?:system|firewall|router|user|vpn) )",
    ),
    _Kind(
        "palo_alto",
        "a configuration of PAN-OS",
        ("set deviceconfig ", "set network ", "set rulebase ", "set shared ", "set zone ", "set address ", "set address-group ", "set service ", "set mgt-config ", "set device-group ", "set template ", "set profiles ", "set vsys ", "<mgt-config>", "<deviceconfig>", "<devices>", "<vsys>", "<rulebase>", "<phash>", '<entry name="localhost.localdomain"', "<ip-address>", "<zone>"),
        asked=r"(?m)^[ \t]*(?:set (?:deviceconfig|rulebase|mgt-config|network|zone|device-group|address) \S|<(?:mgt-config|deviceconfig|phash|rulebase)>)",
    ),
    _Kind(
        "packet_filter",
        "saved rules of iptables or nftables",
        ("*filter", "*nat", "*mangle", ":INPUT ", ":OUTPUT ", ":FORWARD ", ":PREROUTING ", ":POSTROUTING ", "-A INPUT ", "-A OUTPUT ", "-A FORWARD ", "-A PREROUTING ", "-A POSTROUTING ", "iptables -A ", "iptables -t nat ", "ip6tables -A ", "table inet ", "table ip ", "chain input {", "chain forward {", "chain output {", "chain prerouting {", "chain postrouting {", "type filter hook ", "type nat hook ", "ip saddr ", "ip daddr ", "tcp dport ", "udp dport ", "iifname ", "oifname "),
        asked=r"(?m)(?:-s|-d|saddr|daddr|--to-destination|--to-source|dnat to|snat to) *(?:\{ *)?[0-9a-f]{1,4}[.:]",
    ),
    _Kind(
        "pfsense",
        "a configuration of pfSense or OPNsense",
        ("<pfsense>", "<opnsense>", "<interfaces>", "<wan>", "<lan>", "<ipaddr>", "<filter>", "<rule>", "<bcrypt-hash>", "<nat>", "<dhcpd>", "<unbound>"),
        asked=r"<(?:pfsense|opnsense)>|<bcrypt-hash>",
    ),
    _Kind(
        "virtual_host",
        "a web server's site under its own name: nginx, Apache, HAProxy, Caddy",
        ("server {", "server_name ", "listen ", "proxy_pass ", "upstream ", "ssl_certificate ", "root ", "location ", "access_log ", "<VirtualHost ", "ServerName ", "ServerAlias ", "DocumentRoot ", "ProxyPass ", "ProxyPassReverse ", "SSLCertificateFile ", "frontend ", "backend ", "bind ", "acl ", "use_backend ", "default_backend ", "balance ", "option httpchk", "reverse_proxy "),
        asked=r"(?m)^[ \t]*(?:server_name[ \t]+[\w*-]+\.[\w.-]+|ServerName[ \t]+[\w-]+\.[\w.-]+|server[ \t]+[\w.-]+[ \t]+[\w.-]+:\d+|proxy_pass[ \t]+https?://[\w-]+(?:\.[\w-]+)+|reverse_proxy [\w.-]+:\d+)",
        refused=_DOCUMENTED,
    ),
    _Kind(
        "ssh_hosts",
        "hosts of an SSH client, or an inventory of Ansible",
        ("Host ", "HostName ", "Hostname ", "User ", "IdentityFile ", "ProxyJump ", "ProxyCommand ", "Port ", "LocalForward ", "ForwardAgent ", "ansible_host:", "ansible_user:", "hosts:", "all:", "children:", "[all:vars]", "ansible_user=", "ansible_ssh_private_key_file", "ansible_become"),
        asked=r"(?m)^[ \t]*(?:Host[Nn]ame [\w.:-]+|ansible_host: [\w.:-]+|ansible_ssh_private_key_file\S*)",
    ),
    _Kind(
        "vpn",
        "a tunnel of WireGuard or OpenVPN, or a connection of IPsec",
        ("[Interface]", "[Peer]", "PrivateKey ", "PrivateKey=", "PublicKey ", "PublicKey=", "PresharedKey ", "AllowedIPs ", "AllowedIPs=", "Endpoint ", "Endpoint=", "Address ", "Address=", "ListenPort ", "remote ", "dev tun", "dev tap", "proto udp", "proto tcp", "<ca>", "<cert>", "<key>", "<tls-auth>", "tls-auth ", "auth-user-pass", "conn ", "left=", "right=", "leftsubnet=", "rightsubnet=", "authby="),
        asked=r"(?m)^[ \t]*(?:AllowedIPs ?= ?[0-9a-f]|remote [\w.-]+ \d+|(?:left|right)subnet=[0-9a-f]|<ca>)",
    ),
    _Kind(
        "cloud_profiles",
        "accounts and roles of a cloud's command line",
        ("[default]", "[profile ", "aws_access_key_id", "aws_secret_access_key", "role_arn", "source_profile", "sso_start_url", "sso_account_id", "sso_role_name", "mfa_serial", "region", "output"),
        asked=r"(?m)^[ \t]*(?:aws_access_key_id|role_arn|sso_start_url|sso_account_id|mfa_serial)[ \t]*=[ \t]*\S",
    ),
    _Kind(
        "service_settings",
        "settings of a service that name its database, its hosts or its users",
        ("spring.datasource.", "spring.redis.", "spring.data.", "spring.mail.", "spring.kafka.", "spring.rabbitmq.", "spring.security.", "spring.ldap.", "quarkus.datasource.", "server.port", "hibernate.connection.", "jdbc.", "db.", "database.", "mail.", "ldap.", "kafka.", "redis.", "bootstrap.servers", "eureka."),
        asked=r"(?m)^[ \t]*[\w.-]*(?:url|uri|host|hostname|server|servers|username|user|password)[ \t]*[=:][ \t]*[^\s$]",
    ),
    _Kind(
        "dns_zone",
        "a zone of the domain name system",
        ("$ORIGIN ", "$TTL ", "@ IN SOA ", "@ IN NS ", "@ IN MX ", "@ IN A ", "@\tIN", "IN NS ", "IN\tNS", "IN A ", "IN\tA", "IN MX ", "IN\tMX", "IN SOA ", "IN\tSOA"),
        asked=r"(?m)\bIN[ \t]+SOA[ \t]+\S",
        fewest=2,
    ),
)  # fmt: skip

_ENV_NAMES = (b"HOST", b"KEY", b"SECRET", b"TOKEN", b"PASS", b"USER", b"URL", b"DSN", b"PORT", b"BUCKET", b"REGION")
_ENV_LINES = 4
_ENV_LINE = compile_pattern(rb"(?m)^(?:export )?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*=[^\s=][^\n]*$")
_ENV_BEGIN = rb"(?:export )?[A-Z][A-Z0-9_]*="
_ENV_APART = 12
_ADDRESS_BEGIN = rb"10\.[0-9]|192\.168\.|172\.[123]"
_INVENTORY_BEGIN = rb"[\w.-]+[ \t]+ansible_"
_HOSTS_LINE = compile_pattern(
    rb"(?m)^(?:10\.[0-9]+|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))\.[0-9]+\.[0-9]+[ \t]+[A-Za-z][\w.-]*[^\n=(){};]*$"
)
_HOSTS_LINES = 3
_INVENTORY_LINE = compile_pattern(rb"(?m)^[\w.-]+[ \t][^\n]*\bansible_(?:host|user|port|connection)=[^\n]*$")
_INVENTORY_LINES = 2
_IN_JSON = (
    ("terraform_state", STATE, (b'"lineage"', b'"resources"')),
    ("service_account", b'"service_account"', (b'"private_key_id"', b'"client_email"')),
    ("registry_logins", b'"auths"', (b'"auth"', b'"identitytoken"')),
)

ROWS: tuple[Row, ...] = (
    *(BuiltIn(label=LABEL, name=kind.name, about=kind.about) for kind in KINDS),
    BuiltIn(label=LABEL, name="terraform_state", about="Terraform state"),
    BuiltIn(label=LABEL, name="service_account", about="a service account's file of Google Cloud"),
    BuiltIn(label=LABEL, name="registry_logins", about="logins of container registries"),
    BuiltIn(label=LABEL, name="dotenv", about="four or more lines of NAME=value, one of them a name of a host, user, key or secret"),
    BuiltIn(label=LABEL, name="hosts_file", about="three or more lines of a private address and a name"),
    BuiltIn(label=LABEL, name="inventory", about="two or more hosts with variables of Ansible"),
)  # fmt: skip


class _Rules:
    """Everything compiled, at first use: whoever lists labels needs none of it."""

    def __init__(self) -> None:
        self.kinds: dict[bytes, list[_Kind]] = {}
        for kind in KINDS:
            for begin in kind.begins:
                self.kinds.setdefault(begin.encode(), []).append(kind)
        words = sorted(self.kinds, key=len, reverse=True)
        quoted = (b"".join(b"\\x%02x" % byte for byte in word) for word in words)
        self.begins = b"|".join((*quoted, _ENV_BEGIN, _ADDRESS_BEGIN, _INVENTORY_BEGIN))
        # Behind a line feed rather than at `^`: RE2 then skips from one line to the next without reading what is between.
        self.line = compile_pattern(rb"\n[ \t]*(?:- )?(" + self.begins + rb")", max_mem=16 << 20)
        self.asked = {kind.name: compile_pattern(kind.asked.encode()) for kind in KINDS if kind.asked}
        self.refused = {kind.name: compile_pattern(kind.refused.encode()) for kind in KINDS if kind.refused}


_rules = cache(_Rules)


def line_beginnings() -> bytes:
    """RE2: what lines of such configurations begin with. One of them stands in all that `passages` finds, or a brace."""
    return rb"(?m:^)[ \t]*(?:- )?(?:" + _rules().begins + rb")"


def passages(text: bytes) -> Iterator[Hit]:
    """Configurations in a text that is no JSON document as a whole."""
    if b"{" in text:
        yield from _json_names(text, whole=True)
    begins: set[bytes] = set()
    yield from _by_beginnings(text, begins)
    if any(begin.endswith(b"=") for begin in begins):
        yield from _repeated(text, _ENV_LINE, _ENV_LINES, "dotenv", _ENV_NAMES)
    if any(begin.endswith(b"ansible_") for begin in begins):
        yield from _repeated(text, _INVENTORY_LINE, _INVENTORY_LINES, "inventory", ())
    if any(begin[:1] == b"1" for begin in begins):
        yield from _repeated(text, _HOSTS_LINE, _HOSTS_LINES, "hosts_file", ())


def in_json(text: bytes) -> Iterator[Hit]:
    """The same in a JSON document: on one string, so that what replaces it leaves a document."""
    yield from _json_names(text, whole=False)


def _json_names(text: bytes, *, whole: bool) -> Iterator[Hit]:
    for name, mark, others in _IN_JSON:
        at = text.find(mark)
        if at >= 0 and any(other in text for other in others):
            yield Hit(0, len(text), LABEL, 0.95, name) if whole else Hit(at + 1, at + len(mark) - 1, LABEL, 0.95, name)


def _by_beginnings(text: bytes, begins: set[bytes]) -> Iterator[Hit]:
    """`begins` is given what lines began with, of those that began with anything of interest."""
    rules = _rules()
    seen: dict[str, _Seen] = {}
    lines = b"\n" + text
    at = read = 0
    while read < _LINES_READ:
        (start, end), (low, high) = rules.line.find(lines, at, len(lines))
        if start < 0:
            break
        begin = lines[low:high]
        begins.add(begin)
        for kind in rules.kinds.get(begin, ()):
            seen.setdefault(kind.name, _Seen(kind, start)).take(begin, end - 1)
        at = end
        read += 1
    for one in seen.values():
        if len(one.begins) >= one.kind.fewest and one.lines >= one.kind.lines and _holds(rules, one, text):
            yield Hit(one.start, _line_end(text, one.end), LABEL, _SCORE, one.kind.name)


class _Seen:
    __slots__ = ("begins", "end", "kind", "lines", "start")

    def __init__(self, kind: _Kind, start: int) -> None:
        self.kind = kind
        self.start = start
        self.end = start
        self.begins: set[bytes] = set()
        self.lines = 0

    def take(self, begin: bytes, end: int) -> None:
        self.begins.add(begin)
        self.lines += 1
        self.end = end


def _holds(rules: _Rules, seen: _Seen, text: bytes) -> bool:
    lines = text[seen.start : _line_end(text, seen.end)]
    asked, refused = rules.asked.get(seen.kind.name), rules.refused.get(seen.kind.name)
    return (asked is None or asked.is_in(lines)) and (refused is None or not refused.is_in(lines))


def _repeated(text: bytes, pattern: Pattern, fewest: int, name: str, names: tuple[bytes, ...]) -> Iterator[Hit]:
    """Lines of one kind, near each other."""
    first = last = count = 0
    named = not names
    for low, high in pattern.spans(text):
        if count and text.count(b"\n", last, low) > _ENV_APART:
            if count >= fewest and named:
                break
            count, named = 0, not names
        first = low if not count else first
        last, count = high, count + 1
        named = named or any(one in text[low : text.find(b"=", low)] for one in names)
        if count >= _LINES_READ:
            break
    if count >= fewest and named:
        yield Hit(first, last, LABEL, 0.8, name)


def _line_end(text: bytes, at: int) -> int:
    end = text.find(b"\n", at)
    return len(text) if end < 0 else end
