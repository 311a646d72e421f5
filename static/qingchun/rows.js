// One more row of a list in a form; without this script the form brings three empty ones.
(() => {
  for (const button of document.querySelectorAll("[data-more]")) {
    const prefix = button.dataset.more, box = document.querySelector(`[data-rows="${prefix}"]`);
    const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    button.hidden = false;
    button.addEventListener("click", () => {
      const number = Number(total.value), row = box.lastElementChild.cloneNode(true);
      for (const part of row.querySelectorAll("[name],[id],[for],[aria-describedby]"))
        for (const name of ["name", "id", "for", "aria-describedby"])
          if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(`${prefix}-${number - 1}-`, `${prefix}-${number}-`));
      for (const asked of row.querySelectorAll(".q-note, [name=sure]")) asked.remove();
      for (const field of row.querySelectorAll("input")) if (field.type === "text") field.value = "";
      box.append(row);
      total.value = number + 1;
      row.querySelector("input").focus();
    });
  }
})();
