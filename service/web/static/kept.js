// Copies the private link; without script it is there to be selected.
const button = document.querySelector("[data-copy]");
const link = document.querySelector("[data-link]");
if (button && link && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.textContent;
    await navigator.clipboard.writeText(link.textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}
