"""The page of a run in a real browser: it runs the circuit right, is accessible, and its console stays empty."""

import shutil

import numpy as np
import pytest
from support.circuit_samples import full_adder
from support.cli_samples import run
from support.run_samples import NASTY, items_of, layered, write_run

from btfnet import Circuit, Gate

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page in the browser; leaving it fails where the console, or the network, heard anything."""

    def __init__(self, browser, path, *, size="desktop", scheme="light"):
        self.context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
        self.page, self.said = self.context.new_page(), []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.asked: list[str] = []
        self.page.goto(path.resolve().as_uri())

    def __enter__(self):
        return self.page

    def __exit__(self, kind, *_):
        self.context.close()
        if kind is None:
            assert self.said == []
            assert [url.split(":")[0] for url in self.asked] == ["file"]


def report(folder):
    result = run("report", folder)
    assert result.exit_code == 0, result.stderr
    return folder / "report.html"


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    return report(write_run(tmp_path_factory.mktemp("nasty"), NASTY))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_accessible_and_as_wide_as_the_screen(browser, nasty, size, scheme):
    with Opened(browser, nasty, size=size, scheme=scheme) as page:
        for summary in page.locator("summary").all():
            if summary.locator("..").get_attribute("open") is None:
                summary.click()
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


def test_a_run_that_found_nothing_is_accessible_too(browser, tmp_path):
    path = report(write_run(tmp_path, None, status="iteration_limit", exact=False))
    with Opened(browser, path, size="phone") as page:
        assert axe.Axe().run(page).violations_count == 0
        assert "found no circuit" in page.inner_text("header")


def states(page):
    """What the switches, the lamps, and the lit parts of the drawing say."""
    switches = page.locator("#switches [role=switch]").evaluate_all(
        "all => all.map(each => [+each.dataset.n, each.getAttribute('aria-checked') === 'true'])"
    )
    lamps = page.locator("#lamps .bit").evaluate_all("all => all.map(each => each.textContent === '1')")
    drawn = page.locator("#drawing [data-o]").evaluate_all(
        "all => all.map(each => [+each.dataset.o, each.classList.contains('on')])"
    )
    return dict(switches), lamps, dict(drawn)


@pytest.mark.parametrize(
    "circuit", [NASTY, full_adder(), layered(40, 9)], ids=["nasty", "adder", "majorities"]
)
def test_switches_light_the_outputs_that_the_circuit_predicts(browser, tmp_path, circuit):
    path, rng = report(write_run(tmp_path, circuit)), np.random.default_rng(1)
    with Opened(browser, path) as page:
        buttons = page.locator("#switches [role=switch]").all()
        page.click("#zero")
        for button in [None, *rng.permutation(len(buttons)).tolist()[:6]]:
            if button is not None:
                buttons[button].click()
            switches, lamps, drawn = states(page)
            inputs = np.zeros((1, circuit.n_inputs), dtype=bool)
            for node, on in switches.items():
                inputs[0, node - 1] = on
            expected = circuit.predict(inputs)[0].tolist()
            assert lamps == expected
            assert drawn == dict(enumerate(expected))
        n_bits = items_of(circuit).outputs.size
        assert f"all {n_bits} output bits are right" in page.inner_text("#recheck")


def test_a_row_of_a_table_sets_its_conditions_and_follows_them(browser, tmp_path):
    names = ("age>=20", "age>=37.5", "age=missing", "smoker=never", "smoker=now")
    circuit = Circuit(5, (Gate(3, (1, 2, 5)), Gate(1, (3, 6))), (7, -4), names, ("risk", "other"))
    columns = [{"name": name, "kind": "real", "missing": True, "used": True} for name in ("age", "smoker")]
    path = report(write_run(tmp_path, circuit, columns=columns, conditions=list(names)))
    with Opened(browser, path, size="phone") as page:
        assert axe.Axe().run(page).violations_count == 0
        page.click("#zero")
        assert page.input_value("#column-0") == "0"
        page.locator("#column-0").focus()
        for key in ("ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        page.select_option("#column-1", label="now")
        switches, lamps, _ = states(page)
        assert switches == {1: True, 2: True, 3: False, 4: False, 5: True}
        assert lamps == [True, True]
        assert page.get_attribute("#column-0", "aria-valuetext") == "37.5 or more"
        page.locator("#column-0").press("Home")
        assert states(page)[0] == {1: False, 2: False, 3: True, 4: False, 5: True}
        page.locator(".board summary").click()
        page.locator("#switches [data-n='1']").click()
        assert page.locator("#columns output").first.inner_text() == "contradicts itself"


def test_wires_light_up_and_an_input_in_the_drawing_is_a_switch(browser, tmp_path):
    path = report(write_run(tmp_path, full_adder()))
    with Opened(browser, path) as page:
        page.click("#zero")
        assert page.locator("#drawing .on").count() == 0
        page.locator("#drawing .i[data-n='1']").click()
        assert page.locator("#drawing .w.on").evaluate_all("all => all.map(each => each.dataset.n)") == [
            "1",
            "5",
        ]
        assert page.locator("#truth-rows tr.here td").all_inner_texts()[:5] == ["1", "0", "0", "1", "0"]


def test_gates_and_their_rows_light_each_other_by_mouse_and_by_keys(browser, tmp_path):
    path = report(write_run(tmp_path, full_adder()))
    with Opened(browser, path) as page:
        page.locator("#drawing .g[data-n='4'] path").hover()
        assert page.locator("#gate-rows tr.hot").get_attribute("data-n") == "4"
        page.mouse.move(0, 0)
        page.locator("#gate-rows button").nth(1).focus()
        assert page.locator("#drawing .g.hot").get_attribute("data-n") == "5"
        assert "at least 3 of: a, b, c, 2·~n4" in page.inner_text("#readout")
        page.locator("#switches button").first.focus()
        before = page.locator("#switches button").first.get_attribute("aria-checked")
        page.keyboard.press("Space")
        assert page.locator("#switches button").first.get_attribute("aria-checked") != before


def test_the_drawing_pans_and_zooms_by_buttons_keys_and_mouse(browser, tmp_path):
    path = report(write_run(tmp_path, full_adder()))
    with Opened(browser, path) as page:
        seen = []

        def moved():
            seen.append(page.get_attribute("#scene", "transform"))
            return len(set(seen)) == len(seen)

        assert moved()
        page.click("#in")
        assert moved()
        page.locator("#view").focus()
        page.keyboard.press("ArrowLeft")
        assert moved()
        box = page.locator("#view").bounding_box()
        page.mouse.move(box["x"] + 9, box["y"] + 9)
        page.mouse.down()
        page.mouse.move(box["x"] + 70, box["y"] + 50)
        page.mouse.up()
        assert moved()
        page.click("#fit")
        assert page.get_attribute("#scene", "transform") == seen[0]


def test_a_wrong_item_is_told_where_it_is(browser, tmp_path):
    circuit = full_adder()
    path = report(write_run(tmp_path, circuit, items=items_of(circuit, wrong=1)))
    with Opened(browser, path) as page:
        assert "15 of 16 output bits are right" in page.inner_text("#recheck")
        assert page.locator("#lamps .wrong").all_inner_texts() == ["✗ the item says 1"]
        assert "1 training item of 8 not right" in page.inner_text("#certificate")


def test_a_page_of_a_thousand_gates_is_small_and_works(browser, tmp_path):
    circuit = layered(1000)
    path = report(write_run(tmp_path, circuit))
    assert path.stat().st_size < 2_000_000
    with Opened(browser, path) as page:
        page.click("#random")
        switches, lamps, _ = states(page)
        inputs = np.zeros((1, circuit.n_inputs), dtype=bool)
        for node, on in switches.items():
            inputs[0, node - 1] = on
        assert lamps == circuit.predict(inputs)[0].tolist()
