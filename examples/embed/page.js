// Shows what the assessment tells the page that holds it.
const list = document.getElementById("heard");
for (const name of ["started", "progress", "completed", "height"]) {
  document.addEventListener(`muscle-balance:${name}`, (event) => {
    const line = document.createElement("li");
    line.textContent = `${name} ${JSON.stringify(event.detail)}`;
    list.append(line);
  });
}
