// Before the first paint: the look of the system, for whoever has not chosen one; and that there is a script at all.
const dark = matchMedia("(prefers-color-scheme: dark)");
const page = document.documentElement;
const follow = () => {
  if (page.dataset.theme === "auto") page.dataset.bsTheme = dark.matches ? "dark" : "light";
};
page.classList.add("js");
follow();
dark.addEventListener("change", follow);
