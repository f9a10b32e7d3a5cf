// Shows what Navette tells this device, and opens the library's page. It sees no request and keeps nothing.
"use strict";

self.addEventListener("push", function (event) {
  var told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(told.titre || "Navette", {
    body: told.texte || "L’heure de passage de la navette a changé.",
    tag: told.sujet || "navette",
    renotify: true,
    lang: "fr",
    data: { page: told.page || "" }
  }));
});

self.addEventListener("notificationclick", function (event) {
  var page = event.notification.data.page;
  event.notification.close();
  if (!/^\/b\/[\w-]+$/.test(page)) return;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(function (windows) {
    var open = windows.find(function (one) { return new URL(one.url).pathname === page; });
    return open ? open.focus() : self.clients.openWindow(page);
  }));
});
