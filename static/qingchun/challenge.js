// The sum is done beside the page, by altcha's own worker from our own address.
const widget = document.querySelector("altcha-widget");
const worker = widget.dataset.worker;
globalThis.$altcha.algorithms.set("SHA-256", () => new Worker(worker, { type: "module" }));
