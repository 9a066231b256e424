// Everything here makes pages quicker that already work without it. No eval, no inline style
// attributes; listeners sit on the document, so swapped content needs no set-up of its own.
const $ = (s, r = document) => r.querySelector(s);
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const on = (type, sel, fn, opt) => document.addEventListener(type, e => {
  const t = e.target.closest?.(sel);
  if (t) fn(e, t);
}, opt);
const make = (tag, className, text) => {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
};
const texts = JSON.parse(document.body.dataset.texts || '{}');
const say = (key, ...args) => args.reduce((s, a) => s.replace('%s', a), texts[key] ?? key);
const clock = () => new Date().toTimeString().slice(0, 8);
const changed = e => e.dispatchEvent(new Event('change', { bubbles: true }));

// ---- what only makes sense with a script
function wake(root) {
  $$('[data-print], .copy-btn, [data-points-bar]', root).forEach(b => { b.hidden = false; });
  $$('[data-points][data-chosen]', root).forEach(pointsOf);
  $$('[role=tablist]', root).forEach(l => $$('[role=tab]', l).forEach(t => {
    t.tabIndex = t.ariaSelected === 'true' ? 0 : -1;
  }));
  $$('[data-count]', root).forEach(count);
  $$('form[data-autosave]', root).forEach(offerDraft);
  $$('[data-batch]', root).forEach(batch);
  centre(root.isConnected === false ? document : root);
}

// ---- tip under the pointer, for any data-tip
const tip = make('p', 'tip');
tip.hidden = true;
document.addEventListener('pointermove', e => {
  const t = e.target.closest?.('[data-tip]');
  tip.hidden = !t;
  if (!t) return;
  if (!tip.isConnected) document.body.append(tip); // going back swaps the body
  tip.textContent = t.dataset.tip;
  tip.style.left = Math.max(8, Math.min(e.clientX + 12, innerWidth - tip.offsetWidth - 8)) + 'px';
  tip.style.top = e.clientY + 14 + 'px';
});

// ---- drawer, toasts, print, copy, menus
document.addEventListener('htmx:after:swap', () => {
  const d = $('#drawer');
  if (d && !d.open && d.childElementCount) d.showModal();
});
on('click', '[data-close]', (e, t) => t.closest('dialog')?.close());
on('click', 'dialog.drawer', (e, t) => { if (e.target === t) t.close(); });
document.addEventListener('close', e => { if (e.target.id === 'drawer') e.target.replaceChildren(); }, true);

const toastMs = 6000;
function toast(text) {
  const p = make('p', '', text), dialog = $('dialog[open]');
  let box = $('.toasts', dialog ?? document); // what lies behind an open dialog is inert
  if (!box) {
    box = make('div', 'toasts');
    box.setAttribute('role', 'status');
    dialog.append(box);
  }
  box.append(p);
  setTimeout(() => p.remove(), toastMs);
}
document.addEventListener('toast', e => toast(e.detail?.value ?? String(e.detail)));
$$('#toasts > p').forEach(p => setTimeout(() => p.remove(), toastMs));

on('click', '[data-print]', e => { e.preventDefault(); print(); });
const cells = r => [...r.cells].map(c => c.textContent.trim().replace(/\s+/g, ' ')).join('\t');
on('click', '[data-copy], [data-copy-table]', async (e, t) => {
  const beside = t.previousElementSibling ?? t.parentElement.previousElementSibling;
  try {
    await navigator.clipboard.writeText(t.dataset.copy ?? $$('tr', beside).map(cells).join('\n'));
    toast(t.dataset.done);
  } catch {
    getSelection().selectAllChildren(beside); // no clipboard: ready for Ctrl+C
  }
});
addEventListener('beforeprint', () => $$('details.as-table').forEach(d => { d.open = true; }));
document.addEventListener('click', e => $$('details.menu[open]').forEach(d => {
  if (!d.contains(e.target)) d.open = false;
}));
on('keydown', 'details.menu[open]', (e, d) => {
  if (e.key === 'Escape') { d.open = false; $('summary', d).focus(); }
});
document.addEventListener('keydown', e => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey || e.key.toLowerCase() !== 'k') return;
  const box = $('[data-search]') || $('.find input'), url = document.body.dataset.searchUrl;
  if (!box && !url) return;
  e.preventDefault();
  if (box) { box.focus(); box.select(); } else location.assign(url);
});
on('click', '.error-summary a', (e, a) => {
  const f = document.getElementById(decodeURIComponent(a.hash.slice(1)));
  if (f) { e.preventDefault(); f.focus(); f.scrollIntoView({ block: 'center' }); }
});

