/** MapLibre with its style and its worker, all of it our own files; imported only where a map is shown. */
import * as loaded from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

loaded.setWorkerUrl(new URL(worker, location.href).href);
loaded.setWorkerCount(1);

export { loaded };
