// Shows an error when a script cannot be loaded, without which the page would stay empty.
addEventListener(
  "error",
  ({ target }) => {
    const unloaded = document.getElementById("unloaded");
    if (target instanceof HTMLScriptElement && unloaded) {
      document.getElementById("loading")?.remove();
      unloaded.hidden = false;
      unloaded.querySelector("form")?.addEventListener("submit", (event) => {
        event.preventDefault();
        location.reload();
      });
      unloaded.querySelector("button")?.focus();
    }
  },
  true,
);
