// How fast ringi acknowledged each signed request.
import { h, byId } from './dom.js';

const SHOWN = 6;
const time = (ms) => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);
const KINDS = { command: '', block_actions: 'click ', view_submission: 'form ', view_closed: 'closed ', event: '' };

export function showAck(ack, line) {
  const what = `${KINDS[ack.kind] ?? ''}${ack.what}`;
  const row = h('li', { class: ack.error ? 'failed' : '', title: `${what}: HTTP ${ack.status || 'none'}` },
    h('span', { class: 'what' }, what), h('span', { class: 'time' }, ack.error || time(ack.ms)));
  byId('acks').prepend(row);
  while (byId('acks').children.length > SHOWN) byId('acks').lastChild.remove();
  byId('acks-empty').hidden = true;
  const said = ack.error ? ack.error : `acknowledged in ${time(ack.ms)}`;
  line.className = `ack-line ${ack.error ? 'bad' : 'good'}`;
  line.replaceChildren(`${what} · `, h('b', {}, said));
  byId('announce').textContent = `${what} ${said}`;
}
