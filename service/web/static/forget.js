// The result is there: what was typed on the way to it is taken from this tab.
sessionStorage.removeItem("muscle-balance.take");