// ---- tabs: arrows move the focus, Enter opens the address
on('keydown', '[role=tab]', (e, t) => {
  const l = $$('[role=tab]', t.parentNode), i = l.indexOf(t);
  const n = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: l.length - 1 }[e.key];
  if (n === undefined) return;
  e.preventDefault();
  l.at(n % l.length).focus();
});

// ---- keys: in a part of the page with data-keys a letter presses what names it, while the focus is
// there and nobody types. Esc leaves a field. Marked words go along with a link that asks for them.
const types = 'input:not([type=checkbox], [type=radio]), select, textarea';
// The focus is in such a part, or was until its content was swapped.
let keysOn = !!document.activeElement?.closest('[data-keys]');
document.addEventListener('focusin', e => { keysOn = !!e.target.closest('[data-keys]'); });
document.addEventListener('pointerdown', e => { keysOn = !!e.target.closest('[data-keys]'); });
document.addEventListener('keydown', e => {
  const area = e.target.closest?.('[data-keys]') ?? (keysOn && e.target === document.body ? $('[data-keys]') : null);
  if (!area || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.target.matches(types)) {
    if (e.key === 'Escape') (e.target.closest('[tabindex]') ?? area).focus();
    return;
  }
  keysOn = true;
  const b = $$('[data-key]', area).find(x => x.dataset.key === e.key.toLowerCase());
  if (!b) return;
  e.preventDefault();
  if (!b.matches('summary')) b.closest('details:not([open])')?.toggleAttribute('open', true);
  if (b.matches(types)) { b.focus(); b.select?.(); } else b.click();
});
document.addEventListener('click', e => {
  const a = e.target.closest?.('[data-mark]');
  if (!a || !getSelection().rangeCount) return;
  const r = getSelection().getRangeAt(0), place = (node, offset) => {
    const p = (node.nodeType === 1 ? node : node.parentElement).closest(a.dataset.mark + ' [data-start]');
    if (!p) return null;
    const before = document.createRange();
    before.setStart(p, 0);
    before.setEnd(node, offset);
    return Number(p.dataset.start) + [...before.toString()].length;
  };
  const start = place(r.startContainer, r.startOffset), end = place(r.endContainer, r.endOffset);
  if (r.collapsed || start === null || end === null) return;
  const u = new URL(a.href);
  u.searchParams.set('start', start);
  u.searchParams.set('end', end);
  a.href = u;
}, true);
// The span of the open row comes into sight inside its box; the page itself stays where it is.
function centre(root) {
  const s = $('.desk-text .span[aria-current]', root), box = s?.closest('.desk-text');
  if (box) box.scrollTop += s.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
}

// ---- partial updates: quiet for 300 ms, then a bar; a failure keeps the old content
const waiting = new Map();
document.addEventListener('htmx:config:request', e => {
  const { ctx } = e.detail, from = ctx.sourceElement, body = ctx.request.body;
  if (from.matches('.filters')) for (const [k, v] of [...body]) if (v === '') body.delete(k);
  if (from.matches('[role=combobox]')) {
    body.delete(from.name);
    body.set('q', from.value.trim());
    body.set('list', from.getAttribute('aria-controls'));
  }
});
document.addEventListener('htmx:before:request', e => {
  const { ctx } = e.detail;
  waiting.set(ctx, setTimeout(() => {
    if (ctx.target) ctx.target.ariaBusy = 'true';
    if (!$('.loading')) document.body.append(make('div', 'loading'));
  }, 300));
});
document.addEventListener('htmx:finally:request', e => {
  const { ctx } = e.detail;
  clearTimeout(waiting.get(ctx));
  waiting.delete(ctx);
  if (ctx.target) ctx.target.ariaBusy = null;
  if (!waiting.size) $$('.loading').forEach(b => b.remove());
});
// 409 and 422 carry the form again with its messages; nothing else may replace what is shown.
const mayShow = status => status < 400 || status === 409 || status === 422;
document.addEventListener('htmx:before:swap', e => {
  const { ctx } = e.detail;
  if (ctx.response && !mayShow(ctx.response.status)) e.preventDefault();
});
document.addEventListener('htmx:response:error', e => {
  const { ctx } = e.detail;
  if (ctx.response.status === 401) location.reload(); // the session ended: the server asks to log in
  else if (!mayShow(ctx.response.status)) failed(ctx);
});
document.addEventListener('htmx:error', e => { if (e.detail.ctx) failed(e.detail.ctx); });
function failed(ctx) {
  const at = ctx.target?.isConnected && ctx.target.matches?.('main *') ? ctx.target : $('#main > *');
  if (!at || at.previousElementSibling?.matches('[data-failed]')) return;
  const box = make('div', 'banner bad'), retry = make('button', 'btn small', say('retry'));
  box.dataset.failed = '';
  box.setAttribute('role', 'status');
  retry.type = 'button';
  retry.onclick = () => {
    box.remove();
    const s = ctx.sourceElement;
    if (s.isConnected && s.matches('form')) s.requestSubmit();
    else if (s.isConnected && s.matches('a, button')) s.click();
    else htmx.ajax(ctx.request.method, ctx.request.action, { target: ctx.target, swap: ctx.swap });
  };
  box.append(make('p', '', say('failed')), retry);
  at.before(box);
}

