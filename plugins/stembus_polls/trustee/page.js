// Looks every few seconds whether something changed, and then shows the page anew. Without it: the link on the page.
const main = document.querySelector("main");
const bar = document.querySelector("progress");
async function look() {
  try {
    const now = await (await fetch("/changed", { cache: "no-store" })).json();
    if (bar && now.of) {
      bar.max = now.of;
      bar.value = now.done;
    }
    if (now.mark !== main.dataset.mark) {
      location.reload();
      return;
    }
  } catch {
    /* the program was closed: the page stays as it is */
  }
  setTimeout(look, 3000);
}
if (main.dataset.waits) setTimeout(look, 3000);
