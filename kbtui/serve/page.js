// Keys go to kbtui as soon as it is there, without a click. textual.js, which is loaded before, sets onload.
window.addEventListener("load", () => document.querySelector(".xterm-helper-textarea")?.focus());
