// What every page shares. The portal works without it; it guards what people type.
(() => {
  const person = document.body.dataset.person || "";
  const box = (which) => ({
    get(key) { try { return JSON.parse(window[which].getItem(key)); } catch { return null; } },
    set(key, value) { try { window[which].setItem(key, JSON.stringify(value)); } catch { /* full or forbidden */ } },
    drop(key) { try { window[which].removeItem(key); } catch { /* forbidden */ } },
  });
  const store = box("localStorage"), tab = box("sessionStorage");
  const fields = (form) => [...form.elements].filter((e) => e.name && !["file", "hidden", "password", "submit", "button"].includes(e.type));
  const read = (form) => fields(form).map((e) => [e.name, e.value, e.checked]);

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
  const sent = tab.get("sent");
  tab.drop("sent");
  if (sent && document.querySelector("[data-done]")) store.drop(sent);

  // A form with data-keep is kept on this device, per person, until the server has it.
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = `keep:${person}:${form.dataset.keep}`;
    const kept = store.get(key);
    if (kept && !("posted" in form.dataset) && !form.querySelector(".is-invalid")) {
      write(form, kept);
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
  // The page after a successful save says which kept form is done with.
  for (const mark of document.querySelectorAll("[data-kept]")) {
    store.drop(`keep:${person}:${mark.dataset.kept}`);
    store.drop(`entry:${person}:${mark.dataset.kept}`);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const ask = (button && button.dataset.ask) || form.dataset.ask;
    if (ask && !confirm(ask)) { event.preventDefault(); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.dataset.keep) tab.set("sent", `keep:${person}:${form.dataset.keep}`);
    if (form.querySelector("[data-once]") || (button && "once" in button.dataset)) {
      form.dataset.sent = "1";
      setTimeout(() => { if (button) button.disabled = true; }, 0);
      setTimeout(() => { delete form.dataset.sent; if (button) button.disabled = false; }, 15000);
    }
  });
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
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  window.addEventListener("pageshow", () => { for (const f of document.querySelectorAll("form[data-sent]")) delete f.dataset.sent; });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.q-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  window.qingchun = { store, person, read, write };
})();
