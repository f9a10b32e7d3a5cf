"use strict";
/* The plan's map: lanes on the right of the road, arrows of direction, pins side by side, names where
   there is room, and the legend's checkboxes. Leaflet is there before; folium's calls come after. */
const navette = (() => {
  const LANE_PX = 5; // between two rounds on the same road
  const LANES = 4;
  const ARROW_EVERY_PX = 90;
  const SMALL_PX = 560; // narrower than this, pins shrink,
  const CROWD = 30; // and more of them than this would hide the roads: the first day alone is shown at first
  const NAME_PX = { high: 15, away: 14 }; // a name, and how far it may leave the heart of its commune

  /* ---- lines ------------------------------------------------------------------------------------ */

  function normals(points) {
    return points.slice(1).map((p, k) => {
      const dx = p.x - points[k].x, dy = p.y - points[k].y, length = Math.hypot(dx, dy);
      return L.point(-dy / length, dx / length); // to the right of the way, y going down
    });
  }

  /* The same line, `by` pixels to the right of its own direction. */
  function shifted(line, by) {
    const points = line.filter((p, k) => k === 0 || !p.equals(line[k - 1]));
    if (points.length < 2) return line;
    const right = normals(points), moved = [points[0].add(right[0].multiplyBy(by))];
    for (let k = 1; k < points.length - 1; k++) {
      const a = right[k - 1], b = right[k], turn = a.x * b.x + a.y * b.y;
      if (turn > 0.3) moved.push(points[k].add(a.add(b).multiplyBy(by / (1 + turn))));
      else moved.push(points[k].add(a.multiplyBy(by)), points[k].add(b.multiplyBy(by)));
    }
    moved.push(points[points.length - 1].add(right[right.length - 1].multiplyBy(by)));
    return moved;
  }

  function arrowhead(tip, dx, dy) {
    const at = (along, across) => L.point(tip.x + dx * along - dy * across, tip.y + dy * along + dx * across);
    return [at(8, 0), at(-6, 6.5), at(-3, 0), at(-6, -6.5), at(8, 0)];
  }

  function arrowheads(points) {
    const heads = [];
    let left = ARROW_EVERY_PX / 2;
    for (let k = 1; k < points.length; k++) {
      const a = points[k - 1], b = points[k], length = a.distanceTo(b);
      for (; left <= length && length > 0; left += ARROW_EVERY_PX) {
        const share = left / length, dx = (b.x - a.x) / length, dy = (b.y - a.y) / length;
        heads.push(arrowhead(L.point(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)), dx, dy));
      }
      left -= length;
    }
    return heads;
  }

  const Lane = L.Polyline.extend({
    _simplifyPoints() {
      L.Polyline.prototype._simplifyPoints.call(this);
      this._parts = this._parts.map((part) => shifted(part, this.options.lane || 0));
    },
  });

  const Arrows = Lane.extend({
    _simplifyPoints() {
      Lane.prototype._simplifyPoints.call(this);
      this._parts = this._parts.flatMap(arrowheads);
    },
  });

  /* A round: an edge, a band, dashes along its middle, arrowheads. */
  function band(latlngs, stroke) {
    const line = { noClip: true, smoothFactor: 1, lineJoin: "round", lineCap: "round", opacity: 1 };
    const layers = [
      new Lane(latlngs, { ...line, color: stroke.deep, weight: 6.5, className: "edge" }),
      new Lane(latlngs, { ...line, color: stroke.hue, weight: 4.5, className: "band" }),
    ];
    if (stroke.dash) {
      layers.push(new Lane(latlngs, {
        ...line, color: stroke.on_hue, weight: 1.8, dashArray: stroke.dash, interactive: false,
        lineCap: "butt", className: "dash",
      }));
    }
    layers.push(new Arrows(latlngs, {
      noClip: true, smoothFactor: 1, color: stroke.deep, weight: 1.5, fill: true, fillColor: "#FBFAF7",
      fillOpacity: 1, lineJoin: "round", interactive: false, className: "arrows",
    }));
    return L.featureGroup(layers);
  }

  /* ---- the page --------------------------------------------------------------------------------- */

  const state = { map: null, whole: null, rounds: new Map(), pins: new Map(), names: [] };
  const boxes = (selector) => [...document.querySelectorAll(selector)];

  function commune(feature) {
    state.names.push({ ...feature.properties });
  }

  function start(map, rounds, communes) {
    state.map = map;
    Object.entries(rounds).forEach(([id, group]) => {
      state.rounds.set(id, group);
      group.eachLayer((layer) => layer.options.pin && state.pins.set(layer.options.pin, layer));
    });
    writeNames(communes);
    if (map.getSize().x < SMALL_PX && state.pins.size > CROWD) {
      const first = document.querySelector("input[data-round]").dataset.of;
      boxes("input[data-round]").forEach((box) => { box.checked = box.dataset.of === first; });
    }
    const ticked = boxes("input[data-round]:checked").map((box) => state.rounds.get(box.dataset.round));
    state.whole = L.featureGroup(ticked.length ? ticked : [communes]).getBounds();
    fit();
    boxes("input[data-round]").forEach((box) => box.addEventListener("change", follow));
    boxes("input[data-day]").forEach((box) => box.addEventListener("change", () => followDay(box)));
    boxes("button[data-pin]").forEach((button) => button.addEventListener("click", () => show(button.dataset.pin)));
    map.on("zoomend moveend resize", arrange);
    map.on("popupopen", ({ popup }) => popup.getElement()
      .querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer"));
    window.addEventListener("beforeprint", () => printing(true));
    window.addEventListener("afterprint", () => printing(false));
    follow();
  }

  function fit() {
    state.map.fitBounds(state.whole, { padding: [30, 30], animate: false });
  }

  /* Paper has its own width: the map is drawn anew for it, and again for the screen. */
  function printing(on) {
    document.getElementById("carte").classList.toggle("impression", on);
    document.querySelector(".legende details").open = true;
    state.map.invalidateSize({ animate: false });
    fit();
    arrange();
  }

  function followDay(day) {
    boxes(`input[data-round][data-of="${day.dataset.day}"]`).forEach((box) => { box.checked = day.checked; });
    follow();
  }

  /* What the boxes say → what the map and the tables show. */
  function follow() {
    let rank = 0;
    boxes("input[data-round]").forEach((box) => {
      const id = box.dataset.round, group = state.rounds.get(id);
      box.checked ? group.addTo(state.map) : group.remove();
      document.getElementById(`tournee-${id}`)?.classList.toggle("hors-carte", !box.checked);
      if (!box.checked) return;
      const lane = 2.5 + LANE_PX * (rank++ % LANES);
      group.eachLayer((layer) => layer.eachLayer?.((line) => { line.options.lane = lane; line.redraw(); }));
    });
    boxes("input[data-day]").forEach((day) => {
      const own = boxes(`input[data-round][data-of="${day.dataset.day}"]`), on = own.filter((box) => box.checked);
      day.checked = on.length === own.length;
      day.indeterminate = on.length > 0 && on.length < own.length;
    });
    arrange();
  }

  function show(key) {
    const pin = state.pins.get(key), box = document.querySelector(`input[data-round="${pin.options.round}"]`);
    if (!box.checked) { box.checked = true; follow(); }
    document.getElementById("carte").scrollIntoView({ block: "center" });
    state.map.setView(pin.getLatLng(), Math.max(state.map.getZoom(), 12), { animate: false });
    pin.openPopup();
    pin.getElement().focus({ preventScroll: true });
  }

  /* ---- pins side by side, then names ------------------------------------------------------------- */

  /* Visible pins by site: where they point, and the box that they fill together, at most three in a row. */
  function clusters() {
    const small = state.map.getSize().x < SMALL_PX, high = small ? 18 : 22, sites = new Map();
    state.map.getContainer().classList.toggle("serre", small);
    state.pins.forEach((pin) => {
      if (!state.map.hasLayer(pin)) return;
      const held = sites.get(pin.options.site) || { pins: [], insee: pin.options.insee };
      held.pins.push(pin);
      sites.set(pin.options.site, held);
    });
    return [...sites.values()].map(({ pins, insee }) => {
      const at = state.map.latLngToContainerPoint(pins[0].getLatLng()), rows = Math.ceil(pins.length / 3);
      const wide = 2 + Math.max(...pins.map((pin) => pin.getElement().firstElementChild.offsetWidth));
      return { pins, insee, at, x: at.x, y: at.y, wide, high, w: Math.min(pins.length, 3) * wide / 2, h: rows * high / 2 };
    });
  }

  /* Boxes → the same, pushed off each other along the shorter way; a box without pins stays put. */
  function spread(boxes) {
    for (let turn = 0; turn < 60; turn++) {
      let moved = false;
      boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => {
        const dx = a.w + b.w - Math.abs(a.x - b.x), dy = a.h + b.h - Math.abs(a.y - b.y);
        if (dx <= 0.5 || dy <= 0.5 || !(a.pins || b.pins)) return;
        const share = a.pins && b.pins ? 0.5 : 1, axis = dx < dy ? "x" : "y";
        const push = share * Math.min(dx, dy) * (a[axis] < b[axis] ? -1 : 1);
        if (a.pins) a[axis] += push;
        if (b.pins) b[axis] -= push;
        moved = true;
      }));
      if (!moved) return;
    }
  }

  function fixedMarks() {
    const base = document.getElementById("carte").getBoundingClientRect();
    return boxes("#carte .depot, #carte .sans").map((mark) => {
      const r = mark.getBoundingClientRect();
      return { x: (r.left + r.right) / 2 - base.left, y: (r.top + r.bottom) / 2 - base.top, w: r.width / 2, h: r.height / 2 };
    });
  }

  function arrange() {
    const groups = clusters(), all = [...fixedMarks(), ...groups];
    spread(all);
    groups.forEach((group) => group.pins.forEach((pin, k) => {
      const row = Math.floor(k / 3), inRow = Math.min(3, group.pins.length - 3 * row);
      const face = pin.getElement().firstElementChild;
      face.style.setProperty("--dx", `${group.x - group.at.x + ((k % 3) - (inRow - 1) / 2) * group.wide}px`);
      face.style.setProperty("--dy", `${group.y - group.at.y - group.h + (row + 0.5) * group.high}px`);
    }));
    const taken = all.map((b) => [b.x - b.w, b.y - b.h, b.x + b.w, b.y + b.h]);
    const anchors = new Map(groups.map((group) => [group.insee, group]));
    state.names.forEach((name) => placeName(name, anchors.get(name.insee), taken));
  }

  function writeNames(communes) {
    const pane = state.map.createPane("names");
    pane.style.zIndex = 590;
    pane.style.pointerEvents = "none";
    state.names.sort((a, b) => b.population - a.population);
    state.names.forEach((name) => {
      const text = document.createElement("span");
      text.textContent = name.name;
      const icon = L.divIcon({ className: "name", html: text, iconSize: [0, 0] });
      name.marker = L.marker([name.lat, name.lon], { icon, pane: "names", interactive: false, keyboard: false });
      name.marker.addTo(communes);
    });
    communes.addTo(state.map);
    state.names.forEach((name) => { name.wide = name.marker.getElement().firstElementChild.offsetWidth; });
  }

  /* Below, above, right or left of its pins, or at the heart of its commune; hidden where nothing is free. */
  function placeName(name, anchor, taken) {
    const heart = state.map.latLngToContainerPoint(name.marker.getLatLng());
    const w = name.wide / 2, h = NAME_PX.high / 2;
    const spots = anchor
      ? [[0, anchor.h + h + 1], [0, -anchor.h - h - 1], [anchor.w + w + 3, 0], [-anchor.w - w - 3, 0]]
          .map(([x, y]) => L.point(anchor.x + x, anchor.y + y))
      : [heart, heart.add([0, NAME_PX.away]), heart.subtract([0, NAME_PX.away])];
    const size = state.map.getSize();
    const free = (p) => p.x - w > 0 && p.x + w < size.x && taken.every(([a, b, c, d]) => p.x + w < a || p.x - w > c || p.y + h < b || p.y - h > d);
    const spot = spots.find(free), face = name.marker.getElement().firstElementChild;
    face.classList.toggle("passe", Boolean(anchor));
    face.style.visibility = spot ? "visible" : "hidden";
    if (!spot) return;
    face.style.setProperty("--dx", `${spot.x - heart.x}px`);
    face.style.setProperty("--dy", `${spot.y - heart.y}px`);
    taken.push([spot.x - w, spot.y - h, spot.x + w, spot.y + h]);
  }

  return { band, commune, start, shifted, arrowheads };
})();
