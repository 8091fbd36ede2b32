// Elements from data. What comes from outside is only ever set as text, so nothing in a model's or a key's name can become markup.

/**
 * Makes an element. Attributes that are false, null or undefined are left out; `onclick` and the like are listeners; children are
 * elements or text.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Makes a table in a frame that scrolls sideways where the page is narrow.
 *
 * @param caption said to screen readers
 * @param columns `{title, cell: row => text or element, number: aligned as one, text: may be broken into lines, rowHead: names the row,
 *     note: said on hovering}`
 */
export function table(caption, columns, rows) {
  const head = columns.map(column =>
      el('th', {scope: 'col', class: column.number && 'number', title: column.note}, column.title));
  const body = rows.map(row => el('tr', {}, columns.map(column => {
    const attributes = {class: column.number ? 'number' : column.text && 'text', scope: column.rowHead && 'row'};
    return el(column.rowHead ? 'th' : 'td', attributes, column.cell(row) ?? '–');
  })));
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
      el('table', {},
          el('caption', {class: 'unseen'}, caption),
          el('thead', {}, el('tr', {}, head)),
          el('tbody', {}, body)));
}

/** A titled box of the page. */
export function panel(title, ...children) {
  return el('section', {class: 'panel'}, el('h2', {}, title), ...children);
}

/** Names and values, one beside the other. Values that are not known are left out. */
export function facts(entries) {
  const known = entries.filter(([, value]) => value !== null && value !== undefined);
  return el('dl', {class: 'facts'}, known.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/** Says something to screen readers alone. */
export function announce(text) {
  document.getElementById('status').textContent = text;
}
