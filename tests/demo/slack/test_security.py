"""Loopback only: no other host, no other page's requests."""

import http.client
import json

import pytest

from tests.demo.slack.slack_factories import person, running_workspace, web_client


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with running_workspace(tmp_path_factory.mktemp("security")) as workspace:
        yield workspace


def send(workspace, verb, path, headers, body=None):
    """One request with exactly these headers; `{port}` in a value is the server's. Returns status and headers."""
    port = int(workspace.workspace.base_url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(verb, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.format(port=port))
        connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        response = connection.getresponse()
        response.read()
        return response.status, dict(response.getheaders())
    finally:
        connection.close()


OWN_HOST = {"Host": "127.0.0.1:{port}"}
JSON = {"Content-Type": "application/json"}
SAY = json.dumps({"user": "U0ANA", "channel": "C0COSTS", "text": "hi"}).encode()


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "example.com:{port}",
        "127.0.0.1.example.com:{port}",
        "localhost.example.com",
        "10.0.0.1:{port}",
        "0.0.0.0:{port}",
        "127.0.0.1:1",
        "127.0.0.1:99999",
        "[::1",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/page/state", "/page/events", "/api/auth.test", "/files/F1", "/static/app.js"])
def test_another_host_is_refused(shared, host, path):
    assert send(shared, "GET", path, {"Host": host})[0] == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://example.com",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "null",
        "http://example.com:{port}",
        "http://localhost.example.com:{port}",
        "file://",
    ],
)
@pytest.mark.parametrize("path", ["/page/say", "/page/action", "/page/faults", "/api/chat.postMessage", "/response/x"])
def test_another_pages_post_is_refused(shared, origin, path):
    headers = {**OWN_HOST, **JSON, "Origin": origin, "Authorization": "Bearer xoxb-local"}
    assert send(shared, "POST", path, headers, SAY)[0] == 403


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "",
    ],
)
def test_a_page_post_that_is_no_json_is_refused(shared, content_type):
    headers = {**OWN_HOST, "Content-Type": content_type}
    assert send(shared, "POST", "/page/say", headers, SAY)[0] == 403


def test_nothing_that_was_refused_happened(shared):
    before = len(person(shared).messages("C0COSTS"))
    send(shared, "POST", "/page/say", {**OWN_HOST, **JSON, "Origin": "http://example.com"}, SAY)
    assert len(person(shared).messages("C0COSTS")) == before


def test_a_foreign_page_opens_no_socket(shared):
    url = web_client(shared, "xapp-local").apps_connections_open(app_token="xapp-local")["url"]
    path = url.partition("127.0.0.1:")[2].partition("/")[2]
    upgrade = {
        **OWN_HOST,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": "http://example.com",
    }
    assert send(shared, "GET", f"/{path}", upgrade)[0] == 403


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "127.0.0.1", "[::1]:{port}"])
def test_this_machines_names_are_welcome(shared, host):
    assert send(shared, "GET", "/page/state", {"Host": host})[0] == 200


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://localhost:{port}"])
def test_its_own_page_may_post(shared, origin):
    assert send(shared, "POST", "/page/say", {**OWN_HOST, **JSON, "Origin": origin}, SAY)[0] == 200


def test_no_other_page_may_frame_it(shared):
    _, headers = send(shared, "GET", "/page/state", OWN_HOST)
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"] == "frame-ancestors 'none'"


def test_it_listens_on_loopback_only(shared):
    assert shared.workspace.base_url.startswith("http://127.0.0.1:")
