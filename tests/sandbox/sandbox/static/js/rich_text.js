// The rich_text block.
import { h } from './dom.js';
import { emoji } from './emoji.js';
import { channelLink, dateNode, groupMention, link, userMention } from './mrkdwn.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 's', code: 'code', underline: 'u' };
const CONTAINERS = { rich_text_section: 'div', rich_text_preformatted: 'pre', rich_text_quote: 'blockquote' };

export function richText(block, world) {
  return h('div', { class: 'text' }, block.elements.map((element) => container(element, world)));
}

function container(element, world) {
  if (element.type === 'rich_text_list') {
    return h(element.style === 'ordered' ? 'ol' : 'ul', { class: 'list' }, element.elements.map((item) => h('li', {}, container(item, world))));
  }
  return h(CONTAINERS[element.type] ?? 'div', {}, element.elements.map((one) => styled(leaf(one, world), one.style)));
}

function leaf(element, world) {
  switch (element.type) {
    case 'link': return link(element.url, element.text ?? element.url, world);
    case 'user': return userMention(element.user_id, world);
    case 'usergroup': return groupMention(element.usergroup_id, '', world);
    case 'channel': return channelLink(element.channel_id, '', world);
    case 'broadcast': return h('span', { class: 'mention me' }, `@${element.range}`);
    case 'emoji': return emoji(element.name);
    case 'date': return dateNode(element.timestamp, element.format, element.fallback, element.url, world);
    default: return document.createTextNode(element.text ?? '');
  }
}

const styled = (node, style = {}) => Object.entries(STYLES)
  .filter(([name]) => style[name]).reduce((inner, [, tag]) => h(tag, {}, inner), node);