// ---- forms: counters, rows, files, batch
function count(t) {
  if (t.counter) return;
  t.counter = make('p', 'hint');
  t.after(t.counter);
  const show = () => { t.counter.textContent = say('count', t.value.length, t.maxLength); };
  t.addEventListener('input', show);
  show();
}

const renumber = list => $$('[data-row]', list).forEach((r, i) => {
  $('[data-row-legend]', r).textContent = list.dataset.rowTitle.replace('%s', i + 1);
});
on('click', '[data-rows-add]', (e, b) => {
  const list = b.closest('[data-rows]'), rows = $('[data-rows-list]', list);
  const max = Number(list.dataset.max);
  e.preventDefault();
  if (max && rows.childElementCount >= max) return;
  const used = $$('[data-rows-remove]', rows).map(x => Number(x.value.split('.').pop()));
  const n = Math.max(-1, ...used) + 1;
  const row = $('[data-rows-blank]', list).content.cloneNode(true);
  for (const el of $$('*', row)) for (const a of [...el.attributes]) {
    if (a.value.includes('__')) el.setAttribute(a.name, a.value.replaceAll('__', n));
  }
  rows.append(row);
  renumber(list);
  wake(rows.lastElementChild);
  $('input, select, textarea', rows.lastElementChild)?.focus();
});
on('click', '[data-rows-remove]', (e, b) => {
  const list = b.closest('[data-rows]');
  e.preventDefault();
  b.closest('[data-row]').remove();
  renumber(list);
  const add = $('[data-rows-add]', list);
  add.focus();
  changed(add);
});

on('dragover', '[data-drop-zone]', (e, z) => { e.preventDefault(); z.classList.add('over'); });
on('dragleave', '[data-drop-zone]', (e, z) => z.classList.remove('over'));
on('drop', '[data-drop-zone]', (e, z) => {
  e.preventDefault();
  z.classList.remove('over');
  const input = $('input[type=file]', z);
  input.files = e.dataTransfer.files;
  changed(input);
});

function batch(form) {
  const boxes = $$('tbody input[type=checkbox]', form), all = $('[data-batch-all]', form);
  const n = boxes.filter(b => b.checked).length, out = $('[data-batch-count]', form);
  out.dataset.none ??= out.textContent;
  out.textContent = n ? out.dataset.text.replace('%s', n) : out.dataset.none;
  if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
}
on('change', '[data-batch] input[type=checkbox]', (e, t) => {
  const form = t.closest('[data-batch]');
  if (t.matches('[data-batch-all]')) {
    $$('tbody input[type=checkbox]', form).forEach(b => { b.checked = t.checked; });
  }
  batch(form);
});

