// What every page shares. The portal works without it; it guards what people type.
(() => {
  const person = document.body.dataset.person || "", DAY = 24 * 60 * 60 * 1000;

  // What this device keeps for a day at most. Keys are "kind:whose:which"; nobody's is "kind::which".
  const store = {
    keys() { try { return Object.keys(localStorage); } catch { return []; } },
    get(key) { try { const { at, is } = JSON.parse(localStorage.getItem(key)); return Math.abs(Date.now() - at) < DAY ? is : null; } catch { return null; } },
    set(key, is) { try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), is })); } catch { /* full or forbidden */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* forbidden */ } },
  };

  // It forgets when the server says that a session has ended, and whatever is another person's.
  // Scans at a door are nobody's own: they wait for whoever stands there next.
  function forget(all) {
    for (const key of store.keys()) {
      const [kind, whose] = key.split(":");
      const goes = kind !== "door" && (all || (person && whose !== person));
      if (goes || store.get(key) === null) store.drop(key);
    }
  }
  const over = document.cookie.match(/(?:^|; )((?:__Host-)?forget)=/);
  forget(over);
  if (over) document.cookie = `${over[1]}=; path=/; max-age=0${location.protocol === "https:" ? "; secure" : ""}`;
  setInterval(forget, DAY / 24);

  // Codes, passwords, and boxes that only the person at the screen may tick, are never kept.
  const NEVER = "[data-never-kept], [type=password], [autocomplete=one-time-code], altcha-widget *";
  const PASSED = ["file", "hidden", "submit", "button"];
  const fields = (form) => [...form.elements].filter((e) => e.name && (!PASSED.includes(e.type) || "keptToo" in e.dataset) && !e.matches(NEVER));
  const read = (form) => fields(form).map((e) => [e.name, e.value, e.checked]);
  // A form belongs to the address that takes it: the same form of another county is another.
  const keyOf = (form, kind = "keep") => `${kind}:${person}:${new URL(form.getAttribute("action") || "", location.href).pathname}#${form.dataset.keep}`;

  function write(form, values) {
    const left = [...values];
    for (const e of fields(form)) {
      const at = left.findIndex(([name, value]) => name === e.name && (!["radio", "checkbox"].includes(e.type) || value === e.value));
      if (at < 0) continue;
      const [, value, checked] = left.splice(at, 1)[0];
      if (["radio", "checkbox"].includes(e.type)) e.checked = checked; else e.value = value;
    }
  }

  // The page after a form was sent: if it says that the server has it, nothing is kept of it.
  let sent = null;
  try { sent = sessionStorage.getItem("sent"); sessionStorage.removeItem("sent"); } catch { /* forbidden */ }
  if (sent && document.querySelector("[data-done]")) store.drop(sent);
  // Asked for which unit it is: it is sent again from there.
  if (sent && document.querySelector("form[data-again]")) try { sessionStorage.setItem("sent", sent); } catch { /* forbidden */ }
  for (const mark of document.querySelectorAll("[data-kept]"))
    for (const key of store.keys()) if (key.endsWith(`#${mark.dataset.kept}`)) store.drop(key);

  // A form with data-keep is kept on this device, per person, until the server has it.
  const touched = new WeakSet();
  function putBack(form) {
    const kept = form.dataset.keep && store.get(keyOf(form));
    if (!kept || "posted" in form.dataset || form.querySelector(".is-invalid")) return false;
    write(form, kept);
    return true;
  }
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = keyOf(form);
    if (putBack(form)) {
      const note = document.createElement("div");
      note.className = "q-note mb-3";
      note.setAttribute("role", "status");
      note.append("已找回上次没有提交的内容。");
      const drop = document.createElement("button");
      drop.type = "button"; drop.className = "btn btn-plain btn-sm ms-auto"; drop.textContent = "清空重填";
      drop.onclick = () => { store.drop(key); location.reload(); };
      note.append(drop); form.prepend(note);
    }
    form.addEventListener("input", () => store.set(key, read(form)));
    form.addEventListener("change", () => store.set(key, read(form)));
  }
  document.addEventListener("input", (event) => touched.add(event.target.form || event.target));
  // What the browser itself remembers of a page gone back to, consents among it, is not shown.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    const { type } = performance.getEntriesByType("navigation")[0] || {};
    if (type !== "back_forward" && type !== "reload") return;
    for (const form of document.querySelectorAll("form[method=post]:not([data-section])"))
      if (!touched.has(form) && !form.querySelector("[type=password]")) { form.reset(); putBack(form); }
  });
  // Before signing out it is said, once, what the server does not have yet.
  function maySignOut(form) {
    const unsent = store.keys().filter((key) => /^(door|plan):/.test(key));
    if (form.dataset.told || !unsent.length) { unsent.forEach(store.drop); return true; }
    const scans = unsent.filter((key) => key.startsWith("door:")), parts = unsent.length - scans.length;
    const said = [scans.length && `${scans.flatMap(store.get).length} 个签到没有送出`, parts && `${parts} 处内容没有存上`];
    const note = document.createElement("p");
    note.className = "q-note r mb-2"; note.setAttribute("role", "alert");
    note.textContent = `还有 ${said.filter(Boolean).join("、")}，退出后不留在这台设备上。要留的，请先打开原来的页面送出；不要了，再点一次“退出登录”。`;
    form.prepend(note); form.dataset.told = "1";
    return false;
  }

  // A picture is shrunk here before it goes: fewer bytes, and no place in it. A very long one keeps words
  // that can be read. What this browser cannot open goes as it is: the server decides, and says why.
  const SIDE = 2048, SMALL = 500000, TURNS = CSS.supports("image-orientation", "from-image");
  async function shrink(file) {
    if (!TURNS || !/^image\/(?!gif|svg)/.test(file.type)) return file;
    const image = new Image(), canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    image.src = URL.createObjectURL(file);
    try {
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image, long = Math.max(width, height), narrow = Math.min(width, height);
      const share = Math.min(1, Math.max(SIDE / long, Math.min(SIDE * 3 / 8 / narrow, SIDE * 8 / long)));
      if (share === 1 && file.size < SMALL) return file;
      canvas.width = Math.round(width * share); canvas.height = Math.round(height * share);
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.imageSmoothingQuality = "high"; pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return made && made.size < file.size ? new File([made], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: made.type }) : file;
    } catch { return file; } finally { URL.revokeObjectURL(image.src); }
  }
  const shrinking = new Map();
  function shrunk(input) {
    if (!shrinking.has(input)) shrinking.set(input, Promise.all([...input.files].map(shrink)).then((made) => {
      const files = new DataTransfer();
      for (const file of made) files.items.add(file);
      input.files = files.files;
    }).finally(() => shrinking.delete(input)));
    return shrinking.get(input);
  }
  document.addEventListener("change", (event) => { if (event.target.matches("input[data-picture]") && event.target.files.length) shrunk(event.target); });
  document.addEventListener("submit", (event) => {
    const under = [...event.target.elements].filter((e) => shrinking.has(e)).map((e) => shrinking.get(e));
    if (!under.length) return;
    event.preventDefault(); event.stopImmediatePropagation();
    Promise.allSettled(under).then(() => event.target.requestSubmit(event.submitter));
  }, true);

  // A picture of a list comes once it is in view.
  const bring = (image) => { image.src = image.dataset.src; };
  const later = window.IntersectionObserver && new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) { bring(target); later.unobserve(target); }
  });
  for (const image of document.querySelectorAll("img[data-src]")) if (later) later.observe(image); else bring(image);
  // Some browsers inside of other apps answer no before anybody has read the question: it is asked in the page.
  function askHere(form, button, ask) {
    form.dataset.asked = ask;
    const note = document.createElement("p");
    note.className = "q-note y my-2"; note.setAttribute("role", "alert");
    note.textContent = `${ask}确定的，再点一次“${(button || form.querySelector("button:not([type=button])")).textContent.trim()}”。`;
    (button || form.lastElementChild).after(note);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const ask = (button && button.dataset.ask) || form.dataset.ask;
    if (ask && form.dataset.asked !== ask) {
      const at = performance.now();
      if (!confirm(ask)) { event.preventDefault(); if (performance.now() - at < 20) askHere(form, button, ask); return; }
    }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if ("leave" in form.dataset && !maySignOut(form)) { event.preventDefault(); return; }
    if (form.dataset.keep && !event.defaultPrevented) try { sessionStorage.setItem("sent", keyOf(form)); } catch { /* forbidden */ }
    if (form.querySelector("[data-once]") || (button && "once" in button.dataset)) {
      form.dataset.sent = "1";
      setTimeout(() => { if (button) button.disabled = true; }, 0);
      setTimeout(() => { delete form.dataset.sent; if (button) button.disabled = false; }, 15000);
    }
  });
  // A form that was refused begins with what is wrong with it; browsers too old for autofocus need this.
  const refused = document.getElementById("refused");
  if (refused) { refused.focus(); refused.scrollIntoView({ block: "nearest" }); }
  // Until another code may be asked for; for another number at once.
  for (const button of document.querySelectorAll("button[data-wait]")) {
    const words = button.textContent, until = Date.now() + 1000 * button.dataset.wait, phone = button.form.elements.phone;
    const free = () => { clearInterval(ticks); button.disabled = false; button.textContent = words; };
    const tick = () => { const left = Math.ceil((until - Date.now()) / 1000); button.disabled = true; button.textContent = `${left} 秒后重新获取`; if (left <= 0) free(); };
    const ticks = setInterval(tick, 1000);
    if (phone) phone.addEventListener("input", free, { once: true });
    tick();
  }
  for (const select of document.querySelectorAll("select[data-go]")) select.addEventListener("change", () => select.form.requestSubmit());
  for (const said of document.querySelectorAll("[data-file-for]")) {
    const input = document.getElementById(said.dataset.fileFor);
    input.addEventListener("change", () => { said.textContent = [...input.files].map((file) => file.name).join("、"); });
  }
  // Something a worker is busy with: looked at again until it is done, then the page is shown anew.
  for (const waiting of document.querySelectorAll("[data-poll]")) {
    const look = async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (answer.redirected || !answer.ok) return location.reload();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.getElementById(waiting.id);
        if (!now || !now.hasAttribute("data-poll")) return location.reload();
        const bar = waiting.querySelector("progress"), share = now.querySelector("progress");
        if (bar && share) bar.value = share.value;
      } catch { /* no network just now */ }
      setTimeout(look, 1500);
    };
    setTimeout(look, 1500);
  }
  // A key opens what is looked for over everything, unless somebody is typing.
  const seek = document.querySelector("[data-seek]");
  if (seek) document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]") || event.isComposing;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const box = document.querySelector("[role=search] [name=q]");
    if (box && location.pathname === seek.pathname) { box.focus(); box.select(); } else seek.click();
  });
  // Rows that are chosen together: how many, and all of the page at once.
  for (const form of document.querySelectorAll("form[data-many]")) {
    const ticks = [...form.querySelectorAll("input[name=chosen]")], all = form.querySelector("[data-all]"), said = form.querySelector("[data-count]");
    const words = said.textContent;
    const count = () => {
      const chosen = ticks.filter((tick) => tick.checked).length;
      said.textContent = chosen ? `已选 ${chosen} 条` : words;
      all.checked = chosen > 0 && chosen === ticks.length;
      said.parentElement.classList.toggle("idle", !chosen);
    };
    all.closest(".q-many-all").classList.toggle("d-none", ticks.length < 2);
    all.addEventListener("change", () => { for (const tick of ticks) tick.checked = all.checked; count(); });
    form.addEventListener("change", count);
    count();
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.q-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  // A date as people write it ("" where it is none); without a year it is of that of ``near``.
  function dayOf(text, near = "") {
    const typed = text.normalize("NFKC").replace(/\s/g, ""), spoken = { 前天: -2, 昨天: -1, 今天: 0, 明天: 1, 后天: 2 }[typed];
    const iso = (y, m, d) => `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
    const now = new Date();
    if (spoken !== undefined) { now.setDate(now.getDate() + spoken); return iso(now.getFullYear(), now.getMonth() + 1, now.getDate()); }
    const found = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(typed) || /^(\d{4})(\d\d)(\d\d)$/.exec(typed);
    return found ? iso(found[1] || near.slice(0, 4) || now.getFullYear(), found[2], found[3]) : "";
  }
  const CALENDAR = '<svg class="ic" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true"><path d="M4 7a2 2 0 0 1 2 -2h12a2 2 0 0 1 2 2v12a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2v-12M16 3v4M8 3v4M4 11h16"/></svg>';
  // Beside a date that is typed: the browser's own picker, where it has one.
  function pick(input) {
    const box = document.createElement("span"), button = document.createElement("button"), picker = document.createElement("input");
    box.className = "q-day"; button.type = "button"; button.innerHTML = CALENDAR; button.setAttribute("aria-label", "从日历里选");
    picker.type = "date"; picker.tabIndex = -1; picker.setAttribute("aria-hidden", "true");
    input.before(box); box.append(input, button, picker);
    button.onclick = () => { picker.value = dayOf(input.value, input.defaultValue); picker.showPicker(); };
    picker.onchange = () => {
      if (picker.value) input.value = picker.value;
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
    };
  }
  if ("showPicker" in HTMLInputElement.prototype) document.querySelectorAll("input[data-day]").forEach(pick);
  window.qingchun = { store, person, read, write, keyOf, dayOf, pick, shrink, shrunk };
})();
