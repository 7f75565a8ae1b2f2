// Block Kit of a message or a form, as DOM. `act(element, block)` is called when a button is pressed.
import { h, icon } from './dom.js';
import { mrkdwn } from './mrkdwn.js';
import { emoji, withEmoji } from './emoji.js';
import { richText } from './rich_text.js';
import { confirmed } from './confirm.js';

const WARN = 'M8 1 15.5 14.5H.5Zm-.8 5v4h1.6V6Zm0 5.2v1.6h1.6v-1.6Z';

export const textNodes = (text, world) => (text.type === 'plain_text' ? plain(text.text) : mrkdwn(text.text, world));

// plain_text knows emoji and line breaks, nothing else.
function plain(text) {
  return text.split(/(:[a-z0-9_+-]+:|\n)/).filter(Boolean).flatMap((part) => {
    if (part === '\n') return h('br');
    return /^:[a-z0-9_+-]+:$/.test(part) ? emoji(part.slice(1, -1)) : withEmoji(part);
  });
}

const text = (value, world) => h('div', { class: 'text' }, textNodes(value, world));

const RENDERERS = {
  header: (block) => h('div', { class: 'block-header', role: 'heading', 'aria-level': '3' }, plain(block.text.text)),
  section: (block, world, act) => h('div', { class: 'block-section' },
    h('div', { class: 'grow' }, block.text && text(block.text, world),
      block.fields && h('div', { class: 'block-fields' }, block.fields.map((field) => text(field, world)))),
    block.accessory && element(block.accessory, block, world, act)),
  context: (block, world) => h('div', { class: 'block-context' }, block.elements.map((one) => (one.type === 'image'
    ? h('img', { src: one.image_url, alt: one.alt_text }) : text(one, world)))),
  actions: (block, world, act) => h('div', { class: 'block-actions' }, block.elements.map((one) => element(one, block, world, act))),
  divider: () => h('hr', { class: 'block-divider' }),
  image: (block) => h('div', { class: 'block-image' }, h('img', { src: block.image_url, alt: block.alt_text })),
  rich_text: (block, world) => richText(block, world),
};

export function blocks(list, world, act) {
  return h('div', { class: 'blocks' }, list.map((block) => RENDERERS[block.type]?.(block, world, act)));
}

export function attachments(list, world, act) {
  return list.map((attachment) => {
    const inside = h('div', {}, attachment.text && h('div', { class: 'text' }, mrkdwn(attachment.text, world)),
      attachment.blocks && blocks(attachment.blocks, world, act));
    const outside = h('div', { class: 'attachment' }, inside);
    outside.style.setProperty('--bar', NAMED[attachment.color] ?? attachment.color?.replace(/^#?/, '#') ?? '#ddd');
    return outside;
  });
}

const NAMED = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };

function element(one, block, world, act) {
  if (one.type !== 'button') return h('span', { class: 'done' }, `(${one.type})`);
  const button = h('button', {
    class: ['btn', one.style].filter(Boolean).join(' '), type: 'button', 'data-action': one.action_id,
    'aria-label': one.accessibility_label,
  }, h('span', {}, plain(one.text.text)));
  button.addEventListener('click', () => press(button, one, block, world, act));
  return button;
}

async function press(button, one, block, world, act) {
  if (one.confirm && !(await confirmed(one.confirm, world))) return;
  if (one.url) window.open(one.url, '_blank', 'noopener');
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  const answer = await act(one, block);
  button.removeAttribute('aria-busy');
  button.disabled = false;
  button.parentElement?.querySelector('.warning')?.remove();
  if (!answer.ok) button.after(warning(answer));
}

function warning(answer) {
  const word = answer.error ?? answer.ack?.error;
  const said = word === 'operation_timeout' ? 'Operation timed out. Apps need to respond within three seconds' : word;
  return h('span', { class: 'warning', role: 'alert' }, icon(WARN), said);
}