// ---- combobox (ARIA pattern: the focus stays in the box, aria-activedescendant walks the list)
const listOf = box => document.getElementById(box.getAttribute('aria-controls'));
function openList(box, open) {
  listOf(box).hidden = !open;
  box.ariaExpanded = String(open);
  if (!open) activate(box, null);
}
function activate(box, option) {
  $$('[role=option]', listOf(box)).forEach(o => { o.ariaSelected = String(o === option); });
  if (option) { box.setAttribute('aria-activedescendant', option.id); option.scrollIntoView({ block: 'nearest' }); }
  else box.removeAttribute('aria-activedescendant');
}
function pick(box, option) {
  if (option.ariaDisabled === 'true') return;
  if (box.matches('[data-search]')) { // what is chosen is looked for
    box.value = option.dataset.text;
    openList(box, false);
    box.form.requestSubmit();
    return;
  }
  const combo = box.closest('[data-combo]'), picked = $('.picked', combo), { name, many, max, remove } = combo.dataset;
  const { value, text } = option.dataset;
  if (many !== 'true') picked.replaceChildren();
  const known = $$('input', picked).some(i => i.value === value);
  if (!known && !(Number(max) && picked.childElementCount >= Number(max))) {
    const li = make('li'), hidden = make('input'), drop = make('button', '', '×');
    Object.assign(hidden, { type: 'hidden', name, value });
    drop.type = 'button';
    drop.dataset.drop = '';
    drop.ariaLabel = remove.replace('%s', text);
    li.append(hidden, make('span', '', text), drop);
    picked.append(li);
  }
  box.value = '';
  openList(box, false);
  changed(box);
}
document.addEventListener('htmx:after:swap', e => {
  const t = e.detail.ctx.target, box = t?.matches?.('[role=listbox]') && $('[role=combobox]', t.closest('[data-combo]'));
  if (box && box === document.activeElement) openList(box, t.childElementCount > 0 && box.value !== '');
});
on('keydown', '[role=combobox]', (e, box) => {
  const options = $$('[role=option]', listOf(box)).filter(o => o.ariaDisabled !== 'true');
  const at = options.findIndex(o => o.ariaSelected === 'true'), open = !listOf(box).hidden;
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    e.preventDefault();
    if (!options.length) return;
    if (!open) openList(box, true);
    const step = e.key === 'ArrowDown' ? 1 : -1;
    activate(box, options[(at + step + (at < 0 && step < 0 ? 1 : 0) + options.length) % options.length]);
  } else if (e.key === 'Enter' && open && at >= 0) {
    e.preventDefault();
    pick(box, options[at]);
  } else if (e.key === 'Escape' && open) {
    e.preventDefault();
    openList(box, false);
  } else if (e.key === 'Backspace' && box.value === '') {
    $('.picked li:last-child [data-drop]', box.closest('[data-combo]'))?.click(); // none in a search box
  }
});
// Enter in the box picks; it never sends the whole form.
on('keypress', '[role=combobox]:not([data-search])', e => { if (e.key === 'Enter') e.preventDefault(); });
on('mousedown', '.combo [role=option]', (e, o) => {
  e.preventDefault();
  pick($('[role=combobox]', o.closest('[data-combo]')), o);
});
on('focusout', '[role=combobox]', (e, box) => openList(box, false));
on('click', '[data-drop]', (e, b) => {
  const box = $('[role=combobox]', b.closest('[data-combo]'));
  e.preventDefault();
  b.closest('li').remove();
  box.focus();
  changed(box);
});

// ---- autosave: 0.8 s after the last key, at once on leaving a field; a copy stays on this device
// while the network is away. Passwords, files and hidden fields are never copied.
// On a device that several people use, nobody is offered what somebody else has typed.
const draftKey = form => ['draft', document.body.dataset.owner, form.dataset.autosave].filter(Boolean).join(':');
const draftDays = 7;
const tooOld = draft => !(Date.now() - draft?.at <= draftDays * 864e5);
try {
  for (const k of Object.keys(localStorage).filter(k => k.startsWith('draft:'))) {
    let draft;
    try { draft = JSON.parse(localStorage.getItem(k)); } catch { /* not ours */ }
    if (tooOld(draft)) localStorage.removeItem(k);
  }
} catch { /* forbidden */ }
const saving = new WeakMap();
function status(form, text, bad) {
  const p = $(form.dataset.saved);
  if (!p) return;
  p.textContent = text;
  p.classList.toggle('bad', !!bad);
}
function keep(form) {
  const values = $$('input, select, textarea', form)
    .filter(f => f.name && !['hidden', 'password', 'file', 'submit'].includes(f.type))
    .map(f => [f.name, f.value, ['checkbox', 'radio'].includes(f.type) ? f.checked : null]);
  try { localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), values })); } catch { /* full or forbidden */ }
}
function later(form, ms) {
  const s = saving.get(form) ?? {};
  clearTimeout(s.timer);
  s.timer = setTimeout(() => save(form), ms);
  saving.set(form, s);
}
async function save(form) {
  const s = saving.get(form);
  if (s.busy) { s.again = true; return; }
  s.busy = true;
  s.again = false;
  const data = new FormData(form);
  for (const [k, v] of [...data]) if (typeof v !== 'string') data.delete(k);
  try {
    const r = await fetch(form.dataset.autosave, {
      method: 'POST', headers: { 'X-Autosave': '1' }, body: new URLSearchParams(data),
    });
    await r.text(); // an answer left unread keeps its connection
    if (r.ok) {
      const v = r.headers.get('X-Version'), field = form.elements.version;
      if (v && field) field.value = v;
      localStorage.removeItem(draftKey(form));
      delete form.dataset.dirty;
      status(form, say('saved', r.headers.get('X-Saved-At') ?? clock()));
    } else {
      keep(form);
      status(form, say('unsaved'), true);
    }
  } catch {
    keep(form);
    status(form, say('offline'), true);
  }
  s.busy = false;
  if (s.again) later(form, 0);
}
on('input', 'form[data-autosave]', (e, f) => later(f, 800));
on('change', 'form[data-autosave]', (e, f) => later(f, 0));
addEventListener('online', () => $$('form[data-autosave][data-dirty]').forEach(f => later(f, 0)));
function offerDraft(form) {
  let draft;
  try { draft = JSON.parse(localStorage.getItem(draftKey(form))); } catch { /* not ours */ }
  if (!draft?.values || tooOld(draft)) {
    try { localStorage.removeItem(draftKey(form)); } catch { /* forbidden */ }
    return;
  }
  const box = make('div', 'banner warn'), yes = make('button', 'btn small', say('restore')), no = make('button', 'btn small', say('discard'));
  box.setAttribute('role', 'status');
  yes.type = no.type = 'button';
  yes.onclick = () => { box.remove(); restore(form, draft.values); later(form, 0); };
  no.onclick = () => { box.remove(); localStorage.removeItem(draftKey(form)); };
  box.append(make('p', '', say('draft', new Date(draft.at).toLocaleString(document.documentElement.lang))), yes, no);
  form.prepend(box);
}
function restore(form, values) {
  const seen = {};
  for (const [name, value, checked] of values) {
    const same = $$('input, select, textarea', form).filter(f => f.name === name && f.type !== 'hidden');
    const f = checked === null ? same[seen[name] = (seen[name] ?? -1) + 1] : same.find(x => x.value === value);
    if (!f) continue;
    if (checked === null) f.value = value; else f.checked = checked;
  }
}

