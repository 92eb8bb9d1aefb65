"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filter");
  const cards = [...document.querySelectorAll("article.finding")];
  if (form && cards.length > 0) {
    const words = byId("filter-words"), effect = byId("filter-effect"), witness = byId("filter-witness");
    const shown = byId("filter-shown"), open = byId("filter-open");
    const texts = cards.map((card) => card.textContent.toLowerCase());
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      cards.forEach((card, at) => {
        const fits = wanted.every((word) => texts[at].includes(word))
          && (!effect.value || card.dataset.effect === effect.value)
          && (!witness.value || card.dataset.witness === witness.value);
        card.hidden = !fits;
        count += fits ? 1 : 0;
      });
      for (const product of document.querySelectorAll(".product")) {
        product.hidden = !product.querySelector("article.finding:not([hidden])");
      }
      shown.textContent = `${count} of ${cards.length} shown`;
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const control of [words, effect, witness]) control.addEventListener("input", apply);
    open.addEventListener("click", () => {
      const folded = open.textContent === "Open all";
      for (const card of cards) for (const details of card.querySelectorAll("details")) details.open = folded;
      open.textContent = folded ? "Fold all" : "Open all";
    });
    form.hidden = false;
    apply();
  }
  // Paper cannot be unfolded; what shows least is only counted there.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not(.more)")) details.open = true;
  });
})();
