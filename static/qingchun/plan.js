// Writing a plan: each part saves itself a moment after the last key; a conflict is shown, never hidden.
(() => {
  const { store, person, read, write, pick } = window.qingchun;
  const missing = document.getElementById("missing");

  function showMissing(rows) {
    if (!missing) return;
    document.getElementById("missing-count").textContent = rows.length;
    missing.textContent = "";
    for (const [key, label, text] of rows) {
      const link = document.createElement("a");
      link.href = `#${key}`;
      link.textContent = `${label}：${text}`;
      missing.append(link);
    }
  }

  async function refresh(keys) {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    for (const key of keys) {
      const [old, fresh] = [document, page].map((d) => d.querySelector(`#${key} form[data-section]`));
      if (old && fresh) { old.replaceWith(fresh); fresh.querySelectorAll("input[data-day]").forEach(pick); guard(fresh); }
    }
  }

  function guard(form) {
    const section = form.closest("section");
    const said = section.querySelector(".q-saved"), theirs = section.querySelector(".q-theirs");
    const key = `plan:${person}:${form.getAttribute("action")}`;
    let timer, busy = false, again = false;
    const kept = store.get(key);
    if (kept) { write(form, kept); schedule(0); }

    function say(text, bad) { said.textContent = text; said.classList.toggle("bad", Boolean(bad)); }
    function schedule(wait) { clearTimeout(timer); timer = setTimeout(save, wait); }

    async function save() {
      if (busy) { again = true; return; }
      busy = true;
      say("正在保存…");
      try {
        const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
        if (response.type === "opaqueredirect" || response.status === 403) { say("登录过期，内容留在本机，请重新登录", true); return; }
        const answer = await response.json();
        if (response.ok) {
          form.elements.version.value = answer.version;
          if (!again) store.drop(key);
          theirs.textContent = "";
          say(answer.saved);
          showMissing(answer.missing);
          // As the server writes it: what is ticked just now is sent first.
          if (answer.asked !== undefined && !again) form.querySelector("[data-asked]").innerHTML = answer.asked;
          if (["kinds", "innovations"].includes(section.id)) await refresh(["featured", "grid", "people"]);
        } else if (response.status === 409 && answer.theirs) {
          say("与别人的修改冲突", true);
          conflict(answer);
        } else say(answer.reason || "没有保存，请刷新页面", true);
      } catch {
        say("网络不通，内容留在本机，联网后自动保存", true);
        schedule(8000);
      } finally {
        busy = false;
        if (again) { again = false; schedule(300); }
      }
    }

    function conflict(answer) {
      theirs.textContent = "";
      const note = document.createElement("div");
      note.className = "q-note r mb-2"; note.setAttribute("role", "alert");
      const text = document.createElement("div");
      text.append(answer.reason);
      for (const [label, line] of answer.theirs) { const p = document.createElement("p"); p.className = "mb-0 q-pre"; p.textContent = `${label} ${line}`; text.append(p); }
      for (const [word, act] of [["用我的", () => { form.elements.version.value = answer.version; theirs.textContent = ""; save(); }], ["用对方的", () => { store.drop(key); location.reload(); }]]) {
        const button = document.createElement("button");
        button.type = "button"; button.className = "btn btn-plain btn-sm mt-2 me-2"; button.textContent = word; button.onclick = act;
        text.append(button);
      }
      note.append(text); theirs.append(note);
    }

    const typed = (wait) => () => { store.set(key, read(form)); say("…"); schedule(wait); };
    form.addEventListener("input", typed(1200));
    form.addEventListener("change", typed(300));
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    const boxes = (where) => [...where.querySelectorAll("input[type=checkbox]")];
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-all],[data-none],[data-copy]");
      if (!button) return;
      if ("copy" in button.dataset) {
        const row = button.closest("tr"), above = row.previousElementSibling;
        if (above) boxes(above).forEach((box, i) => { boxes(row)[i].checked = box.checked; });
      } else boxes(form).forEach((box) => { box.checked = "all" in button.dataset; });
      typed(300)();
    });
  }
  for (const form of document.querySelectorAll("form[data-section]")) guard(form);
})();
