// How much work a form is: times a finger came down, keys, seconds from the first touch to the tap that
// sends it, fields that were typed in. Four numbers and nothing of what was written; see campaigns/effort.py.
(() => {
  const input = document.querySelector("input[data-spent]");
  if (!input) return;
  const form = input.form, typed = new Set(), MODIFIERS = ["Shift", "Control", "Alt", "Meta"];
  let before = null, since = 0, taps = 0, keys = 0;

  // What was counted before the page was left and found again, or before the server asked, goes on.
  function begin() {
    if (before) return;
    before = (/^(\d+),(\d+),(\d+),(\d+)$/.exec(input.value) || [0, 0, 0, 0, 0]).slice(1).map(Number);
    since = Date.now();
  }
  function say() {
    const seconds = Math.max(1, Math.round((Date.now() - since) / 1000));
    const now = [taps, keys, seconds, typed.size].map((number, place) => number + before[place]);
    input.value = now.join(",");
  }
  const isTyped = (event) => event.isTrusted && !/^insertFrom|^delete/.test(event.inputType || "insertFrom");
  const count = {
    pointerdown: begin, // of a finger that begins to scroll too: the person is at work
    pointerup: () => { taps += 1; },
    keydown: (event) => { if (!MODIFIERS.includes(event.key)) keys += 1; },
    input: (event) => { if (isTyped(event) && event.target.form === form) typed.add(event.target.name); },
  };
  for (const [name, does] of Object.entries(count))
    document.addEventListener(name, (event) => { if (!event.isTrusted) return; begin(); does(event); say(); }, true);
  form.addEventListener("submit", () => { begin(); say(); }, true);
})();
