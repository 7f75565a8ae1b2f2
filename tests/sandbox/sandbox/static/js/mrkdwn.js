// Slack's mrkdwn and rich text as DOM nodes. Text goes in as text nodes only: nothing in a message can become markup.
import { h } from './dom.js';
import { emoji, withEmoji } from './emoji.js';

const TOKEN = new RegExp([
  '```([\\s\\S]+?)```', '`([^`\\n]+)`', '<([^<>\\n]+)>',
  '(?<![\\w*])\\*(?=\\S)([^*\\n]+?)(?<=\\S)\\*(?![\\w*])',
  '(?<![\\w_])_(?=\\S)([^_\\n]+?)(?<=\\S)_(?![\\w_])',
  '(?<![\\w~])~(?=\\S)([^~\\n]+?)(?<=\\S)~(?![\\w~])',
  ':([a-z0-9_+-]+):', '(\\n)',
].join('|'), 'g');
const WRAPPERS = { 4: 'strong', 5: 'em', 6: 's' };

const unescape = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export function mrkdwn(text, world) {
  const parts = text.split(/((?:^(?:&gt;|>) ?.*(?:\n|$))+)/m);
  return parts.filter(Boolean).flatMap((part) => /^(&gt;|>)/.test(part)
    ? [h('blockquote', {}, ...inline(part.replace(/^(&gt;|>) ?/gm, '').trimEnd(), world))]
    : inline(part, world));
}

function inline(text, world) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(...withEmoji(unescape(text.slice(end, match.index))), token(match, world));
    end = match.index + match[0].length;
  }
  nodes.push(...withEmoji(unescape(text.slice(end))));
  return nodes;
}

function token(match, world) {
  if (match[1] !== undefined) return h('pre', {}, unescape(match[1].replace(/^\n/, '')));
  if (match[2] !== undefined) return h('code', {}, unescape(match[2]));
  if (match[3] !== undefined) return angle(match[3], world);
  if (match[7] !== undefined) return emoji(match[7]);
  if (match[8] !== undefined) return h('br');
  const group = Object.keys(WRAPPERS).find((number) => match[number] !== undefined);
  return h(WRAPPERS[group], {}, ...inline(match[group], world));
}

function angle(inside, world) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : unescape(inside.slice(bar + 1));
  if (target.startsWith('@')) return userMention(target.slice(1), world);
  if (target.startsWith('#')) return channelLink(target.slice(1), label, world);
  if (target.startsWith('!subteam^')) return groupMention(target.slice(9), label, world);
  if (target.startsWith('!date^')) return date(target, label, world);
  if (target.startsWith('!')) return mention(`@${target.slice(1)}`, true);
  return link(unescape(target), label || unescape(target), world);
}

const mention = (text, mine) => h('span', { class: mine ? 'mention me' : 'mention' }, text);

export const userMention = (id, world) => mention(`@${world.people.get(id).name}`, id === world.state.me);

export function groupMention(id, label, world) {
  const group = world.state.groups.find((one) => one.id === id);
  return mention(group ? `@${group.handle}` : label || '@group', group?.users.includes(world.state.me));
}

export function channelLink(id, label, world) {
  const name = world.state.names[id] ?? label;
  return h('a', { href: `#${id}`, onclick: (event) => { event.preventDefault(); world.open(id); } }, `#${name || 'private channel'}`);
}

// Permalinks of this workspace lead to the message on this page.
export function link(url, label, world) {
  const archive = url.match(/^https:\/\/acme\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})/);
  const thread = url.match(/[?&]thread_ts=([\d.]+)/);
  if (archive) {
    const open = (event) => { event.preventDefault(); world.open(archive[1], `${archive[2]}.${archive[3]}`, thread?.[1]); };
    return h('a', { href: url, onclick: open }, label);
  }
  if (!/^(https?|mailto):/.test(url)) return label;
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

function date(target, fallback, world) {
  const [, seconds, format, url] = target.split('^');
  return dateNode(Number(seconds), format, fallback, url, world);
}

export function dateNode(seconds, format, fallback, url, world) {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  const shown = (format ?? '').replace(/\{(\w+)\}/g, (whole, name) => DATES[name]?.(at) ?? whole);
  const node = h('time', { class: 'date', datetime: at.toISOString(), title: at.toLocaleString() }, shown);
  return url ? link(url, node, world) : node;
}

const day = (options) => (at) => at.toLocaleDateString('en-GB', options);
const pretty = (plain) => (at) => {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  return { 0: 'today', 1: 'yesterday', [-1]: 'tomorrow' }[days] ?? plain(at);
};
const long = day({ day: 'numeric', month: 'long', year: 'numeric' });
const short = day({ day: 'numeric', month: 'short', year: 'numeric' });
const DATES = {
  date_num: (at) => at.toISOString().slice(0, 10), date: long, date_short: short,
  date_long: day({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  date_pretty: pretty(long), date_short_pretty: pretty(short), date_long_pretty: pretty(long),
  time: (at) => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
  time_secs: (at) => at.toLocaleTimeString('en-GB'),
  ago: (at) => ago((Date.now() - at) / 1000),
};

export function ago(seconds) {
  const [size, unit] = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']].find(([one]) => Math.abs(seconds) >= one) ?? [1, 'second'];
  const count = Math.round(Math.abs(seconds) / size);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}