// ---- a map of many points is drawn by a script of its own, which comes when somebody comes near
const maps = new WeakMap();
const pointsOf = box => {
  if (!maps.has(box)) {
    maps.set(box, import(box.dataset.script).then(m => m.start(box)).catch(() => null).then(map => {
      if (!map) maps.delete(box); // next time again
      return map;
    }));
  }
  return maps.get(box);
};
for (const type of ['pointerover', 'focusin']) on(type, '[data-points]', (e, box) => pointsOf(box));
on('click', '[data-points] [data-do]', async (e, b) => (await pointsOf(b.closest('[data-points]')))?.[b.dataset.do]());

// ---- leaving with changes that were not sent
document.addEventListener('input', e => { const f = e.target.form; if (f?.matches('[data-guard], [data-autosave]')) f.dataset.dirty = ''; });
document.addEventListener('submit', e => {
  delete e.target.dataset.dirty;
  clearTimeout(saving.get(e.target)?.timer);
  try {
    if (e.target.matches('form[data-autosave]')) sessionStorage.setItem('sent', draftKey(e.target));
    if (e.target.getAttribute('action') === '/logout') {
      Object.keys(localStorage).filter(k => k.startsWith('draft:')).forEach(k => localStorage.removeItem(k));
    }
  } catch { /* forbidden */ }
});
addEventListener('beforeunload', e => { if ($('form[data-guard][data-dirty]')) e.preventDefault(); });
try { // the form was sent and another page answered: its copy has done its duty
  const sent = sessionStorage.getItem('sent');
  if (sent && !$$('form[data-autosave]').some(f => draftKey(f) === sent)) localStorage.removeItem(sent);
  sessionStorage.removeItem('sent');
} catch { /* forbidden */ }

// ---- groups of the side navigation that somebody opened or folded stay so while the window is open
const titleOf = summary => summary.firstChild.textContent.trim(); // without the number that waits
const folded = () => { try { return JSON.parse(sessionStorage.getItem('side')) ?? {}; } catch { return {}; } };
for (const g of $$('.side .side-group')) {
  if (!$('[aria-current=page]', g)) g.open = folded()[titleOf(g.firstElementChild)] ?? g.open;
}
on('click', '.side .side-group > summary', (e, s) => {
  try { sessionStorage.setItem('side', JSON.stringify({ ...folded(), [titleOf(s)]: !s.parentElement.open })); } catch { /* forbidden */ }
});

document.addEventListener('htmx:after:swap', e => wake(e.detail.ctx.target?.isConnected ? e.detail.ctx.target : document));
wake(document);
// Not scrollIntoView: browsers start the Tab key there, behind the skip link.
const here = $('.main-nav [aria-current=page]'), nav = here?.closest('.main-nav');
if (nav) nav.scrollLeft += here.getBoundingClientRect().left - (nav.clientWidth - here.clientWidth) / 2;
