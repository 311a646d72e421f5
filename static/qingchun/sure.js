// A number that is unlikely is asked about while it is typed; without this script the server asks.
(() => {
  for (const form of document.querySelectorAll("form[data-asks]")) {
    const rule = form.dataset.asks, most = Number(form.dataset.most), limit = Number(form.dataset.limit);
    const field = form.querySelector(`[name$="${rule}"]`), place = document.createElement("div");
    place.setAttribute("role", "status");
    form.querySelector("button").before(place);
    const ask = () => {
      const number = Number(field.value), token = `${rule}:${number}`;
      const asked = [...form.querySelectorAll("[name=sure]")].some((box) => box.value === token);
      if (number >= limit && asked) return;
      place.textContent = "";
      if (number < limit) return;
      const note = document.createElement("div"), label = document.createElement("label"), box = document.createElement("input");
      note.className = "q-note y mb-2";
      box.type = "checkbox"; box.name = "sure"; box.value = token; box.className = "form-check-input me-2"; box.setAttribute("data-never-kept", "");
      label.className = "d-block"; label.append(box, `是 ${number}，没有写错`);
      const said = document.createElement("div");
      said.append(`${number} ${most ? `比本县服务点以往最多的一天（${most}）多很多` : "比一个会场坐得下的还多"}，是 ${number} 吗？`, label);
      note.append(said); place.append(note);
    };
    field.addEventListener("input", ask);
  }
})();
