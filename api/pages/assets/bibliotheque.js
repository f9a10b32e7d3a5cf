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

  // Being told on this device: its form is shown where the browser can, and is not told yet.
  function mark(endpoint) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint)).then(function (sum) {
      return Array.from(new Uint8Array(sum).slice(0, 8), function (one) {
        return one.toString(16).padStart(2, "0");
      }).join("");
    });
  }

  function key(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (letter) { return letter.charCodeAt(0); });
  }

  function subscribed(workers) {
    return workers ? workers.pushManager.getSubscription() : null;
  }

  function told(form) {
    var wanted = { userVisibleOnly: true, applicationServerKey: key(form.dataset.cle) };
    return navigator.serviceWorker.register("/b/ouvrier.js", { scope: "/b/" }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (workers) {
      return workers.pushManager.subscribe(wanted).catch(function (error) {
        if (error.name !== "InvalidStateError") throw error;
        return subscribed(workers).then(function (old) {  // made for another key of ours
          return old.unsubscribe();
        }).then(function () { return workers.pushManager.subscribe(wanted); });
      });
    }).then(function (subscription) {
      var given = subscription.toJSON();
      form.elements.adresse.value = given.endpoint;
      form.elements.p256dh.value = given.keys.p256dh;
      form.elements.auth.value = given.keys.auth;
      form.submit();
    });
  }

  function device(form) {
    var said = form.querySelector("[role=status]");
    navigator.serviceWorker.getRegistration("/b/").then(subscribed).then(function (old) {
      return old ? mark(old.endpoint) : "";
    }).then(function (own) {
      form.hidden = own !== "" && form.dataset.connus.split(" ").indexOf(own) >= 0;
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      said.textContent = "";
      Notification.requestPermission().then(function (answer) {
        if (answer === "granted") return told(form);
        said.textContent = "Votre navigateur n’autorise pas les avis de ce site. Autorisez-les dans ses réglages, puis recommencez.";
      }).catch(function () {
        said.textContent = "Ce navigateur n’a pas pu s’inscrire. Rien n’a changé. Réessayez plus tard, ou donnez une adresse électronique.";
      });
    });
  }

  var form = document.getElementById("appareil");
  if (form && window.isSecureContext && navigator.serviceWorker && window.PushManager && window.Notification) device(form);
  if (live && window.fetch) {
    wait = Number(live.dataset.cadence);
    later();
    document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
  }
  if (navigator.clipboard) document.querySelectorAll("[data-copie]").forEach(copying);
})();
