"""A hand that takes its time: a person on a phone, by the clock of the page.

How long each thing takes is of the keystroke-level model (Card, Moran, Newell: The Psychology of
Human-Computer Interaction, 1983): to make up one's mind 1.35 s and to point 1.1 s before a tap, 0.28 s
a key of somebody who types, but is no typist. Chinese is typed in full pinyin, a key a letter and one
to choose the word.
"""

from pypinyin import lazy_pinyin

TAP, KEY, CAMERA = 2450, 280, 4000  # milliseconds


class Hand:
    """On one page. Its clock stands still but for what the hand does."""

    def __init__(self, page):
        self.page = page
        page.clock.install()
        page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
        self.keyboard = page.context.new_cdp_session(page)

    def rest(self, milliseconds):
        self.page.clock.run_for(milliseconds)

    def tap(self, what):
        self.rest(TAP)
        what.click()

    def press(self, what, digits):
        """Into a field that is tapped first."""
        self.tap(what)
        for digit in digits:
            self.rest(KEY)
            self.page.keyboard.press(digit)

    def write(self, what, word):
        """One word of Chinese, as an input method gives it: keys without a letter, then the word."""
        self.tap(what)
        for _ in "".join(lazy_pinyin(word)) + " ":
            self.rest(KEY)
            for kind in ("rawKeyDown", "keyUp"):
                event = {"type": kind, "key": "Process", "windowsVirtualKeyCode": 229}
                self.keyboard.send("Input.dispatchKeyEvent", event)
        self.page.keyboard.insert_text(word)

    def photograph(self, label, picture):
        with self.page.expect_file_chooser() as chosen:
            self.tap(label)
        self.rest(CAMERA)
        chosen.value.set_files([picture])
