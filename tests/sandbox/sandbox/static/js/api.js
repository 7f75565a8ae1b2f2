// The page's way to the sandbox. Every act is done as one person.
export class Api {
  constructor(user) {
    this.user = user;
  }

  state() {
    return getJson(`/page/state?as=${this.user}`);
  }

  async messages(channel) {
    const answer = await getJson(`/control/slack/messages?as=${this.user}&channel=${channel}`);
    return answer.messages ?? [];
  }

  act(verb, body) {
    return postJson(`/control/slack/${verb}`, { as: this.user, ...body });
  }

  // Live changes; the browser connects again by itself, and `reconnected` loads what was missed.
  listen(changed, reconnected) {
    const stream = new EventSource(`/page/stream?as=${this.user}`);
    let opened = false;
    stream.onopen = () => {
      if (opened) reconnected();
      opened = true;
    };
    stream.onmessage = (event) => changed(JSON.parse(event.data));
    return stream;
  }
}

async function getJson(path) {
  const response = await fetch(path);
  return response.json();
}

async function postJson(path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  return response.json();
}
