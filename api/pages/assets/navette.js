// <navette-delai de="bailleul" vers="cassel">Délai inconnu</navette-delai>: when a book asked for now arrives.
// What stands inside is shown until the answer is there, and stays where there is none.
(function () {
  "use strict";
  var script = document.currentScript;
  var base = new URL(script ? script.src : document.baseURI).origin;

  class NavetteDelai extends HTMLElement {
    static get observedAttributes() { return ["de", "vers"]; }
    connectedCallback() { this.ask(); }
    attributeChangedCallback() { if (this.isConnected) this.ask(); }
    ask() {
      var from = this.getAttribute("de"), to = this.getAttribute("vers");
      if (!from || !to || from === to) return;
      var mine = this.asked = from + "→" + to;
      var query = new URLSearchParams({ from: from, to: to });
      fetch(base + "/api/v1/promises?" + query, { credentials: "omit" }).then((answer) => {
        if (!answer.ok) throw answer;
        return answer.json();
      }).then((told) => {
        if (this.asked !== mine) return;
        this.textContent = told.sentence;
        this.dispatchEvent(new CustomEvent("navette", { detail: told, bubbles: true }));
      }).catch(() => {});
    }
  }
  if (window.customElements && !customElements.get("navette-delai")) customElements.define("navette-delai", NavetteDelai);
})();
