// @slack/bolt with a bare ack(), over TLS: what a chat application usually is.
const { readFileSync } = require('node:fs');
const { App, HTTPReceiver } = require('@slack/bolt');

const [port, secretFile, certificate, key] = process.argv.slice(2);
const receiver = new HTTPReceiver({
  signingSecret: readFileSync(secretFile, 'utf8').trim(),
  endpoints: ['/slack/commands'],
});
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'U1' }),
});
app.command('/deploy', async ({ ack }) => { await ack(); });
app.start(Number(port), { key: readFileSync(key), cert: readFileSync(certificate) }).then(() => console.log('ready'));
