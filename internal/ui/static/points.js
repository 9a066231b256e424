// A map of many points: every point is drawn on a canvas above the outlines; those that would cover each
// other become one with their number. Without this script, and on paper, the dots of the page stand.
const closest = 128; // times the whole map
const cellPx = 44; // side of a cell whose points become one
const step = 1.6; // of a zoom
const reach = 12; // px around a mark that belong to it

// Cells lie in the order they came: how far east and north of the one before, and how many they hold.
function unpack(list) {
  const size = list.length / 3, p = { lon: new Int32Array(size), lat: new Int32Array(size), n: new Int32Array(size) };
  for (let i = 0, lon = 0, lat = 0; i < size; i++) {
    p.lon[i] = lon += list[3 * i];
    p.lat[i] = lat += list[3 * i + 1];
    p.n[i] = list[3 * i + 2];
  }
  return p;
}

export async function start(box) {
  const { points, open, list, frame, words } = box.dataset;
  const find = s => box.querySelector(s), texts = JSON.parse(words);
  const say = (key, ...args) => args.reduce((s, a) => s.replace('%s', a), texts[key]);
  const stage = find('.points-stage'), svg = find('svg.city'), at = find('[data-at]');
  const inView = find('[data-in-view]'), openAt = find('[data-open-at]');
  let p, cell;
  try {
    const r = await fetch(points, { headers: { Accept: 'application/json' } });
    const body = await r.json();
    p = unpack(body.cells);
    cell = body.cellE4;
  } catch {
    at.textContent = say('failed');
    return null;
  }
  at.textContent = '';
  const [west, north, sx, sy] = frame.split(' ').map(Number);
  const toX = lon => (lon * cell - west) * sx, toY = lat => (north - lat * cell) * sy;
  const { x, y, width, height } = svg.viewBox.baseVal, full = { x, y, w: width, h: height };
  let view = { ...full }, seen = [], chosen = -1, waits = false;

  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  canvas.ariaHidden = 'true';
  stage.append(canvas);
  box.classList.add('drawn');

  // ---- what is one at a zoom: k cells side by side
  const levels = new Map();
  function level(k) {
    if (levels.has(k)) return levels.get(k);
    const cells = new Map(), of = new Array(p.n.length); // what a point belongs to
    for (let i = 0; i < p.n.length; i++) {
      const lon = Math.floor(p.lon[i] / k), lat = Math.floor(p.lat[i] / k), key = lon * 1e6 + lat;
      let c = cells.get(key);
      if (!c) cells.set(key, c = { lon, lat, k, n: 0, x: 0, y: 0 });
      of[i] = c;
      c.n += p.n[i];
      c.x += toX(p.lon[i] + .5) * p.n[i];
      c.y += toY(p.lat[i] + .5) * p.n[i];
    }
    // A mark stands between the middle of its points and that of its cell: neighbours keep apart.
    const between = (mean, middle) => middle + .4 * (mean - middle);
    for (const c of cells.values()) {
      c.x = between(c.x / c.n, toX((c.lon + .5) * k));
      c.y = between(c.y / c.n, toY((c.lat + .5) * k));
    }
    levels.set(k, of);
    return of;
  }
  const degrees = (...v) => v.map(d => d * cell / 1e4).join('/'); // west, south, east, north
  const boxOf = c => degrees(c.lon * c.k, c.lat * c.k, (c.lon + 1) * c.k, (c.lat + 1) * c.k);

  // place says where the drawing lies on the canvas, and what part of it is in sight.
  function place() {
    const m = svg.getScreenCTM(), r = svg.getBoundingClientRect(), dx = m.e - r.left, dy = m.f - r.top;
    return { s: m.a, dx, dy, r, x0: -dx / m.a, y0: -dy / m.a, x1: (r.width - dx) / m.a, y1: (r.height - dy) / m.a };
  }
  const radius = n => n > 1 ? Math.min(8 + 3.5 * Math.log10(n), 19) : 5;

  function draw() {
    waits = false;
    const began = performance.now(), css = getComputedStyle(svg), color = name => css.getPropertyValue(name);
    const { s, dx, dy, r, x0, y0, x1, y1 } = place(), dense = devicePixelRatio || 1;
    canvas.width = r.width * dense;
    canvas.height = r.height * dense;
    const around = stage.getBoundingClientRect();
    canvas.style.left = r.left - around.left + 'px';
    canvas.style.top = r.top - around.top + 'px';
    canvas.style.width = r.width + 'px';
    canvas.style.height = r.height + 'px';
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    // The ground in sight, to whole cells: the list of it has exactly the points that are counted.
    const lon0 = Math.floor((x0 / sx + west) / cell), lon1 = Math.ceil((x1 / sx + west) / cell);
    const lat0 = Math.floor((north - y1 / sy) / cell), lat1 = Math.ceil((north - y0 / sy) / cell);
    let n = 0, drawn = 0, k = 1;
    while (k * cell * sx * s < cellPx) k *= 2;
    const of = level(k), marks = new Set();
    pen.fillStyle = color('--s3');
    for (let i = 0; i < p.n.length; i++) {
      const lon = p.lon[i], lat = p.lat[i];
      if (lon < lon0 || lon >= lon1 || lat < lat0 || lat >= lat1) continue;
      n += p.n[i];
      drawn++;
      marks.add(of[i]);
      pen.fillRect(toX(lon + .5) * s + dx - 1.25, toY(lat + .5) * s + dy - 1.25, 2.5, 2.5);
    }
    // One that lies partly in sight has its mark at the edge.
    const edge = reach / s, into = (v, a, b) => Math.min(Math.max(v, a + edge), b - edge);
    seen = [...marks].sort((a, b) => b.n - a.n || a.lon - b.lon || a.lat - b.lat);
    for (const c of seen) { c.at = into(c.x, x0, x1) * s + dx; c.down = into(c.y, y0, y1) * s + dy; }
    pen.font = `600 12px ${css.fontFamily}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    for (let i = seen.length - 1; i >= 0; i--) mark(seen[i], i === chosen);
    if (seen[chosen]) mark(seen[chosen], true);
    function mark(c, current) {
      pen.beginPath();
      pen.arc(c.at, c.down, radius(c.n), 0, 7);
      pen.fillStyle = color(c.n > 1 ? '--azure' : '--s3');
      pen.strokeStyle = color(current ? '--ring' : '--surface');
      pen.lineWidth = current ? 5 : 2;
      pen.stroke();
      pen.fill();
      if (c.n < 2) return;
      pen.fillStyle = color('--on-azure');
      pen.fillText(c.n, c.at, c.down + .5);
    }
    inView.textContent = say('view', n.toLocaleString('en'));
    inView.href = list + encodeURIComponent(degrees(lon0, lat0, lon1, lat1));
    performance.clearMeasures('points');
    performance.measure('points', { start: began, detail: { n, drawn, marks: seen.length } });
  }
  function later() {
    if (!waits) requestAnimationFrame(draw);
    waits = true;
  }

  // ---- moving
  function show(v) {
    const w = Math.min(Math.max(v.w, full.w / closest), full.w), h = w * full.h / full.w;
    const hold = (a, from, room) => Math.min(Math.max(a, from), from + room);
    view = { x: hold(v.x, full.x, full.w - w), y: hold(v.y, full.y, full.h - h), w, h };
    look(view);
    choose(-1);
    later();
  }
  function look(v) {
    svg.setAttribute('viewBox', `${v.x} ${v.y} ${v.w} ${v.h}`);
    svg.style.setProperty('--zoom', full.w / v.w);
    stage.classList.toggle('zoomed', v.w < full.w);
  }
  function zoom(by, cx = view.x + view.w / 2, cy = view.y + view.h / 2) {
    const w = Math.min(Math.max(view.w / by, full.w / closest), full.w), f = w / view.w;
    show({ x: cx - (cx - view.x) * f, y: cy - (cy - view.y) * f, w });
  }
  const pan = (dx, dy) => show({ x: view.x + dx, y: view.y + dy, w: view.w });
  const unit = e => { // a place of the window in the drawing
    const m = svg.getScreenCTM();
    return [(e.clientX - m.e) / m.a, (e.clientY - m.f) / m.a];
  };

  // ---- choosing
  function choose(i) {
    chosen = i;
    const c = seen[i];
    openAt.hidden = !c;
    if (c) openAt.href = open + encodeURIComponent(boxOf(c));
    at.textContent = c ? say('at', i + 1, seen.length, c.n) : '';
  }
  function turn(by) {
    if (!seen.length) { at.textContent = say('none'); return; }
    choose((chosen + by + (chosen < 0 && by < 0 ? 1 : 0) + seen.length) % seen.length);
    later();
  }
  function hit(e) {
    const r = svg.getBoundingClientRect(), mx = e.clientX - r.left, my = e.clientY - r.top;
    let best = null, least = Infinity;
    for (const c of seen) {
      const d = Math.hypot(c.at - mx, c.down - my);
      if (d <= Math.max(radius(c.n), reach) && d < least) { best = c; least = d; }
    }
    return best;
  }
  const kept = 'points ' + points; // the part of the map somebody looked at, until the page that opens
  function remember() {
    try { sessionStorage.setItem(kept, JSON.stringify(view)); } catch { /* forbidden */ }
  }
  openAt.addEventListener('click', remember);

  // ---- mouse and touch: one finger moves a map that is zoomed in, two zoom it
  const held = new Map();
  let moved = false, gap = 0;
  const apart = () => { const [a, b] = [...held.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
  stage.addEventListener('pointerdown', e => {
    if (e.button) return;
    if (!held.size) moved = false;
    held.set(e.pointerId, { x: e.clientX, y: e.clientY });
    if (held.size === 2) gap = apart();
  });
  stage.addEventListener('pointermove', e => {
    const was = held.get(e.pointerId);
    if (!was) {
      stage.classList.toggle('over', !!hit(e));
      return;
    }
    if (!moved && held.size === 1 && Math.hypot(e.clientX - was.x, e.clientY - was.y) < 5) return;
    if (!moved) stage.setPointerCapture(e.pointerId);
    moved = true;
    const s = svg.getScreenCTM().a;
    if (held.size === 1) pan((was.x - e.clientX) / s, (was.y - e.clientY) / s);
    held.set(e.pointerId, { x: e.clientX, y: e.clientY });
    if (held.size === 2) {
      const [a, b] = [...held.values()], now = apart();
      zoom(now / (gap || now), ...unit({ clientX: (a.x + b.x) / 2, clientY: (a.y + b.y) / 2 }));
      gap = now;
    }
  });
  for (const type of ['pointerup', 'pointercancel']) stage.addEventListener(type, e => held.delete(e.pointerId));
  stage.addEventListener('dragstart', e => e.preventDefault());
  stage.addEventListener('click', e => {
    const c = moved ? null : hit(e);
    if (moved || c) { e.preventDefault(); e.stopPropagation(); }
    moved = false;
    if (!c) return;
    remember();
    location.assign(open + encodeURIComponent(boxOf(c)));
  }, true);
  stage.addEventListener('dblclick', e => zoom(step * step, ...unit(e)));
  stage.addEventListener('wheel', e => { // a page that is scrolled past the map goes on
    if (!e.ctrlKey && !e.metaKey && !stage.contains(document.activeElement)) return;
    e.preventDefault();
    zoom(e.deltaY < 0 ? step : 1 / step, ...unit(e));
  }, { passive: false });
  stage.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const d = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (d && view.w < full.w) pan(d[0] * view.w / 5, d[1] * view.h / 5);
    else if (e.key === '=') zoom(step);
    else if (e.key === 'Enter' && e.target === stage && chosen >= 0) openAt.click();
    else return;
    e.preventDefault();
  });

  // ---- the page around it
  addEventListener('beforeprint', () => look(full));
  addEventListener('afterprint', () => look(view));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later);
  new ResizeObserver(later).observe(svg);
  try {
    const v = JSON.parse(sessionStorage.getItem(kept));
    if (v && 'chosen' in box.dataset) show(v);
    sessionStorage.removeItem(kept);
  } catch { /* forbidden, or not ours */ }
  draw();
  const aim = () => seen[chosen] ? [seen[chosen].x, seen[chosen].y] : []; // closer to what is chosen
  return { in: () => zoom(step, ...aim()), out: () => zoom(1 / step), all: () => show(full), next: () => turn(1), back: () => turn(-1) };
}
