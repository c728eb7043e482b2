// Before anything is painted: the theme somebody has chosen, else the system's.
(() => {
  const chosen = localStorage.getItem("caisson.theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
})();
