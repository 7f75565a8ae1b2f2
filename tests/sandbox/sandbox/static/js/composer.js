// The message box with completion (a combobox with a list, WAI-ARIA).
import { h, icon } from './dom.js';
import { offers } from './completion.js';

const PLANE = 'M1 1.5 15.5 8 1 14.5V9.3L9.5 8 1 6.7Z';
let lists = 0;

export class Composer {
  constructor(world, { id, send }) {
    this.world = world;
    this.sendText = send;
    this.options = [];
    this.chosen = -1;
    const list = `completion-${lists += 1}`;
    this.list = h('div', { class: 'completion', role: 'listbox', id: list, 'aria-label': 'Completions', hidden: true });
    this.box = h('textarea', { id, rows: 1, role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list, 'aria-expanded': 'false',
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => setTimeout(() => this.hide(), 150) });
    this.hint = h('span', { class: 'hint' });
    this.button = h('button', { class: 'send', type: 'button', 'aria-label': 'Send', disabled: true, onclick: () => this.send() }, icon(PLANE, 16));
    this.element = h('div', { class: 'composer' }, this.list, this.box, h('div', { class: 'bar' }, this.hint, this.button));
    this.say();
  }

  place(name) {
    this.box.placeholder = `Message ${name}`;
    this.box.setAttribute('aria-label', `Message ${name}`);
  }

  say(text = '/ for commands, @ for people, Enter sends', bad = false) {
    this.hint.textContent = text;
    this.hint.classList.toggle('bad', bad);
  }

  typed() {
    this.box.style.height = 'auto';
    this.box.style.height = `${this.box.scrollHeight}px`;
    this.button.disabled = !this.box.value.trim();
    this.say();
    const { heading, eager, options } = offers(this.box.value, this.world.state);
    this.options = options;
    this.chosen = eager && options.length ? 0 : -1;
    this.draw(heading);
  }

  draw(heading) {
    const rows = this.options.map((option, index) => h('div', {
      role: 'option', id: `${this.list.id}-${index}`, 'aria-selected': index === this.chosen ? 'true' : 'false',
      onmousedown: (event) => { event.preventDefault(); this.pick(index); },
    }, h('b', {}, option.label), h('span', {}, option.hint), option.from ? h('span', { class: 'from' }, option.from) : null));
    this.list.replaceChildren(h('div', { class: 'heading' }, heading), ...rows);
    this.heading = heading;
    this.list.hidden = !this.options.length;
    this.box.setAttribute('aria-expanded', String(!this.list.hidden));
    if (this.list.hidden || this.chosen < 0) this.box.removeAttribute('aria-activedescendant');
    else this.box.setAttribute('aria-activedescendant', `${this.list.id}-${this.chosen}`);
  }

  hide() {
    this.options = [];
    this.draw('');
  }

  key(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const count = this.options.length;
      this.chosen = event.key === 'ArrowDown' ? (this.chosen + 1) % count : (Math.max(this.chosen, 0) - 1 + count) % count;
      this.draw(this.heading);
    } else if (open && event.key === 'Escape') {
      this.hide();
    } else if (open && event.key === 'Tab') {
      event.preventDefault();
      this.pick(Math.max(this.chosen, 0));
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      // A whole word is sent as it is; a half one is completed first.
      if (open && this.chosen >= 0 && this.options[this.chosen].insert.trim() !== this.box.value.trim()) this.pick(this.chosen);
      else this.send();
    }
  }

  pick(index) {
    this.box.value = this.options[index].insert;
    this.typed();
    this.box.focus();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = '';
    this.typed();
    this.hide();
    const answer = await this.sendText(text);
    if (!answer.ok && answer.error) {
      this.box.value = text;
      this.button.disabled = false;
      this.say(answer.error, true);
    }
  }
}
