// Somebody at the page: types, presses, reads. Everything waits for what a person would see.
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const PATIENCE = 30000;

export class Desk {
  static async open(address, pictures, profile) {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args: FLAGS,
      viewport: { width: 1200, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Tokyo' });
    context.setDefaultTimeout(PATIENCE);
    return new Desk(context, context.pages()[0] || await context.newPage(), address, pictures);
  }

  constructor(context, page, address, folder) {
    Object.assign(this, { context, page, address, folder, pictures: 0, complaints: [] });
    page.on('console', (line) => { if (['error', 'warning'].includes(line.type())) this.complaints.push(line.text()); });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('response', (answer) => { if (answer.status() >= 400) this.complaints.push(`${answer.status()} ${answer.url()}`); });
  }

  close() { return this.context.close(); }

  // --- where -----------------------------------------------------------------------------------
  async goTo(person, channel) {
    await this.page.goto(`${this.address}/?as=${person}&channel=${channel}`);
    await this.isAt(person);
  }

  async actAs(person) {
    await this.page.selectOption('#act-as', person);
    await this.isAt(person);
  }

  isAt(person) {
    return this.page.waitForFunction((id) => new URLSearchParams(location.search).get('as') === id
      && document.querySelector('#composer-text'), person);
  }

  // --- acting ----------------------------------------------------------------------------------
  // What stood before this line is not taken for its answer.
  async type(text) {
    this.before = await this.newest();
    await this.page.fill('#composer-text', text);
    await this.page.press('#composer-text', 'Escape');
    await this.page.press('#composer-text', 'Enter');
  }

  async press(message, action) {
    this.before = await this.newest();
    await this.page.click(`#messages ${message} [data-action="${action}"]`);
  }

  async confirmDialog() {
    const dialog = this.page.locator('dialog.confirm[open]');
    await dialog.waitFor();
    return dialog.innerText();
  }

  async confirm() {
    await this.page.click('dialog.confirm[open] footer button:last-child');
    await this.page.locator('dialog.confirm[open]').waitFor({ state: 'detached' });
  }

  // The open form, once it says `text`: what it is about is filled in after it opened.
  async form(text) {
    await this.page.waitForFunction(([source, flags]) =>
      new RegExp(source, flags).test(document.querySelector('dialog.modal[open]')?.innerText ?? ''),
    [text.source, text.flags]).catch(() => { throw new Error(`Expected a form like ${text}`); });
  }

  async closeForm() {
    await this.page.click('dialog.modal[open] footer button:first-of-type');
    await this.page.locator('dialog.modal[open]').waitFor({ state: 'detached' });
  }

  fillIn(block, text) { return this.page.fill(`dialog.modal #input-${block}`, text); }

  async submit() {
    await this.page.click('dialog.modal[open] [type=submit]');
    await this.page.locator('dialog.modal[open]').waitFor({ state: 'detached' });
  }

  async openThread(message, lastLine) {
    await this.page.click(`#messages ${message} .replies`);
    await this.page.locator('#thread-messages', { hasText: lastLine }).waitFor();
  }

  // --- reading ---------------------------------------------------------------------------------
  async newest() {
    const all = await this.page.locator('#messages [data-ts]').evaluateAll((nodes) => nodes.map((node) => node.dataset.ts));
    return all.sort().pop() || '0';
  }

  // The selector of the newest message that came after the last act and says `text`.
  async message(text, { withButton = '', onlyForMe = false } = {}) {
    const found = await this.page.waitForFunction(([source, flags, after, action, mine]) => {
      const wanted = new RegExp(source, flags);
      const fits = (node) => node.dataset.ts > after && wanted.test(node.innerText)
        && (!action || node.querySelector(`[data-action="${action}"]`)) && (!mine || node.classList.contains('private'));
      const node = [...document.querySelectorAll('#messages [data-ts]')].reverse().find(fits);
      return node && node.dataset.ts;
    }, [text.source, text.flags, this.before || '0', withButton, onlyForMe]).catch(() => {
      throw new Error(`Expected a message like ${text}${withButton && ` with the button ${withButton}`}`);
    });
    return `[data-ts="${await found.jsonValue()}"]`;
  }

  async reads(message, text) {
    await this.page.locator(`#messages ${message}`, { hasText: text }).waitFor().catch(async () => {
      throw new Error(`Expected ${text} in:\n${await this.page.locator(`#messages ${message}`).innerText()}`);
    });
  }

  gone(message, action) {
    return this.page.locator(`#messages ${message} [data-action="${action}"]`).waitFor({ state: 'detached' });
  }

  expect(what, found, wanted) {
    if (!wanted.test(found)) throw new Error(`Expected that ${what}, ${wanted}; it says:\n${found}`);
  }

  mustBeQuiet() {
    if (this.complaints.length) throw new Error('Expected a page without errors in its console');
  }

  async saidLast() {
    const all = await this.page.locator('#messages').innerText().catch(() => '(no page)');
    return all.split('\n').slice(-40).join('\n');
  }

  async picture(name) {
    await this.page.screenshot({ path: join(this.folder, `${name}.png`) });
    this.pictures += 1;
  }

  // The same on a phone, where nothing may be wider than the screen.
  async pictureOnPhone(name) {
    const usual = this.page.viewportSize();
    await this.page.setViewportSize({ width: 390, height: 844 });
    const wide = await this.page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.messages')]
      .some((node) => node.scrollWidth > node.clientWidth));
    await this.picture(name);
    await this.page.setViewportSize(usual);
    if (wide) throw new Error(`Expected nothing wider than a phone; see ${name}.png`);
  }

  async pictureInTheDark(name) {
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.picture(name);
    await this.page.emulateMedia({ colorScheme: 'light' });
  }
}
