// Inside a frame on another site: tells that site how tall the page is and how far the person got. Never an answer, never a finding.
const NAME = "muscle-balance";
const allowed = (document.documentElement.dataset.embedders ?? "").split(" ");
const told = new Map();
let host = null;
let heading = null;
let page = 0;

// Once for each thing that is new. A host that has not greeted us, or may not, hears nothing.
function tell(type, detail) {
  const words = JSON.stringify(detail);
  if (!host || told.get(type) === words) return;
  told.set(type, words);
  parent.postMessage({ source: NAME, type, ...detail }, host);
}

// Where a page hides its frame, it has no width, and no height worth telling.
function tellHeight() {
  if (innerWidth) tell("height", { height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
}

function tellPlace() {
  if (!host) return;
  if (heading !== (heading = document.querySelector("h1"))) tell("page", { page: ++page });
  const taking = document.querySelector("[data-answered]");
  const result = document.querySelector("[data-completed]");
  if (taking) {
    tell("started", {});
    tell("progress", { answered: Number(taking.dataset.answered), minutesLeft: Number(taking.dataset.minutesLeft) });
  }
  if (result) tell("completed", result.dataset.completed ? { id: result.dataset.completed } : {});
}

addEventListener("message", (event) => {
  const greeted = event.data?.source === NAME && event.data.type === "hello";
  if (!greeted || event.source !== parent || !allowed.includes(event.origin)) return;
  host = event.origin;
  document.documentElement.classList.add("grows");
  tellPlace();
  tellHeight();
});

// What leads out of the frame opens in a tab of its own.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.pathname.startsWith("/embedded/")) return;
  link.target = "_blank";
  link.rel = "noopener";
}, true);

new ResizeObserver(tellHeight).observe(document.documentElement);
new MutationObserver(tellPlace).observe(document.body, { childList: true, subtree: true });
