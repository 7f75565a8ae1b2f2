// The app's forms: the top of the person's view stack, in a dialog.
import { h } from './dom.js';
import { blocks } from './blocks.js';
import { input } from './inputs.js';

export class Modal {
  constructor(world) {
    this.world = world;
    this.dialog = null;
    this.view = null;
    this.inputs = new Map();
  }

  show(views) {
    const view = views.at(-1);
    if (!view) return this.hide();
    if (view.hash === this.view?.hash) return;
    // What was typed stays where block_id and action_id stay the same (views.update).
    const kept = view.id === this.view?.id ? this.values() : {};
    this.hide();
    this.view = view;
    this.draw(kept);
  }

  draw(kept) {
    const { view, world } = this;
    const press = (element) => world.api.act('click', { view_id: view.id, action_id: element.action_id });
    this.inputs = new Map(view.blocks.filter((block) => block.type === 'input').map((block) => [block.block_id, input(block, kept[block.block_id])]));
    this.failure = h('div', { class: 'form-error', role: 'alert' });
    const body = view.blocks.map((block) => this.inputs.get(block.block_id)?.field ?? blocks([block], world, press));
    this.submit = view.submit && h('button', { class: 'btn primary', type: 'submit' }, h('span', {}, view.submit.text));
    this.dialog = h('dialog', { 'aria-labelledby': 'modal-title', class: 'modal' },
      h('form', { method: 'dialog', novalidate: true, onsubmit: (event) => this.send(event) },
        h('header', {}, h('img', { class: 'app-mark', src: '/static/seal.svg', alt: '' }), h('h2', { id: 'modal-title' }, view.title.text),
          h('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: () => this.close(true) }, '×')),
        h('div', { class: 'body' }, this.failure, body),
        h('footer', {}, h('span', { class: 'by' }, 'A form of ringi'),
          h('button', { class: 'btn', type: 'button', onclick: () => this.close(false) }, view.close?.text ?? 'Cancel'), this.submit)));
    this.dialog.addEventListener('cancel', (event) => { event.preventDefault(); this.close(false); });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.dialog.querySelector('.field input, .field textarea, .field select')?.focus();
  }

  values() {
    return Object.fromEntries([...this.inputs].map(([id, one]) => [id, one.read()]));
  }

  async send(event) {
    event.preventDefault();
    if (!this.submit) return;
    this.submit.disabled = true;
    this.submit.setAttribute('aria-busy', 'true');
    const answer = await this.world.api.act('submit', { view_id: this.view.id, values: this.values() });
    this.submit.disabled = false;
    this.submit.removeAttribute('aria-busy');
    this.failure.textContent = answer.errors?.[''] ?? answer.error ?? '';
    for (const [id, one] of this.inputs) one.fail(answer.errors?.[id]);
    this.dialog?.querySelector('.wrong input, .wrong textarea, .wrong select')?.focus();
  }

  close(everything) {
    this.world.api.act('close', { view_id: this.view.id, everything });
  }

  hide() {
    this.dialog?.remove();
    this.dialog = null;
    this.view = null;
    this.inputs = new Map();
  }
}
