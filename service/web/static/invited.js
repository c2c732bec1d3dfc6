// Somebody who agreed in this tab before comes again to the start page: after a reload they go on where they were; else they are asked.
const root = location.pathname.replace(/(\/invited\/[^/]+).*/, "$1");
const kept = (() => {
  try {
    return new URLSearchParams(sessionStorage.getItem(`muscle-balance.take${root.match(/\/invited\/.*/)[0]}`) ?? "");
  } catch {
    return new URLSearchParams(); // some browsers lend a frame on another site no storage
  }
})();

const goOn = () => {
  for (const name of ["language", "units", "go"]) kept.delete(name);
  const whole = document.createElement("form");
  Object.assign(whole, { method: "post", action: `${root}/take`, hidden: true });
  for (const [name, value] of [...kept, ["go", "stay"]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    whole.append(field);
  }
  document.body.append(whole);
  whole.submit();
};

if (kept.has("once")) {
  const [came] = performance.getEntriesByType("navigation");
  // A page of questions that is loaded again leads here.
  if (came?.type === "reload" && came.redirectCount) goOn();
  const resume = document.getElementById("resume");
  resume.hidden = false;
  resume.querySelector("button").onclick = goOn;
}
