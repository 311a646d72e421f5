// Photos of papers: shrunk on the device, then sent at once; without this script, by the button.
(() => {
  const shrink = (file) => new Promise((resolve) => {
    if (!window.Compressor || !/^image\//.test(file.type)) return resolve(file);
    new window.Compressor(file, { quality: 0.8, maxWidth: 2048, maxHeight: 2048, convertSize: 1000000,
      success: (small) => resolve(new File([small], "photo.jpg", { type: small.type })), error: () => resolve(file) });
  });
  for (const form of document.querySelectorAll("form[data-papers]")) {
    const input = form.querySelector("input[type=file]"), say = form.querySelector("[data-papers-say]");
    form.querySelector("button").hidden = true;
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      say.textContent = "正在上传…";
      const files = new DataTransfer();
      for (const file of input.files) files.items.add(await shrink(file));
      input.files = files.files;
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
