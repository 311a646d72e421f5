// The sum is done beside the page, by altcha's own worker from our own address.
const widget = document.querySelector("altcha-widget");
const worker = widget.dataset.worker;
globalThis.$altcha.algorithms.set("SHA-256", () => new Worker(worker, { type: "module" }));
globalThis.$altcha.i18n.set("zh-cn", {
  label: "点这里验证", verify: "验证", verifying: "正在验证……", verified: "验证通过",
  verificationRequired: "请先点这里验证", waitAlert: "正在验证，请稍等。", loading: "请稍等……",
  error: "没有验证成功，请改用下面的图片。", expired: "验证过期了，请再点一次。", cancel: "取消", reload: "再来一次",
  ariaLinkLabel: "", footer: "", enterCode: "", enterCodeAria: "", enterCodeFromImage: "", getAudioChallenge: "",
});
