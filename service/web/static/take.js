// Makes the assessment smoother where there is script: pages come without a reload, answers outlast a reload or a broken connection, self-tests get a clock.
// What is typed stays in this tab (sessionStorage) and goes to the service only when a button is pressed.
// What was begun for an invitation is kept apart from what was begun without.
const KEPT = `muscle-balance.take${location.pathname.match(/\/invited\/[^/]+/)?.[0] ?? ""}`;
const main = document.querySelector("main");
const form = () => main.querySelector("#take");
const panel = (name) => main.querySelector(`#${name}`);
const address = () => new URL(form().action).pathname; // another one where we stand in a frame on another site
let busy = false;
let arrived = 0;

// Some browsers lend a frame on another site no storage: then a reload starts anew.
const storage = (() => {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
})();

const told = (body) => [...body.keys()].some((name) => name.startsWith("a.") || name.startsWith("in."));
const keep = () => {
  const body = new URLSearchParams(new FormData(form()));
  if (told(body)) storage?.setItem(KEPT, body.toString());
};
const kept = () => {
  const body = new URLSearchParams(storage?.getItem(KEPT) ?? "");
  // Language and units are as they were chosen last, not as they were then.
  for (const name of ["language", "units", "go"]) body.delete(name);
  return told(body) ? body : null;
};
const forget = () => storage?.removeItem(KEPT);

const setBusy = (on, button) => {
  busy = on;
  for (const one of main.querySelectorAll("button[aria-busy]")) {
    one.removeAttribute("aria-busy");
    one.textContent = one.dataset.text ?? one.textContent;
  }
  if (!on || !button) return;
  button.setAttribute("aria-busy", "true");
  button.dataset.text = button.textContent;
  if (button.dataset.working) button.textContent = button.dataset.working;
};

const arrive = (page) => {
  document.title = page.title;
  main.replaceChildren(...page.querySelector("main").childNodes);
  main.querySelector(".taking")?.classList.add("arriving");
  arrived = performance.now();
  prepare();
  const first = main.querySelector("[data-faults]") ?? main.querySelector("h1");
  scrollTo(0, 0);
  first?.focus({ preventScroll: !first.matches("[data-faults]") });
};

// Asks the service for the page that follows. `how`: whether the browser's history gets an entry of its own.
const send = async (body, { how = "push", button = null } = {}) => {
  if (busy) return;
  setBusy(true, button);
  panel("trouble").hidden = true;
  try {
    const answer = await fetch(address(), { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new TypeError("not answered");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    setBusy(false);
    if (!page.querySelector("#take")) {
      // Another page than one of questions: the result, or a word on what to do. It comes as a page of its own.
      return leave(body);
    }
    arrive(page);
    const at = form().dataset.at;
    if (how === "push" && at !== history.state?.at) history.pushState({ at }, "");
    else history.replaceState({ at }, "");
    keep();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    setBusy(false);
    const trouble = panel("trouble");
    trouble.hidden = false;
    trouble.querySelector("button").onclick = () => send(body, { how, button });
    trouble.scrollIntoView({ block: "center" });
  }
};

const leave = (body) => {
  const whole = document.createElement("form");
  Object.assign(whole, { method: "post", action: address(), hidden: true });
  for (const [name, value] of body) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    whole.append(field);
  }
  document.body.append(whole);
  whole.submit();
};

const pressed = (go) => {
  const body = new URLSearchParams(new FormData(form()));
  body.set("go", go);
  return body;
};

document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.id !== "take") return;
  if (busy) return event.preventDefault();
  if (!submitter || !target.contains(submitter)) return;
  if (new URL(submitter.formAction).pathname !== address()) {
    setBusy(true, submitter);
    return;
  }
  event.preventDefault();
  send(pressed(submitter.value), { button: submitter });
});

// The second half of a double click is meant for the page that is gone, not for the one that has just come.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && performance.now() - arrived < 500 && event.target.closest("#take button")) event.preventDefault();
});

addEventListener("popstate", (event) => {
  if (event.state?.at !== undefined && form()) send(pressed(`to-${event.state.at}`), { how: "replace" });
});
addEventListener("pageshow", () => setBusy(false));

document.addEventListener("input", ({ target }) => {
  const question = target.closest?.("#take fieldset");
  if (!question) return;
  // Some answers go alone: "none of these" and "not sure".
  const others = [...question.querySelectorAll("input[type=checkbox]")].filter((one) => one !== target);
  const typed = question.querySelector(".amount input");
  if (target.type === "checkbox" && target.checked) {
    for (const one of others) if ("alone" in target.dataset || "alone" in one.dataset) one.checked = false;
    if (typed) typed.value = "";
  }
  if (target === typed && typed.value) for (const one of others) one.checked = false;
  keep();
});

// A clock for what is held in seconds: it counts up and fills in the number.
const clock = (input) => {
  const timer = panel("clock").content.firstElementChild.cloneNode(true);
  const [shown, said] = [timer.querySelector("output"), timer.querySelector("[role=status]")];
  const [start, reset] = timer.querySelectorAll("button");
  let began = 0;
  let before = 0;
  let ticking = 0;
  const seconds = () => before + (ticking ? (performance.now() - began) / 1000 : 0);
  const show = () => { shown.textContent = `${Math.floor(seconds())} s`; };
  const stop = () => {
    before = seconds();
    clearInterval(ticking);
    ticking = 0;
    start.textContent = start.dataset.start;
    show();
  };
  start.onclick = () => {
    if (ticking) {
      stop();
      input.value = String(Math.floor(before));
      said.textContent = start.dataset.stopped.replace("{seconds}", input.value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    began = performance.now();
    ticking = setInterval(show, 200);
    start.textContent = start.dataset.stop;
    said.textContent = start.dataset.running;
  };
  reset.onclick = () => {
    stop();
    before = 0;
    show();
    said.textContent = reset.dataset.done;
  };
  start.setAttribute("aria-label", `${start.textContent}: ${input.getAttribute("aria-label")}`);
  new MutationObserver(() => start.setAttribute("aria-label", `${start.textContent}: ${input.getAttribute("aria-label")}`)).observe(start, { childList: true });
  show();
  input.closest(".number").append(timer);
};

// A picture that cannot be had leaves no hole.
const drop = (image) => image.closest("picture")?.remove();
document.addEventListener("error", ({ target }) => target.matches?.("picture img") && drop(target), true);

const prepare = () => {
  for (const image of main.querySelectorAll("picture img")) if (image.complete && !image.naturalWidth) drop(image);
  for (const input of main.querySelectorAll("input[data-seconds]")) clock(input);
};

// Somebody who comes again in this tab: after a reload they are where they were; else they are asked.
const comeBack = () => {
  history.replaceState({ at: history.state?.at ?? form().dataset.at }, "");
  // A first page may hold answers, too, of who was invited; it comes from the address that begins.
  if (location.pathname === address() && told(new URLSearchParams(new FormData(form())))) return keep();
  const body = kept();
  if (!body) return keep();
  body.set("go", "stay");
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return send(body, { how: "replace" });
  const resume = panel("resume");
  const [onward, anew] = resume.querySelectorAll("button");
  resume.hidden = false;
  onward.onclick = () => send(body, { button: onward });
  anew.onclick = () => {
    forget();
    resume.hidden = true;
    panel("said").hidden = false;
  };
};

prepare();
comeBack();
