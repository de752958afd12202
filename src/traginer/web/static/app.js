// Small comforts; every page works without them.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function showOnOwnClock(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = clock.format(new Date(time.dateTime));
  }
}

// A form whose button asks first: its question stands in data-sure.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.sure;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.querySelector(".menu-button")?.addEventListener("click", (event) => {
  const isOpen = document.querySelector(".side").classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(isOpen));
});

// A button that copies the field named in data-copies. Browsers lend the clipboard to https and to this machine only.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.done;
  });
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-goes]")) event.target.form.requestSubmit();
});

showOnOwnClock(document);
document.addEventListener("htmx:after:swap", () => showOnOwnClock(document));
