// Before anything is drawn, so that no light page flashes up in the dark. No module, for the same reason.
{
  let theme = null;
  try {
    theme = localStorage.getItem("desk-theme");
  } catch {
    // a browser that keeps nothing follows the system
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
