// The door: codes seen by the camera. What was scanned stays on this phone until the server has it,
// whoever signs in there in between: it is the event's, and an event's people have no other list.
(() => {
  const box = document.getElementById("door");
  if (!box) return;
  const { store } = window.qingchun;
  const $ = (id) => document.getElementById(`door-${id}`);
  const key = `door::${box.dataset.event}`, [token, unit] = ["csrfmiddlewaretoken", "acting_for"].map((name) => box.querySelector(`[name=${name}]`).value);
  const video = $("video"), canvas = document.createElement("canvas"), seen = new Map();
  const lines = new Map();
  let sending = false;
  const kept = () => store.get(key) || [];

  function say(scan, text, fine) {
    let line = lines.get(scan);
    if (!line) { line = document.createElement("li"); lines.set(scan, line); $("said").prepend(line); }
    line.textContent = text;
    line.className = fine === undefined ? "" : fine ? "q-fine" : "q-wrong";
  }

  function showWaiting(offline) {
    $("count").textContent = kept().length;
    $("waiting").hidden = !(offline && kept().length);
  }

  async function send() {
    const scans = kept();
    if (sending || !scans.length) return;
    sending = true;
    try {
      const answer = await fetch(box.dataset.door, {
        method: "POST", body: JSON.stringify(scans), redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Acting-For": unit, Accept: "application/json" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) { say("login", "登录过期了，签到还留在本机，请重新登录后打开这一页。", false); return; }
      if (answer.status >= 500) throw new Error("later");
      const said = await answer.json();
      const done = new Set((said.answers || []).map((one) => one.scan));
      const left = kept().filter((one) => !done.has(one.scan));
      if (left.length) store.set(key, left); else store.drop(key);
      for (const one of said.answers || []) say(one.scan, one.text, one.fine);
      if (said.reason) say("reason", said.reason, false);
      if ("here" in said) { $("here").textContent = said.here; $("latest").hidden = true; } // older than the list beside it
      showWaiting(false);
    } catch {
      showWaiting(true);
    } finally { sending = false; }
  }

  function scanned(code) {
    const now = Date.now();
    if (now - (seen.get(code) || 0) < 5000) { seen.set(code, now); return; } // still in front of the camera
    seen.set(code, now);
    const scan = crypto.randomUUID();
    store.set(key, [...kept(), { code, scan, at: new Date().toISOString() }]);
    say(scan, "扫到了，正在核对…");
    if (navigator.vibrate) navigator.vibrate(60);
    send();
  }

  function look() {
    if (video.readyState === video.HAVE_ENOUGH_DATA) {
      const scale = Math.min(1, 640 / video.videoWidth);
      canvas.width = video.videoWidth * scale; canvas.height = video.videoHeight * scale;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const found = window.jsQR(context.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
      if (found && found.data) scanned(found.data);
    }
    setTimeout(look, 200);
  }

  // Why the camera does not open: each with what helps.
  const WHY = {
    NotAllowedError: "浏览器没有得到允许用摄像头。请在浏览器设置里允许这个网站使用摄像头，再点一次；或者用手机后四位签到。",
    NotFoundError: "这台设备没有摄像头。请换一部手机打开这一页，或者用手机后四位签到。",
    NotReadableError: "摄像头正被别的程序占用。请关掉那个程序再点一次，或者用手机后四位签到。",
  };
  const noCamera = !window.isSecureContext || !navigator.mediaDevices; // on plain http there is none to ask for
  $("plain").hidden = !noCamera;
  $("start").hidden = noCamera;

  $("start").addEventListener("click", async () => {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false; $("start").hidden = true;
      await video.play();
      look();
    } catch (error) {
      say("camera", WHY[error.name] || "打不开摄像头。请用手机后四位签到。", false);
    }
  });
  window.addEventListener("online", send);
  setInterval(send, 5000);
  send();
})();
