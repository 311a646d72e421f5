// What was logged goes on to a group: its words are copied, or shared with its pictures where a device can.
(() => {
  const fold = document.querySelector("[data-forward]"), words = document.getElementById("forward").innerText;
  const said = fold.querySelector("[role=status]"), copy = fold.querySelector("[data-copy]"), share = fold.querySelector("[data-share]");

  function select() {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById("forward"));
    getSelection().removeAllRanges(); getSelection().addRange(range);
  }
  copy.hidden = false;
  copy.onclick = async () => {
    try { if (!isSecureContext) throw new Error(); await navigator.clipboard.writeText(words); said.textContent = "已复制，到群里长按粘贴就行。"; } catch {
      select();
      said.textContent = document.execCommand("copy") ? "已复制，到群里长按粘贴就行。" : "浏览器没有让复制。文字已选好，请长按它，选“复制”。";
    }
  };
  if (!isSecureContext || !navigator.share) return;
  share.hidden = false;
  let pictures = [];
  // They must be here before the tap: a browser shares only right after one.
  async function bring() {
    if (pictures.length || !navigator.canShare) return;
    const links = [...document.querySelectorAll(".q-photos a")].slice(0, 9);
    try {
      const brought = await Promise.all(links.map(async ({ href }, n) => new File([await (await fetch(href)).blob()], `${n + 1}.jpg`, { type: "image/jpeg" })));
      if (brought.length && navigator.canShare({ files: brought })) { pictures = brought; share.lastElementChild.textContent = `分享（带 ${brought.length} 张照片）`; }
    } catch { /* its words alone */ }
  }
  if (fold.open) bring();
  fold.addEventListener("toggle", () => { if (fold.open) bring(); });
  share.onclick = () => navigator.share(pictures.length ? { text: words, files: pictures } : { text: words }).catch(() => { /* thought better of it */ });
})();
