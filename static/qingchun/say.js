// Words may be spoken where the browser can hear, which it does on https alone: they are put behind what is
// there, or, with data-say="anew", in its place.
(() => {
  const Hearing = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Hearing || !isSecureContext) return;
  const SIGN = '<svg class="ic" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true"><path d="M9 5a3 3 0 0 1 3 -3a3 3 0 0 1 3 3v5a3 3 0 0 1 -6 0zM5 10a7 7 0 0 0 14 0M8 21h8M12 17v4"/></svg>';
  const WRONG = { "not-allowed": "浏览器没有让用麦克风，请在浏览器设置里允许，或者直接打字。", network: "现在听不了（网络不通），请直接打字。" };
  for (const input of document.querySelectorAll("[data-say]")) {
    const box = document.createElement("span"), button = document.createElement("button"), told = document.createElement("span");
    const label = input.labels[0] ? input.labels[0].firstChild.textContent : "";
    box.className = "q-say"; told.className = "form-text"; told.setAttribute("role", "status");
    button.type = "button"; button.innerHTML = SIGN; button.setAttribute("aria-label", `用说的填${label}`); button.setAttribute("aria-pressed", "false");
    input.before(box); box.append(input, button); box.after(told);
    let hearing = null;
    button.onclick = () => {
      if (hearing) { hearing.stop(); return; }
      hearing = new Hearing();
      hearing.lang = "zh-CN";
      hearing.onresult = (event) => {
        const words = [...event.results].map((result) => result[0].transcript).join("");
        const plain = input.tagName === "TEXTAREA" ? words : words.replace(/[。．.]+$/, "");
        input.value = ((input.dataset.say === "anew" ? "" : input.value) + plain).slice(0, input.maxLength > 0 ? input.maxLength : undefined);
        for (const kind of ["input", "change", "fill"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
      };
      hearing.onerror = (event) => { told.textContent = WRONG[event.error] || "没有听清，请再说一次，或者直接打字。"; };
      hearing.onend = () => { hearing = null; button.setAttribute("aria-pressed", "false"); if (told.textContent.startsWith("正在听")) told.textContent = ""; };
      told.textContent = "正在听，请说。声音由浏览器识别，门户不留。";
      button.setAttribute("aria-pressed", "true");
      hearing.start();
    };
  }
})();
