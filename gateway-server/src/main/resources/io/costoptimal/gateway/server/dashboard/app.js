// The page: which view its address asks for, its colours, and the way out.

import {logout, Refusal} from './api.js';
import {draw, redraw} from './charts.js';
import {el} from './dom.js';
import {live, prices, providers} from './lists.js';
import {request, requests} from './requests.js';
import {spend} from './spend.js';

const main = document.getElementById('main');
const THEMES = ['system', 'light', 'dark'];
let current = new AbortController();
let shown = null;

/** Goes to a view; its parameters stand in the address, so that it can be kept and sent to others. */
function go(path, parameters = {}) {
  const known = Object.entries(parameters).filter(([, value]) => value !== '' && value !== undefined);
  const query = new URLSearchParams(known).toString();
  location.hash = path + (query && '?' + query);
}

function view(address, signal) {
  const [path, query] = address.split('?');
  const parameters = new URLSearchParams(query);
  const [, name, id] = path.split('/');
  switch (name) {
    case 'requests':
      return id ? request(decodeURIComponent(id), signal) : requests(parameters, go, signal);
    case 'live':
      return live(signal);
    case 'providers':
      return providers(signal);
    case 'prices':
      return prices(signal);
    default:
      return spend(parameters, go, signal);
  }
}

async function show() {
  const address = location.hash.slice(1) || '/';
  const path = address.split('?')[0];
  current.abort();
  const mine = current = new AbortController();
  main.setAttribute('aria-busy', 'true');
  mark(path);
  let page;
  try {
    page = await view(address, mine.signal);
  } catch (e) {
    if (mine.signal.aborted) {
      return;
    }
    page = {title: 'Error', content: [trouble(e)], again: e instanceof Refusal && path === '/live' ? 5000 : undefined};
  }
  if (mine.signal.aborted) {
    return;
  }
  place(page, path);
  if (page.again) {
    setTimeout(() => !mine.signal.aborted && (document.hidden ? waitForSight(mine.signal) : show()), page.again);
  }
}

/** Replaces what is shown, at once. The focus stays where it was if that place is still there, and else goes to the title. */
function place(page, path) {
  const focused = document.activeElement;
  const kept = main.contains(focused) && focused.name ? `[name="${focused.name}"]${focused.value ? `[value="${CSS.escape(focused.value)}"]` : ''}` : focused?.id && `#${focused.id}`;
  const heading = el('h1', {tabindex: '-1'}, page.title);
  main.replaceChildren(heading, ...page.content.filter(Boolean));
  main.removeAttribute('aria-busy');
  document.title = `${page.title} - Cost-Optimal Gateway`;
  draw();
  const again = shown === path && kept && main.querySelector(kept);
  if (again) {
    again.focus();
  } else if (shown !== null && shown !== path) {
    heading.focus();
    scrollTo(0, 0);
  }
  shown = path;
}

function trouble(e) {
  const hint = e.status === 404 || e.status === 0 ? null : el('p', {}, 'Try again in a moment.');
  return el('section', {class: 'panel empty', role: 'alert'}, el('h2', {}, e.message), hint,
      el('p', {}, el('button', {onclick: show}, 'Try again')));
}

/** A page that nobody looks at asks for nothing. */
function waitForSight(signal) {
  document.addEventListener('visibilitychange', show, {once: true, signal});
}

function mark(path) {
  for (const link of document.querySelectorAll('nav a')) {
    const own = link.getAttribute('href').slice(1);
    const here = own === '/' ? path === '/' : path.startsWith(own);
    link[here ? 'setAttribute' : 'removeAttribute']('aria-current', 'page');
  }
}

const theme = document.getElementById('theme');

function wear(name) {
  if (name === 'system') {
    localStorage.removeItem('theme');
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem('theme', name);
    document.documentElement.dataset.theme = name;
  }
  theme.textContent = `Theme: ${name}`;
  redraw();
}

theme.textContent = `Theme: ${document.documentElement.dataset.theme ?? 'system'}`;
theme.addEventListener('click', () => {
  const now = document.documentElement.dataset.theme ?? 'system';
  wear(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
document.getElementById('logout').addEventListener('click', logout);
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', show);
show();
