// The page: who acts, what is open, and what changes it.
import { h, byId } from './dom.js';
import { Api } from './api.js';
import { People, showActAs } from './people.js';
import { Modal } from './modal.js';
import { Composer } from './composer.js';
import { channelList, holdTheEnd, inChannel, replaceKeepingPlace, threadList } from './messages.js';
import { openSidebar, showHeader, showSidebar, sidebarIsOpen } from './sidebar.js';
import { showAck } from './acks.js';

const FIRST_PERSON = 'U0TARO0001';
const FIRST_CHANNEL = 'web-deploys';

class World {
  async start(user, wanted) {
    this.stream?.close();
    this.api = new Api(user);
    this.state = await this.api.state();
    this.people = new People(this.state);
    this.unread = new Map();
    this.thread = null;
    this.modal ??= new Modal(this);
    this.modal.show(this.state.views);
    showActAs(this.people, (chosen) => this.start(chosen, this.channel));
    this.makeComposers();
    this.stream = this.api.listen((change) => this.changed(change), () => this.start(user, this.channel));
    await this.open(this.destination(wanted));
    remember({ as: user });
  }

  // The same place for the next person, where they may go; the direct messages become theirs.
  destination(wanted) {
    const { channels, direct } = this.state;
    if (wanted?.startsWith('D')) return direct;
    const fitting = [wanted, FIRST_CHANNEL].map((name) => channels.find((one) => [one.id, one.name].includes(name)));
    return (fitting.find(Boolean) ?? channels[0]).id;
  }

  makeComposers() {
    this.ackLine = h('div', { class: 'ack-line' });
    this.composer = new Composer(this, { id: 'composer-text', send: (text) => this.api.act('type', { channel: this.channel, text }) });
    this.reply = new Composer(this, { id: 'thread-text', send: (text) => this.api.act('type', { channel: this.channel, text, thread_ts: this.thread }) });
    byId('composer').replaceChildren(this.composer.element, this.ackLine);
    byId('thread-composer').replaceChildren(this.reply.element, h('div', { class: 'ack-line' }));
  }

  async open(channel, ts, thread) {
    this.channel = channel;
    this.unread.delete(channel);
    this.messages = await this.api.messages(channel);
    this.closeThread();
    openSidebar(false);
    showSidebar(this);
    showHeader(this);
    this.composer.place(channel.startsWith('D') ? 'ringi' : `#${this.state.names[channel]}`);
    this.draw();
    const list = byId('messages');
    list.scrollTop = list.scrollHeight;
    if (thread && thread !== ts) this.openThread(thread);
    if (ts) this.mark(ts);
    else this.composer.box.focus();
    remember({ channel });
  }

  mark(ts) {
    const node = document.querySelector(`[data-ts="${ts}"]`);
    node?.scrollIntoView({ block: 'center' });
    node?.classList.add('marked');
  }

  draw() {
    const nodes = channelList(this.messages, this);
    replaceKeepingPlace(byId('messages'), nodes.length ? nodes : [this.welcome()]);
    if (this.thread) replaceKeepingPlace(byId('thread-messages'), threadList(this.messages, this.thread, this));
  }

  // What to try, where the story begins; elsewhere one line.
  welcome() {
    const direct = this.channel.startsWith('D');
    const name = direct ? 'ringi' : this.state.names[this.channel];
    const box = (...inside) => h('div', { class: 'welcome' }, h('strong', {}, direct ? name : `#${name}`), ...inside);
    if (direct) return box('ringi writes here what it can say nowhere else. Commands work here too; it reads no other messages.');
    if (name !== FIRST_CHANNEL) return box('Nothing has been said here yet.');
    return box('Nothing has been said here yet. Try:', h('ol', {},
      h('li', {}, 'Type ', h('code', {}, '/deploy start web-prod/web'), ' and press Start.'),
      h('li', {}, 'When the card waits, press Approve: four eyes refuse you. Change “Act as”, above, to Hanako Suzuki and approve.'),
      h('li', {}, 'Type ', h('code', {}, '/ringi audit'), ' to read who did what.')));
  }

  openThread(ts) {
    this.thread = ts;
    byId('thread').hidden = false;
    byId('thread-place').textContent = this.channel.startsWith('D') ? 'ringi' : `#${this.state.names[this.channel]}`;
    this.reply.place('the thread');
    this.draw();
    byId('thread-messages').scrollTop = byId('thread-messages').scrollHeight;
    this.reply.box.focus();
  }

  closeThread() {
    this.thread = null;
    byId('thread').hidden = true;
  }

  changed(change) {
    if (change.kind === 'message' || change.kind === 'removed') this.messageChanged(change);
    else if (change.kind === 'views') this.modal.show(change.views);
    else if (change.kind === 'ack' && change.user === this.state.me) showAck(change.ack, this.ackLine);
    else if (change.kind === 'reset') this.open(this.channel);
  }

  messageChanged({ kind, channel, ts, message }) {
    if (channel !== this.channel) {
      if (kind === 'message' && message.user !== this.state.me && !message.edited && inChannel(message)) {
        this.unread.set(channel, (this.unread.get(channel) ?? 0) + 1);
        showSidebar(this);
      }
      return;
    }
    this.messages = this.messages.filter((one) => one.ts !== ts);
    if (kind === 'message') this.messages.push(message);
    this.messages.sort((left, right) => (left.ts < right.ts ? -1 : 1));
    this.draw();
  }
}

function remember(change) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  history.replaceState(null, '', `/?${query}`);
}

const world = new World();
for (const list of ['messages', 'thread-messages']) holdTheEnd(byId(list));
byId('thread-close').addEventListener('click', () => world.closeThread());
byId('menu').addEventListener('click', (event) => {
  event.stopPropagation();
  openSidebar(!sidebarIsOpen());
});
document.querySelector('.conversation').addEventListener('click', () => openSidebar(false));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !sidebarIsOpen()) return;
  openSidebar(false);
  byId('menu').focus();
});
const query = new URLSearchParams(location.search);
world.start(query.get('as') ?? FIRST_PERSON, query.get('channel') ?? FIRST_CHANNEL);
