// The result is there: what was typed on the way to it is taken from this tab.
try {
  sessionStorage.removeItem(`muscle-balance.take${location.pathname.match(/\/invited\/[^/]+/)?.[0] ?? ""}`);
} catch {
  // Some browsers lend a frame on another site no storage, so there is nothing to take from.
}
