// Logging an activity: pictures go up one by one while the form is filled in; a dead network
// keeps everything on the device and tries again. Without this script the form works plainly.
(() => {
  const form = document.querySelector("form[data-log]");
  const { store, keyOf, dayOf, shrink } = window.qingchun;
  const heldOn = () => dayOf(form.elements.held_on.value, form.elements.held_on.defaultValue);
  const entry = form.elements.entry;

  // Only the chosen kind's own figures are shown.
  const box = document.getElementById("figures");
  function showFigures() {
    const chosen = form.querySelector("input[name=kind]:checked");
    let any = false;
    for (const set of box.querySelectorAll("[data-figures]")) {
      set.hidden = !chosen || set.dataset.figures !== chosen.dataset.kind;
      any = any || !set.hidden;
    }
    box.hidden = !any;
  }
  form.addEventListener("change", showFigures);
  showFigures();

  // The title that will be given, shown where one could be typed.
  const title = form.elements.title;
  function propose() {
    const chosen = form.querySelector("input[name=kind]:checked");
    const [, month, day] = heldOn().split("-").map(Number);
    title.placeholder = chosen && day ? `${form.elements.place.value}${chosen.dataset.name}（${month}月${day}日）` : "";
  }
  form.addEventListener("input", propose);
  form.addEventListener("change", propose);
  propose();

  // A day, or a place where the unit was before: one tap puts it in.
  for (const row of form.querySelectorAll("[data-fills]")) {
    const field = form.elements[row.dataset.fills], buttons = [...row.children];
    const valueOf = (button) => dayOf(button.textContent) || button.textContent;
    const show = () => { for (const one of buttons) one.setAttribute("aria-pressed", String(valueOf(one) === field.value)); };
    for (const button of buttons) button.onclick = () => {
      field.value = valueOf(button);
      for (const kind of ["input", "change", "fill"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    row.hidden = false;
    show();
  }

  // A new entry's id is made here and kept until the server has the entry: sent twice, logged once.
  const key = keyOf(form, "entry");
  const isNew = "keep" in form.dataset;
  const keepId = () => { if (isNew) store.set(key, entry.value); };
  if (isNew) {
    const keptId = store.get(key);
    if (keptId) entry.value = keptId;
    else if (crypto.randomUUID && !form.querySelector(".q-error")) entry.value = crypto.randomUUID();
    form.addEventListener("input", keepId);
  }

  // What is unlikely is asked while it is typed, by what this page knows of the unit's own past; the
  // server asks the same, and what is ticked here goes along with the form.
  const asked = document.getElementById("asked"), known = JSON.parse(document.getElementById("known").textContent);
  const used = new Map(); // what is asked of the pictures, by their marks
  function questions() {
    const chosen = form.querySelector("input[name=kind]:checked"), past = chosen && known[chosen.dataset.kind];
    const found = [...used].map(([token, [text, yes]]) => [token, text, yes]);
    if (!past) return found;
    const people = Number(form.elements.participants.value), { most, limit } = past;
    if (people >= limit) {
      const than = most ? `比本县以往最多的一场（${most}）多很多` : "比一个会场坐得下的还多";
      found.push([`crowd:${people}`, `${people} ${than}，是 ${people} 吗？`, `是 ${people}，没有写错`]);
    }
    const place = form.elements.place.value.trim(), on = heldOn(), [, month, day] = on.split("-").map(Number);
    if (isNew && past.latest.some((one) => one.on === on && one.at === place))
      found.push([`twice:${chosen.dataset.kind}:${on}:${place}`, `${month}月${day}日在${place}已经登记过一场，这是另一场吗？`, "是另一场"]);
    return found;
  }
  const onPage = (token) => [...form.querySelectorAll("[name=sure]")].some((box) => box.value === token && !asked.contains(box));
  function ask() {
    const now = questions().filter(([token]) => !onPage(token)), shown = new Map([...asked.children].map((note) => [note.dataset.token, note]));
    for (const [token, note] of shown) if (!now.some(([one]) => one === token)) note.remove();
    for (const [token, text, yes] of now) {
      if (shown.has(token)) continue;
      const note = document.createElement("div"), label = document.createElement("label"), box = document.createElement("input");
      note.className = "q-note y mb-3"; note.dataset.token = token;
      box.type = "checkbox"; box.className = "form-check-input me-2"; box.name = "sure"; box.value = token; box.setAttribute("data-never-kept", "");
      label.className = "d-block mt-1"; label.append(box, yes);
      const said = document.createElement("div"); said.append(text, label);
      note.append(said); asked.append(note);
    }
  }
  form.addEventListener("input", ask);
  form.addEventListener("change", ask);
  ask();

  const list = document.getElementById("photo-list");
  const errors = document.getElementById("photo-error");
  const tokens = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "X-Acting-For": form.elements.acting_for.value });
  function askUsed(photo) {
    if (photo.used) { used.set(`photo:${photo.id}`, [`有一张照片在“${photo.used}”里用过，这一场也是这张吗？`, "是同一张，就用它"]); ask(); }
  }

  // The server makes each picture anew, in a few seconds; until then the device shows its own.
  const waiting = new Map();
  async function look() {
    let kept = [];
    try { kept = (await (await fetch(`${form.dataset.photos}?entry=${entry.value}`, { headers: tokens() })).json()).photos || []; } catch { /* later */ }
    for (const photo of kept) {
      if (photo.waits || !waiting.has(photo.id)) continue;
      const figure = waiting.get(photo.id);
      waiting.delete(photo.id);
      if (photo.trouble) { errors.textContent = `有一张照片没有收下：${photo.trouble}`; figure.remove(); } else { figure.firstChild.src = photo.small; askUsed(photo); }
    }
    if (waiting.size) setTimeout(look, 4000);
  }

  function show(figure, photo, file) {
    figure.textContent = "";
    askUsed(photo);
    const picture = document.createElement("img");
    picture.src = file && photo.waits ? URL.createObjectURL(file) : photo.small; picture.alt = "已上传的照片";
    if (photo.waits) { if (!waiting.size) setTimeout(look, 2000); waiting.set(photo.id, figure); }
    const remove = document.createElement("button");
    remove.type = "button"; remove.className = "x"; remove.textContent = "×"; remove.setAttribute("aria-label", "删去这张照片");
    remove.onclick = async () => {
      errors.textContent = "";
      const gone = await fetch(photo.remove, { method: "POST", headers: tokens() }).then((answer) => answer.ok, () => null);
      if (!gone) { errors.textContent = gone === null ? "网络不通，照片没有删去。联网后请再点一次。" : "照片没有删去，请刷新页面后再试，其他内容还在。"; return; }
      figure.remove();
      used.delete(`photo:${photo.id}`); ask();
    };
    figure.append(picture, remove);
  }

  function placeFor(name) {
    const figure = document.createElement("figure"), progress = document.createElement("progress");
    progress.max = 100; progress.value = 0; progress.className = "w-100"; progress.setAttribute("aria-label", `正在上传${name}`);
    figure.append(progress); list.append(figure);
    return figure;
  }
  // What has not gone up is nowhere else: the browser asks before the page goes.
  window.addEventListener("beforeunload", (event) => { if (list.querySelector("progress")) event.preventDefault(); });

  function send(file, figure) {
    const progress = figure.firstChild, body = new FormData();
    body.append("entry", entry.value);
    body.append("file", file, file.name || "photo.jpg");
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.photos);
    for (const [name, value] of Object.entries(tokens())) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => { if (e.lengthComputable) progress.value = 100 * e.loaded / e.total; };
    const fail = (why) => { figure.remove(); errors.textContent = `${file.name}：${why}`; };
    request.onerror = () => fail("网络不通，照片没有上传。联网后请再选一次，其他内容还在。");
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
      if (request.status === 200 && answer.id) show(figure, answer, file);
      else fail(answer.reason || "没有上传成功，请重新登录后再选一次，其他内容还在。");
    };
    request.send(body);
  }

  form.elements.photos.addEventListener("change", (event) => {
    keepId();
    errors.textContent = "";
    for (const file of event.target.files) {
      const figure = placeFor(file.name);
      shrink(file).then((small) => send(small, figure));
    }
    event.target.value = "";
  });
  fetch(`${form.dataset.photos}?entry=${entry.value}`, { headers: tokens() }).then((r) => r.json()).then(({ photos }) => {
    for (const photo of photos || []) { if (photo.trouble) continue; const figure = document.createElement("figure"); list.append(figure); show(figure, photo); }
  }).catch(() => {});

  // Before leaving the page, make sure the server is there to go to.
  const offline = document.getElementById("offline");
  let allowed = false, by = null;
  async function submitWhenPossible() {
    try {
      await fetch("/health/", { cache: "no-store" });
      // Whatever still goes up, a picture or the clip, shows how far it is.
      if (form.querySelector("progress")) { setTimeout(submitWhenPossible, 400); return; }
      offline.hidden = true; allowed = true;
      if (by && by.name) {  // a button that says into which edition
        const said = document.createElement("input");
        said.type = "hidden"; said.name = by.name; said.value = by.value;
        form.append(said);
      }
      form.submit();
    } catch {
      offline.hidden = false;
      setTimeout(submitWhenPossible, 5000);
    }
  }
  form.addEventListener("submit", (event) => {
    if (allowed || event.defaultPrevented) return;
    event.preventDefault();
    by = event.submitter;
    submitWhenPossible();
  });
})();
