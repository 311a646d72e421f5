// A clip beside the pictures: sent in parts. Where the network was lost it goes on from what is here, also
// when the same one is chosen again on a page that was loaded anew.
(() => {
  const PART = 1000000, AGAIN = 3000;
  const form = document.querySelector("form[data-log]"), box = document.getElementById("clip");
  const list = document.getElementById("clip-list"), said = document.getElementById("clip-said"), wrong = document.getElementById("clip-error");
  const entry = form.elements.entry, chooser = form.elements.clip;
  const tokens = () => ({ "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "X-Acting-For": form.elements.acting_for.value });
  box.hidden = false;

  // The same file of the same entry has the same number, whichever page it is chosen on: 128 bits of
  // its name, size and day (FNV-1a, four times), since a page without https has no other digest.
  function numberOf(file) {
    const text = `${entry.value}/${file.name}/${file.size}/${file.lastModified}`;
    const words = [1, 2, 3, 4].map((salt) => {
      let hash = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
      for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, "0");
    });
    return words.join("").replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  }

  // What the server answers; nothing where the network or the server is away, which is asked again.
  async function ask(address, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    try {
      const answer = await fetch(address, { method: "POST", body, headers: tokens() });
      if (answer.status >= 500) return null;
      try { return await answer.json(); } catch { return { reason: "没有上传成功，请重新登录后再选一次，其他内容还在。" }; }
    } catch { return null; }
  }

  const rest = () => new Promise((done) => { const on = setTimeout(done, AGAIN); addEventListener("online", () => { clearTimeout(on); done(); }, { once: true }); });

  function figureOf(clip) {
    const figure = document.createElement("figure"), remove = document.createElement("button");
    remove.type = "button"; remove.className = "x"; remove.textContent = "×"; remove.setAttribute("aria-label", "删去这段影像");
    remove.onclick = async () => {
      figure.gone = true; figure.remove(); said.textContent = "";
      if (clip.remove) await fetch(clip.remove, { method: "POST", headers: tokens() });
    };
    figure.append(remove); list.append(figure);
    return figure;
  }

  function show(figure, clip) {
    const picture = document.createElement("img");
    picture.src = clip.small; picture.alt = "影像的第一个画面";
    const mark = document.createElement("figcaption");
    mark.textContent = "影像";
    figure.prepend(picture, mark);
  }

  // A worker makes the film, in seconds or half a minute.
  async function look(figure, id) {
    if (figure.gone) return;
    let clip = null;
    try { clip = (await (await fetch(`${form.dataset.photos}?entry=${entry.value}`, { headers: tokens() })).json()).clips.find((one) => one.id === id); } catch { /* later */ }
    if (!clip || clip.waits) { setTimeout(look, 4000, figure, id); return; }
    said.textContent = "";
    if (clip.trouble) { wrong.textContent = `影像没有收下：${clip.trouble}`; figure.remove(); } else show(figure, clip);
  }
  function came(figure, id) {
    said.textContent = "影像传完了，正在处理，可以先提交登记。";
    look(figure, id);
  }

  async function send(file) {
    const begun = { clip: numberOf(file), entry: entry.value, size: file.size }, own = {};
    list.textContent = wrong.textContent = "";
    const figure = figureOf(own), progress = document.createElement("progress");
    progress.max = file.size; progress.value = 0; progress.className = "w-100"; progress.setAttribute("aria-label", `正在上传${file.name}`);
    figure.prepend(progress);
    let clip = null;
    while (!figure.gone) {
      const answer = clip ? await ask(clip.to, { start: clip.here, part: file.slice(clip.here, clip.here + PART) }) : await ask(form.dataset.clips, begun);
      if (figure.gone) {  // taken away while it was begun
        if (!own.remove && answer && answer.remove) await fetch(answer.remove, { method: "POST", headers: tokens() });
        return;
      }
      const far = `${Math.floor(100 * progress.value / file.size)}%`;
      if (!answer) {
        said.textContent = `网络不通，影像传到 ${far}，联网后接着传，请不要关闭这一页。`;
        clip = null;  // what is here, the server says
        await rest();
        continue;
      }
      if (answer.reason) { figure.remove(); said.textContent = ""; wrong.textContent = `${file.name}：${answer.reason}`; return; }
      clip = answer; own.remove = clip.remove; progress.value = clip.here;
      if (clip.here >= clip.size) { progress.remove(); came(figure, clip.id); return; }
      said.textContent = `影像正在上传，${Math.floor(100 * clip.here / clip.size)}%。传完才提交，其他内容可以先填。`;
    }
  }

  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    if (file) send(file);
    chooser.value = "";
  });

  fetch(`${form.dataset.photos}?entry=${entry.value}`, { headers: tokens() }).then((r) => r.json()).then(({ clips }) => {
    for (const clip of clips || []) {
      if (clip.trouble || list.firstChild) continue;
      const figure = figureOf(clip);
      if (clip.here < clip.size) said.textContent = `影像只传了 ${Math.floor(100 * clip.here / clip.size)}%，再选同一段就从这里接着传；不要了的点 × 删去。`;
      else if (clip.waits) came(figure, clip.id);
      else show(figure, clip);
    }
  }).catch(() => {});
})();
