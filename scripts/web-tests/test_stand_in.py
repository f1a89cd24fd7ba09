"""The stand-in server is held to the interface's document: it has every operation, and answers as the document says."""

import io
import json
import re

import jsonschema_rs
import pytest
import requests
from PIL import Image

import stand_in_server
from page_files import ROOT
from server_process import stand_in

DOCUMENT = json.loads((ROOT / "Sources" / "Web" / "API" / "openapi.json").read_text())
OPERATIONS = [
    (method, path) for path, methods in DOCUMENT["paths"].items() for method in methods if method != "parameters"
]
STREAMS = {"/api/events", "/preview.mjpg"}
# What empties the album comes last.
OPERATIONS.sort(key=lambda operation: (operation[1] == "/api/wipe", operation[0] == "delete"))
EVENTS = {
    "state": "State",
    "picture": "Picture",
    "progress": "ProgressEvent",
    "done": "DoneEvent",
    "failed": "FailedEvent",
    "deleted": "DeletedEvent",
    "health": "Health",
}


def photo():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 160)).save(out, "JPEG")
    return out.getvalue()


BODIES = {
    ("post", "/api/session"): {"pin": stand_in_server.PIN},
    ("post", "/api/pictures/{number}/conversions"): {"style": "cute"},
    ("post", "/api/export"): {"folder": "/media/usb"},
    ("post", "/api/wipe"): {"confirm": "wipe"},
    ("put", "/api/settings"): {"countdown": 3},
    ("put", "/api/styles/{name}/values"): {"eyes": 1.3},
    ("post", "/api/styles/{name}/trials"): {"glow": 0.2},
}
QUERIES = {"/api/qr.svg": {"path": "/"}, "/api/archive.zip": {"numbers": "1,2"}}


@pytest.fixture(scope="module")
def server():
    server = stand_in(pictures=6, pace=0.2).start()
    yield server
    server.stop()


def validate(schema, value, where):
    validator = jsonschema_rs.validator_for({"components": DOCUMENT["components"], **schema}, validate_formats=True)
    assert [error.message for error in validator.iter_errors(value)] == [], where


def check(method, path, answer):
    """The status, the media type and the body of an answer are in the document."""
    operation = DOCUMENT["paths"][path][method]
    where = f"{method} {path}: {answer.status_code}"
    assert str(answer.status_code) in operation["responses"], where
    described = operation["responses"][str(answer.status_code)]
    while "$ref" in described:
        described = DOCUMENT["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    assert kind in described.get("content", {"": {}}) or not answer.content and "content" not in described, (where, kind)
    for name, header in described.get("headers", {}).items():
        assert name in answer.headers or not header.get("required"), (where, name)
    if kind.endswith("json"):
        validate(described["content"][kind].get("schema", {}), answer.json(), where)


def ask(server, method, path, role, number=3):
    session = requests.Session()
    if role == "host":
        session.cookies.set("session", stand_in_server.COOKIE)
    style = "anime"
    ids = {"number": number, "id": f"{number}-{style}", "name": f"{number:04}-photo.jpg"}
    if path.startswith(("/styles/", "/api/styles/")):
        ids["name"] = "anime" if number < 100 else "none"
    address = server.address + re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), path)
    body = BODIES.get((method, path))
    data = photo() if path == "/api/uploads" else json.dumps(body) if body else None
    headers = {"Content-Type": "image/jpeg" if path == "/api/uploads" else "application/json"} if data else {}
    return session.request(
        method, address, params=QUERIES.get(path), data=data, headers=headers, timeout=20, stream=path in STREAMS
    )


@pytest.mark.parametrize("role", ["guest", "host"])
@pytest.mark.parametrize("method, path", OPERATIONS, ids=lambda part: part)
def test_it_answers_as_the_document_says(server, method, path, role):
    with ask(server, method, path, role) as answer:
        is_for_hosts = DOCUMENT["paths"][path][method].get("security") == [{"session": []}]
        assert (answer.status_code == 403) == (is_for_hosts and role == "guest")
        if path in STREAMS:
            assert answer.headers["Content-Type"].split(";")[0] in DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        else:
            check(method, path, answer)


@pytest.mark.parametrize("method, path", [one for one in OPERATIONS if "{" in one[1]], ids=lambda part: part)
def test_what_is_not_there_is_missing(server, method, path):
    answer = ask(server, method, path, "host", number=9999)
    assert answer.status_code == 404
    check(method, path, answer)


def test_it_refuses_what_the_server_refuses(server):
    limits = requests.get(f"{server.address}/api/session", timeout=20).json()
    assert limits["max_upload_bytes"] == DOCUMENT["components"]["schemas"]["Session"]["properties"]["max_upload_bytes"]["default"]
    for data, kind, status in [
        (bytes(limits["max_upload_bytes"] + 1), "image/jpeg", 413),
        (b"no photo", "image/jpeg", 422),
        (b"no photo", "text/plain", 415),
    ]:
        answer = requests.post(
            f"{server.address}/api/uploads", data=data, headers={"Content-Type": kind}, timeout=20
        )
        assert answer.status_code == status
        check("post", "/api/uploads", answer)
    answer = requests.post(f"{server.address}/api/session", json={"pin": "000000"}, timeout=20)
    assert answer.status_code == 403
    check("post", "/api/session", answer)


def test_its_events_are_those_of_the_document(server):
    seen, kind = set(), None
    with requests.get(f"{server.address}/api/events", stream=True, timeout=30) as stream:
        uploaded = ask(server, "post", "/api/uploads", "guest")
        assert uploaded.status_code == 201
        for line in stream.iter_lines(decode_unicode=True, chunk_size=1):
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                validate({"$ref": f"#/components/schemas/{EVENTS[kind]}"}, json.loads(line.removeprefix("data: ")), kind)
                seen.add(kind)
                # It comes last.
                if kind == "done":
                    break
    assert seen == {"state", "health", "picture", "progress", "done"}


def test_its_styles_are_those_of_the_program():
    names = {file.name.rsplit("-", 1)[0] for file in (ROOT / "weights").glob("*.safetensors")} - {"drawn"}
    names |= {file.stem for file in (ROOT / "weights" / "styles").glob("*.json")} - {"style.schema"}
    assert {style["name"] for style in stand_in_server.STYLES} == names
