// Names, for screen readers, of what Django's admin draws by script or in two halves without giving it any.
{
  const words = (element) => element?.textContent.replace(/\s*:\s*$/, "").trim();

  // Registered last, hence called after the one that draws the fields with completion.
  window.django?.jQuery?.(() => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const name = words(select.labels[0]);
      const drawn = select.nextElementSibling;
      if (!name || !drawn?.matches(".select2")) continue;
      for (const part of drawn.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", name);
      }
    }
  });

  for (const moment of document.querySelectorAll(".datetime")) {
    const name = words(moment.closest(".form-row")?.querySelector("label, legend"));
    moment.querySelectorAll("input").forEach((input, half) => {
      input.setAttribute("aria-label", `${name}, ${half ? "heure" : "date"}`);
    });
  }

  addEventListener("load", () => {
    for (const icon of document.querySelectorAll(".search-label-icon")) icon.setAttribute("role", "img");
  });
}
