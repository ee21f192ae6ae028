"""The pages in a real browser: headless Chromium, driven over two pipes."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.experiment import load_protocol
from evaluator.planning.prospect import Prospect
from evaluator.report.planning.assembled import assembled
from evaluator.report.planning.page import to_html as planning_page
from evaluator.report.planning.to_json import to_dict
from evaluator.report.targeting.page import to_html
from evaluator.report.targeting.write import document_of
from evaluator.targeting import targeted
from evaluator.targeting.contacts import read_contacts
from evaluator.targeting.learners import LEARNERS

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="not run: Chromium is not installed")
FLAGS = (
    *("--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--remote-debugging-pipe",
)
READ, WRITE = 3, 4
"""Where the browser reads commands and writes answers."""
HEARD = {
    "Runtime.consoleAPICalled",
    "Runtime.exceptionThrown",
    "Log.entryAdded",
    "Network.requestWillBeSent",
}


class Browser:
    """One tab; `heard` is all that it logged, threw or asked for."""

    def __init__(self, profile: Path) -> None:
        commands, self.out = os.pipe()
        self.answers, into = os.pipe()
        # Out of the way of the two numbers that they get in the browser.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (commands, into)]

        def place() -> None:
            os.dup2(ends[0], READ)
            os.dup2(ends[1], WRITE)

        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, *sandbox, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=place,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (commands, into, *ends):
            os.close(end)
        self.heard: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        self.buffer, self.number, self.session = b"", 0, ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self.number:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, address: str, width: int, scheme: str) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=800, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])
        self.seen.clear()
        self.call("Page.navigate", url=address)
        while "Page.loadEventFired" not in self.seen:
            self._next()

    def value(self, expression: str) -> Any:
        """Of an expression; of a promise, what it promised."""
        done = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return done["result"].get("value")

    def close(self) -> None:
        self.call("Browser.close")
        self.process.wait(20)
        os.close(self.out)
        os.close(self.answers)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.buffer:
            more = os.read(self.answers, 1 << 16)
            assert more, "the browser is gone"
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        message: dict[str, Any] = json.loads(text)
        self.seen.add(message.get("method", ""))
        if message.get("method") in HEARD:
            self.heard.append(message)
        return message


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def targeting(root: Path) -> str:
    """The page of a third of the list that is shipped, by two quick learners."""
    protocol = load_protocol(root / "experiments" / "newsletter-holdout")
    contacts = read_contacts(protocol)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targeted, "learners_for", lambda _: LEARNERS[:2])
        answer = targeted.learn(contacts.taken(np.arange(contacts.people // 3)), protocol)
    assert all(arm.ranking for arm in answer.arms)
    return to_html(document_of(answer))


@pytest.fixture(scope="module")
def planning(prospect: Prospect) -> str:
    return planning_page(assembled(to_dict(prospect)))


@pytest.fixture(scope="module", params=["page", "targeting", "planning"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(request.getfixturevalue(request.param), "utf-8")
    return path.as_uri()


UNFOLD = "document.querySelectorAll('details').forEach(d => d.open = true); true"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRAST = """
(() => {
  const light = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const seen = [...document.querySelectorAll('p, td, th, dd, svg text')]
    .map(e => light(e.tagName == 'text' ? getComputedStyle(e).fill : getComputedStyle(e).color));
  const ratio = l => (Math.max(l, paper) + .05) / (Math.min(l, paper) + .05);
  return Math.min(...seen.map(ratio));
})()
"""
"""Of the least legible text with the page behind it, as WCAG counts it."""
TOLD = "r => JSON.stringify({violations: r.violations, passes: r.passes.length})"
"""What is wanted of the results of axe-core."""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_it_fits_unfolded_or_not(browser: Browser, address: str, width: int) -> None:
    browser.open(address, width, "light")
    assert browser.value(OVERFLOW) == 0
    browser.value(UNFOLD)
    assert browser.value(OVERFLOW) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(browser: Browser, address: str, scheme: str) -> None:
    browser.open(address, 1280, scheme)
    dark = browser.value("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")
    assert browser.value(CONTRAST) >= 4.5


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, as its package brings it."""
    found = find_spec("axe_core_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("not run: axe-core-python is not installed")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


def faults(browser: Browser, axe: str) -> list[str]:
    """What axe-core finds that is serious or critical, by its name and the first element."""
    browser.value(UNFOLD)
    browser.call("Runtime.evaluate", expression=axe)
    found = json.loads(
        browser.value(f"axe.run(document, {{resultTypes: ['violations']}}).then({TOLD})")
    )
    assert found["passes"] > 5
    return [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:200]})"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(
    browser: Browser, address: str, axe: str, scheme: str, width: int
) -> None:
    browser.open(address, width, scheme)
    assert faults(browser, axe) == []


