// Shows an error when a script cannot be loaded, without which the page would stay empty.
{
  const show = () => {
    const unloaded = document.getElementById("unloaded");
    if (unloaded?.hidden) {
      unloaded.hidden = false;
      document.getElementById("console")?.remove();
      unloaded.querySelector("form")?.addEventListener("submit", (event) => {
        event.preventDefault();
        location.reload();
      });
      unloaded.querySelector("button")?.focus();
    }
  };
  addEventListener("error", ({ target }) => target instanceof HTMLScriptElement && show(), true);
  addEventListener("unloaded", show);
}
