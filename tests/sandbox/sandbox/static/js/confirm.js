// The confirm dialog of a button: purely the client's, as in Slack.
import { h } from './dom.js';
import { textNodes } from './blocks.js';

export function confirmed(confirm, world) {
  return new Promise((resolve) => {
    const title = h('h2', { id: 'confirm-title' }, confirm.title.text);
    const yes = confirm.style === 'danger' ? 'btn danger solid' : 'btn primary';
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title', class: 'confirm' },
      h('header', {}, title),
      h('div', { class: 'body' }, h('div', { class: 'text' }, textNodes(confirm.text, world))),
      h('footer', {},
        h('button', { class: 'btn', onclick: () => dialog.close('') }, confirm.deny.text),
        h('button', { class: yes, autofocus: true, onclick: () => dialog.close('yes') }, confirm.confirm.text)));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(dialog.returnValue === 'yes'); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
