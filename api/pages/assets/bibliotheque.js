// What a page left open does by itself: looks again where the shuttle is, copies a text. All works without.
(function () {
  "use strict";
  var live = document.getElementById("vivant");
  var away = document.getElementById("hors");
  var tag = live ? live.dataset.tag : "", wait = 0, timer = 0;

  function later() {
    clearTimeout(timer);
    if (live) timer = setTimeout(look, wait * 1000);
  }

  function look() {
    if (document.hidden) return;
    var asked = { headers: { "If-None-Match": tag }, cache: "no-store", credentials: "omit" };
    fetch(live.dataset.suite, asked).then(function (answer) {
      if (!answer.ok && answer.status !== 304) throw answer;
      wait = Number(live.dataset.cadence);
      away.hidden = true;
      if (answer.status === 304) return;
      tag = answer.headers.get("ETag") || "";
      return answer.text().then(function (text) {
        live.innerHTML = text;
      });
    }).catch(function () {
      wait = Math.min(wait * 2, 900);
      away.textContent = "Pas de connexion pour l’instant : ce qui est affiché date de la dernière mise à jour.";
      away.hidden = false;
    }).then(later);
  }

  function copying(button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = document.getElementById(button.dataset.copie).textContent.trim();
      navigator.clipboard.writeText(text).then(function () { button.textContent = "Copié"; });
    });
  }

  if (live && window.fetch) {
    wait = Number(live.dataset.cadence);
    later();
    document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
  }
  if (navigator.clipboard) document.querySelectorAll("[data-copie]").forEach(copying);
})();
