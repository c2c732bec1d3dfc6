// Puts the assessment into the page that loads this script, as a frame that grows with its content, and tells the page how far it got.
(() => {
  const NAME = "muscle-balance";
  const PATIENCE = 8000; // ms after which a frame that stays silent is taken to be refused
  const script = document.currentScript;
  const service = new URL(script.src).origin;
  const invitation = script.dataset.invitation;
  const way = invitation ? `/invited/${encodeURIComponent(invitation)}` : "/take";
  const frame = document.createElement("iframe");
  let container;
  let answers = false;
  let started = false;
  let shown = 0;

  function place() {
    container = script.dataset.target ? document.querySelector(script.dataset.target) : document.createElement("div");
    if (!container) throw new Error(`${NAME}: data-target names nothing on this page`);
    if (!container.isConnected) script.after(container);
    // An invitation has a language of its own, unless this page says otherwise; "auto" is none, so that it decides.
    const language = script.dataset.language || (invitation ? "auto" : document.documentElement.lang) || "en";
    const units = script.dataset.units === "imperial" ? "imperial" : "metric";
    frame.src = `${service}/embedded/${encodeURIComponent(language.split("-")[0].toLowerCase())}/${units}${way}`;
    frame.title = script.dataset.title || "Muscle balance";
    frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox");
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "no-referrer";
    Object.assign(frame.style, { display: "block", inlineSize: "100%", blockSize: "40rem", border: "0" });
    frame.addEventListener("load", greet);
    container.append(frame);
  }

  // Each page in the frame answers to whoever greets it; only this service can hear the greeting.
  function greet() {
    frame.contentWindow.postMessage({ source: NAME, type: "hello" }, service);
    if (!answers) setTimeout(() => answers || giveWay(), PATIENCE);
  }

  // This site may not hold the frame, so the assessment opens in a tab of its own.
  function giveWay() {
    const link = document.createElement("a");
    Object.assign(link, { href: `${service}${way}`, target: "_blank", rel: "noopener", textContent: frame.title });
    frame.replaceWith(link);
  }

  function tell(type, detail) {
    container.dispatchEvent(new CustomEvent(`${NAME}:${type}`, { detail, bubbles: true }));
  }

  // Another page starts at its top. The first one leaves the reader where they are.
  function showTop() {
    if (shown++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView({ block: "start" });
  }

  const heard = {
    height({ height }) {
      frame.style.blockSize = `${Number(height)}px`;
      tell("height", { height: Number(height) });
    },
    started() {
      if (!started) tell("started", {});
      started = true;
    },
    progress({ answered, minutesLeft }) {
      tell("progress", { answered: Number(answered), minutesLeft: Number(minutesLeft) });
    },
    page: showTop,
    completed({ id }) {
      tell("completed", id ? { id: String(id) } : {});
    },
  };

  addEventListener("message", (event) => {
    if (event.origin !== service || event.source !== frame.contentWindow || event.data?.source !== NAME) return;
    answers = true;
    if (Object.hasOwn(heard, event.data.type)) heard[event.data.type](event.data);
  });

  if (script.dataset.target && document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
