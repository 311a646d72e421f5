// The box for what was posted in the group: each thing that was read is shown, and filled in where nobody
// has typed; what is doubtful is asked, and filled in when somebody says so.
(() => {
  const form = document.querySelector("form[data-log]"), box = document.getElementById("paste");
  if (!box) return;
  const text = document.getElementById("notice"), said = document.getElementById("read");
  const { readNotice, dayOf } = window.qingchun;
  const known = JSON.parse(document.getElementById("notices").textContent);
  const radios = () => [...form.querySelectorAll("input[name=kind]")];
  const inWords = (on) => { const [y, m, d] = on.split("-").map(Number); return `${y}年${m}月${d}日`; };

  // A field is somebody's once it was touched, or is not as the page came; but what a notice filled in
  // gives way to the next notice.
  const touched = new Set(), given = new Map();
  form.addEventListener("input", (event) => { if (event.isTrusted) touched.add(event.target.name); });
  form.addEventListener("fill", (event) => touched.add(event.target.name)); // by a tap
  const now = (name) => (name === "kind" ? (radios().find((one) => one.checked) || { value: "" }).value : form.elements[name].value);
  const came = (name) => (name === "kind" ? (radios().find((one) => one.defaultChecked) || { value: "" }).value : form.elements[name].defaultValue);
  const isFree = (name) => (given.has(name) ? now(name) === given.get(name) : !touched.has(name) && now(name) === came(name));

  function put(name, value) {
    given.set(name, String(value));
    let field = form.elements[name];
    if (name === "kind") {
      field = radios().find((one) => one.value === value);
      field.checked = true;
      const fold = field.closest("details");
      if (fold) fold.open = true;
    } else field.value = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  // What somebody says yes to is as if they had typed it.
  const choose = (name, value) => { put(name, value); given.delete(name); touched.add(name); };

  function button(words, does) {
    const made = document.createElement("button");
    made.type = "button"; made.className = "btn btn-plain btn-sm"; made.textContent = words; made.onclick = does;
    return made;
  }
  const line = (label, words, quote, ...more) => {
    const row = document.createElement("li"), name = document.createElement("b"), from = document.createElement("span");
    name.textContent = `${label}：${words}`;
    from.className = "text-2 fs-13"; from.textContent = quote ? `原文“${quote}”` : "";
    row.append(name, from, ...more); said.lastElementChild.append(row);
  };
  // One thing that was read: filled in, or why not, with the button that does it all the same.
  function offer(name, label, { value, words, quote, doubt = "" }) {
    const state = document.createElement("span"), shown = words || String(value);
    state.className = "fs-13";
    const done = "已填，可以再改", fill = () => { choose(name, value); state.replaceChildren(done); };
    if (doubt) state.append(doubt, " ", button("就填这个", fill));
    else if (isFree(name)) { put(name, value); state.append(done); }
    else if (now(name) === String(value)) state.append("和您填的一样");
    else state.append("您已经填了别的，没有改 ", button("改成这个", fill));
    line(label, shown, quote, state);
  }

  const LABELS = { day: "日期", place: "地点", people: "参加人数", kind: "项目" };
  function show(found) {
    const { day: on, place: at, people, kinds } = found;
    if (on) offer("held_on", LABELS.day, {
      value: on.value, words: inWords(on.value), quote: on.quote,
      doubt: { future: "这一天还没到。是预告的话，办完再登记。", other: `不在这次行动的日子里（从${inWords(known.from)}起），没有填。` }[on.wrong],
    });
    if (kinds.length === 1) offer("kind", LABELS.kind, { ...kinds[0], words: kinds[0].name });
    if (kinds.length > 1) line(LABELS.kind, "像是下面几项，请点一项", "", ...kinds.map((one) => button(one.name, () => choose("kind", one.value))));
    if (at) offer("place", LABELS.place, at);
    if (people) offer("participants", LABELS.people, { ...people, quote: people.quote, words: people.about ? `${people.value}（约数，请改成实数）` : "" });
    const missing = [[on, LABELS.day], [kinds.length, LABELS.kind], [at, LABELS.place], [people, LABELS.people]].filter(([one]) => !one).map(([, name]) => name);
    if (missing.length) note(`没有读到${missing.join("、")}，请在下面填。`);
    if (found.several) note("里面有几个日期，按第一个读的。是几场活动的，请一场一场登记。");
    if (found.isCut) note("太长了，只读了前 10,000 个字。");
  }
  const note = (words) => { const row = document.createElement("li"); row.textContent = words; said.lastElementChild.append(row); };

  function look() {
    said.replaceChildren();
    const pasted = text.value;
    if (!pasted.trim()) return;
    const found = readNotice(pasted, { ...known, today: dayOf("今天"), places: [...document.querySelectorAll("#places button")].map((one) => one.textContent.trim()) });
    const list = document.createElement("ul");
    list.className = "q-read"; said.append(list);
    if (!found.day && !found.place && !found.people && !found.kinds.length) note("没有读到日期、地点、人数和项目。贴的可能不是活动通报，请直接在下面填。");
    else if (found.unit) {
      const ask = document.createElement("li");
      ask.append(`里面写的是${found.unit}，这里登记的是${known.here}，什么也没有填。是${known.here}的活动吗？ `, button("是，照着填", () => { list.replaceChildren(); show(found); }));
      list.append(ask);
    } else show(found);
  }
  text.addEventListener("input", look);
  const paste = document.getElementById("from-clipboard");
  if (isSecureContext && navigator.clipboard && navigator.clipboard.readText) {
    paste.hidden = false;
    paste.onclick = async () => {
      try { text.value = await navigator.clipboard.readText(); look(); } catch { said.textContent = "浏览器没有让读剪贴板，请在框里长按，选“粘贴”。"; text.focus(); }
    };
  }
  box.hidden = false;
  if (location.hash === "#paste") { box.open = true; text.focus(); }
})();
