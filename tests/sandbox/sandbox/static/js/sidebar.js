// Channels and direct messages, with what is unread.
import { h, byId, icon } from './dom.js';

const LOCK = 'M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7Zm1.8 0h4.4V5a2.2 2.2 0 0 0-4.4 0Z';

export function showSidebar(world) {
  const { state, people } = world;
  const me = people.get(state.me);
  byId('workspace-name').textContent = state.workspace.name;
  byId('me-line').textContent = people.label(me);
  byId('channels').replaceChildren(...state.channels.map((channel) => row(world, channel.id, channel.name,
    h('span', { class: 'sign', 'aria-hidden': 'true' }, channel.private ? icon(LOCK, 12) : '#'))));
  byId('direct').replaceChildren(row(world, state.direct, 'ringi', people.avatar(state.app.user)));
}

// On a phone the channels come and go over the conversation.
export function openSidebar(open) {
  byId('sidebar').classList.toggle('open', open);
  byId('menu').setAttribute('aria-expanded', String(open));
}

export const sidebarIsOpen = () => byId('sidebar').classList.contains('open');

function row(world, id, name, sign) {
  const unread = world.unread.get(id) ?? 0;
  return h('li', { class: unread ? 'unread' : '' }, h('button', {
    type: 'button', 'aria-current': String(id === world.channel), 'data-channel': id, onclick: () => world.open(id),
    'aria-label': unread ? `${name}, ${unread} unread` : name,
  }, sign, h('span', { class: 'name' }, name), unread ? h('span', { class: 'count' }, String(unread)) : null));
}

export function showHeader(world) {
  const channel = world.state.channels.find((one) => one.id === world.channel);
  byId('channel-name').textContent = channel ? `# ${channel.name}` : 'ringi';
  byId('channel-topic').textContent = channel ? channel.topic : 'Direct messages with the app';
  byId('channel-members').textContent = channel ? `${channel.members} members` : '';
  byId('channel-members').hidden = !channel;
  byId('channel-badge').hidden = !channel?.shared;
  byId('channel-badge').textContent = 'Shared with Partner Inc.';
  document.title = `${channel ? channel.name : 'ringi'} · ${world.state.workspace.name}`;
}
