// The states' emoji are drawn, so that they look the same on every machine; others are Unicode, or their name.
import { h, icon } from './dom.js';

const CIRCLE = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Z';
const CHECK = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 4.9-4.3 4.9a.9.9 0 0 1-1.3 0L4.2 8.9l1.2-1.2 1.2 1.2 3.8-4.2 1.2 1.2Z';
const CROSS = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.1 9-1.1 1.1L8 9.1l-2 2L4.9 10l2-2-2-2L6 4.9l2 2 2-2L11.1 6l-2 2 2 2Z';
const GLASS = 'M3 1h10v2h-1v1.5L9 8l3 3.5V13h1v2H3v-2h1v-1.5L7 8 4 4.5V3H3V1Z';
const STOP = 'M4 1.5h8L15 5v6l-3 3.5H4L1 11V5Zm0 5.3v2.4h8V6.8Z';
const TURN = 'M8 2a6 6 0 0 1 5.2 3H11v1.6h5V1.6h-1.6v2A7.6 7.6 0 0 0 .5 7h1.6A6 6 0 0 1 8 2Zm0 12a6 6 0 0 1-5.2-3H5V9.4H0v5h1.6v-2A7.6 7.6 0 0 0 15.5 9h-1.6A6 6 0 0 1 8 14Z';
const HAND = 'M3.8 8V4.2a1 1 0 0 1 2 0V7h.5V2.3a1 1 0 0 1 2 0V7h.5V2.8a1 1 0 0 1 2 0V7.2h.5V4.8a1 1 0 0 1 2 0V10.5a5 5 0 0 1-5 5 5 5 0 0 1-4.4-2.6L1.6 9.8a1 1 0 0 1 1.6-1.2Z';
const PAUSE = 'M2 2h12v12H2Zm3.5 3v6h1.8V5Zm3.2 0v6h1.8V5Z';
const WARN = 'M8 1 15.5 14.5H.5Zm-.8 5v4h1.6V6Zm0 5.2v1.6h1.6v-1.6Z';

const DRAWN = {
  white_check_mark: [CHECK, 'var(--good)'], heavy_check_mark: [CHECK, 'var(--good)'], x: [CROSS, 'var(--red)'],
  hourglass_flowing_sand: [GLASS, 'var(--link)'], hourglass: [GLASS, 'var(--amber)'], raised_hand: [HAND, 'var(--amber)'],
  pause_button: [PAUSE, 'var(--amber)'], double_vertical_bar: [PAUSE, 'var(--amber)'],
  arrows_counterclockwise: [TURN, 'var(--link)'], gear: [TURN, 'var(--link)'], arrow_forward: ['M3 2v12l11-6Z', 'var(--link)'],
  no_entry: [STOP, 'var(--red)'], no_entry_sign: [STOP, 'var(--red)'], octagonal_sign: [STOP, 'var(--ink-dim)'],
  stop_sign: [STOP, 'var(--ink-dim)'], black_square_for_stop: ['M2 2h12v12H2Z', 'var(--ink-dim)'], stop_button: ['M2 2h12v12H2Z', 'var(--ink-dim)'],
  warning: [WARN, 'var(--amber)'], red_circle: [CIRCLE, '#d93025'], large_orange_circle: [CIRCLE, '#e8710a'],
  large_yellow_circle: [CIRCLE, '#f2b600'], large_green_circle: [CIRCLE, '#188038'], large_blue_circle: [CIRCLE, '#1a73e8'],
  white_circle: [CIRCLE, '#b5b5b5'], black_circle: [CIRCLE, 'var(--ink)'],
};
const UNICODE = { rocket: '🚀', lock: '🔒', bell: '🔔', mag: '🔍', memo: '📝', eyes: '👀', '+1': '👍', tada: '🎉' };

// Slack shows Unicode emoji as its own pictures too, so that no font is needed for them.
const NAMES = {
  '✅': 'white_check_mark', '✔': 'heavy_check_mark', '❌': 'x', '⏳': 'hourglass_flowing_sand', '⌛': 'hourglass', '✋': 'raised_hand',
  '⏹': 'stop_button', '⏸': 'pause_button', '▶': 'arrow_forward', '🔄': 'arrows_counterclockwise', '⛔': 'no_entry', '🚫': 'no_entry_sign',
  '🛑': 'octagonal_sign', '⚠': 'warning', '🔴': 'red_circle', '🟠': 'large_orange_circle', '🟡': 'large_yellow_circle',
  '🟢': 'large_green_circle', '🔵': 'large_blue_circle', '⚪': 'white_circle', '⚫': 'black_circle',
};
const SIGNS = new RegExp(`(${Object.keys(NAMES).join('|')})\\uFE0F?`, 'u');

export function withEmoji(text) {
  return text.split(SIGNS).filter(Boolean).map((part) => (NAMES[part] ? emoji(NAMES[part]) : part));
}

export function emoji(name) {
  if (DRAWN[name]) {
    const [path, colour] = DRAWN[name];
    const drawn = icon(path, 16);
    drawn.setAttribute('class', 'glyph');
    drawn.style.color = colour;
    return h('span', { role: 'img', 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` }, drawn);
  }
  return h('span', { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' ') }, UNICODE[name] ?? `:${name}:`);
}
