// Sets the theme that was chosen, before anything is painted; by default it is the system's.
(() => {
  const chosen = localStorage.getItem("caisson.theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
})();
