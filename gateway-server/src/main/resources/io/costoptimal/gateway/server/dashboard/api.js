// The gateway's own API, asked with the session's cookie.

/** Kept by the browser from the first answer to the logout. Scripts cannot see the cookie, so this tells that there was a session. */
const SESSION = 'session';

/** What the gateway answered instead of data. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks for JSON. Whoever has no session is led to the login page, which leads back and says so if there was one.
 *
 * @param parameters of the query; those that are empty are left out
 * @param signal aborts the request
 */
export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  const text = query.toString();
  let response;
  try {
    response = await fetch('..' + path + (text && '?' + text), {signal, headers: {Accept: 'application/json'}});
  } catch (e) {
    throw e.name === 'AbortError' ? e : new Refusal(0, 'The gateway does not answer.');
  }
  if (response.status === 401) {
    location.replace('login.html' + (localStorage.getItem(SESSION) ? '?ended' : '') + location.hash);
    return new Promise(() => {});
  }
  localStorage.setItem(SESSION, 'begun');
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Refusal(response.status, body?.error?.message ?? `The gateway answered ${response.status}.`);
  }
  return body;
}

/** Ends the session and leads to the login page. */
export async function logout() {
  await fetch('../logout', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}).catch(() => {});
  localStorage.removeItem(SESSION);
  location.replace('login.html');
}