def test_what_not_everybody_can_read_is_found(browser: Browser, axe: str, tmp_path: Path) -> None:
    """A figure without words, a link without a name, grey on grey: the test above can fail."""
    broken = tmp_path / "broken.html"
    broken.write_text(
        '<!DOCTYPE html><html lang="en"><title>broken</title><main><h1>broken</h1>'
        '<p style="color: #aaa; background: #999">grey</p><svg role="img"></svg><a href="#x"></a>'
    )
    browser.open(broken.as_uri(), 1280, "light")
    found = {fault.partition(":")[0] for fault in faults(browser, axe)}
    assert found == {"color-contrast", "svg-img-alt", "link-name"}


def test_it_says_nothing_to_the_console_and_asks_for_nothing(
    browser: Browser, address: str
) -> None:
    browser.heard.clear()
    browser.open(address, 1280, "light")
    browser.value(UNFOLD)
    asked = [m["params"]["request"]["url"] for m in browser.heard if "request" in m["params"]]
    assert asked == [address]
    assert len(browser.heard) == len(asked)


def test_a_script_would_not_run(browser: Browser, address: str, tmp_path: Path) -> None:
    """And the refusal would be heard: the test above can fail."""
    page = Path(address.removeprefix("file://")).read_text("utf-8")
    forged = tmp_path / "forged.html"
    forged.write_text(page.replace("<main", "<script>document.title = 'ran'</script><main"))
    browser.heard.clear()
    browser.open(forged.as_uri(), 1280, "light")
    assert browser.value("document.title") != "ran"
    assert any(m["method"] == "Log.entryAdded" for m in browser.heard)


def test_its_titles_lead_to_its_sections(browser: Browser, address: str) -> None:
    browser.open(address, 360, "light")
    broken = "[...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.hash))"
    assert browser.value(f"{broken}.length") == 0


NAMES = """
[...document.querySelectorAll('.scroll table:not(.stacked) tbody th[scope=row]')]
  .filter(th => getComputedStyle(th).position == 'sticky').map(th => th.offsetWidth)
"""
"""How wide the names are that stay in sight while the rest of a row is moved under them."""


def test_a_name_leaves_room_for_its_numbers(browser: Browser, address: str) -> None:
    browser.open(address, 360, "light")
    browser.value(UNFOLD)
    assert all(width <= 180 for width in browser.value(NAMES))


def press(browser: Browser, key: str, code: int, text: str = "") -> None:
    about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
    down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
    browser.call("Input.dispatchKeyEvent", **down, **about)
    browser.call("Input.dispatchKeyEvent", type="keyUp", **about)


def test_it_can_be_used_by_keys(browser: Browser, address: str) -> None:
    """The first stop leads past the top and is seen there; what is folded is unfolded by a key."""
    browser.open(address, 1280, "light")
    at = "document.activeElement"
    press(browser, "Tab", 9)
    assert browser.value(f"{at}.className") == "skip"
    assert browser.value(f"{at}.getBoundingClientRect().left") >= 0
    assert browser.value(f"getComputedStyle({at}).outlineStyle") == "solid"
    press(browser, "Enter", 13, "\r")
    assert browser.value("location.hash") == "#main"
    folded = "[...document.querySelectorAll('details:not([open])')]"
    before = browser.value(f"{folded}.length")
    browser.value(f"{folded}[0]?.firstElementChild.focus()")
    press(browser, "Enter", 13, "\r")
    assert browser.value(f"{folded}.length") == max(before - 1, 0)
