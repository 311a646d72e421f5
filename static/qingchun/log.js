// Logging an activity: pictures go up one by one while the form is filled in; a dead network
// keeps everything on the device and tries again. Without this script the form works plainly.
(() => {
  const form = document.querySelector("form[data-log]");
  const { store, keyOf } = window.qingchun;
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
    const [month, day] = ["held_on_month", "held_on_day"].map((n) => form.elements[n] && form.elements[n].value);
    title.placeholder = chosen ? `${form.elements.place.value}${chosen.dataset.name}（${month}月${day}日）` : "";
  }
  form.addEventListener("input", propose);
  form.addEventListener("change", propose);
  propose();

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

  const list = document.getElementById("photo-list");
  const errors = document.getElementById("photo-error");
  const csrf = () => form.elements.csrfmiddlewaretoken.value;
  let going = 0;

  function show(figure, photo) {
    figure.textContent = "";
    const picture = document.createElement("img");
    picture.src = photo.small; picture.alt = "已上传的照片";
    const remove = document.createElement("button");
    remove.type = "button"; remove.className = "x"; remove.textContent = "×"; remove.setAttribute("aria-label", "删去这张照片");
    remove.onclick = async () => {
      await fetch(photo.remove, { method: "POST", headers: { "X-CSRFToken": csrf() } });
      figure.remove();
    };
    figure.append(picture, remove);
  }

  function send(file) {
    const figure = document.createElement("figure");
    const progress = document.createElement("progress");
    progress.max = 100; progress.value = 0; progress.className = "w-100"; progress.setAttribute("aria-label", `正在上传${file.name}`);
    figure.append(progress); list.append(figure);
    const body = new FormData();
    body.append("entry", entry.value);
    body.append("file", file, file.name || "photo.jpg");
    going += 1;
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.photos);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.onprogress = (e) => { if (e.lengthComputable) progress.value = 100 * e.loaded / e.total; };
    const fail = (why) => { figure.remove(); errors.textContent = `${file.name}：${why}`; };
    request.onloadend = () => { going -= 1; };
    request.onerror = () => fail("网络不通，照片没有上传。联网后请再选一次，其他内容还在。");
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer */ }
      if (request.status === 200 && answer.id) show(figure, answer);
      else fail(answer.reason || "没有上传成功，请重新登录后再选一次，其他内容还在。");
    };
    request.send(body);
  }

  form.elements.photos.addEventListener("change", (event) => {
    keepId();
    errors.textContent = "";
    for (const file of event.target.files) {
      // A picture the browser cannot shrink goes as it is: the server decides, and says why.
      if (window.Compressor && /^image\/(jpeg|png|webp)$/.test(file.type)) {
        new window.Compressor(file, {
          maxWidth: 2048, maxHeight: 2048, quality: 0.8, convertSize: 500000,
          success: (blob) => send(new File([blob], file.name, { type: blob.type })), error: () => send(file),
        });
      } else send(file);
    }
    event.target.value = "";
  });
  fetch(`${form.dataset.photos}?entry=${entry.value}`).then((r) => r.json()).then(({ photos }) => {
    for (const photo of photos || []) { const figure = document.createElement("figure"); list.append(figure); show(figure, photo); }
  }).catch(() => {});

  // Before leaving the page, make sure the server is there to go to.
  const offline = document.getElementById("offline");
  let allowed = false;
  async function submitWhenPossible() {
    try {
      await fetch("/health/", { cache: "no-store" });
      if (going > 0) { setTimeout(submitWhenPossible, 400); return; }
      offline.hidden = true; allowed = true; form.submit();
    } catch {
      offline.hidden = false;
      setTimeout(submitWhenPossible, 5000);
    }
  }
  form.addEventListener("submit", (event) => {
    if (allowed || event.defaultPrevented) return;
    event.preventDefault();
    submitWhenPossible();
  });
})();
