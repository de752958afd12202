// The page of a run under way: server-sent events fill it; while none come, htmx asks each second as before.
const now = document.getElementById("now");

if (now?.dataset.follows && window.EventSource) {
  const events = new EventSource(now.dataset.follows);
  events.addEventListener("progress", (event) => {
    document.getElementById("now").innerHTML = event.data;
  });
  events.addEventListener("end", () => {
    events.close();
    window.location.reload();
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.id === "now" && events.readyState === EventSource.OPEN) event.preventDefault();
  });
}
