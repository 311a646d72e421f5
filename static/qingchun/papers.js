// Photos of papers are sent at once; without this script, by the button.
(() => {
  for (const form of document.querySelectorAll("form[data-papers]")) {
    const input = form.querySelector("input[type=file]"), say = form.querySelector("[data-papers-say]");
    form.querySelector("button").hidden = true;
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      say.textContent = "正在上传…";
      await window.qingchun.shrunk(input);
      form.submit();
    });
  }
  for (const button of document.querySelectorAll("[data-phrase]")) button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.phrase);
    field.value = field.value ? `${field.value}${button.textContent}` : button.textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();
