// Runs before anything is painted, so that a page never flashes in the wrong colours. Classic script: modules run too late.
'use strict';
(() => {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
