"""The document of the interface against the server: generated requests, good and bad ones, as guest and as host."""

import copy
import io
import json
import time

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import strategies
from PIL import Image
from requests.adapters import HTTPAdapter
from schemathesis.checks import CHECKS
from schemathesis.checks import load_all_checks

from conftest import ROOT
from server_process import PATIENCE

DOCUMENT = json.loads((ROOT / "Sources" / "Web" / "API" / "openapi.json").read_text())
# What would end the server, empty its album or never come to its end.
LEFT_OUT = {
    "post /api/shutdown",
    "post /api/wipe",
    "post /api/export",
    "get /api/events",
    "get /preview.mjpg",
}
OPERATIONS = [
    f"{method} {path}"
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if method != "parameters" and f"{method} {path}" not in LEFT_OUT
]
# Deleting comes last: the others need something that is there.
OPERATIONS.sort(key="delete /api/pictures/{number}".__eq__)
MODES = {"good": schemathesis.GenerationMode.POSITIVE, "bad": schemathesis.GenerationMode.NEGATIVE}
EXAMPLES = 25
# Wrong PINs lock out who sends them: they come from an address that nobody else uses.
SOURCE, WRONG_PINS = "127.0.0.3", "127.0.0.4"
load_all_checks()
CONFORMANCE = CHECKS.get_by_names(
    [
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)


def small_photo(tone=90):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (tone, 120, 160)).save(out, "JPEG")
    return out.getvalue()


schemathesis.openapi.media_type(
    "image/jpeg", strategies.one_of(strategies.just(small_photo()), strategies.binary(max_size=2000))
)


def fails_as_documented(context, response, case):
    """A server error is a full queue, no camera, too many clients (503) or a full disk (507), and nothing else."""
    assert response.status_code < 500 or response.status_code in (503, 507), response.content


class Source(HTTPAdapter):
    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *words, **options):
        super().init_poolmanager(*words, source_address=(self.address, 0), **options)


class Client:
    """A guest or the host at an address of its own."""

    def __init__(self, site, role):
        self.site = site
        self.session = requests.Session()
        self.comes_from(SOURCE)
        self.headers = {"Origin": site.address}
        if role == "host":
            answer = self.ask("post", "/api/session", json={"pin": site.pin})
            assert answer.status_code == 204, answer.text
            self.headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]

    def comes_from(self, address):
        self.session.mount("http://", Source(address))

    def ask(self, method, path, **options):
        options.setdefault("headers", self.headers)
        return self.session.request(method, self.site.address + path, timeout=PATIENCE, **options)


@pytest.fixture(scope="module")
def own_pictures(site):
    """Three pictures that may be changed and deleted. In the end all new ones go, and the settings are as before."""
    if site.is_stand_in or not site.address.startswith("http://127.0.0.1:"):
        pytest.skip("needs the real server on this machine")
    host = Client(site, "host")
    settings = host.ask("get", "/api/settings").json()
    numbers = []
    while len(numbers) < 3:
        kind = {"Content-Type": "image/jpeg"}
        answer = host.ask("post", "/api/uploads", data=small_photo(), headers=host.headers | kind)
        if answer.status_code == 201:
            numbers.append(answer.json()["pictures"][0]["number"])
        else:
            assert answer.status_code == 503, answer.text
            time.sleep(0.5)
    yield numbers
    host = Client(site, "host")
    host.ask("put", "/api/settings", json=settings)
    deadline = time.monotonic() + 5 * PATIENCE
    while time.monotonic() < deadline:
        newer = [one["number"] for one in host.ask("get", "/api/pictures?limit=100").json()["pictures"]]
        newer = [number for number in newer if number >= numbers[0]]
        for number in newer:
            host.ask("delete", f"/api/pictures/{number}")
        if not newer and not host.ask("get", "/api/jobs").json()["jobs"]:
            break
        time.sleep(0.2)


def document(numbers=(), styles=()):
    """The document; with numbers and styles it allows only those, so that something is there and nobody else's goes."""
    made = copy.deepcopy(DOCUMENT)
    for methods in made["paths"].values():
        for method in methods.values():
            if isinstance(method, dict):
                method.pop("security", None)
    if numbers:
        parts = ["photo", "photo-thumb", "none", *styles]
        names = [f"{number:04}-{part}.jpg" for number in numbers for part in parts]
        made["components"]["parameters"]["number"]["schema"] = {"enum": [*numbers, numbers[-1] + 1_000_000]}
        made["paths"]["/files/{name}"]["get"]["parameters"][0]["schema"] = {"enum": names}
        made["paths"]["/styles/{name}.jpg"]["get"]["parameters"][0]["schema"] = {"enum": [*styles, "none"]}
        made["components"]["schemas"]["StyleName"] = {"enum": [*styles, "none"]}
        snap = made["paths"]["/api/snap"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        snap["properties"]["countdown"]["maximum"] = 0
    return made


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ["guest", "host"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_server_answers_as_the_document_says(site, own_pictures, operation, role, mode):
    method, path = operation.split(" ")
    client = Client(site, role)
    styles = [style["name"] for style in client.ask("get", "/api/styles").json()["styles"]]
    schema = schemathesis.openapi.from_dict(document(own_pictures, styles) if mode == "good" else document())
    if operation == "post /api/session":
        client.comes_from(WRONG_PINS)
    settings = Client(site, "host").ask("get", "/api/settings").json() if operation == "put /api/settings" else None
    seen = set()

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(schema[path][method.upper()].as_strategy(MODES[mode]))
    def check(case):
        answer = case.call(base_url=site.address, session=client.session, headers=client.headers, timeout=PATIENCE)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=[fails_as_documented, *CONFORMANCE])

    try:
        check()
    except hypothesis.errors.Unsatisfiable:
        pytest.skip("there is nothing to get wrong")
    finally:
        if settings:
            assert Client(site, "host").ask("put", "/api/settings", json=settings).status_code == 200
    print(operation, role, mode, sorted(seen))


def test_the_server_serves_the_document(site, own_pictures):
    answer = Client(site, "guest").ask("get", "/api/openapi.json")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    assert answer.json() == DOCUMENT
