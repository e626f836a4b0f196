"""A reader without a mouse: Tab, Enter, space, arrows; every stop must be seen."""

# What a sighted reader sees of the focused element: in the window, with an outline, not covered.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 40), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  return {
    text: (e.innerText || e.value || e.getAttribute('aria-label') || '').trim().slice(0, 60),
    html: e.outerHTML.slice(0, 120),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    outlined: e.matches("audio") // the browser marks its own controls
      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
    uncovered: !top || top === e || e.contains(top) || top.contains(e) || !!top.closest('label')?.contains(e),
  };
}"""
HERE = "(wanted) => document.activeElement === wanted"
NEEDS = ("inside", "outlined", "uncovered")
STEPS, PATIENCE = 150, 100


class Clavier:
    """The keyboard on a page. `stops`: the texts of the elements that had the focus, in order."""

    def __init__(self, page):
        self.page = page
        self.stops = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.type(text)

    def tab(self):
        """Goes one step on; no element may lose or hide the focus."""
        self.press("Tab")
        for _ in range(PATIENCE):
            focus = self.page.evaluate(FOCUS)
            hidden = [need for need in NEEDS if not focus[need]] if focus else []
            if not hidden:
                break
            self.page.wait_for_timeout(20)  # the browser takes its time to scroll
        assert not hidden, f"focus not {hidden}: {focus['html']}"
        if focus:
            self.stops.append(focus["text"])
        return focus

    def go_to(self, locator):
        """Tabs on until `locator` has the focus."""
        wanted = locator.element_handle()
        for _ in range(STEPS):
            if self.page.evaluate(HERE, wanted):
                return
            self.tab()
        raise AssertionError(f"never reached: {locator}; stops: {self.stops}")

    def open(self, locator):
        self.go_to(locator)
        self.press("Enter")

    def choose(self, locator):
        """Presses Enter on a link or button and waits for the next page."""
        self.go_to(locator)
        with self.page.expect_navigation():
            self.press("Enter")
