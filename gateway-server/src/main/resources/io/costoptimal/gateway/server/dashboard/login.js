// The login page: trades an admin key for a session cookie, and goes on to the page that was wanted.
'use strict';

const form = document.getElementById('login');
const key = document.getElementById('key');
const problem = document.getElementById('problem');
const button = form.querySelector('button');

document.getElementById('reason').hidden = !new URLSearchParams(location.search).has('ended');

form.addEventListener('submit', async event => {
  event.preventDefault();
  button.disabled = true;
  problem.textContent = '';
  try {
    const response = await fetch('../login', {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({key: key.value}),
    });
    if (response.ok) {
      location.replace('./' + location.hash);
      return;
    }
    problem.textContent = refusal(response.status);
    key.select();
  } catch {
    problem.textContent = 'The gateway does not answer.';
  }
  button.disabled = false;
  key.focus();
});

function refusal(status) {
  switch (status) {
    case 401:
    case 403:
      return 'This is not an admin key.';
    case 429:
      return 'Too many attempts. Wait a minute, then try again.';
    default:
      return `The gateway answered ${status}.`;
  }
}
