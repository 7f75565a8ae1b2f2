// story.mjs ADDRESS SCREENSHOTS PROFILE: plays the story on the page at ADDRESS and leaves a picture of each scene.
// Runs on Node 18.
import { mkdirSync } from 'node:fs';
import { Desk } from './desk.mjs';

const [address, pictures, profile] = process.argv.slice(2);
mkdirSync(profile, { recursive: true });
const desk = await Desk.open(address, pictures, profile);

const TARO = 'U0TARO0001';
const HANAKO = 'U0HANAKO01';
const GUS = 'U0GUEST001';
const WAITING = /Approve\s+.*waiting/;

// Returns the selector of the card, which waits for approval.
async function startOne(name, asked = /Start web in web-prod .*PRODUCTION/) {
  await desk.type('/deploy start web-prod/web');
  const question = await desk.message(asked, { withButton: 'start.confirm' });
  if (name) await desk.picture(`${name}-asks-once-more`);
  await desk.press(question, 'start.confirm');
  const card = await desk.message(/PRODUCTION\s+web/, { withButton: 'card.open' });
  if (name) await desk.picture(`${name}-card-runs`);
  await desk.reads(card, WAITING);
  return card;
}

async function approve(card) {
  await desk.press(card, 'approval.approve');
  return desk.confirmDialog();
}

async function scenes() {
  await desk.goTo(TARO, 'web-deploys');
  await desk.page.fill('#composer-text', '/dep');
  await desk.picture('01-completion');
  await desk.pictureOnPhone('01-completion-on-a-phone');
  const first = await startOne('02');
  await desk.picture('03-card-waits');
  await desk.pictureInTheDark('03-card-waits-in-the-dark');
  await desk.pictureOnPhone('03-card-waits-on-a-phone');

  await desk.press(first, 'card.changes');
  await desk.form(/What changes with web in web-prod[\s\S]*Fix cart rounding/);
  await desk.closeForm();
  desk.expect('the dialog names what is approved', await approve(first), /Approve web to PRODUCTION.*a1b2c3d.*Fix cart rounding/s);
  await desk.picture('04-confirm');
  await desk.pictureOnPhone('04-confirm-on-a-phone');
  await desk.confirm();
  await desk.message(/four eyes/, { onlyForMe: true });
  await desk.picture('05-developer-refused');

  await desk.actAs(GUS);
  await approve(first);
  await desk.confirm();
  await desk.message(/full members/, { onlyForMe: true });
  await desk.picture('06-guest-refused');

  await desk.actAs(HANAKO);
  await approve(first);
  await desk.confirm();
  await desk.reads(first, /Approve\s+.*approved.*by @hanako/i);
  await desk.gone(first, 'approval.approve');
  await desk.picture('07-approved');
  await desk.reads(first, /Deploy\s+.*done/);
  await desk.openThread(first, /is live in web-prod.*Approved by @hanako/i);
  await desk.picture('08-live-with-thread');
  await desk.pictureInTheDark('08-live-with-thread-in-the-dark');
  await desk.pictureOnPhone('08-thread-on-a-phone');

  await desk.actAs(TARO);
  await desk.type('/ringi audit');
  await desk.message(/pipeline\.finished[\s\S]*approval\.decided[\s\S]*access\.denied[\s\S]*pipeline\.started/, { onlyForMe: true });
  await desk.picture('09-audit');
  await desk.pictureOnPhone('09-audit-on-a-phone');

  const second = await startOne('', /PRODUCTION.*Deployed last: a1b2c3d, Fix cart rounding/);
  await desk.actAs(HANAKO);
  await desk.press(second, 'card.changes');
  await desk.form(/now\s+b2c3d4e\s+Show delivery dates\s+last\s+a1b2c3d\s+Fix cart rounding/);
  await desk.picture('10-what-changed');
  await desk.closeForm();
  await desk.press(second, 'approval.reject');
  await desk.form(/Reject .*web to PRODUCTION, web-prod \(2222-3333-4444\), ap-northeast-1\?\s+Revision b2c3d4e, Show delivery dates/);
  await desk.fillIn('reason', 'Delivery dates are not translated yet');
  await desk.picture('11-reject-form');
  await desk.pictureInTheDark('11-reject-form-in-the-dark');
  await desk.submit();
  await desk.reads(second, /Approve\s+.*rejected.*by @hanako.*Delivery dates are not translated yet/i);
  await desk.picture('12-rejected');
  await desk.actAs(TARO);
  await desk.type('/deploy');
  await desk.message(/What you can start/, { onlyForMe: true });
  await desk.picture('13-overview');
  await desk.pictureOnPhone('13-overview-on-a-phone');
}

try {
  await scenes();
  desk.mustBeQuiet();
  console.log(`${desk.pictures} pictures in ${pictures}`);
} catch (error) {
  await desk.picture('failed').catch(() => {});
  console.error(`${error.message}\nThe page said:\n${await desk.saidLast()}\nIts console:\n${desk.complaints.join('\n')}`);
  process.exitCode = 1;
} finally {
  await desk.close();
}
