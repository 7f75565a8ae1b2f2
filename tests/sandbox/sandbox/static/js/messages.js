// A list of messages: of a channel, or of one thread.
import { h, icon } from './dom.js';
import { attachments, blocks } from './blocks.js';
import { ago, mrkdwn } from './mrkdwn.js';

const EYE = 'M8 3C4 3 1.2 6.5.5 8c.7 1.5 3.5 5 7.5 5s6.8-3.5 7.5-5C14.8 6.5 12 3 8 3Zm0 8.2A3.2 3.2 0 1 1 8 4.8a3.2 3.2 0 0 1 0 6.4Zm0-1.7a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z';
const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayOf = (ts) => new Date(Number(ts) * 1000).toDateString();

export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;
export const inChannel = (message) => !isReply(message) || message.subtype === 'thread_broadcast';

export function channelList(all, world) {
  const nodes = [];
  let day = '';
  for (const message of all.filter(inChannel)) {
    if (dayOf(message.ts) !== day) {
      day = dayOf(message.ts);
      nodes.push(h('div', { class: 'day' }, h('span', {}, dayName(message.ts))));
    }
    nodes.push(messageNode(message, world, all.filter((one) => isReply(one) && one.thread_ts === message.ts)));
  }
  return nodes;
}

export function threadList(all, root, world) {
  const parent = all.find((message) => message.ts === root);
  const replies = all.filter((message) => isReply(message) && message.thread_ts === root);
  const count = h('div', { class: 'reply-count' }, `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`);
  return [parent && messageNode(parent, world), replies.length ? count : null, ...replies.map((one) => messageNode(one, world))].filter(Boolean);
}

export function messageNode(message, world, replies = []) {
  const person = world.people.get(message.user);
  const act = (element, block) => world.api.act('click', {
    channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id });
  const kind = message.only_for ? 'message private' : 'message';
  return h('article', { class: kind, 'data-ts': message.ts, 'aria-label': `${person.real_name}, ${clock(message.ts)}` },
    message.only_for ? onlyYou() : null,
    world.people.avatar(message.user),
    h('div', { class: 'content' }, head(person, message), content(message, world, act), repliesButton(replies, message, world)),
    actions(message, world));
}

const onlyYou = () => h('div', { class: 'only-you' }, icon(EYE), 'Only visible to you');

function head(person, message) {
  const tag = person.is_bot ? 'APP' : person.guest ? 'GUEST' : person.stranger ? 'EXTERNAL' : null;
  return h('div', { class: 'head' }, h('span', { class: 'author' }, person.real_name), tag && h('span', { class: 'tag' }, tag),
    !person.is_bot && person.title ? h('span', { class: 'title' }, person.title) : null,
    h('time', { class: 'when', datetime: new Date(Number(message.ts) * 1000).toISOString() }, clock(message.ts)));
}

function content(message, world, act) {
  const attached = attachments(message.attachments ?? [], world, act);
  if (message.blocks?.length) return [blocks(message.blocks, world, act), ...attached];
  // Blocks replace `text`; attachments only follow it: Slack shows both.
  const line = message.text ? h('div', { class: 'text' }, mrkdwn(message.text, world)) : null;
  return [line, ...attached];
}

function repliesButton(replies, message, world) {
  if (!replies.length) return null;
  const last = replies.at(-1);
  return h('button', { class: 'replies', type: 'button', onclick: () => world.openThread(message.ts) },
    `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`, h('span', {}, `Last reply ${sinceThen(last.ts)}`));
}

function sinceThen(ts) {
  const seconds = Date.now() / 1000 - Number(ts);
  return seconds < 60 ? 'just now' : ago(seconds);
}

function actions(message, world) {
  if (message.only_for || isReply(message)) return null;
  return h('div', { class: 'message-actions' }, h('button', { type: 'button', onclick: () => world.openThread(message.ts) }, 'Reply in thread'));
}

function dayName(ts) {
  if (dayOf(ts) === new Date().toDateString()) return 'Today';
  return new Date(Number(ts) * 1000).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

// The end stays in sight when the window changes: a phone is turned, its keyboard opens.
export function holdTheEnd(list) {
  let held = true;
  let height = list.clientHeight;
  list.addEventListener('scroll', () => { if (list.clientHeight === height) held = isAtEnd(list); });
  new ResizeObserver(() => {
    height = list.clientHeight;
    if (held) list.scrollTop = list.scrollHeight;
  }).observe(list);
}

// Keeps the end in sight when it was in sight, and the place otherwise.
export function replaceKeepingPlace(list, nodes) {
  const atEnd = isAtEnd(list);
  const top = list.scrollTop;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset?.action : null;
  const within = document.activeElement?.closest?.('[data-ts]')?.dataset.ts;
  list.replaceChildren(...nodes);
  list.scrollTop = atEnd ? list.scrollHeight : top;
  if (focused) list.querySelector(`[data-ts="${within}"] [data-action="${focused}"]`)?.focus();
}
